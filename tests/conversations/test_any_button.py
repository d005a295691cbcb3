"""Whatever somebody presses, in whatever order and on however old a message: an answer, never an apology for a fault of ours."""

from __future__ import annotations

import random

import pytest

from bot.doors.terminal import Person
from tests.conversations.conftest import begun
from tests.house import House

WORDS = (
    "/today",
    "/more",
    "/done",
    "/shelf",
    "/topics",
    "/checklists",
    "/taste",
    "/minutes",
    "/recall",
    "tenho 5 minutos",
    "2",
    "a line",
)
OURS = "Something went wrong on my side"
STEPS = 60


async def press_anything(person: Person, chance: random.Random) -> None:
    """Press one of the buttons on any message so far; leaving for good is left out, or the rest would be silence."""
    buttons = [
        (shown, button.action)
        for shown in person.messages[-12:]
        for button in shown.buttons
        if button.action and not button.action.startswith(("stop", "forget", "pause"))
    ]
    shown, action = chance.choice(buttons)
    await person.presses(action, on=shown)


@pytest.mark.parametrize("seed", range(3))
async def test_no_order_of_presses_ends_in_a_fault_of_ours(study: House, seed: int) -> None:
    chance = random.Random(seed)
    bia = await begun(study)
    for _ in range(STEPS):
        kind = chance.random()
        if kind < 0.7:
            await press_anything(bia, chance)
        elif kind < 0.9:
            await bia.says(chance.choice(WORDS))
        else:
            await study.forward(hours=chance.choice((1, 9, 24, 50)))
        seen = bia.sees()
        assert OURS not in seen, seen

"""What a person is due besides the dose: snoozes, nudges and digests of many people that come at the same minute."""

from __future__ import annotations

import pytest

from bot.doors.terminal import Person
from bot.store.tables import Appointment, Outgoing
from tests.house import House, subscribed

DOSE = "What is data?"


async def snoozes(ana: Person) -> None:
    await ana.presses("Mais tarde")
    await ana.presses("Hoje à noite")


async def wants_a_nudge(bruno: Person) -> None:
    await bruno.says("/lembrete 19:00")


@pytest.mark.parametrize("first", ["snooze", "nudge"])
async def test_a_dose_put_off_and_a_nudge_come_at_the_same_minute(either_house: House, first: str) -> None:
    ana, bruno = [await subscribed(either_house.person(name)) for name in ("ana", "bruno")]
    await either_house.forward_to("2026-03-03 08:01")
    if first == "snooze":
        await snoozes(ana)
    await wants_a_nudge(bruno)
    if first == "nudge":
        await snoozes(ana)
    ana.sees(), bruno.sees()
    await either_house.forward_to("2026-03-03 19:01")
    assert DOSE in ana.sees()
    assert "Feito" in ana.buttons()
    assert "O dia de hoje fica em aberto" in bruno.sees()
    assert await either_house.count(Appointment, Appointment.due_at <= either_house.app.now()) == 0
    assert await either_house.count(Outgoing, Outgoing.state != "sent") == 0

"""What a person is due besides the dose: snoozes, nudges and digests of many people that come at the same minute."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.doors.terminal import Person
from bot.store import appointments
from bot.store.tables import Appointment, Outgoing, Subscription
from tests.delivery.crowd import FIRST_DUE, crowd
from tests.house import House, subscribed

DOSE = "What is data?"
EVENING = FIRST_DUE + timedelta(hours=11)
"""19:00 of the first day."""


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


async def nudged_crowd(house: House, count: int) -> None:
    """So many people with an open dose, who all want a word at 19:00."""
    await crowd(house.app.database, count)
    await house.forward_to("2026-03-03 08:01")
    async with house.app.database.write() as session:
        await session.execute(update(Subscription).values(nudge_at=time(19)))
        due = [{"person_id": n, "kind": "nudge", "due_at": EVENING} for n in range(1, count + 1)]
        await session.execute(insert(Appointment), due)
    house.app.present.move_to(EVENING)


async def test_many_at_one_minute_are_kept_in_one_round_and_in_small_transactions(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: Counter[AsyncSession] = Counter()
    take_due = appointments.take_due

    async def counts(session: AsyncSession, now: datetime, limit: int) -> list[Appointment]:
        rows = await take_due(session, now, limit)
        taken[session] += len(rows)
        return rows

    monkeypatch.setattr(appointments, "take_due", counts)
    await nudged_crowd(either_house, 300)
    await either_house.app.rounds.go()
    assert await either_house.count(Outgoing, Outgoing.kind == "nudge") == taken.total() == 300
    assert max(taken.values()) <= 100
    assert await either_house.count(Appointment, Appointment.due_at <= EVENING) == 0


async def test_a_part_that_fails_takes_back_none_before_it_and_waits_for_the_next_round(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = iter([True, False])
    take_due = appointments.take_due

    async def is_cut_off(session: AsyncSession, now: datetime, limit: int) -> list[Appointment]:
        rows = await take_due(session, now, limit)
        if next(parts, False):
            return rows
        raise ConnectionError("the server went away")

    await nudged_crowd(either_house, 60)
    with monkeypatch.context() as trouble:
        trouble.setattr(appointments, "take_due", is_cut_off)
        await either_house.app.rounds.go()
    assert await either_house.count(Outgoing, Outgoing.kind == "nudge") == 50
    await either_house.app.rounds.go()
    assert await either_house.count(Outgoing, Outgoing.kind == "nudge") == 60

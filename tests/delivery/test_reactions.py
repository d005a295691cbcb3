"""THE table of reactions: what each answer of a platform does to the message, to the person and to everybody else.

Everybody has their dose at 08:00 unless a test says otherwise; it is a Monday noon when it begins.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address, Message, MessageRef
from bot.contract import rendering
from bot.delivery import line
from bot.delivery.book import SENDING_LEASE
from bot.delivery.reactions import ATTEMPTS
from bot.delivery.recover import recover
from bot.doors.terminal import Person
from bot.errors import (
    DeliveryError,
    Failing,
    Moved,
    NotRendered,
    NotSent,
    Rejected,
    SlowDown,
    Unauthorized,
    Uncertain,
    Unreachable,
)
from bot.store import outbox
from bot.store.outbox import Parcel, sending
from bot.store.tables import Completion, Dose, Excuse, Outgoing, Pause, Room, Subscription
from tests.house import SAO_PAULO, House, given_role, open_rooms, settings_for, subscribed

DOSE = "What is data?"
LATE = "Chegou atrasada, e a culpa foi minha."
COPY = "duas vezes"
EXCUSED = "dia abonado"
TUESDAY = date(2026, 3, 3)


async def people(house: House, *names: str, hour: str = "08:00") -> list[Person]:
    """Subscribers with their dose at that hour of every day."""
    some = [await subscribed(house.person(name)) for name in names]
    for person in some:
        await person.says(f"/hora {hour}")
        person.sees()
    return some


async def jump_to(house: House, local: str) -> None:
    """Let time pass without looking at what lies between, as a machine does that slept."""
    house.app.present.move_to(datetime.fromisoformat(local).replace(tzinfo=SAO_PAULO))
    await house.app.settle()


async def rows(house: House) -> list[Outgoing]:
    """The outbox, in the order it was written."""
    async with house.app.database.read() as session:
        return list(await session.scalars(select(Outgoing).order_by(Outgoing.id)))


async def row(house: House) -> Outgoing:
    """The only row of the outbox."""
    (only,) = await rows(house)
    return only


async def excuses(house: House) -> list[tuple[date, str]]:
    """The days that count as our failure."""
    async with house.app.database.read() as session:
        found = await session.execute(select(Excuse.day, Excuse.why).order_by(Excuse.day))
        return [(day, why) for day, why in found]


async def subscription(house: House) -> Subscription:
    """The only subscription."""
    async with house.app.database.read() as session:
        return (await session.scalars(select(Subscription))).one()


def calls(house: House) -> int:
    """How often the platform was asked to take a message."""
    return len(house.door.sent) + len(house.door.refused)


async def sees_an_excused_day(person: Person) -> bool:
    """Whether the streak explains a day by our failure."""
    await person.says("/sequencia por que")
    return EXCUSED in person.sees()


# ---------------------------------------------------------------------------------------------- the platform wants silence


async def test_a_silence_holds_back_everybody_and_costs_no_attempt(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    (bruno,) = await people(either_house, "bruno", hour="08:20")
    either_house.door.fails_next(SlowDown("Too Many Requests: retry after 1800", 1800))
    await either_house.forward_to("2026-03-03 08:29")
    assert calls(either_house) == 1
    assert (ana.sees(), bruno.sees()) == ("", "")
    await either_house.forward_to("2026-03-03 08:31")
    assert (ana.sees().count(DOSE), bruno.sees().count(DOSE)) == (1, 1)
    assert [(one.state, one.attempts) for one in await rows(either_house)] == [("sent", 1), ("sent", 1)]


async def test_a_silence_is_kept_again_if_the_platform_asks_again(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(SlowDown("Too Many Requests: retry after 30", 30), times=7)
    await either_house.forward_to("2026-03-03 08:03")
    assert ana.sees() == ""
    await either_house.forward_to("2026-03-03 08:04")
    assert ana.sees().count(DOSE) == 1
    assert calls(either_house) == 8
    assert (await row(either_house)).attempts == 1


async def test_stopping_does_not_wait_for_the_end_of_a_silence(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    (bruno,) = await people(either_house, "bruno", hour="08:01")
    either_house.door.fails_next(SlowDown("Too Many Requests: retry after 10072", 10_072))
    await either_house.forward_to("2026-03-03 08:02")
    await asyncio.wait_for(either_house.restart(), 30)
    await either_house.forward(hours=3)
    assert (ana.sees().count(DOSE), bruno.sees().count(DOSE)) == (1, 1)
    assert calls(either_house) == 3


# ------------------------------------------------------------------------------------------------------- no connection


async def test_without_a_connection_it_waits_and_no_attempt_is_counted(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(NotSent("connection refused"), times=2 * ATTEMPTS)
    await either_house.forward_to("2026-03-03 08:01:20")
    waiting = await row(either_house)
    assert (waiting.state, waiting.attempts) == ("retry", 0)
    assert calls(either_house) > ATTEMPTS
    await either_house.forward_to("2026-03-03 08:03")
    assert ana.sees().count(DOSE) == 1
    assert (await row(either_house)).attempts == 1


async def test_without_a_connection_until_the_day_ends_it_expires_and_the_day_is_excused(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(NotSent("connection refused"), times=20)
    await either_house.forward_to("2026-03-03 08:00:30")
    await jump_to(either_house, "2026-03-04 03:59:45")
    assert (await row(either_house)).state == "retry"
    await either_house.forward_to("2026-03-04 04:00:30")
    asked = calls(either_house)
    dead = await row(either_house)
    assert (dead.state, dead.reason) == ("dead", "expired")
    assert await excuses(either_house) == [(TUESDAY, "lost")]
    either_house.door._failures.clear()
    await either_house.forward_to("2026-03-04 07:59")
    assert (ana.sees(), calls(either_house)) == ("", asked)
    await either_house.forward_to("2026-03-04 08:00")
    assert ana.sees().count(DOSE) == 1
    assert await sees_an_excused_day(ana)


@pytest.mark.parametrize(("arrives", "says_so"), [("08:19", False), ("08:21", True)])
async def test_a_dose_that_is_more_than_twenty_minutes_late_says_so(house: House, arrives: str, says_so: bool) -> None:
    (ana,) = await people(house, "ana")
    house.door.fails_next(NotSent("connection refused"))
    await house.forward_to("2026-03-03 08:00")
    await jump_to(house, f"2026-03-03 {arrives}")
    seen = ana.sees()
    assert seen.count(DOSE) == 1
    assert (LATE in seen) == says_so


@pytest.mark.parametrize(("arrives", "excused"), [("13:59", []), ("14:01", [(TUESDAY, "late")])])
async def test_a_dose_that_is_more_than_six_hours_late_excuses_its_day(
    either_house: House, arrives: str, excused: list[tuple[date, str]]
) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(NotSent("connection refused"))
    await either_house.forward_to("2026-03-03 08:00")
    await jump_to(either_house, f"2026-03-03 {arrives}")
    assert LATE in ana.sees()
    assert await excuses(either_house) == excused


# ------------------------------------------------------------------------------------------------ the platform is broken


async def test_a_broken_platform_is_asked_five_times_with_growing_waits(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(Failing("502: a page that is no answer of the Bot API"), times=100)
    await either_house.forward_to("2026-03-03 23:00")
    asked = [one.at for one in either_house.door.refused]
    waits = [(later - earlier).total_seconds() for earlier, later in pairwise(asked)]
    assert len(asked) == ATTEMPTS == 5
    assert waits == sorted(waits)
    assert [wait >= 15 * 6**count for count, wait in enumerate(waits)] == [True] * 4
    assert 3600 < sum(waits) < 6 * 3600, "an outage of an hour loses nothing, and nobody is kept waiting for ever"
    dead = await row(either_house)
    assert (dead.state, dead.attempts) == ("dead", 5)
    assert await excuses(either_house) == [(TUESDAY, "unsure")]
    assert await sees_an_excused_day(ana)


async def test_a_platform_that_recovers_gets_the_dose_to_them(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(Failing("500: internal"), times=4)
    await either_house.forward_to("2026-03-03 10:00")
    assert ana.sees().count(DOSE) == 1
    assert (await row(either_house)).attempts == 5
    assert await excuses(either_house) == []


async def test_a_platform_that_says_it_failed_and_delivers_all_the_same_makes_no_copy_without_a_word(
    either_house: House,
) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.honours_nonce = False  # as Telegram
    either_house.door.fails_next(Failing("Internal Server Error: restart"), times=2, arrives=True)
    await either_house.forward_to("2026-03-03 10:00")
    assert [COPY in shown.text for shown in ana.messages if DOSE in shown.text] == [False, True, True]
    assert (await row(either_house)).state == "sent"
    await either_house.forward_to("2026-03-04 08:00")
    assert COPY not in ana.messages[-1].text


async def may_have_it(house: House, person: Person) -> None:
    """The platform says that it failed, and shows the dose all the same."""
    house.door.honours_nonce = False
    house.door.fails_next(Failing("Internal Server Error: restart"), arrives=True)
    await house.forward_to("2026-03-03 08:00:05")
    assert (await row(house)).state == "retry"
    assert person.sees().count(DOSE) == 1


async def test_a_dose_that_may_be_with_them_is_not_taken_back(either_house: House) -> None:
    """Its buttons are on a screen, and a second one without a word would be a copy of it."""
    (ana,) = await people(either_house, "ana")
    await may_have_it(either_house, ana)
    await ana.says("/hora 21:00")
    await either_house.forward_to("2026-03-03 23:00")
    assert [COPY in shown.text for shown in ana.messages if DOSE in shown.text] == [False, True]
    await ana.says("/feito")
    assert "Dia 1." in ana.sees()


async def test_done_is_said_of_the_dose_that_may_be_with_them(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    await may_have_it(either_house, ana)
    await ana.says("/feito")
    assert "Dia 1." in ana.sees()
    await either_house.forward_to("2026-03-03 10:00")
    assert len([shown for shown in ana.messages if DOSE in shown.text]) == 1, "it need not go again"


async def test_after_it_said_so_a_lost_answer_still_gets_one_more(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(Failing("Internal Server Error"))
    either_house.door.fails_next(Uncertain("read time-out"))
    await either_house.forward_to("2026-03-03 10:00")
    assert ana.sees().count(DOSE) == 1
    assert await excuses(either_house) == []


# -------------------------------------------------------------------------------------------------- the answer was lost


async def test_after_a_lost_answer_one_more_copy_goes_and_says_what_it_is(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.honours_nonce = False  # as Telegram
    either_house.door.fails_next(Uncertain("read time-out"), arrives=True)
    await either_house.forward_to("2026-03-03 09:00")
    first, second = [shown.text for shown in ana.messages if DOSE in shown.text]
    assert COPY not in first
    assert COPY in second
    assert ((await row(either_house)).state, calls(either_house)) == ("sent", 2)


async def test_a_platform_that_knows_the_message_shows_no_copy(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(Uncertain("read time-out"), arrives=True)
    await either_house.forward_to("2026-03-03 09:00")
    assert ana.sees().count(DOSE) == 1
    assert (await row(either_house)).state == "sent"


@pytest.mark.parametrize("arrives", [True, False])
async def test_after_a_second_lost_answer_no_third_copy_goes_and_they_hear_that_nobody_knows(
    either_house: House, arrives: bool
) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.honours_nonce = False
    either_house.door.fails_next(Uncertain("reset by peer"), arrives=arrives, times=100)
    await either_house.forward_to("2026-03-03 23:00")
    assert len([shown for shown in ana.messages if DOSE in shown.text]) == (2 if arrives else 0)
    doubtful = await row(either_house)
    assert (doubtful.state, doubtful.reason, doubtful.message) == ("sent", "lost twice", None)
    assert calls(either_house) == 2
    assert await excuses(either_house) == [(TUESDAY, "unsure")]
    assert await sees_an_excused_day(ana)
    either_house.door._failures.clear()
    await either_house.forward_to("2026-03-04 08:00")
    assert "não sei se a dose chegou" in ana.sees()


async def test_who_did_a_dose_that_nobody_can_vouch_for_hears_no_excuse(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.honours_nonce = False
    either_house.door.fails_next(Uncertain("reset by peer"), arrives=True, times=2)
    await either_house.forward_to("2026-03-03 09:00")
    await ana.presses("Feito")
    ana.sees()
    await either_house.forward_to("2026-03-04 08:00")
    assert "não sei" not in ana.sees()


# ---------------------------------------------------------------------------------------------- nobody answers at all


async def test_a_dose_in_doubt_waits_until_the_platform_answers_again(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.honours_nonce = False
    knock = either_house.door.knock
    monkeypatch.setattr(line, "KNOCK_AGAIN", 0)
    monkeypatch.setattr(line, "FRESH", 0)
    monkeypatch.setattr(either_house.door, "knock", silence)
    either_house.door.fails_next(Uncertain("read time-out"))
    await either_house.forward_to("2026-03-03 08:03")
    await jump_to(either_house, "2026-03-03 08:59:30")
    await either_house.forward_to("2026-03-03 09:00")
    waiting = await row(either_house)
    assert (calls(either_house), waiting.doubts, waiting.attempts) == (1, 1, 1)
    monkeypatch.setattr(either_house.door, "knock", knock)
    await either_house.forward_to("2026-03-03 09:01")
    assert ana.sees().count(COPY) == 1
    assert (await row(either_house)).state == "sent"


async def test_a_dose_in_doubt_whose_day_ends_in_silence_is_told_as_such(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ana,) = await people(either_house, "ana")
    monkeypatch.setattr(line, "FRESH", 0)
    monkeypatch.setattr(either_house.door, "knock", silence)
    either_house.door.fails_next(Uncertain("read time-out"))
    await either_house.forward_to("2026-03-03 08:01")
    await jump_to(either_house, "2026-03-04 04:00:30")
    given_up = await row(either_house)
    assert (calls(either_house), given_up.state, given_up.reason) == (1, "dead", "expired")
    assert await excuses(either_house) == [(TUESDAY, "unsure")]
    assert ana.sees() == ""


async def test_where_one_answer_was_lost_nobody_else_is_sent_into_the_silence(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people(either_house, "ana")
    (bruno,) = await people(either_house, "bruno", hour="08:01")
    knock = either_house.door.knock
    monkeypatch.setattr(either_house.door, "knock", silence)
    monkeypatch.setattr(line, "KNOCK_AGAIN", 0)
    either_house.door.fails_next(Uncertain("read time-out"))
    await either_house.forward_to("2026-03-03 08:02")
    assert calls(either_house) == 1
    assert [one.doubts for one in await rows(either_house)] == [1, 0]
    monkeypatch.setattr(either_house.door, "knock", knock)
    await either_house.forward_to("2026-03-03 08:03")
    assert bruno.sees().count(DOSE) == 1


async def silence() -> None:
    raise Uncertain("no answer in 5 s")


# ----------------------------------------------------------------------------------------------- the sender vanished


async def vanish(house: House) -> Outgoing:
    """A process took the only row and was never seen again."""
    async with house.app.database.write() as session:
        return (await outbox.take(session, [1], house.app.now(), timedelta(seconds=90)))[1].row


@pytest.mark.parametrize(
    ("answer", "attempts"),
    [
        (Unreachable("Forbidden: bot was blocked by the user"), 1),
        (Rejected("Bad Request: can't parse entities"), 1),
        (Failing("Internal Server Error"), ATTEMPTS),
        (Moved("migrated", Address("terminal", "elsewhere")), 1),
        (Uncertain("no answer"), 1),
        (NotSent("connection refused"), 1),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, DeliveryError) else None,
)
async def test_who_comes_back_after_its_lease_changes_nothing(
    either_house: House, monkeypatch: pytest.MonkeyPatch, answer: DeliveryError, attempts: int
) -> None:
    await given_role(either_house, "dora", "owner")
    await people(either_house, "ana")
    await open_rooms(either_house, Address("terminal", "ana"))
    await either_house.forward_to("2026-03-03 07:59:50")
    await either_house.app.rounds.go()
    async with (
        either_house.app.database.write() as session
    ):  # all of it is its last chance: whatever is heard would have consequences
        await session.execute(update(Outgoing).values(attempts=attempts - 1, doubts=1, plainly=True))
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def after_its_lease(*_: object, **__: object) -> NoReturn:
        begun.set()
        await goes_on.wait()
        raise answer

    monkeypatch.setattr(either_house.door, "send", after_its_lease)
    forward = asyncio.create_task(either_house.forward_to("2026-03-03 08:00"))
    await begun.wait()
    later = either_house.app.now() + SENDING_LEASE
    async with either_house.app.database.write() as session:
        assert await recover(session, ["terminal"], later) == 1
    async with either_house.app.database.write() as session:
        assert await outbox.take(session, [(await row(either_house)).id], later, SENDING_LEASE), (
            "somebody else sends it now"
        )
    before = await everything(either_house)
    goes_on.set()
    await forward
    assert await everything(either_house) == before


async def everything(house: House) -> list[tuple[Any, ...]]:
    """All that an answer may change."""
    tables = (Outgoing, Excuse, Pause, Subscription, Room)
    async with house.app.database.read() as session:
        return [tuple(found) for one in tables for found in await session.execute(select(one.__table__))]


@pytest.mark.parametrize("deaths", [1, 2, 4])
async def test_a_dose_goes_out_flagged_however_often_its_sender_vanished(either_house: House, deaths: int) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(NotSent("connection refused"))
    await either_house.forward_to("2026-03-03 08:00")
    for _ in range(deaths):
        either_house.app.present.move_to(either_house.app.now() + timedelta(minutes=2))
        await vanish(either_house)
        async with either_house.app.database.write() as session:
            assert await recover(session, ["terminal"], either_house.app.now() + timedelta(seconds=91)) == 1
    await either_house.forward_to("2026-03-03 09:00")
    seen = ana.sees()
    assert (seen.count(DOSE), seen.count(COPY)) == (1, 1)
    done = await row(either_house)
    assert (done.state, done.doubts, done.attempts) == ("sent", deaths, deaths + 1)


async def test_what_is_on_its_way_while_the_clock_jumps_is_not_in_doubt(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ana,) = await people(either_house, "ana")
    door, begun, goes_on = either_house.door, asyncio.Event(), asyncio.Event()
    send = door.send

    async def slowly(*given: Any, **named: Any) -> MessageRef:
        begun.set()
        await goes_on.wait()
        return await send(*given, **named)

    monkeypatch.setattr(door, "send", slowly)
    forward = asyncio.create_task(either_house.forward_to("2026-03-03 08:00"))
    await begun.wait()
    either_house.app.present.move_to(either_house.app.now() + timedelta(hours=2))
    await either_house.app.rounds.go()
    assert [(one.state, one.doubts) for one in await rows(either_house)] == [("sending", 0)]
    goes_on.set()
    await forward
    assert ana.sees().count(DOSE) == 1
    assert [(one.state, one.doubts) for one in await rows(either_house)] == [("sent", 0)]


async def test_a_late_word_that_it_arrived_ends_the_doubt_of_others(either_house: House) -> None:
    await people(either_house, "ana")
    either_house.door.fails_next(NotSent("connection refused"))
    await either_house.forward_to("2026-03-03 08:00")
    either_house.app.present.move_to(either_house.app.now() + timedelta(minutes=2))
    taken = await vanish(either_house)
    async with either_house.app.database.write() as session:
        await recover(session, ["terminal"], either_house.app.now() + timedelta(seconds=91))
        await outbox.sent_all(session, [(taken, "7", either_house.app.now())])
    assert ((await row(either_house)).state, (await row(either_house)).message) == ("sent", "7")
    await either_house.forward_to("2026-03-03 09:00")
    assert either_house.door.sent == []


async def test_a_dose_that_kills_every_sender_is_given_up(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(NotSent("connection refused"))
    await either_house.forward_to("2026-03-03 08:00")
    for _ in range(ATTEMPTS):
        either_house.app.present.move_to(either_house.app.now() + timedelta(minutes=2))
        await vanish(either_house)
        async with either_house.app.database.write() as session:
            await recover(session, ["terminal"], either_house.app.now() + timedelta(seconds=91))
    await either_house.forward_to("2026-03-03 09:00")
    assert ana.sees() == ""
    assert (await row(either_house)).reason == "its sender vanished too often"
    assert await excuses(either_house) == [(TUESDAY, "unsure")]


async def test_the_button_of_either_copy_counts_once(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.honours_nonce = False
    either_house.door.fails_next(Uncertain("read time-out"), arrives=True)
    await either_house.forward_to("2026-03-03 09:00")
    first, second = [shown for shown in ana.messages if DOSE in shown.text]
    await ana.presses("Feito", on=second)
    await ana.presses("Feito", on=first)
    async with either_house.app.database.read() as session:
        assert len(list(await session.scalars(select(Completion)))) == 1


async def test_no_copy_goes_once_they_pressed_done_on_the_first(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.honours_nonce = False
    either_house.door.fails_next(Uncertain("read time-out"), arrives=True)
    await either_house.forward_to("2026-03-03 08:00:01")
    await ana.presses("Feito")
    await either_house.forward_to("2026-03-03 23:00")
    assert calls(either_house) == 1


# ------------------------------------------------------------------------------------------ the message is never taken


async def test_a_rejected_message_goes_once_more_as_plain_text(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(Rejected("Bad Request: can't parse entities"))
    await either_house.forward_to("2026-03-03 08:00")
    (sent,) = either_house.door.sent
    assert sent.plainly
    assert ana.sees().count(DOSE) == 1
    assert any(action.startswith("done:1:") for action in ana.actions())


async def test_a_message_that_is_rejected_as_plain_text_too_is_given_up(either_house: House) -> None:
    await people(either_house, "ana")
    either_house.door.fails_next(Rejected("Bad Request: message is too long"), times=100)
    await either_house.forward_to("2026-03-03 23:00")
    assert [attempt.plainly for attempt in either_house.door.refused] == [False, True]
    dead = await row(either_house)
    assert (dead.state, dead.reason) == ("dead", "Bad Request: message is too long")
    assert await excuses(either_house) == [(TUESDAY, "lost")]


async def test_a_message_that_is_rejected_at_its_last_attempt_still_goes_as_plain_text(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(Failing("502"), times=ATTEMPTS - 1)
    either_house.door.fails_next(Rejected("Bad Request: can't parse entities"))
    await either_house.forward_to("2026-03-03 10:00")
    assert ana.sees().count(DOSE) == 1
    assert (await row(either_house)).state == "sent"


def cannot_render(house: House, monkeypatch: pytest.MonkeyPatch, *, plainly: bool) -> None:
    """A mistake of ours in the door, before anything is sent; in plain text as well, if so."""
    send = house.door.send

    async def stumbles(to: Address, message: Message, **how: Any) -> MessageRef:
        if plainly or not how["plainly"]:
            with rendering("terminal"):
                raise IndexError("a style that nobody foresaw")
        return await send(to, message, **how)

    monkeypatch.setattr(house.door, "send", stumbles)


async def test_a_message_that_a_door_cannot_render_goes_as_plain_text_at_once_and_is_no_copy(
    either_house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    everybody = await people(either_house, "ana", "bruno")
    cannot_render(either_house, monkeypatch, plainly=False)
    await either_house.forward_to("2026-03-03 08:00")
    seen = [person.sees() for person in everybody]
    assert [(one.count(DOSE), one.count(COPY)) for one in seen] == [(1, 0)] * 2
    assert [sent.plainly for sent in either_house.door.sent] == [True] * 2
    assert [(one.state, one.attempts, one.may_be_a_copy) for one in await rows(either_house)] == [
        ("sent", 1, False)
    ] * 2
    (told, *_) = [record for record in caplog.records if "door.not_rendered" in str(record.msg)]
    assert told.exc_info or "Traceback" in str(told.msg)


async def test_a_message_that_a_door_cannot_render_at_all_is_given_up_and_stops_nobody(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people(either_house, "ana")
    (bruno,) = await people(either_house, "bruno", hour="08:01")
    cannot_render(either_house, monkeypatch, plainly=True)
    await either_house.forward_to("2026-03-03 08:00:30")
    monkeypatch.undo()
    await either_house.forward_to("2026-03-03 08:02")
    dead, sent = await rows(either_house)
    assert (dead.state, sent.state, bruno.sees().count(DOSE)) == ("dead", "sent", 1)
    assert dead.reason == "a mistake of ours, before it was sent: IndexError('a style that nobody foresaw')"
    assert await excuses(either_house) == [(TUESDAY, "lost")]


async def test_what_a_door_cannot_render_does_not_pass_for_an_answer_of_the_platform(
    house: House,
) -> None:
    asked = line.Line(house.door)
    asked.note(Uncertain("read time-out"))
    asked.note(NotRendered("a mistake of ours"))
    assert asked.is_silent


async def test_a_poison_message_stops_nobody_elses(either_house: House) -> None:
    everybody = await people(either_house, "ana", "bruno", "carla", "dora", "edu")
    either_house.door.fails_next(Rejected("Bad Request: can't parse entities"), times=2)
    await either_house.forward_to("2026-03-03 08:00")
    assert [person.sees().count(DOSE) for person in everybody] == [1] * 5
    assert sum(sent.plainly for sent in either_house.door.sent) in (1, 2)


async def test_a_message_we_cannot_write_stops_nobody_and_never_passes_for_sent(either_house: House) -> None:
    ana, bruno = await people(either_house, "ana", "bruno")
    await either_house.forward_to("2026-03-03 07:59:50")
    await either_house.app.rounds.go()
    async with either_house.app.database.write() as session:  # as a mistake of ours may have left it
        await session.execute(update(Dose).where(Dose.subscription_id == 1).values(why={}))
    await either_house.forward_to("2026-03-03 23:00")
    assert (ana.sees(), bruno.sees().count(DOSE)) == ("", 1)
    assert [(one.state, one.attempts) for one in await rows(either_house) if one.subscription_id == 1] == [("dead", 5)]
    assert await excuses(either_house) == [(TUESDAY, "lost")]


async def test_the_owners_hear_why_a_message_was_given_up_once_a_day(tmp_path: Path, database_url: str) -> None:
    settings = settings_for(tmp_path, database_url=database_url, owners="terminal:dora")
    house = await House(settings).open()
    dora = house.person("dora", "en")
    await dora.says("/start")
    dora.sees()
    await people(house, "ana", "bruno")
    house.door.fails_next(Rejected("Bad Request: message is too long"), times=4)
    await house.forward_to("2026-03-03 09:00")
    told = dora.sees()
    assert told.count("I gave up on it: Bad Request: message is too long. Its row in the outbox is dose:") == 1
    assert told.count("It goes once more without formatting") == 1
    await house.close()


async def test_a_notice_that_cannot_be_told_makes_no_other(tmp_path: Path, database_url: str) -> None:
    settings = settings_for(tmp_path, database_url=database_url, owners="terminal:dora")
    house = await House(settings).open()
    await house.person("dora", "en").says("/start")
    house.door.fails_next(Rejected("Bad Request: message is too long"), times=100)
    await house.app.host.alert("telegram.conflict", reason="Conflict: terminated by other getUpdates request")
    await house.forward_to("2026-03-03 23:00")
    assert [(one.kind, one.state) for one in await rows(house)] == [("notice", "dead")]
    await house.close()


@pytest.mark.parametrize("language", ["en", "pt-BR"])
async def test_owners_are_alerted_in_their_language(tmp_path: Path, language: str) -> None:
    house = await House(settings_for(tmp_path, owners="terminal:dora")).open()
    dora = house.person("dora", language)
    await dora.says("/start")
    dora.sees()
    for _ in range(3):
        await house.app.host.alert("telegram.conflict", reason="Conflict")
    await house.app.settle()
    said = "Is the bot running twice?" if language == "en" else "O bot está rodando duas vezes?"
    assert dora.sees().count(said) == 1
    await house.close()


# ------------------------------------------------------------------------------------------------------ nobody is there


async def test_somebody_who_blocked_us_costs_one_call_and_is_paused_from_that_day(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    await either_house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    await ana.blocks(silently=True)
    await either_house.forward(days=10)
    assert len(either_house.door.refused) == 1
    paused = await subscription(either_house)
    assert (paused.state, paused.next_due_at) == ("paused", None)
    async with either_house.app.database.read() as session:
        found = await session.execute(select(Pause.from_day, Pause.to_day, Pause.why))
        assert [tuple(one) for one in found] == [(date(2026, 3, 4), None, "blocked")]
    assert await excuses(either_house) == []


async def test_somebody_who_comes_back_finds_everything_as_it_was(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    await either_house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    await ana.blocks(silently=True)
    await either_house.forward(days=10)
    await ana.returns()
    await ana.says("/start")
    assert "Que bom te ver de novo." in ana.sees()
    await either_house.forward(days=1)
    assert "Data in words · trilha: Primeiros passos, 2 de 6" in ana.sees()
    await ana.says("/sequencia")
    assert "1 dia" in ana.sees()


async def test_nothing_else_is_tried_where_nobody_is(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    await ana.blocks(silently=True)
    now = either_house.app.now()
    notice = {"kind": "notice", "platform": "terminal", "chat": "ana", "facts": {"says": "mistake.free_text"}}
    async with either_house.app.database.write() as session:
        person_id = await session.scalar(select(Subscription.person_id))
        await outbox.put(
            session,
            [
                {
                    **notice,
                    "key": f"notice:{minutes}",
                    "person_id": person_id,
                    "not_before": now + timedelta(minutes=minutes),
                }
                for minutes in (1, 2, 3)
            ],
        )
    await either_house.forward(days=3)
    assert len(either_house.door.refused) == 1
    assert {one.state for one in await rows(either_house)} == {"dead"}
    assert (await subscription(either_house)).state == "paused"


async def test_somebody_who_tells_us_by_blocking_costs_no_call(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    await either_house.forward_to("2026-03-03 07:59:50")
    await either_house.app.rounds.go()
    await ana.blocks()
    await either_house.forward(days=3)
    assert calls(either_house) == 0


async def test_an_address_the_platform_does_not_find_is_tried_once_more(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(Unreachable("Bad Request: chat not found", sure=False))
    await either_house.forward_to("2026-03-03 08:02")
    assert ana.sees().count(DOSE) == 1
    assert (await subscription(either_house)).state == "active"


@pytest.mark.parametrize(
    "before",
    [
        [Failing("Internal Server Error: restart")],
        [Failing("Internal Server Error: restart")] * (ATTEMPTS - 1),
        [Uncertain("read time-out")],
        [Moved("migrated", Address("terminal", "ana"))],
    ],
    ids=["failing", "failing for long", "an answer lost", "moved"],
)
async def test_whatever_failed_before_an_address_that_is_not_found_is_tried_once_more(
    either_house: House, before: list[DeliveryError]
) -> None:
    """A server that has just begun does not find what it did not load yet."""
    (ana,) = await people(either_house, "ana")
    for error in (*before, Unreachable("Bad Request: chat not found", sure=False)):
        either_house.door.fails_next(error)
    await either_house.forward_to("2026-03-03 10:00")
    assert ana.sees().count(DOSE) == 1
    assert (await subscription(either_house)).state == "active"


async def test_whatever_failed_before_an_address_that_is_never_found_costs_two_calls(either_house: House) -> None:
    await people(either_house, "ana")
    either_house.door.fails_next(Failing("Internal Server Error: restart"))
    either_house.door.fails_next(Unreachable("Bad Request: chat not found", sure=False))
    either_house.door.fails_next(SlowDown("Too Many Requests: retry after 5", 5))
    either_house.door.fails_next(Unreachable("Bad Request: chat not found", sure=False), times=100)
    await either_house.forward_to("2026-03-03 08:05")
    assert len(either_house.door.refused) == 4
    assert (await subscription(either_house)).state == "paused"


async def test_an_address_the_platform_never_finds_costs_two_calls(either_house: House) -> None:
    await people(either_house, "ana")
    either_house.door.fails_next(Unreachable("Bad Request: chat not found", sure=False), times=100)
    await either_house.forward(days=3)
    assert len(either_house.door.refused) == 2
    assert (await subscription(either_house)).state == "paused"


# ---------------------------------------------------------------------------------------------------- the chat moved


async def test_a_chat_that_moved_gets_its_dose_at_the_new_address(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    new = replace(ana.address, chat="ana-2")
    either_house.door.moved[ana.address] = new
    await either_house.forward_to("2026-03-03 08:00")
    assert [DOSE in shown.text for shown in either_house.door.screen(new).messages] == [True]
    assert ((await row(either_house)).chat, (await subscription(either_house)).chat) == ("ana-2", "ana-2")
    await either_house.forward(days=1)
    assert len(either_house.door.screen(new).messages) == 2
    assert len(either_house.door.refused) == 1


async def test_a_chat_that_moves_for_ever_is_given_up(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(Moved("the group migrated", ana.address), times=100)
    await either_house.forward_to("2026-03-03 08:10")
    assert len(either_house.door.refused) == ATTEMPTS
    assert (await row(either_house)).state == "dead"
    assert await excuses(either_house) == [(TUESDAY, "lost")]


# --------------------------------------------------------------------------------------------- the platform forgot us


async def test_a_refused_token_stops_the_program_and_loses_nobody(either_house: House) -> None:
    ana, bruno = await people(either_house, "ana", "bruno")
    either_house.door.fails_next(Unauthorized("the token was revoked"), times=100)
    await either_house.forward_to("2026-03-03 08:05")
    assert either_house.app.stopping.is_set()
    assert isinstance(either_house.app.failure, Unauthorized)
    assert calls(either_house) <= 2, "one for each that was on its way"
    assert {one.attempts for one in await rows(either_house)} == {0}
    assert (await subscription_states(either_house)) == {"active"}
    either_house.door._failures.clear()
    await either_house.restart(after=timedelta(minutes=2))
    await either_house.forward(minutes=2)
    assert (ana.sees().count(DOSE), bruno.sees().count(DOSE)) == (1, 1)


async def subscription_states(house: House) -> set[str]:
    async with house.app.database.read() as session:
        return set(await session.scalars(select(Subscription.state)))


# ------------------------------------------------------------------------------------------------- whatever it answers

EVERY_ANSWER = [
    SlowDown("Too Many Requests: retry after 5", 5),
    NotSent("connection refused"),
    Failing("502"),
    Uncertain("read time-out"),
    Rejected("Bad Request"),
    Moved("the group migrated", Address("terminal", "ana")),
]


@pytest.mark.parametrize("error", EVERY_ANSWER, ids=lambda error: type(error).__name__)
async def test_a_dose_in_trouble_that_is_asked_for_is_not_sent_as_well(house: House, error: DeliveryError) -> None:
    (ana,) = await people(house, "ana")
    house.door.fails_next(error)
    await house.forward_to("2026-03-03 08:00:00")
    if error is EVERY_ANSWER[0]:
        await house.forward_to("2026-03-03 08:00:04")
        house.app.present.move_to(house.app.now() + timedelta(seconds=2))  # a reply waits for the silence, too
    await ana.says("/hoje")
    await house.forward_to("2026-03-03 23:00")
    assert ana.sees().count(DOSE) == len(house.door.sent) + 1
    assert len(house.door.sent) <= 1


@pytest.mark.parametrize(
    "error", [one for one in EVERY_ANSWER if one is not EVERY_ANSWER[5]], ids=lambda e: type(e).__name__
)
async def test_a_dose_that_is_asked_for_while_it_is_on_its_way_is_not_sent_again(
    either_house: House, monkeypatch: pytest.MonkeyPatch, error: DeliveryError
) -> None:
    (ana,) = await people(either_house, "ana")

    async def refused(to: Address, message: Message, **how: Any) -> NoReturn:
        monkeypatch.undo()
        await ana.says("/hoje")
        raise error

    monkeypatch.setattr(either_house.door, "send", refused)
    await either_house.forward_to("2026-03-03 23:00")
    assert ana.sees().count(DOSE) == 1
    assert either_house.door.sent == []
    async with either_house.app.database.read() as session:
        assert list(await session.scalars(select(Excuse))) == []


async def test_a_dose_that_is_refused_while_its_person_begins_a_pause_does_not_go_into_it(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ana,) = await people(either_house, "ana")

    async def refused(to: Address, message: Message, **how: Any) -> NoReturn:
        monkeypatch.undo()
        await ana.says("/pausa 2026-03-20")
        raise Failing("502")

    monkeypatch.setattr(either_house.door, "send", refused)
    await either_house.forward_to("2026-03-19 23:00")
    assert DOSE not in ana.sees()
    assert either_house.door.sent == []


async def test_the_next_day_is_like_any_other(either_house: House) -> None:
    (ana,) = await people(either_house, "ana")
    either_house.door.fails_next(Failing("502"), times=5)
    await either_house.forward_to("2026-03-03 23:00")
    assert ana.sees() == ""
    await either_house.forward_to("2026-03-04 08:00")
    seen = ana.sees()
    assert seen.count(DOSE) == 1
    assert LATE not in seen
    assert COPY not in seen


# ---------------------------------------------------------------------------------------------------- it cannot be taken


async def test_a_dose_of_which_nothing_can_be_made_ends_some_day_and_stops_nobody_else(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ana, bruno) = await people(either_house, "ana", "bruno")
    load = outbox.load

    async def breaks(session: AsyncSession, row_ids: Collection[int]) -> dict[int, Parcel]:
        parcels = await load(session, row_ids)
        if any(parcel.row.chat == "ana" for parcel in parcels.values()):
            raise KeyError("a resource that nobody foresaw")
        return parcels

    monkeypatch.setattr(sending, "load", breaks)
    await either_house.forward_to("2026-03-03 12:00")
    assert (ana.sees().count(DOSE), bruno.sees().count(DOSE)) == (0, 1)
    assert [(one.state, one.reason) for one in await rows(either_house) if one.chat == "ana"] == [
        ("dead", "it cannot be taken")
    ]
    assert await excuses(either_house) == [(TUESDAY, "lost")]

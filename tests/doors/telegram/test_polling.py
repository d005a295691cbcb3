"""Updates are confirmed when they are done, not before: nothing is lost by a stop, nothing is held up by a slow one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Answer, Button, Incoming
from bot.doors.telegram import TelegramDoor, hearing
from bot.doors.telegram import door as door_of_telegram
from bot.doors.telegram.aside import KEPT
from bot.doors.telegram.polling import Backoff, Ledger
from tests.rig.telegram import DropAfter, Flood, Garbage, HtmlPage, Person, Refuse, TelegramServer
from tests.rig.telegram.faults import Effect

from .toy import MENUS, NOW, ToyHost, after, confirmed, echo, say, stumbles


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the database is away the house is asked again at once."""
    monkeypatch.setattr(hearing, "AGAIN", 0.02)
    monkeypatch.setattr(door_of_telegram, "LAST_ANSWERS", 0.1)


@asynccontextmanager
async def opened(telegram: TelegramServer, host: ToyHost, **patience: float) -> AsyncIterator[TelegramDoor]:
    """A door of its own, for tests that open several one after the other."""
    door = TelegramDoor(telegram.token, telegram.url, **patience)  # type: ignore[arg-type]
    await door.open(host, MENUS)
    try:
        yield door
    finally:
        await door.close()


async def test_an_update_is_confirmed_only_after_it_was_answered(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    go = asyncio.Event()
    host.answers = after(go)
    ana.says("/today")
    await telegram.calls_reach(3, "getUpdates")
    assert len(telegram.updates.pending()) == 1
    go.set()
    await ana.sees_something("heard /today")
    await confirmed(telegram)


async def test_an_update_that_was_not_answered_before_the_stop_comes_again(
    telegram: TelegramServer, host: ToyHost, ana: Person
) -> None:
    async def never(incoming: Incoming) -> Answer:
        await asyncio.Event().wait()
        return Answer()

    host.answers = never
    async with opened(telegram, host):
        ana.says("/today")
        await telegram.calls_reach(2, "getUpdates")
    again = ToyHost(echo)
    async with opened(telegram, again):
        await ana.sees_something("heard /today")
        await confirmed(telegram)
    assert [incoming.text for incoming in again.heard] == ["/today"]


async def test_an_answer_that_did_not_reach_the_screen_before_the_stop_is_shown_after_it(
    telegram: TelegramServer, host: ToyHost, ana: Person
) -> None:
    telegram.faults.add(Refuse(502, "Bad Gateway"), method="sendMessage", times=None)
    async with opened(telegram, host):
        ana.says("/today")
        await telegram.bell.until(lambda: telegram.calls("sendMessage") or None, 5)
    assert len(telegram.updates.pending()) == 1
    telegram.faults.clear()
    async with opened(telegram, host):
        await ana.sees_something("heard /today")
        await confirmed(telegram)
    assert len(host.heard) == 1


async def test_a_press_that_was_answered_before_the_stop_stops_spinning_after_it(
    telegram: TelegramServer, host: ToyHost, ana: Person
) -> None:
    host.answers = lambda incoming: Answer(say=(say("a dose", Button("Done", "done:1")),))
    async with opened(telegram, host):
        ana.says("/today")
        await ana.sees_something("a dose")
        await host.has_shown()
        await confirmed(telegram)
    press = ana.presses("Done")
    key = f"telegram:{telegram.me['id']}:press:{press.id}"
    host.answered_before(key)
    async with opened(telegram, host):
        assert (await press.answered()).text == ""
        await confirmed(telegram)
    assert len(host.heard) == 1
    assert len(ana.sees()) == 1


async def test_a_clean_stop_leaves_nothing_to_be_served_again(
    telegram: TelegramServer, host: ToyHost, ana: Person
) -> None:
    async with opened(telegram, host):
        ana.says("/today")
        await host.has_shown()
    assert telegram.updates.pending() == []


async def test_stopping_does_not_wait_for_the_long_poll(telegram: TelegramServer, host: ToyHost, ana: Person) -> None:
    async with opened(telegram, host) as door:
        await telegram.bell.until(lambda: telegram.calls("getUpdates") or None, 5)
        async with asyncio.timeout(5):
            await door.stop_listening()
        ana.says("/today")
        assert len(telegram.updates.pending()) == 1
        await door.stop_listening()


def slow_for_ana(go: asyncio.Event) -> Callable[[Incoming], Awaitable[Answer]]:
    """Others are heard at once, and see nothing."""

    async def answers(incoming: Incoming) -> Answer:
        if incoming.sender.name != "Ana":
            return Answer()
        await go.wait()
        return echo(incoming)

    return answers


def crowd_writes(telegram: TelegramServer, count: int = 150) -> None:
    for number in range(count):
        telegram.person(1000 + number, f"P{number}", "en", started=True).says("/today")


async def test_a_slow_update_holds_up_nobody_however_many_write(
    telegram: TelegramServer, host: ToyHost, ana: Person
) -> None:
    go = asyncio.Event()
    host.answers = slow_for_ana(go)
    async with opened(telegram, host, slow=0.2):
        ana.says("/plan")
        crowd_writes(telegram)
        await host.has_shown(150)
        await confirmed(telegram)
        aside = [name for name in host.facts if "aside" in name]
        assert [host.owners[name] for name in aside] == [f"telegram:{ana.id}"], "her words leave with her"
        go.set()
        await ana.sees_something("heard /plan")
    assert [name for name in host.facts if "aside" in name] == []
    assert len(host.heard) == 151


async def test_a_full_round_without_a_database_is_told_in_a_line_each_time(
    telegram: TelegramServer, host: ToyHost, impatient: None, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(telegram, host, slow=0.2):
        host.is_away = True
        crowd_writes(telegram)
        await telegram.calls_reach(len(telegram.calls("getUpdates")) + 4, "getUpdates")
        host.is_away = False
        await host.has_shown(150)
    assert "telegram.not_set_aside" in caplog.text
    assert "Traceback" not in caplog.text
    assert len(host.heard) == 150


async def test_what_was_set_aside_is_taken_up_by_the_next_start(
    telegram: TelegramServer, host: ToyHost, ana: Person
) -> None:
    host.answers = slow_for_ana(asyncio.Event())
    async with opened(telegram, host, slow=0.2):
        ana.says("/plan")
        crowd_writes(telegram)
        await host.has_shown(150)
        await confirmed(telegram)
    again = ToyHost(echo)
    again.facts = host.facts
    async with opened(telegram, again):
        await ana.sees_something("heard /plan")
    assert [incoming.text for incoming in again.heard] == ["/plan"]
    assert [name for name in again.facts if "aside" in name] == []


async def test_what_was_left_aside_for_days_or_cannot_be_read_is_forgotten(
    telegram: TelegramServer, host: ToyHost, ana: Person
) -> None:
    old = {"at": (NOW - KEPT).isoformat(), "update": {"update_id": 1}}
    broken = {"at": NOW.isoformat(), "update": {"update_id": 2, "message": "nonsense"}}
    host.facts = {"telegram.aside.1": json.dumps(old), "telegram.aside.2": json.dumps(broken), "telegram.menu": "x"}
    async with opened(telegram, host):
        ana.says("/today")
        await ana.sees_something("heard /today")
    assert [name for name in host.facts if "aside" in name] == []
    assert len(host.heard) == 1


async def test_a_slow_update_holds_up_nobody_else_and_causes_no_busy_loop(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person, bruno: Person
) -> None:
    go = asyncio.Event()

    async def slow_for_ana(incoming: Incoming) -> Answer:
        if incoming.sender.name == "Ana":
            await go.wait()
        return echo(incoming)

    host.answers = slow_for_ana
    ana.says("/plan")
    for number in range(3):
        bruno.says(f"/note {number}")
        await bruno.sees_something(f"heard /note {number}")
    assert len(telegram.calls("getUpdates")) < 20
    go.set()
    await ana.sees_something("heard /plan")
    await confirmed(telegram)
    assert len(host.heard) == 4


async def test_different_people_are_answered_side_by_side(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person, bruno: Person
) -> None:
    both_are_here = asyncio.Barrier(2)

    async def together(incoming: Incoming) -> Answer:
        await both_are_here.wait()
        return echo(incoming)

    host.answers = together
    ana.says("/today")
    bruno.says("/today")
    await ana.sees_something("heard /today")
    await bruno.sees_something("heard /today")


async def test_one_persons_updates_keep_their_order(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    async def slower_at_first(incoming: Incoming) -> Answer:
        await asyncio.sleep(0.05 if incoming.text == "/note 0" else 0)
        return echo(incoming)

    host.answers = slower_at_first
    for number in range(20):
        ana.says(f"/note {number}")
    await ana.sees_something("heard /note 19")
    assert [message.text for message in ana.sees()] == [f"heard /note {number}" for number in range(20)]


async def test_more_than_one_batch_is_answered_each_once(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor
) -> None:
    people = [telegram.person(100 + number, f"P{number}", "en") for number in range(250)]
    for person in people:
        person.says("/start")
    for person in people:
        await person.sees_something("heard /start", within=60)
    await confirmed(telegram)
    assert len(host.heard) == 250
    assert all(len(person.sees()) == 1 for person in people)


async def test_what_meets_no_database_is_held_until_it_is_back_and_keeps_its_order(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person, bruno: Person, impatient: None
) -> None:
    host.is_away = True
    ana.says("/today")
    ana.says("/plan")
    bruno.says("/today")
    await telegram.calls_reach(4, "getUpdates")
    assert len(telegram.updates.pending()) == 3
    assert (ana.sees(), bruno.sees()) == ([], [])
    host.is_away = False
    await bruno.sees_something("heard /today")
    await ana.sees_something("heard /plan")
    await confirmed(telegram)
    assert [message.text for message in ana.sees()] == ["heard /today", "heard /plan"]
    assert (len(host.heard), host.alerts) == (3, [])


async def test_what_meets_a_silent_database_is_held_and_what_is_slow_by_itself_is_given_up(
    telegram: TelegramServer, host: ToyHost, ana: Person, impatient: None
) -> None:
    go = asyncio.Event()
    host.answers = after(go)
    host.is_silent = True
    async with opened(telegram, host, answer_within=0.1):
        ana.says("/today")
        await telegram.calls_reach(4, "getUpdates")
        assert (len(telegram.updates.pending()), host.alerts) == (1, [])
        host.is_silent = False
        await confirmed(telegram)
        assert [key for key, _ in host.alerts] == ["telegram.update_failed"]


async def test_a_database_that_is_back_just_as_the_time_runs_out_costs_nobody_their_update(
    telegram: TelegramServer, host: ToyHost, ana: Person
) -> None:
    async def silent_at_first(incoming: Incoming) -> Answer:
        if len(host.heard) == 1:
            await asyncio.Event().wait()
        return echo(incoming)

    host.answers = silent_at_first
    async with opened(telegram, host, answer_within=0.1):
        ana.says("/today")
        await ana.sees_something("heard /today")
        await confirmed(telegram)
    assert host.alerts == []


async def test_what_met_no_database_before_the_stop_comes_again(
    telegram: TelegramServer, host: ToyHost, ana: Person, impatient: None
) -> None:
    async with opened(telegram, host) as door:
        host.is_away = True
        ana.says("/today")
        ana.says("/plan")
        await telegram.calls_reach(3, "getUpdates")
        await door.stop_listening()  # as who leads no more, because the database is away
        assert len(telegram.updates.pending()) == 2
        host.is_away = False
        await door.listen()
        await ana.sees_something("heard /plan")
        await confirmed(telegram)
    assert [message.text for message in ana.sees()] == ["heard /today", "heard /plan"]


async def test_a_poison_update_is_reported_confirmed_and_followed_by_the_next(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    host.answers = stumbles
    ana.says("/boom")
    ana.says("/today")
    await ana.sees_something("heard /today")
    await confirmed(telegram)
    ((key, facts),) = host.alerts
    assert (key, facts["key"]) == ("telegram.update_failed", host.heard[0].key)


async def test_a_press_that_fails_stops_spinning(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    def poisoned(incoming: Incoming) -> Answer:
        if incoming.action:
            raise ZeroDivisionError("boom")
        return Answer(say=(say("a dose", Button("Done", "done:1")),))

    host.answers = poisoned
    ana.says("/today")
    await ana.sees_something("a dose")
    press = ana.presses("Done")
    await press.answered()
    await confirmed(telegram)
    assert len(press.answers) == 1


async def test_an_answer_that_never_comes_is_given_up(telegram: TelegramServer, host: ToyHost, ana: Person) -> None:
    async def stuck(incoming: Incoming) -> Answer:
        if incoming.text == "/stuck":
            await asyncio.Event().wait()
        return echo(incoming)

    host.answers = stuck
    async with opened(telegram, host, answer_within=0.1):
        ana.says("/stuck")
        ana.says("/today")
        await ana.sees_something("heard /today")
        await confirmed(telegram)
    assert [key for key, _ in host.alerts] == ["telegram.update_failed"]


async def test_a_screen_that_takes_long_does_not_hold_up_the_confirming(
    telegram: TelegramServer, host: ToyHost, ana: Person
) -> None:
    async with opened(telegram, host, screen_within=0.1):
        telegram.faults.add(Flood(2), method="sendMessage")
        ana.says("/today")
        await confirmed(telegram)
        assert host.shown == []
        await ana.sees_something("heard /today")
        await host.has_shown()


async def test_an_update_that_cannot_be_read_is_passed_over(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    telegram.updates.push("message", {"message_id": "?", "chat": "nonsense"}, ("message", 1))
    telegram.updates.push("message", {"date": 1}, ("message", 1))
    telegram.updates.push("message", {**ana.says("x").as_json(), "from": {"id": 7}}, ("message", 1))
    ana.says("/today")
    await ana.sees_something("heard /today")
    await confirmed(telegram)


@pytest.mark.parametrize(
    "trouble", [HtmlPage(502), DropAfter(), Garbage(), Flood(1), Refuse(409, "Conflict: terminated")]
)
async def test_polling_outlives_every_trouble(
    telegram: TelegramServer, host: ToyHost, ana: Person, trouble: Effect
) -> None:
    telegram.faults.add(trouble, method="getUpdates", times=2)
    async with opened(telegram, host):
        ana.says("/today")
        await ana.sees_something("heard /today", within=10)
        await confirmed(telegram)
    assert len(host.heard) == 1
    assert host.silences == ([1, 1] if isinstance(trouble, Flood) else [])


async def test_another_poller_is_told_to_the_owners_once_and_waited_out(
    telegram: TelegramServer, host: ToyHost, ana: Person
) -> None:
    telegram.faults.add(Refuse(409, "Conflict: terminated by other getUpdates request"), method="getUpdates", times=2)
    async with opened(telegram, host):
        ana.says("/today")
        await ana.sees_something("heard /today", within=10)
    assert [key for key, _ in host.alerts] == ["telegram.conflict"]


async def test_a_revoked_token_is_told_to_the_owners(telegram: TelegramServer, host: ToyHost) -> None:
    telegram.faults.add(Refuse(401, "Unauthorized"), method="getUpdates", times=None)
    async with opened(telegram, host):
        await host.has_alerted("telegram.unauthorized")


async def test_polling_goes_on_after_an_outage(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    await telegram.stop()
    ana.says("/today")
    await asyncio.sleep(0)
    await telegram.start()
    await ana.sees_something("heard /today", within=10)


async def test_an_owner_who_cannot_be_told_stops_nothing(telegram: TelegramServer, ana: Person) -> None:
    class Mute(ToyHost):
        async def alert(self, key: str, /, **facts: str) -> None:
            raise RuntimeError("the database is gone")

    host = Mute(echo)
    telegram.faults.add(Refuse(409, "Conflict: terminated by other getUpdates request"), method="getUpdates")
    async with opened(telegram, host):
        ana.says("/today")
        await ana.sees_something("heard /today", within=10)


# ------------------------------------------------------------------------------------------------- ledger and backoff


async def _ended(how: str) -> asyncio.Task[None]:
    async def work() -> None:
        if how == "fails":
            raise ZeroDivisionError
        if how in ("open", "cancelled"):
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    if how == "cancelled":
        task.cancel()
    await asyncio.sleep(0)
    if how == "fails":
        task.exception()
    return task


@given(st.lists(st.sampled_from(["done", "fails", "open", "cancelled"]), max_size=12), st.integers(1, 10**9))
def test_the_offset_is_the_oldest_update_that_is_not_done(ends: list[str], first: int) -> None:
    async def check() -> None:
        ledger = Ledger()
        tasks = [await _ended(how) for how in ends]
        for number, task in enumerate(tasks, first):
            ledger.begin(number, task)
        unfinished = [number for number, how in enumerate(ends, first) if how in ("open", "cancelled")]
        expected = min(unfinished, default=first + len(ends) if ends else None)
        assert ledger.settle() == expected
        assert all(ledger.knows(number) for number in range(expected or first, first + len(ends)))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(check())


async def test_after_an_empty_answer_numbers_may_start_anywhere() -> None:
    ledger = Ledger()
    ledger.begin(900, await _ended("done"))
    assert ledger.settle() == 901
    ledger.forget()
    assert ledger.settle() is None
    ledger.begin(5, None)
    assert ledger.settle() == 6


def test_waits_double_up_to_the_longest_and_start_afresh_after_calm() -> None:
    backoff = Backoff(1, 8, calm=10)
    assert [backoff.failed(0) for _ in range(5)] == [1, 2, 4, 8, 8]
    assert not backoff.succeeded(17)
    assert backoff.failed(18) == 8
    assert backoff.succeeded(36)
    assert backoff.failed(40) == 1
    assert not Backoff(1, 8).succeeded(0)

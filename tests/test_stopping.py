"""Stopping ends, whatever does not hear of its end, and one part of it keeps no other from ending."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Awaitable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

import bot.app
from bot.app import App
from bot.chat import Address
from bot.clock import Clock, Present
from bot.contract import Host, Menus
from bot.delivery.pace import Pace
from bot.delivery.queue import Queue
from bot.delivery.silences import Silences
from bot.doors.telegram.lanes import Lanes
from bot.doors.terminal import TerminalDoor
from bot.doors.terminal.prompt import _Arrivals
from bot.doors.terminal.screen import Screen
from bot.errors import Unauthorized
from bot.operate import run as running
from bot.operate.ear import Ear
from bot.operate.last_resort import LastResort
from bot.settings import Settings
from bot.store import silences
from bot.store.database import Database
from bot.store.outbox import Ticket
from tests.conftest import fresh_database
from tests.house import MONDAY_NOON, House, settings_for
from tests.rig.deaf import Deaf

Got = TypeVar("Got")


async def ends(what: Awaitable[Got]) -> Got:
    """What comes of it, which must not take for ever; it is not told of its end a second time by this."""
    return await asyncio.wait_for(asyncio.shield(asyncio.ensure_future(what)), 30)


async def test_a_door_that_never_closes_keeps_the_database_and_the_others_from_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await House(settings_for(tmp_path)).open()
    deaf = Deaf()
    monkeypatch.setattr(house.door, "close", deaf)
    monkeypatch.setattr(bot.app, "STOPPED_WITHIN", 0.5)
    await ends(house.close())
    assert deaf.begun.is_set()
    assert not deaf.ended
    assert not house.app.database.is_reserved, "it came to the last step"


async def test_an_office_that_cannot_be_left_keeps_what_is_on_its_way_from_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await House(settings_for(tmp_path)).open()
    monkeypatch.setattr(house.app.leader, "stop", Deaf())
    monkeypatch.setattr(bot.app, "LAST_PLANS", 0.1)
    await ends(house.close())
    assert not house.app.database.is_reserved


async def test_a_search_that_somebody_waits_for_ends_at_the_second_word(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaf = Deaf()
    monkeypatch.setattr(house.app.duties.searcher, "go", deaf)
    house.app.duties.look_soon()
    await deaf.begun.wait()
    await ends(house.app.duties.stop_looking())
    assert deaf.ended


async def test_a_pulse_that_did_not_hear_of_its_end_is_told_again() -> None:
    deaf, clock = Deaf(), Clock(Present())

    async def beat() -> None:
        await deaf()

    clock.start()
    clock.pulse("deaf", timedelta(seconds=0.01), beat)
    await ends(deaf.begun.wait())
    clock.stop()
    await ends(clock.at_rest(0.2))
    assert deaf.ended


async def test_an_answer_on_telegram_that_does_not_hear_that_it_is_given_up_is_told_again() -> None:
    deaf, lanes = Deaf(), Lanes()

    async def answer() -> None:
        await deaf()

    lanes.begin(["ana"], answer)
    await deaf.begun.wait()
    await ends(lanes.finish(0.01))
    assert deaf.ended


async def test_who_waits_for_a_chat_as_sending_ends_is_told_again_and_brings_nothing_back() -> None:
    deaf, ana = Deaf(), Address("telegram", "ana")

    async def chat_free(_: Address) -> None:
        await deaf()

    queue = Queue(chat_free)
    ticket = Ticket.of(1, "dose:1", 0, MONDAY_NOON, ana)
    queue.put_aside(ticket)
    await deaf.begun.wait()
    (returning,) = queue._returning
    assert queue.clear() == [ticket]
    await ends(asyncio.wait([returning]))
    assert returning.cancelled()
    assert deaf.ended
    assert queue.clear() == []


async def test_who_waited_for_a_chat_and_hears_nothing_of_the_end_brings_back_what_waits_by_then() -> None:
    free, ana = asyncio.Event(), Address("telegram", "ana")

    async def chat_free(_: Address) -> None:
        while not free.is_set():
            with suppress(asyncio.CancelledError):
                await free.wait()

    queue = Queue(chat_free)
    first, second = (Ticket.of(number, f"dose:{number}", 0, MONDAY_NOON, ana) for number in (1, 2))
    queue.put_aside(first)
    await asyncio.sleep(0)
    assert queue.clear() == [first]
    queue.put_aside(second)
    returning = list(queue._returning)
    free.set()
    assert await ends(queue.get()) == second
    await ends(asyncio.wait(returning))
    assert [task.exception() for task in returning if not task.cancelled()] == [None, None]


@pytest.mark.parametrize("what", ["note", "after"])
async def test_no_silence_is_told_or_looked_for_behind_a_stop_that_is_cut_short(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    database = Database(fresh_database(request, "postgresql", tmp_path))
    present, deaf = Present(), Deaf()
    pace = Pace(25, present.monotonic, present.sleep)
    shared = Silences(database, {"telegram": pace}, present.now)
    await shared.begin()
    monkeypatch.setattr(silences, what, deaf)
    pace.slow_down(30)
    await ends(deaf.begun.wait())
    going = [task for task in (shared._looking, *shared._telling) if task]
    stopping = asyncio.create_task(shared.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    await ends(asyncio.wait([stopping]))
    assert deaf.ended
    assert all(task.done() for task in going)
    await database.close()


async def test_who_leaves_the_prompt_waits_for_nothing_that_is_still_being_printed() -> None:
    deaf = Deaf()
    prompt: Any = SimpleNamespace(door=TerminalDoor(), show_news=deaf)

    async def leaves() -> None:
        async with _Arrivals(prompt) as arrivals:
            arrivals._note(Screen(Address("terminal", "ana")))
            await deaf.begun.wait()

    await ends(leaves())
    assert deaf.ended


class Closed(TerminalDoor):
    """Its platform does not know us."""

    async def open(self, host: Host, menus: Menus, *, listen: bool = True) -> None:
        raise Unauthorized("terminal")


class Unreached(TerminalDoor):
    """It tries to reach its platform for as long as it takes."""

    platform = "unreached"

    def __init__(self) -> None:
        super().__init__()
        self.trying = Deaf(times=0)

    async def open(self, host: Host, menus: Menus, *, listen: bool = True) -> None:
        await self.trying()


def app_with(folder: Path, *doors: TerminalDoor, **given: object) -> App:
    settings: Settings = settings_for(folder, **given)
    return App(settings, doors)


async def test_where_one_door_is_refused_the_others_open_no_more(tmp_path: Path) -> None:
    unreached = Unreached()
    app = app_with(tmp_path, Closed(), unreached)
    with pytest.raises(Unauthorized):
        await app.start()
    assert unreached.trying.ended
    await app.stop()


async def test_a_signal_ends_a_start_that_does_not_hear_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unreached = Unreached()
    unreached.trying = Deaf(times=1000)
    monkeypatch.setattr(running, "LAST_STEPS", 0.1)
    app = app_with(tmp_path, unreached)
    with Ear() as ear:
        serving = asyncio.create_task(running._serve(app, ear))
        await ends(unreached.trying.begun.wait())
        app.stopping.set()
        await ends(serving)
    await ends(app.stop())
    unreached.trying._left = 0


# ------------------------------------------------------------------------------------------------------ the last resort

LEFT_BEHIND = """
import asyncio, time
from bot.operate.last_resort import LastResort

async def deaf():
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass

async def stopped_by_a_signal():
    LastResort(within=0.2).begin(0)
    task = asyncio.create_task(deaf())
    asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)
    await asyncio.sleep(0)

asyncio.run(stopped_by_a_signal())
"""


def test_a_process_in_which_something_is_deaf_to_the_end_ends_well_all_the_same() -> None:
    """asyncio waits for every task and for its threads at its own end, however long that takes."""
    ended = subprocess.run([sys.executable, "-c", LEFT_BEHIND], capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 0
    assert "did not end within 0.2 seconds" in ended.stderr


NOBODY_READS = """
import os, sys, time
from bot.operate.last_resort import LastResort

os.set_blocking(2, False)
try:
    while True:
        os.write(2, b"." * 4096)
except BlockingIOError:
    os.set_blocking(2, True)
LastResort(within=0.2).begin(0)
time.sleep(60)
"""


def test_a_process_whose_last_words_nobody_reads_ends_well_all_the_same() -> None:
    with subprocess.Popen([sys.executable, "-c", NOBODY_READS], stderr=subprocess.PIPE) as process:
        assert process.wait(30) == 0


def test_the_first_reason_to_end_says_with_what_code(capfd: pytest.CaptureFixture[str]) -> None:
    codes, gone = list[int](), threading.Event()

    def leave(code: int) -> None:
        codes.append(code)
        gone.set()

    resort = LastResort(within=0.05, leave=leave)
    resort.begin(0)
    resort.begin(1)
    assert gone.wait(30)
    assert codes == [0]


async def test_a_run_counts_from_its_end_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = list[int]()
    monkeypatch.setattr(running, "open_doors", lambda _: [Closed()])
    with pytest.raises(Unauthorized):
        await running.run(settings_for(tmp_path, health_listen="off"), codes.append)
    assert codes == [1]

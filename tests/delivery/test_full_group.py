"""A group that had its fill of the minute keeps the sixty cards for it waiting, and nobody's dose."""

from __future__ import annotations

import asyncio
import heapq
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import count
from pathlib import Path

import pytest

from bot.chat import Address, Notice
from bot.delivery import post
from bot.delivery.pace import Pace
from bot.delivery.senders import Senders
from bot.delivery.window import WINDOW, runs_out
from bot.store import outbox
from tests.conftest import ENGINE, fresh_database
from tests.delivery.crowd import FIRST_DUE, copies, crowd
from tests.house import House, settings_for

PER_SECOND, PER_MINUTE = 25, 20
ROOM = "-100"
CARDS, DOSES = 60, 50
HELP = {"says": "mistake.free_text", "language": "en"}


class Slowly:
    """A clock that goes on only when nothing is on its way, so that the database takes no time of it."""

    def __init__(self) -> None:
        self.passed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._numbers = count()

    def now(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        over = asyncio.Event()
        heapq.heappush(self._sleepers, (self.passed + seconds, next(self._numbers), over))
        await over.wait()

    async def run(self, senders: Senders, until: Callable[[], bool]) -> None:
        """Let time pass until something holds, or nobody waits for anything."""
        while True:
            for _ in range(20):
                await asyncio.sleep(0)
            if senders._on_their_way:
                await asyncio.sleep(0.001)
            elif until() or not self._sleepers:
                return
            else:
                self.passed, _, over = heapq.heappop(self._sleepers)
                over.set()


@pytest.fixture
def clock() -> Slowly:
    return Slowly()


@pytest.fixture
async def paced(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Slowly
) -> AsyncIterator[House]:
    """A house whose door has Telegram's pace: twenty-five a second, and twenty a minute for a group."""

    def per_minute(to: Address) -> int | None:
        return PER_MINUTE if to.chat.startswith("-") else None

    monkeypatch.setattr(post, "pace_to", lambda *_: Pace(PER_SECOND, clock.now, clock.sleep, per_minute=per_minute))
    url = fresh_database(request, ENGINE, tmp_path)
    opened = await House(settings_for(tmp_path, database_url=url)).open()
    yield opened
    await opened.close()


async def hand_in(house: House, chats: Sequence[str], what: str) -> None:
    """Have a message to each chat wait, and give all to the senders at once."""
    notices = [
        Notice(f"{what}:{number}", Address("terminal", chat), "notice", HELP) for number, chat in enumerate(chats)
    ]
    async with house.app.database.write() as session:
        await outbox.put_notices(session, notices, house.app.now())
    async with house.app.database.read() as session:
        waiting = await outbox.waiting(session, ["terminal"], house.app.now(), 1000)
    for ticket in waiting:
        house.app.senders["terminal"].hand(ticket)


async def test_a_full_group_holds_up_nobodys_dose(paced: House, clock: Slowly) -> None:
    senders, went = paced.app.senders["terminal"], paced.door.sent
    await hand_in(paced, [ROOM] * CARDS, "card")
    await clock.run(senders, lambda: len(went) == PER_MINUTE)
    begun = clock.passed
    assert (senders.aside, senders.in_line) == (CARDS - PER_MINUTE, 0)

    await hand_in(paced, [f"p{number}" for number in range(DOSES)], "dose")
    await clock.run(senders, lambda: len(went) == PER_MINUTE + DOSES)
    assert clock.passed - begun == pytest.approx(DOSES / PER_SECOND, abs=0.5)
    assert Counter(sent.to.chat for sent in went)[ROOM] == PER_MINUTE

    await clock.run(senders, lambda: len(went) == CARDS + DOSES)
    assert clock.passed == pytest.approx(2 * 60 + PER_MINUTE, abs=5)
    assert Counter(sent.to.chat for sent in went)[ROOM] == CARDS


async def test_what_waits_for_its_chat_is_in_hand_and_goes_back_to_the_outbox_at_a_stop(
    paced: House, clock: Slowly
) -> None:
    senders = paced.app.senders["terminal"]
    await hand_in(paced, [ROOM] * CARDS, "card")
    await clock.run(senders, lambda: len(paced.door.sent) == 5)
    settling = asyncio.create_task(senders.at_rest())
    await clock.run(senders, lambda: len(paced.door.sent) == 10)
    assert not settling.done()
    assert len(senders.held) == CARDS - 10
    await senders.stop(within=5)
    await asyncio.wait_for(settling, 30)
    assert (len(senders.held), senders.aside) == (0, 0)
    async with paced.app.database.read() as session:
        waiting = await outbox.waiting(session, ["terminal"], paced.app.now(), 1000)
    assert len(waiting) == CARDS - len(paced.door.sent)


async def test_the_next_window_is_claimed_while_many_wait_for_one_chat(paced: House, clock: Slowly) -> None:
    senders = paced.app.senders["terminal"]
    await hand_in(paced, [ROOM] * (runs_out(WINDOW) + 2 * PER_MINUTE), "card")
    await clock.run(senders, lambda: len(paced.door.sent) == PER_MINUTE)
    assert senders.aside > runs_out(WINDOW)
    await crowd(paced.app.database, DOSES)
    paced.app.present.move_to(FIRST_DUE)
    await paced.app.rounds.go()
    await clock.run(senders, lambda: len(paced.door.sent) == PER_MINUTE + DOSES)
    assert len(copies(paced.door)) == 1 + DOSES

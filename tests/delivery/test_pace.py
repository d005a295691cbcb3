"""How fast we speak, by a clock of its own: bulk, chats, silence, and replies that pass."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat import Address
from bot.delivery.pace import Pace
from bot.delivery.pace import Turn as Place
from bot.delivery.pace.chats import MINUTE
from bot.delivery.pace.places import WINDOW
from bot.delivery.pace.turns import CHAT_GAP, MOST, ROOM
from bot.delivery.senders import MOST_SENDERS, SENDERS, senders_for
from bot.settings import PAID
from tests.delivery.hourglass import hourglass, run

PER_SECOND = 25
LIMIT = 30
"""What Telegram lets a bot send in any sliding second, over all chats."""
A_HAIR = 1e-6

Turn = tuple[float, str]
Deed = Callable[[Pace], Awaitable[None]]


def chat(number: int | str) -> Address:
    return Address("telegram", str(number))


async def bulk_turn(pace: Pace, address: Address) -> Place:
    """As senders do: a message whose chat takes nothing yet is put aside, and comes again."""
    while (turn := await pace.bulk_turn(address)) is None:
        await pace.chat_free(address)
    return turn


class Watched:
    """A pace, when each turn of bulk came, and when each message went."""

    def __init__(self) -> None:
        self.pace = Pace(PER_SECOND, hourglass().time, asyncio.sleep)
        self.turns: list[Turn] = []
        self.bulk: list[Turn] = []
        self.replies: list[Turn] = []

    async def bulk_to(self, number: int | str, after: float = 0.0, taking: float = 0.0) -> None:
        await asyncio.sleep(after)
        with await bulk_turn(self.pace, chat(number)) as turn:
            self.turns.append((hourglass().time(), str(number)))
            await asyncio.sleep(taking)
            turn.begin()
        self.bulk.append((hourglass().time(), str(number)))

    async def given_up(self, number: int | str, after: float = 0.0) -> None:
        """A message that has its turn and turns out to be nothing to send."""
        await asyncio.sleep(after)
        with await bulk_turn(self.pace, chat(number)):
            await asyncio.sleep(after / 10)

    async def reply_to(self, number: int | str, after: float = 0.0) -> None:
        await asyncio.sleep(after)
        await self.pace.reply_turn(chat(number))
        self.replies.append((hourglass().time(), str(number)))

    async def slow_down(self, after: float, seconds: float) -> None:
        await asyncio.sleep(after)
        self.pace.slow_down(seconds)

    async def stall(self, after: float, seconds: float) -> None:
        await asyncio.sleep(after)
        hourglass().stalls(seconds)


def most_in_a_second(turns: Iterable[Turn]) -> int:
    """The most turns that came in any sliding second."""
    instants = sorted(at for at, _ in turns)
    return max(bisect_left(instants, at + 1 - A_HAIR) - place for place, at in enumerate(instants))


def gaps_of_chats(turns: Iterable[Turn]) -> list[float]:
    """The seconds between neighbouring messages of one chat, over all chats."""
    by_chat = defaultdict(list)
    for at, number in sorted(turns):
        by_chat[number].append(at)
    return [later - earlier for instants in by_chat.values() for earlier, later in pairwise(instants)]


def test_a_thousand_doses_take_forty_seconds() -> None:
    async def scene() -> None:
        watched = Watched()
        await asyncio.gather(*(watched.bulk_to(number) for number in range(1000)))
        assert most_in_a_second(watched.bulk) <= LIMIT
        assert watched.bulk[-1][0] == pytest.approx(1000 / PER_SECOND, abs=0.25)
        assert [number for _, number in watched.bulk] == [str(number) for number in range(1000)]

    run(scene())


@pytest.mark.parametrize(("doses", "within"), [(10_000, 420), pytest.param(100_000, 4_020, marks=pytest.mark.slow)])
def test_however_many_they_are_doses_go_at_the_pace(doses: int, within: int) -> None:
    """As senders do: each takes a row, which is slow now and then, calls, and waits for the answer before its next.

    28 places of 1.1 s and the taking make 25 a second as long as that is done within 20 ms in the mean.
    """

    async def scene() -> None:
        pace, waiting, went = Watched().pace, iter(range(doses)), []

        async def send() -> None:
            for number in waiting:
                with await bulk_turn(pace, chat(number)) as turn:
                    await asyncio.sleep(0.01 if number % 100 else 0.5)
                    turn.begin()
                went.append((hourglass().time(), str(number)))
                await asyncio.sleep(0.2)  # for the answer

        await asyncio.gather(*(send() for _ in range(SENDERS)))
        assert len(went) == doses
        assert most_in_a_second(went) <= LIMIT
        assert doses / PER_SECOND - 1 <= went[-1][0] <= within

    run(scene())


moments = st.floats(0, 4)
chats = st.integers(0, 12)
taking = st.one_of(st.just(0.0), st.floats(0, 2))
"""How long a row is taken for, from its turn to the call."""
bulk = st.builds(lambda number, after, taking: ("bulk_to", (number, after, taking)), chats, moments, taking)
given_up = st.builds(lambda number, after: ("given_up", (number, after)), chats, moments)
reply = st.builds(lambda number, after: ("reply_to", (number, after)), chats, moments)
silence = st.builds(lambda after, seconds: ("slow_down", (after, seconds)), moments, st.floats(0, 6))
stall = st.builds(lambda after, seconds: ("stall", (after, seconds)), moments, st.floats(0, 2))


@given(st.lists(st.one_of(bulk, bulk, bulk, bulk, reply, given_up, silence, stall), min_size=1, max_size=120))
@example(
    [*(("reply_to", (number, 0.0)) for number in range(40)), *(("bulk_to", (number, 0.0)) for number in range(80))]
)
@example([("slow_down", (0.5, 3.0)), *(("bulk_to", (number, 0.0)) for number in range(100))])
@example([("stall", (0.5, 2.0)), *(("bulk_to", (number, 0.0)) for number in range(100))])
@example([("bulk_to", (number, 0.0, 1.5 - number / 25)) for number in range(38)])
def test_whatever_happens_no_second_holds_more_than_thirty(deeds: list[tuple[str, tuple[float, float]]]) -> None:
    async def scene() -> None:
        watched = Watched()
        async with asyncio.timeout(1000):  # of the hourglass
            await asyncio.gather(*(getattr(watched, name)(*given) for name, given in deeds))
        assert len(watched.bulk) == sum(name == "bulk_to" for name, _ in deeds)
        assert len(watched.replies) == sum(name == "reply_to" for name, _ in deeds)
        assert most_in_a_second(watched.bulk + watched.replies or [(0.0, "")]) <= LIMIT
        assert all(gap >= 1 - A_HAIR for gap in gaps_of_chats(watched.bulk))

    run(scene())


@given(st.lists(st.tuples(st.floats(0, 8), st.floats(0, 0.5)), min_size=40, max_size=200), st.integers(0, 7))
def test_two_replies_a_second_wait_for_nobody_whatever_bulk_does(crowd: list[tuple[float, float]], pairs: int) -> None:
    async def scene() -> None:
        watched = Watched()
        asked = [pair * (WINDOW + A_HAIR) for pair in range(pairs) for _ in range(ROOM)]
        async with asyncio.timeout(1000):  # of the hourglass
            await asyncio.gather(
                *(watched.bulk_to(number, *when) for number, when in enumerate(crowd)),
                *(watched.reply_to(f"r{number}", at) for number, at in enumerate(asked)),
            )
        assert [at for at, _ in watched.replies] == pytest.approx(asked)

    run(scene())


def test_a_burst_of_replies_goes_before_the_crowd() -> None:
    async def scene() -> None:
        watched = Watched()
        crowd = [watched.bulk_to(number, 0.0, 0.05) for number in range(100)]
        await asyncio.gather(*crowd, *(watched.reply_to(f"r{number}", 2.0) for number in range(12)))
        last = watched.replies[-1][0]
        assert last < 2.5
        assert [at for at, _ in watched.turns if 2 + A_HAIR < at < last] == []
        assert most_in_a_second(watched.bulk + watched.replies) <= LIMIT

    run(scene())


def test_what_slow_commits_hold_up_does_not_come_all_at_once() -> None:
    async def scene() -> None:
        watched = Watched()
        slow = [watched.bulk_to(number, number / 30, max(0.0, 1.0 - number / 30)) for number in range(60)]
        await asyncio.gather(*slow)
        assert most_in_a_second(watched.bulk) <= LIMIT
        assert watched.bulk[-1][0] < 60 / PER_SECOND + 2

    run(scene())


@given(st.floats(0.5, 10_072), st.floats(0, 2), st.integers(1, 60))
def test_silence_is_for_everybody_and_for_its_whole_time(seconds: float, after: float, people: int) -> None:
    async def scene() -> None:
        watched = Watched()
        waiting = [watched.bulk_to(number) for number in range(people)]
        waiting += [watched.reply_to(f"r{number}", number / 10) for number in range(10)]
        await asyncio.gather(watched.slow_down(after, seconds), *waiting)
        turns = watched.bulk + watched.replies
        assert len(turns) == people + 10
        assert not [at for at, _ in turns if after + A_HAIR < at < after + seconds - A_HAIR]
        assert watched.replies[-1][0] <= max(after + seconds, 1) + A_HAIR
        assert watched.bulk[-1][0] <= after + seconds + (people + 10) / PER_SECOND + A_HAIR

    run(scene())


def test_a_shorter_silence_does_not_end_a_longer_one() -> None:
    async def scene() -> None:
        watched = Watched()
        watched.pace.slow_down(30)
        watched.pace.slow_down(1)
        await watched.bulk_to(1)
        await watched.reply_to(2)
        assert watched.bulk[0][0] == pytest.approx(30)

    run(scene())


def test_a_reply_that_waits_for_a_place_waits_for_a_silence_as_well() -> None:
    async def scene() -> None:
        watched = Watched()
        burst = [watched.reply_to(number) for number in range(MOST + 1)]  # the last one is past every other wait
        await asyncio.gather(watched.slow_down(0.5, 10), *burst)
        assert [at for at, _ in watched.replies] == [0.0] * MOST + [pytest.approx(10.5)]

    run(scene())


def test_a_silence_tells_how_long_it_still_is() -> None:
    async def scene() -> None:
        pace = Watched().pace
        assert pace.silence <= 0
        pace.slow_down(30)
        await asyncio.sleep(12)
        assert pace.silence == pytest.approx(18)
        await asyncio.sleep(20)
        assert pace.silence <= 0

    run(scene())


def test_a_reply_waits_for_no_bulk_and_bulk_makes_room_for_it() -> None:
    async def scene() -> None:
        watched = Watched()
        doses = [watched.bulk_to(number) for number in range(250)]
        await asyncio.gather(*doses, *(watched.reply_to(f"r{number}", number / 5) for number in range(25)))
        assert [at for at, _ in watched.replies] == pytest.approx([number / 5 for number in range(25)])
        assert watched.bulk[-1][0] == pytest.approx(275 / PER_SECOND, abs=0.25)

    run(scene())


def test_one_chat_hears_one_bulk_message_a_second_and_holds_up_nobody() -> None:
    async def scene() -> None:
        watched = Watched()
        await asyncio.gather(*(watched.bulk_to("one") for _ in range(5)), *(watched.bulk_to(n) for n in range(20)))
        assert [at for at, number in watched.bulk if number == "one"] == pytest.approx(
            [n * CHAT_GAP for n in range(5)], abs=0.05
        )
        assert max(at for at, number in watched.bulk if number != "one") < 1

    run(scene())


def test_a_bulk_message_comes_a_second_after_the_reply_to_the_same_chat() -> None:
    async def scene() -> None:
        watched = Watched()
        await watched.reply_to("ana")
        await watched.bulk_to("ana")
        assert watched.bulk[0][0] == pytest.approx(CHAT_GAP)

    run(scene())


def test_the_second_counts_from_the_call_however_long_its_row_was_taken_for() -> None:
    async def scene() -> None:
        watched = Watched()
        await asyncio.gather(*(watched.bulk_to("ana", 0.0, taking) for taking in (0.4, 0.0, 2.5, 0.0)))
        assert min(gaps_of_chats(watched.bulk)) >= CHAT_GAP - A_HAIR

    run(scene())


def test_a_message_that_does_not_go_after_all_leaves_its_chat_to_the_next() -> None:
    async def scene() -> None:
        watched = Watched()
        await asyncio.gather(watched.given_up("ana", 1.0), watched.bulk_to("ana", 1.05))
        assert watched.bulk[0][0] == pytest.approx(1.1 + CHAT_GAP, abs=0.1)

    run(scene())


def test_chats_that_are_free_again_are_forgotten() -> None:
    async def scene() -> None:
        pace = Pace(100_000, hourglass().time, asyncio.sleep)
        for number in range(10_500):
            await pace.reply_turn(chat(number))
            hourglass().stalls(0.001)
        assert len(pace._chats) < 3_000

    run(scene())


def test_who_pays_may_send_a_thousand_in_any_second_and_no_more() -> None:
    async def scene() -> None:
        pace = Pace(1000, hourglass().time, asyncio.sleep, most=1000)
        went: list[float] = []

        async def work(first: int) -> None:
            for number in range(first, first + 30):
                with await bulk_turn(pace, chat(number)) as turn:
                    await asyncio.sleep(0.02 if number % 7 else 0.3)
                    turn.begin()
                went.append(hourglass().time())

        await asyncio.gather(*(work(first) for first in range(0, 3000, 30)))
        assert most_in_a_second((at, "") for at in went) <= 1000
        assert 3 < went[-1] < 5

    run(scene())


# ------------------------------------------------------------------------------------------------------------- groups

PER_MINUTE = 20
groups = st.integers(0, 3)


def group(number: int) -> Address:
    return Address("telegram", f"-{number}")


def pace_of_groups() -> Pace:
    return Pace(
        PER_SECOND,
        hourglass().time,
        asyncio.sleep,
        per_minute=lambda to: PER_MINUTE if to.chat.startswith("-") else None,
    )


def most_in_a_minute(instants: list[float]) -> int:
    return max((sum(begin <= at < begin + 60 - A_HAIR for at in instants) for begin in instants), default=0)


said = st.tuples(st.booleans(), groups, st.floats(0, 90), taking)
silences = st.tuples(st.floats(0, 90), st.floats(0, 70))


@given(st.lists(said, min_size=1, max_size=120), st.lists(silences, max_size=2))
@example([(reply, 1, 0.0, 0.0) for reply in (True, False) for _ in range(45)], [])
@example([(True, 1, n / 10, 0.0) for n in range(45)], [(0.5, 70.0)])
def test_a_group_gets_twenty_a_minute_whoever_speaks(
    deeds: list[tuple[bool, int, float, float]], silent: list[tuple[float, float]]
) -> None:
    async def scene() -> None:
        pace = pace_of_groups()
        went: dict[int, list[float]] = defaultdict(list)

        async def say(reply: bool, number: int, after: float, taking: float) -> None:
            await asyncio.sleep(after)
            if reply:
                await pace.reply_turn(group(number))
            else:
                with await bulk_turn(pace, group(number)) as turn:
                    await asyncio.sleep(taking)
                    turn.begin()
            went[number].append(hourglass().time())

        async def slow_down(after: float, seconds: float) -> None:
            await asyncio.sleep(after)
            pace.slow_down(seconds)

        async with asyncio.timeout(10_000):  # of the hourglass
            await asyncio.gather(*(say(*deed) for deed in deeds), *(slow_down(*silence) for silence in silent))
        assert sum(map(len, went.values())) == len(deeds)
        assert max(most_in_a_minute(instants) for instants in went.values()) <= PER_MINUTE

    run(scene())


def test_a_minute_counts_from_the_call_however_long_the_first_row_was_taken_for() -> None:
    async def scene() -> None:
        pace, went = pace_of_groups(), []
        for number in range(PER_MINUTE + 2):
            with await bulk_turn(pace, group(1)) as turn:
                await asyncio.sleep(0.005 if number else 0.9)
                turn.begin()
            went.append(hourglass().time())
        assert went[PER_MINUTE] - went[0] == pytest.approx(MINUTE, abs=0.01)

    run(scene())


def test_a_group_that_had_its_fill_holds_up_nobody_else() -> None:
    async def scene() -> None:
        pace = Pace(PER_SECOND, hourglass().time, asyncio.sleep, per_minute=lambda to: PER_MINUTE)
        await asyncio.gather(*(pace.reply_turn(group(1)) for _ in range(PER_MINUTE)))
        waits = asyncio.create_task(pace.reply_turn(group(1)))
        await bulk_turn(pace, group(2))
        assert hourglass().time() < 2
        assert not waits.done()
        await waits
        assert hourglass().time() == pytest.approx(MINUTE)

    run(scene())


# ------------------------------------------------------------------------------------------------ nobody is there


def test_while_nobody_is_there_bulk_tries_now_and_then_and_replies_at_once() -> None:
    async def scene() -> None:
        watched = Watched()
        tries: list[float] = []

        async def try_in_vain(number: int) -> None:
            with await bulk_turn(watched.pace, chat(number)) as turn:
                turn.begin()
            if hourglass().time() < 60:
                tries.append(hourglass().time())
                watched.pace.unreached()
            else:
                watched.pace.reached()
                watched.bulk.append((hourglass().time(), str(number)))

        for number in range(5):
            await try_in_vain(number)
        assert tries == pytest.approx([0, 1, 3, 7, 15], abs=0.1)
        await watched.reply_to("ana")
        assert watched.replies[0][0] == pytest.approx(15, abs=0.1)
        assert watched.pace.rest == pytest.approx(10, abs=0.1)
        assert watched.pace.silence <= 0
        for number in range(5, 110):
            await try_in_vain(number)
        assert len(tries) == 9
        assert watched.bulk[-1][0] - watched.bulk[0][0] == pytest.approx(100 / PER_SECOND, abs=2)

    run(scene())


def test_what_failed_together_counts_once() -> None:
    async def scene() -> None:
        pace = Watched().pace
        for _ in range(24):
            pace.unreached()
        assert pace.rest == pytest.approx(1)

    run(scene())


@pytest.mark.parametrize(("per_second", "senders"), [(1, SENDERS), (MOST, SENDERS), (PAID, MOST_SENDERS)])
def test_more_senders_work_only_where_somebody_pays_for_more(per_second: int, senders: int) -> None:
    assert senders_for(per_second) == senders

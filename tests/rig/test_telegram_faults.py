"""What can go wrong with the local Bot API server: limits, scripted faults; and the server as its own process."""

import json
from collections import Counter
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.rig.telegram import (
    Call,
    DropAfter,
    DropBefore,
    Flood,
    Garbage,
    HtmlPage,
    Limits,
    Person,
    Refuse,
    Slow,
    TelegramServer,
    Trickle,
    most_within,
)
from tests.rig.telegram.limits import Throttle
from tests.rig.telegram.process import running_server
from tests.rig.telegram.refusal import Refused


def admitted(throttle: Throttle, sends: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """Of these sends (second, chat), the ones that the limits let through."""
    passed = []
    for at, chat in sends:
        with suppress(Refused):
            throttle.admit(chat, at)
            passed.append((at, chat))
    return passed


# limits


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(1, 200)), max_size=400))
def test_never_more_than_thirty_in_any_sliding_second(sends: list[tuple[float, int]]) -> None:
    passed = admitted(Throttle(Limits()), sorted(sends))
    assert most_within(Call(at, "sendMessage", chat, {}) for at, chat in passed) <= 30


@given(st.lists(st.floats(0, 20), max_size=100))
def test_one_chat_gets_a_burst_and_then_one_a_second(instants: list[float]) -> None:
    passed = [at for at, _ in admitted(Throttle(Limits()), [(at, 7) for at in sorted(instants)])]
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            assert last - first + 1 <= 3 + (passed[last] - passed[first]) + 1e-6


def test_a_group_gets_twenty_a_minute() -> None:
    throttle = Throttle(Limits())
    assert len(admitted(throttle, [(float(second), -100) for second in range(60)])) == 20
    assert admitted(throttle, [(60.0, -100)]) == [(60.0, -100)]


def test_a_paid_broadcast_may_be_faster() -> None:
    throttle = Throttle(Limits())
    for chat in range(1, 501):
        throttle.admit(chat, 0.0, paid=True)
    assert len(admitted(throttle, [(0.0, chat) for chat in range(501, 600)])) == 30


def test_the_wait_that_is_told_is_long_enough() -> None:
    throttle = Throttle(Limits())
    admitted(throttle, [(0.4, chat) for chat in range(1, 31)])
    with pytest.raises(Refused) as refused:
        throttle.admit(31, 0.5)
    assert refused.value.code == 429
    throttle.admit(31, 0.5 + refused.value.parameters["retry_after"])


async def test_a_flood_is_answered_with_429(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    telegram.limit(Limits())
    for _ in range(3):
        await bot.send_message(ana.id, "again")
    with pytest.raises(RetryAfter, match=r"Flood control exceeded\. Retry in 0:00:01"):
        await bot.send_message(ana.id, "again")
    assert len(ana.sees()) == 3
    telegram.forward(1)
    await bot.send_message(ana.id, "again")


def test_the_log_tells_the_busiest_second() -> None:
    calls = [Call(at, "sendMessage", 7, {}) for at in (0.0, 0.5, 0.99, 1.0, 1.4, 1.5)]
    assert most_within(calls) == 4
    assert most_within([]) == 0


# scripted faults


async def test_the_hundredth_send_meets_a_flood_and_so_does_every_one_until_it_is_over(
    telegram: TelegramServer, bot: Bot, ana: Person
) -> None:
    telegram.faults.add(Flood(retry_after=30, hold=True), method="sendMessage", at=3)
    await bot.send_message(7, "1")
    await bot.send_message(7, "2")
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await bot.send_message(7, "3")
    telegram.forward(31)
    await bot.send_message(7, "3")
    assert [message.text for message in ana.sees()] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Refuse(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (Refuse(400, "Bad Request: chat not found"), BadRequest),
        (Refuse(401, "Unauthorized"), InvalidToken),
        (Refuse(409, "Conflict: terminated by other getUpdates request"), Conflict),
        (Refuse(500, "Internal Server Error"), NetworkError),
        (HtmlPage(502), NetworkError),
        (Garbage(), TelegramError),
        (DropBefore(), NetworkError),
    ],
)
async def test_a_fault_before_the_call_sends_nothing(
    telegram: TelegramServer,
    bot: Bot,
    ana: Person,
    fault: Refuse | HtmlPage | Garbage | DropBefore,
    error: type[Exception],
) -> None:
    planned = telegram.faults.add(fault, method="sendMessage")
    with pytest.raises(error):
        await bot.send_message(7, "dose")
    assert ana.sees() == []
    await bot.send_message(7, "dose")
    assert [message.text for message in ana.sees()] == ["dose"]
    assert planned.happened == 1
    assert [call.delivered for call in telegram.calls("sendMessage")] == [False, True]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (DropAfter(), NetworkError),
        (HtmlPage(504, after=True), NetworkError),
        (Garbage(after=True), TelegramError),
        (Slow(30), TimedOut),
        (Trickle(bytes_per_second=1), TimedOut),
    ],
)
async def test_a_fault_after_the_call_leaves_the_bot_in_doubt(
    telegram: TelegramServer,
    bot: Bot,
    ana: Person,
    fault: DropAfter | HtmlPage | Garbage | Slow | Trickle,
    error: type[Exception],
) -> None:
    telegram.faults.add(fault, method="sendMessage")
    with pytest.raises(error):
        await bot.send_message(7, "dose", read_timeout=0.1)
    assert [message.text for message in ana.sees()] == ["dose"]
    (call,) = telegram.calls("sendMessage")
    assert (call.delivered, call.answer) == (True, None)


async def test_a_fault_may_be_for_one_chat(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    bruno = telegram.person(8, "Bruno", started=True)
    telegram.faults.add(Refuse(403, "Forbidden: user is deactivated"), chat_id=8, times=None)
    await bot.send_message(7, "dose")
    for _ in range(2):
        with pytest.raises(Forbidden):
            await bot.send_message(8, "dose")
    assert (len(ana.sees()), len(bruno.sees())) == (1, 0)
    telegram.faults.clear()
    await bot.send_message(8, "dose")


async def test_a_share_of_faults_is_the_same_for_the_same_seed(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    async def outcomes(seed: int) -> str:
        telegram.faults.clear()
        telegram.faults.reseed(seed)
        telegram.faults.add(HtmlPage(), method="sendMessage", times=None, share=0.5)
        return "".join([await outcome(bot) for _ in range(20)])

    first, second = await outcomes(1), await outcomes(1)
    assert first == second
    assert Counter(first) != {"x": 20}
    assert Counter(first) != {".": 20}


async def outcome(bot: Bot) -> str:
    try:
        await bot.send_message(7, "dose")
    except NetworkError:
        return "x"
    return "."


# its own process


async def test_the_server_runs_as_its_own_process(tmp_path: Path) -> None:
    log = tmp_path / "calls.jsonl"
    async with running_server("--no-limits", "--log", str(log)) as telegram:
        ana = await telegram.person(7, "Ana", "pt-br")
        await ana.says("/start")
        async with Bot(telegram.token, base_url=f"{telegram.url}/bot") as bot:
            (update,) = await bot.get_updates()
            assert update.message
            await update.message.reply_text("Oi, Ana")
            assert (await ana.sees_something("Oi"))["text"] == "Oi, Ana"
            await telegram.fault(Flood(retry_after=3), method="sendMessage")
            with pytest.raises(RetryAfter):
                await bot.send_message(7, "again")
        await telegram.check()
        assert [call["method"] for call in await telegram.calls("sendMessage")] == ["sendMessage"] * 2
    written = [json.loads(line) for line in log.read_text().splitlines()]
    assert [call["method"] for call in written] == ["getMe", "getUpdates", "sendMessage", "sendMessage"]
    assert written[-1]["answer"]["parameters"] == {"retry_after": 3}


async def test_the_control_door_says_what_went_wrong(telegram: TelegramServer, ana: Person) -> None:
    async with aiohttp.ClientSession() as session:

        async def control(command: str, **given: object) -> tuple[int, str]:
            async with session.post(f"{telegram.url}/_control/{command}", json=given) as answer:
                return answer.status, str((await answer.json())["error"])

        assert (await control("dance"))[0] == 404
        status, reason = await control("act", person=7, does="presses", **{"with": {"wanted": "Done"}})
        assert status == 422
        assert "Ana finds no button" in reason
        status, reason = await control("act", person=7, does="as_json")
        assert status == 422
        assert "nobody as_json" in reason
        status, reason = await control("sees_something", person=7, text="Oi", within=0)
        assert status == 422
        assert "did not see “Oi”" in reason

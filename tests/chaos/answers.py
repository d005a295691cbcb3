"""What the platform may answer, or keep to itself: lost answers, a flood, a message it cannot read."""

from __future__ import annotations

import asyncio
from collections import Counter

from sqlalchemy import select

from bot.store.tables import Outgoing
from tests.chaos.judge import Verdict
from tests.chaos.stage import Stage
from tests.rig.telegram import Call, DropAfter, Flood, HtmlPage, Refuse, Slow

EARLY = 0.5
"""Seconds after a 429 within which what was on its way already may still arrive (bar T3)."""
GOES_ON = 1.0
"""Seconds after the end of a silence within which it goes on (bar T3)."""


async def answers_lost(stage: Stage, people: int = 300, share: float = 0.05) -> Verdict:
    """The server takes a message and hangs up, on a share of the calls: one more copy for each such call, and no third one."""
    await stage.subscribers(people)
    stage.telegram.faults.add(DropAfter(), method="sendMessage", times=None, share=share)
    await stage.start()
    await stage.all_delivered()
    await stage.stop()
    lost = await _unanswered(stage)
    # a third copy is never sent, whatever was lost: nobody died here
    verdict = await stage.judged(doubts=lost.total(), caught=dict.fromkeys(lost, 1))
    verdict.require(lost.total() > 0, "no answer was lost")
    return verdict


async def half_of_the_answers_lost(stage: Stage) -> Verdict:
    """The same on every second call."""
    return await answers_lost(stage, people=100, share=0.5)


async def behind_a_page(stage: Stage, people: int = 200, share: float = 0.1) -> Verdict:
    """The server takes a message, and a proxy answers 502 for it: what goes again says that it may be a copy."""
    await stage.subscribers(people)
    stage.telegram.faults.add(HtmlPage(502, after=True), method="sendMessage", times=None, share=share)
    await stage.start()
    await stage.all_delivered()
    await stage.stop()
    hidden = await _unanswered(stage)
    verdict = await stage.judged(doubts=hidden.total(), caught=hidden)
    verdict.require(hidden.total() > 0, "no answer was hidden")
    return verdict


async def _unanswered(stage: Stage) -> Counter[int]:
    """How often each row's message arrived without an answer that the bot could read."""
    rows = await stage.rows_by_chat()
    calls = stage.telegram.calls("sendMessage")
    return Counter(rows[str(call.chat_id)] for call in calls if call.delivered and not call.answer)


async def flood(stage: Stage, people: int = 200, asking: int = 30, retry_after: int = 4) -> Verdict:
    """429 on the 100th send, with as many on their way as there can be, replies among them: silence for as long as it says."""
    await stage.subscribers(people)
    stage.telegram.faults.add(Flood(retry_after, hold=True), method="sendMessage", at=100)
    stage.telegram.faults.add(Slow(1.0), method="sendMessage", times=None)
    await stage.start()
    await stage.telegram.calls_reach(70, within=stage.patience)
    for number in range(1, asking + 1):
        stage.people[number].says("/streak")
    silent_for, waited = await _silence(stage)
    await stage.all_delivered()
    for number in range(1, asking + 1):
        await stage.people[number].sees_something("first Done", within=stage.patience)
    await stage.stop()
    verdict = await stage.judged()
    sends = stage.telegram.calls("sendMessage")
    began = next(call.at for call in sends if _is_429(call))
    early = [call.at - began for call in sends if EARLY < call.at - began < retry_after]
    verdict.require(not early, f"sends during the silence: {early}")
    over = max(call.at + _seconds_of(call) for call in sends if _is_429(call)) - began
    verdict.require(
        silent_for - waited < over + GOES_ON, f"silence was over after {over:.1f} s, not after {silent_for:.1f}"
    )
    verdict.notes.append(f"silent for {silent_for:.1f} s of {over:.1f}")
    return verdict


async def _silence(stage: Stage) -> tuple[float, float]:
    """How long nothing is sent after the first 429, and how much of that the bot stood in line for a processor: others may be at work."""
    first = await stage.telegram.bell.until(lambda: next(filter(_is_429, stage.telegram.log), None), stage.patience)
    assert first, "no 429 was given"
    until, waited = first.at + _seconds_of(first), stage.stood_in_line

    def goes_on() -> Call | None:
        sends = stage.telegram.calls("sendMessage")
        return next((call for call in sends if call.at >= until and not _is_429(call)), None)

    again = await stage.telegram.bell.until(goes_on, stage.patience)
    assert again, "nothing was sent after the silence"
    return again.at - first.at, stage.stood_in_line - waited


def _is_429(call: Call) -> bool:
    return bool(call.answer) and not call.ok


def _seconds_of(call: Call) -> float:
    assert call.answer, "it was refused"
    return float(call.answer["parameters"]["retry_after"])


async def poison(stage: Stage, people: int = 1000) -> Verdict:
    """The server cannot read one message of a thousand: that one goes as plain text, and holds up nobody."""
    await stage.subscribers(people)
    unlucky = stage.chance.randint(1, people)
    words = "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 7"
    stage.telegram.expects("can't parse entities")
    stage.telegram.faults.add(Refuse(400, words), method="sendMessage", chat_id=unlucky)
    await stage.start()
    await stage.all_delivered()
    await stage.stop()
    verdict = await stage.judged()
    calls = [call for call in stage.telegram.calls("sendMessage", unlucky) if "done:" in str(call.params)]
    async with stage.database.read() as session:
        plainly = list(await session.scalars(select(Outgoing.subscription_id).where(Outgoing.plainly)))
    verdict.require(len(calls) == 2, f"the poisoned one took {len(calls)} calls")
    verdict.require(plainly == [unlucky], f"plain went {plainly}")
    return verdict


async def people_pause(stage: Stage, people: int = 300, pausing: int = 60) -> Verdict:
    """In the middle of the hour people pause: who read that their doses rest gets none after it."""
    await stage.subscribers(people)
    await stage.start()
    await stage.sends_reach(20)
    asked = stage.chance.sample(sorted(stage.people), pausing)
    for number in asked:
        stage.people[number].says("/pause 30 days")
        await asyncio.sleep(stage.chance.uniform(0, 0.1))
    await stage.all_delivered()
    await stage.stop()
    without = [number for number in asked if not _dose_of(stage, number)]
    verdict = await stage.judged(paused=without)
    for number in asked:
        calls = stage.telegram.calls("sendMessage", number)
        dose = next((call for call in calls if "done:" in str(call.params.get("reply_markup"))), None)
        said = next((call for call in calls if call is not dose), None)
        verdict.require(said is not None, f"{number} got no answer to /pause")
        # what was with the platform when they asked may cross the answer
        verdict.require(not dose or not said or dose.at < said.at + 2, f"{number} paused and got a dose later")
    verdict.require(0 < len(without) < pausing, f"{len(without)} of {pausing} paused in time")
    return verdict


def _dose_of(stage: Stage, number: int) -> bool:
    return any("done:" in str(call.params.get("reply_markup")) for call in stage.telegram.calls("sendMessage", number))

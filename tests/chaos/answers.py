"""What the platform may answer, or keep to itself: lost answers, a flood, a message it cannot read."""

from __future__ import annotations

import asyncio
from collections import Counter

from sqlalchemy import select

from bot.store.tables import Outgoing
from tests.chaos.judge import Verdict
from tests.chaos.stage import PATIENCE, Stage
from tests.rig.telegram import DropAfter, Flood, HtmlPage, Refuse, Slow

EARLY = 0.5
"""Seconds after a 429 within which what was on its way already may still arrive (bar T3)."""
GOES_ON = 5.0
"""Seconds after the end of a silence within which it goes on: one on a quiet machine; a busy one hears of the 429 late, and then counts."""


async def answers_lost(stage: Stage, people: int = 300, share: float = 0.05) -> Verdict:
    """The server takes a message and hangs up, on a share of the calls: one more copy for each such call, and no third one."""
    await stage.subscribers(people)
    stage.telegram.faults.add(DropAfter(), method="sendMessage", times=None, share=share)
    await stage.start()
    await stage.all_delivered()
    await stage.stop()
    lost = sum(call.delivered and call.answer is None for call in stage.telegram.calls("sendMessage"))
    verdict = await stage.judged(doubts=lost)
    verdict.require(lost > 0, "no answer was lost")
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
    hidden = Counter(
        str(call.chat_id) for call in stage.telegram.calls("sendMessage") if call.delivered and not call.answer
    )
    async with stage.database.read() as session:
        caught = {row_id: hidden[chat] for row_id, chat in await session.execute(select(Outgoing.id, Outgoing.chat))}
    verdict = await stage.judged(doubts=hidden.total(), caught=caught)
    verdict.require(hidden.total() > 0, "no answer was hidden")
    return verdict


async def flood(stage: Stage, people: int = 200, asking: int = 30, retry_after: int = 4) -> Verdict:
    """429 on the 100th send, with as many on their way as there can be, replies among them: silence for as long as it says."""
    await stage.subscribers(people)
    stage.telegram.faults.add(Flood(retry_after, hold=True), method="sendMessage", at=100)
    stage.telegram.faults.add(Slow(1.0), method="sendMessage", times=None)
    await stage.start()
    await stage.telegram.calls_reach(70, within=PATIENCE)
    for number in range(1, asking + 1):
        stage.people[number].says("/streak")
    await stage.all_delivered()
    for number in range(1, asking + 1):
        await stage.people[number].sees_something("best", within=PATIENCE)
    await stage.stop()
    verdict = await stage.judged(doubts=0)
    sends = stage.telegram.calls("sendMessage")
    refused = [call for call in sends if call.answer and not call.ok]
    began = refused[0].at
    verdict.require(len(refused) >= 1, "no 429 was given")
    early = [call.at - began for call in sends if EARLY < call.at - began < retry_after]
    verdict.require(not early, f"sends during the silence: {early}")
    resumed = min(call.at for call in sends if call.at - began >= retry_after) - began
    verdict.require(resumed < retry_after + GOES_ON, f"it went on only after {resumed:.1f} s")
    verdict.notes.append(f"silent for {resumed:.1f} s of {retry_after}")
    return verdict


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
    verdict = await stage.judged(doubts=0)
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
        stage.people[number].says("/pause")
        await asyncio.sleep(stage.chance.uniform(0, 0.1))
    await stage.all_delivered()
    await stage.stop()
    without = [number for number in asked if not _dose_of(stage, number)]
    verdict = await stage.judged(doubts=0, paused=without)
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

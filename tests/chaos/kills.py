"""`kill -9`, at every step of a dose and at any instant: none is lost, and what may be a copy says so."""

from __future__ import annotations

import asyncio
import time

from sqlalchemy import func, select

from bot.failpoints import EVERY
from bot.store.tables import Card, Update
from tests.chaos.judge import Verdict
from tests.chaos.stage import Stage


async def kill_at_every_step(stage: Stage, people: int = 60) -> Verdict:
    """One life ends at each failpoint, at its first pass or a later one; the next life finishes."""
    share = people // len(EVERY)
    for place in EVERY:
        await stage.subscribers(share)
        # a claim is passed once in a life, the other places once for each dose
        passes = "" if place.endswith("claim_commit") else f":{stage.chance.randint(1, share)}"
        await stage.start(failpoint=place + passes)
        await stage.killed()
    await stage.start()
    await stage.all_delivered()
    await stage.stop()
    return await stage.judged()


async def kill_after_the_request(stage: Stage, people: int = 24, times: int = 5) -> Verdict:
    """The platform has the message, its answer is still on its way, and the bot dies: once for each life."""
    await stage.subscribers(people)
    for _ in range(times):
        stage.platform.answer_sends_after(20)
        wanted = stage.sends() + stage.chance.randint(1, 3)
        await stage.start()
        await stage.sends_reach(wanted)
        await stage.kill()
        stage.platform.answer_sends_after(0)
    await stage.start()
    await stage.all_delivered()
    await stage.stop()
    return await stage.judged()


async def kill_at_any_instant(stage: Stage, people: int = 1000, kills: int = 50, longest: float = 2.0) -> Verdict:
    """Fifty lives of a random length: a fifth die while they start, some at any instant after that, half in the middle of sending.

    The last are told by their first message and not by the time, or a slow machine would kill nobody who sends.
    """
    await stage.subscribers(people)
    for _ in range(kills):
        end, sent = stage.chance.random(), stage.sends()
        await stage.start()
        if end >= 0.2:
            await stage.opened()
        if end >= 0.5 and sent < people // 2:
            await stage.sends_reach(sent + 1)
            await asyncio.sleep(stage.chance.uniform(0, longest / 4))
        else:
            await asyncio.sleep(stage.chance.uniform(0, longest))
        await stage.kill()
    await stage.start()
    await stage.all_delivered()
    await stage.stop()
    return await stage.judged()


async def kill_with_updates_waiting(stage: Stage, updates: int = 100, kills: int = 4) -> Verdict:
    """A hundred people write a note each while the bot dies again and again: every note is there once, and answered."""
    await stage.subscribers(updates)
    await stage.start()
    await stage.all_delivered()
    for number, person in stage.people.items():
        person.says(f"/note What is {number}? It is {number}.")
    for _ in range(kills):
        wanted = min(updates, await _notes(stage) + stage.chance.randint(1, updates // kills))
        until = time.monotonic() + stage.patience
        while (there := await _notes(stage)) < wanted:
            assert time.monotonic() < until, f"{there} notes of {wanted} after {stage.patience:g} s"
            await asyncio.sleep(0.005)
        await stage.kill()
        await stage.start()
    for person in stage.people.values():
        await person.sees_something(within=stage.patience)
    await stage.stop()
    verdict = await stage.judged()
    async with stage.database.read() as session:
        notes = dict((await session.execute(select(Card.person_id, func.count()).group_by(Card.person_id))).all())
        taken = await session.scalar(select(func.count()).select_from(Update))
    verdict.require(notes == dict.fromkeys(stage.people, 1), f"notes by person: {notes}")
    verdict.require(taken == updates, f"{taken} updates took effect")
    return verdict


async def _notes(stage: Stage) -> int:
    async with stage.database.read() as session:
        return await session.scalar(select(func.count()).select_from(Card)) or 0

"""Mistakes that the bot does not make, put into it on purpose: each breaks a promise, and a scenario must say so (test_mutants.py).

`program.py` reads the name of one from the environment and breeds it before the bot begins.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NamedTuple

from bot.app import App
from bot.chat import MessageRef
from bot.conversation import taking
from bot.delivery import book, pace, reactions, rounds, send
from bot.delivery.book import Arrival
from bot.doors.telegram import polling
from bot.doors.telegram.hearing import Hearing
from bot.errors import NotSent, Uncertain
from bot.store import database, outbox
from bot.store.database import Database
from tests.chaos import answers, kills, storage
from tests.chaos.judge import Verdict
from tests.chaos.stage import Stage

MUTANT = "CHAOS_MUTANT"
Put = Callable[[Any, str, Any], None]
"""Puts something in the place of what an owner has under a name; AttributeError where it has nothing of that name (any more)."""


def put(owner: Any, name: str, mistake: Any) -> None:
    """Put a mistake into this process, for good."""
    getattr(owner, name)
    setattr(owner, name, mistake)


def _marks_before_the_call(put: Put) -> None:
    """What is called sent was not sent yet: who dies in between leaves somebody without a dose."""
    sends = send._send

    async def too_early(means: Any, parcel: Any, message: Any, until: float) -> None:
        await means.book.arrived(Arrival(parcel, message, MessageRef(parcel.address, "1"), means.now()))
        await sends(means, parcel, message, until)

    put(send, "_send", too_early)


def _does_not_flag(put: Put) -> None:
    """What goes once more does not say so."""
    taken = outbox.take

    async def without_doubts(session: Any, *given: Any) -> Any:
        parcels = await taken(session, *given)
        for parcel in parcels.values():
            parcel.row.doubts = 0  # the row keeps its doubts, only the message does not know of them
        return parcels

    put(outbox, "take", without_doubts)


def _forgets_who_died(put: Put) -> None:
    """What a dead sender held is taken up by nobody."""

    async def nothing(*_: Any, **__: Any) -> int:
        return 0

    put(rounds, "recover", nothing)


def _gives_up_what_the_dead_held(put: Put) -> None:
    """A sender that vanished counts as one that arrived."""
    recovered = rounds.recover

    async def given_up(session: Any, platforms: Any, now: Any, **given: Any) -> int:
        for row in await outbox.stale(session, platforms, None if given.get("every") else now):
            await outbox.sent(session, row, None, now)
        return await recovered(session, platforms, now, **given)

    put(rounds, "recover", given_up)


def _takes_silence_for_a_no(put: Put) -> None:
    """A call without an answer counts as one that never arrived."""
    react = send.react

    async def without_doubt(session: Any, means: Any, parcel: Any, error: Any) -> None:
        await react(session, means, parcel, NotSent(error.reason) if isinstance(error, Uncertain) else error)

    put(send, "react", without_doubt)


def _doubts_without_end(put: Put) -> None:
    """After a second lost answer goes a third message."""
    put(reactions, "backoff", lambda attempts, chance: timedelta(seconds=1))
    react = send.react

    async def again(session: Any, means: Any, parcel: Any, error: Any) -> None:
        if isinstance(error, Uncertain) and parcel.row.doubts:
            until, doubts = means.now() + timedelta(seconds=1), parcel.row.doubts + 1
            await outbox.wait(session, parcel.row, until, error.reason, state="uncertain", doubts=doubts)
            return
        await react(session, means, parcel, error)

    put(send, "react", again)


def _hears_no_429(put: Put) -> None:
    """It sends on through a silence."""
    put(pace.Pace, "slow_down", lambda self, seconds: None)


def _ends_at_once(put: Put) -> None:
    """A SIGTERM ends it without a look at what is on its way."""

    async def leave(_: App) -> None:
        os._exit(0)

    put(App, "stop", leave)


def _writes_down_once(put: Put) -> None:
    """What arrived while the database was away is never written down, and taken for lost when its lease is over."""

    async def once(record: Callable[[], Awaitable[None]]) -> None:
        await record()

    put(send, "_insist", once)
    put(book, "SENDING_LEASE", timedelta(seconds=15))
    put(database, "BUSY_WITHIN", 1.0)  # each of those who stand before it in the queue may wait for so long


def _sends_to_who_paused(put: Put) -> None:
    """What waits is not taken back when somebody pauses."""

    async def nothing(*_: Any) -> list[int]:
        return []

    put(outbox, "withdraw", nothing)


def _confirms_before_it_commits(put: Put) -> None:
    """Updates are confirmed as soon as they are there, as the library does it."""

    def all_of_it(self: Any) -> int | None:
        offset: int | None = self._after
        return offset

    put(polling.Ledger, "settle", all_of_it)
    put(polling, "REPEAT", 0.0)  # nor does it wait for what it began


def _takes_absence_for_a_mistake(put: Put) -> None:
    """An update that meets no database is passed with an apology, as one that the bot itself cannot take."""

    async def always(_: Any) -> bool:
        return True

    async def once(self: Any, incoming: Any) -> Any:
        return await self._ask(incoming, asyncio.get_running_loop().time())

    put(taking, "came_of_its_absence", lambda error: False)
    put(Database, "is_there", always)
    put(Hearing, "hear", once)
    put(Hearing, "_ask_twice", Hearing._ask_in_time)


def _names_no_nonce(put: Put) -> None:
    """Discord cannot tell a repeat."""
    from bot.doors.discord.speaker import Speaker

    sends = Speaker.send

    async def with_another(self: Any, to: Any, message: Any, *, nonce: str, **given: Any) -> MessageRef:
        return await sends(self, to, message, nonce=f"{nonce}.{id(message)}"[:25], **given)

    put(Speaker, "send", with_another)


Play = Callable[[Stage], Awaitable[Verdict]]


class Mutant(NamedTuple):
    """A mistake, the scenario (a small one) that must find it, and what that says (a pattern).

    `patience` is after how many seconds what does not come is missing.
    """

    breed: Callable[[Put], None]
    play: Play
    says: str
    on: str = "telegram"
    patience: float = 120.0


def _steps(stage: Stage) -> Awaitable[Verdict]:
    return kills.kill_at_every_step(stage, people=12)


def _after_the_request(stage: Stage) -> Awaitable[Verdict]:
    return kills.kill_after_the_request(stage, people=8, times=2)


async def _stops(stage: Stage) -> Verdict:
    stage.platform.answer_sends_after(0.4)  # always some on their way
    await stage.subscribers(100)
    for sent in (10, 20, 30):
        await stage.start()
        await stage.sends_reach(sent)  # on a busy machine a stop by the clock may come before the first send
        await stage.stop()
    await stage.start()
    await stage.all_delivered()
    await stage.stop()
    return await stage.judged()


async def _locked_for_long(stage: Stage) -> Verdict:
    """For longer than the mutant's lease. Nobody presses: what is done comes no second time."""
    stage.platform.answer_sends_after(0.4)  # always some on their way
    await stage.subscribers(100)
    await stage.start()
    await stage.sends_reach(40)
    with storage.locked_by_another(stage):
        await asyncio.sleep(24)
    await stage.all_delivered()
    await stage.stop()
    return await stage.judged()


def _updates_waiting(stage: Stage) -> Awaitable[Verdict]:
    return kills.kill_with_updates_waiting(stage, updates=100, kills=4)


def _some_lost(stage: Stage) -> Awaitable[Verdict]:
    return answers.answers_lost(stage, people=40, share=0.2)


def _half_lost(stage: Stage) -> Awaitable[Verdict]:
    return answers.answers_lost(stage, people=40, share=0.5)


MUTANTS = {
    "marks before the call": Mutant(_marks_before_the_call, _steps, "got no dose"),
    "does not flag": Mutant(_does_not_flag, _after_the_request, "does not say that it is one"),
    "forgets who died": Mutant(_forgets_who_died, _after_the_request, "[1-9] on their way after", patience=40),
    "gives up what the dead held": Mutant(_gives_up_what_the_dead_held, _steps, "got no dose"),
    "takes silence for a no": Mutant(_takes_silence_for_a_no, _some_lost, "does not say that it is one"),
    "doubts without end": Mutant(_doubts_without_end, _half_lost, "came 3 times, 2 at most were to be"),
    "hears no 429": Mutant(_hears_no_429, answers.flood, "sends during the silence"),
    "ends at once": Mutant(_ends_at_once, _stops, "flagged, but only 0 sends were in doubt"),
    "writes down once": Mutant(_writes_down_once, _locked_for_long, "flagged, but only 0 sends were in doubt"),
    "sends to who paused": Mutant(_sends_to_who_paused, answers.people_pause, "paused and got a dose later"),
    "confirms before it commits": Mutant(
        _confirms_before_it_commits, _updates_waiting, "notes of .* after|did not see anything", patience=40
    ),
    "takes absence for a mistake": Mutant(_takes_absence_for_a_mistake, storage.locked_for_longer, "presses are lost"),
    "names no nonce": Mutant(_names_no_nonce, _after_the_request, "2 times, 1 at most were to be", "discord"),
}

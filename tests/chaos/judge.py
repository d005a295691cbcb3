"""What must hold after every scenario, told from the server's log and the database.

- Who was due got the day's dose; who paused got none.
- A dose came again only where its row was in doubt, and what came again says so: at most once for each time that a kill caught that very
  row on its way, and where nobody was killed once at most.
- There are no more copies than answers that the server knows to be lost, or rows that kills caught.
- Each local day of a subscription has one dose, and no dose is of a day that is not its own.
- The outbox tells the truth: what it calls sent is on a screen, and nothing is left on its way.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import select, text

from bot.i18n.words import words_in
from bot.learning.timetable import learning_day
from bot.store.database import Database
from bot.store.subscriptions import timetable_of
from bot.store.tables import Dose, Outgoing, Subscription
from tests.rig.telegram import Call, TelegramServer

COPY = words_in("en").say("dose.copy")
_DONE = re.compile(r"\bdone:(\d+)")


@dataclass(slots=True)
class Verdict:
    """What was found. `problems` are sentences; without one, all held.

    `delivered` is how many doses arrived, `copies` how many extra copies, `flagged` how many messages said that they may be one, `allowed`
    how many there may be. `notes` is what was measured besides.
    """

    delivered: int = 0
    copies: int = 0
    flagged: int = 0
    allowed: int = 0
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def require(self, holds: bool, otherwise: str) -> None:
        """Note a problem unless something holds."""
        if not holds:
            self.problems.append(otherwise)

    def check(self) -> Verdict:
        """Raise AssertionError with every problem."""
        assert not self.problems, "\n".join(self.problems[:20])
        return self


async def judge(
    telegram: TelegramServer,
    database: Database,
    *,
    doubts: int,
    arrived: int | None = None,
    caught: Mapping[int, int] | None = None,
    paused: Collection[int] = (),
    dead: Collection[int] = (),
    days: Collection[date] | None = None,
    now: datetime | None = None,
    crossing: Collection[int] = (),
) -> Verdict:
    """Judge a run that is over: the bot has ended, or has nothing left to do.

    `doubts` is how many sends may have been in doubt, by what the server and the kills know, `arrived` how many of them may have arrived
    all the same (None: all), and `caught` how often each row of the outbox was caught by a kill, or had its answer hidden. `paused` and
    `dead` are the subscriptions whose doses nobody expects and whose platform refused them; `days` are the local days that may have a
    dose (None: any); `now` is the bot's own time. `crossing` are the doses that were on their way when the clock was set back: only they
    may bear an instant before their hour.
    """
    async with database.read() as session:
        rows = list(await session.scalars(select(Outgoing).where(Outgoing.kind == "dose").order_by(Outgoing.id)))
        given = {dose.id: dose for dose in await session.scalars(select(Dose))}
        subscriptions = list(await session.scalars(select(Subscription)))
    shown = doses_on_screens(telegram)
    verdict = Verdict(delivered=len(shown), allowed=doubts if arrived is None else arrived)
    _judge_copies(verdict, rows, shown, doubts, caught)
    _judge_outbox(verdict, telegram, rows, shown, dead)
    _judge_days(verdict, subscriptions, list(given.values()), rows, days, crossing)
    for subscription in subscriptions:
        has = any(dose.subscription_id == subscription.id and dose.id in shown for dose in given.values())
        if subscription.id in paused:
            verdict.require(not has, f"subscription {subscription.id} is paused and got a dose")
        elif subscription.id not in dead:
            verdict.require(has, f"subscription {subscription.id} got no dose")
    verdict.problems += _gaps(subscriptions, now or datetime.now(UTC))
    await _judge_file(verdict, database)
    return verdict


def doses_on_screens(telegram: TelegramServer) -> dict[int, list[Call]]:
    """What arrived, by the number of the dose, in order."""
    arrived: dict[int, list[Call]] = defaultdict(list)
    for call in telegram.calls("sendMessage"):
        if call.delivered and (found := _DONE.search(str(call.params.get("reply_markup")))):
            arrived[int(found[1])].append(call)
    return arrived


def is_copy(call: Call) -> bool:
    """Whether a message says that it may be the second one."""
    return COPY in str(call.params.get("text"))


def _judge_copies(
    verdict: Verdict,
    rows: Sequence[Outgoing],
    arrived: dict[int, list[Call]],
    doubts: int,
    caught: Mapping[int, int] | None,
) -> None:
    by_dose = {row.dose_id: row for row in rows}
    for dose_id, calls in arrived.items():
        verdict.flagged += sum(map(is_copy, calls))
        verdict.copies += len(calls) - 1
        verdict.require(all(map(is_copy, calls[1:])), f"the second copy of dose {dose_id} does not say that it is one")
        row = by_dose.get(dose_id)
        in_doubt = row.doubts if row else 0
        verdict.require(
            len(calls) - 1 <= in_doubt, f"dose {dose_id} came {len(calls)} times and was {in_doubt} times in doubt"
        )
        most = 1 if caught is None or row is None else caught.get(row.id, 0)
        verdict.require(
            len(calls) - 1 <= most, f"dose {dose_id} came {len(calls)} times, {1 + most} at most were to be"
        )
    most = verdict.allowed
    verdict.require(verdict.copies <= most, f"{verdict.copies} copies, but only {most} sends arrived in doubt")
    verdict.require(verdict.flagged <= doubts, f"{verdict.flagged} flagged, but only {doubts} sends were in doubt")


def _judge_outbox(
    verdict: Verdict,
    telegram: TelegramServer,
    rows: Sequence[Outgoing],
    arrived: dict[int, list[Call]],
    dead: Collection[int],
) -> None:
    on_screens = {
        (str(call.chat_id), str(call.answer["result"]["message_id"]))
        for call in telegram.calls("sendMessage")
        if call.delivered and call.answer
    }
    for row in rows:
        ended = ("dead",) if row.subscription_id in dead else ("sent",)
        verdict.require(row.state in ended, f"{row.key} ended {row.state}: {row.reason}")
        verdict.require(row.lease_until is None, f"{row.key} is still leased")
        if row.reason == "lost twice":
            verdict.require(row.doubts > 0, f"{row.key} counts as lost twice and was never in doubt")
            verdict.require(row.dose_id in arrived, f"{row.key} was lost twice, and nobody saw it")
        elif row.state == "sent":
            verdict.require((row.chat, row.message) in on_screens, f"{row.key} is called sent and is on no screen")


def _judge_days(
    verdict: Verdict,
    subscriptions: Sequence[Subscription],
    doses: Sequence[Dose],
    rows: Sequence[Outgoing],
    days: Collection[date] | None,
    crossing: Collection[int],
) -> None:
    by_id = {subscription.id: subscription for subscription in subscriptions}
    went = {row.dose_id: row.sent_at for row in rows if row.sent_at is not None}
    seen: set[tuple[int, date]] = set()
    for dose in doses:
        name = f"dose {dose.id} of subscription {dose.subscription_id} on {dose.day}"
        subscription = by_id[dose.subscription_id]
        verdict.require(dose.number > 0 or (dose.subscription_id, dose.day) not in seen, f"{name} is the day's second")
        seen.add((dose.subscription_id, dose.day))
        verdict.require(days is None or dose.day in days, f"{name} is of no day of this run")
        if sent_at := went.get(dose.id):
            on = learning_day(sent_at, timetable_of(subscription))
            verdict.require(on == dose.day, f"{name} went on {on}")
            verdict.require(sent_at >= dose.due_at or dose.id in crossing, f"{name} went before its hour")


async def _judge_file(verdict: Verdict, database: Database) -> None:
    if not database.is_sqlite:
        return
    async with database.read() as session:
        found = await session.scalar(text("PRAGMA integrity_check"))
    verdict.require(found == "ok", f"SQLite finds its file damaged: {found}")


def _gaps(subscriptions: Sequence[Subscription], now: datetime) -> list[str]:
    """Active subscriptions that are not due again, or were passed over."""
    return [
        f"subscription {one.id} is next due at {one.next_due_at}"
        for one in subscriptions
        if one.state == "active" and (one.next_due_at is None or one.next_due_at <= now)
    ]

"""What must hold after every scenario, told from what is on people's screens and from the database.

- Who was due got the day's dose; who paused got none.
- A dose came again only where its row was in doubt, and what came again says so: at most once for each time that a kill, or a fault of a
  line, caught that very row on its way with its message on the screen already. A call that never got there allows none.
- Each local day of a subscription has one dose, and no dose is of a day that is not its own.
- The outbox tells the truth: what it calls sent is on a screen, and nothing is left on its way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import select, text

from bot.delivery.delayed import delayed
from bot.learning.timetable import learning_day
from bot.store.database import Database
from bot.store.subscriptions import timetable_of
from bot.store.tables import Dose, Outgoing, Subscription
from tests.chaos.platforms import Platform, Shown


@dataclass(slots=True)
class Verdict:
    """What was found. `problems` are sentences; without one, all held.

    `delivered` is how many doses arrived, `missing` how many did not, `copies` how many extra copies came, `allowed` how many might, and
    `flagged` how many messages said that they may be one. `notes` is what was measured besides.
    """

    delivered: int = 0
    missing: int = 0
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
    platform: Platform,
    database: Database,
    *,
    doubts: int = 0,
    caught: Mapping[int, int] | None = None,
    paused: Collection[int] = (),
    dead: Collection[int] = (),
    done: Collection[int] = (),
    days: Collection[date] | None = None,
    now: datetime | None = None,
    crossing: Collection[int] = (),
) -> Verdict:
    """Judge a run that is over: the bot has ended, or has nothing left to do.

    `doubts` is how many sends may have been in doubt, by what the server, the proxy and the kills know, and `caught` how many of them were
    on a screen all the same, by the number of their row. `paused` and `dead` are the subscriptions whose doses nobody expects and whose
    platform refused them, `done` those who may have done theirs while it was in doubt: then nothing is left to be sent again. `days` are
    the local days that may have a dose (None: any); `now` is the bot's own time. `crossing` are the doses that were on their way when the
    clock was set back: only they may bear an instant before their hour.
    """
    caught = caught or {}
    async with database.read() as session:
        rows = list(await session.scalars(select(Outgoing).where(Outgoing.kind == "dose").order_by(Outgoing.id)))
        given = {dose.id: dose for dose in await session.scalars(select(Dose))}
        subscriptions = list(await session.scalars(select(Subscription)))
    shown = platform.doses()
    verdict = Verdict(delivered=len(shown), allowed=sum(caught.values()))
    _judge_copies(verdict, rows, shown, doubts, caught)
    _judge_outbox(verdict, [row for row in rows if not _is_done(row, shown, done)], shown, platform.messages(), dead)
    _judge_days(verdict, subscriptions, list(given.values()), rows, days, crossing)
    for subscription in subscriptions:
        has = any(dose.subscription_id == subscription.id and dose.id in shown for dose in given.values())
        if subscription.id in paused:
            verdict.require(not has, f"subscription {subscription.id} is paused and got a dose")
        elif subscription.id not in dead:
            verdict.require(has, f"subscription {subscription.id} got no dose")
            verdict.missing += not has
    verdict.problems += await _gaps(database, subscriptions, now or datetime.now(UTC))
    await _judge_file(verdict, database)
    return verdict


def _judge_copies(
    verdict: Verdict,
    rows: Sequence[Outgoing],
    shown: Mapping[int, Sequence[Shown]],
    doubts: int,
    caught: Mapping[int, int],
) -> None:
    by_dose = {row.dose_id: row for row in rows}
    for dose_id, times in shown.items():
        copies = len(times) - 1
        verdict.flagged += sum(one.is_copy for one in times)
        verdict.copies += copies
        verdict.require(
            all(one.is_copy for one in times[1:]), f"the second copy of dose {dose_id} does not say that it is one"
        )
        row = by_dose.get(dose_id)
        in_doubt, most = (row.doubts, caught.get(row.id, 0)) if row else (0, 0)
        verdict.require(copies <= in_doubt, f"dose {dose_id} came {1 + copies} times and was {in_doubt} times in doubt")
        verdict.require(copies <= most, f"dose {dose_id} came {1 + copies} times, {1 + most} at most were to be")
    verdict.require(verdict.flagged <= doubts, f"{verdict.flagged} flagged, but only {doubts} sends were in doubt")


def _is_done(row: Outgoing, shown: Mapping[int, Sequence[Shown]], done: Collection[int]) -> bool:
    """Whether its dose stands on a screen and was done there before anybody knew that it had arrived."""
    ended = (row.state, row.reason, row.lease_until) == ("dead", "nothing left to say", None)
    return ended and row.doubts > 0 and row.dose_id in shown and row.subscription_id in done


def _judge_outbox(
    verdict: Verdict,
    rows: Sequence[Outgoing],
    shown: Mapping[int, Sequence[Shown]],
    on_screens: Collection[tuple[str, str]],
    dead: Collection[int],
) -> None:
    for row in rows:
        ended = ("dead",) if row.subscription_id in dead else ("sent",)
        verdict.require(row.state in ended, f"{row.key} ended {row.state}: {row.reason}")
        verdict.require(row.lease_until is None, f"{row.key} is still leased")
        if row.reason == "lost twice":
            verdict.require(row.doubts > 0, f"{row.key} counts as lost twice and was never in doubt")
            verdict.require(row.dose_id in shown, f"{row.key} was lost twice, and nobody saw it")
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


async def _gaps(database: Database, subscriptions: Sequence[Subscription], now: datetime) -> list[str]:
    """Active subscriptions that are not due again, were passed over, or wait longer than their timetable says."""
    active = {one.id: one for one in subscriptions if one.state == "active"}
    async with database.read() as session:
        late = set(await delayed(session, list(active), now))
    return [
        f"subscription {one.id} is next due at {one.next_due_at}"
        for one in active.values()
        if one.next_due_at is None or one.next_due_at <= now or one.id in late
    ]

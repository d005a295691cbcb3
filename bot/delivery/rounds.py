"""One round of delivery: take up what was abandoned, keep appointments, hand in what waits, claim the next window.

The clock calls `go` every few seconds, when few of a window still wait, and at start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.curation import daily
from bot.delivery.claim import AHEAD, RUNS_OUT, WINDOW, Alarm, claim_due, next_in_line, recover, set_back
from bot.delivery.keep import keep_appointments
from bot.delivery.notices import tell_curators, tell_owners
from bot.delivery.senders import Senders
from bot.failpoints import AFTER_CLAIM, BEFORE_CLAIM, reach
from bot.learning.window import window_of
from bot.store import appointments, outbox, subscriptions
from bot.store.database import REFUSALS, Database
from bot.store.outbox import Ticket

log = structlog.get_logger("delivery")

HANDED_AT_ONCE = 500
LATE_ENOUGH = 15
"""Minutes: owners hear of a queue that is longer."""
PART = 100
"""How many subscriptions one transaction claims."""
PATIENCE = 3
"""How many may be refused one after the other before it counts as trouble that is nobody's own; twice as many in the next round."""


class Rounds:
    """Finds what is due and gives it to the senders: at once, or by an alarm at its instant."""

    def __init__(
        self,
        database: Database,
        catalog: Callable[[], Catalog],
        senders: Mapping[str, Senders],
        now: Callable[[], datetime],
        set_alarm: Callable[[Alarm], None],
        owners: Sequence[tuple[str, str]] = (),
        pace_of: Callable[[str], float] = lambda _: 25,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._senders = senders
        self._now = now
        self._set_alarm = set_alarm
        self._owners = owners
        self._pace_of = pace_of
        self._alarms: dict[int, Alarm] = {}
        self._patience = dict.fromkeys(senders, PATIENCE)
        self._going = asyncio.Lock()
        self.last_at: datetime | None = None
        """When the last round was made to its end."""

    async def go(self) -> int:
        """Make one round; how many rows it set in motion. Rounds never overlap."""
        async with self._going:
            moved = await self._take_up() + await self._claim()
            self.last_at = self._now()
            return moved

    def ring(self, alarm: Alarm) -> None:
        """An alarm's instant has come."""
        if self._alarms.pop(alarm.ticket.row_id, None):
            self._senders[alarm.ticket.address.platform].hand(alarm.ticket)

    @property
    def set_alarms(self) -> tuple[Alarm, ...]:
        """The alarms that did not ring yet."""
        return tuple(self._alarms.values())

    async def next_event(self, after: datetime) -> datetime | None:
        """The earliest instant after another at which anything is due, for those who move the clock."""
        async with self._database.read() as session:
            instants = (
                await subscriptions.first_due(session, self._senders, after),
                await appointments.next_due(session, after),
                await outbox.next_waiting(session, after),
                await daily.next_due(session, after),
            )
        return min((instant for instant in instants if instant), default=None)

    async def take_over(self) -> None:
        """Take up what the leader before this one held.

        What only waits there goes from here. What was on its way counts as abandoned at once where nobody else can be at work (SQLite);
        on PostgreSQL the other process may still be writing down how it ended, so its lease runs out first.
        """
        async with self._database.write() as session:
            doubtful = await recover(session, self._senders, self._now(), every=self._database.is_sqlite)
            await outbox.release(session, self._senders)
        log.info("delivery.taken_over", rows=doubtful)

    def let_go(self) -> None:
        """Another process leads now: no alarm of ours rings any more."""
        self._alarms.clear()

    async def _take_up(self) -> int:
        now = self._now()
        for keep in (self._keep_appointments, self._keep_desk):
            try:
                async with self._database.write() as session:
                    await keep(session, now)
            except Exception:  # trouble with these must hold up nobody's dose
                log.exception("rounds.not_kept", what=keep.__name__)
        held = {row_id for senders in self._senders.values() for row_id in senders.held}
        async with self._database.write() as session:
            doubtful = await recover(session, self._senders, now, held=held)
            waiting = [
                await outbox.waiting(session, [platform], now, HANDED_AT_ONCE + senders.aside)
                for platform, senders in self._senders.items()
            ]
        if doubtful:
            log.warning("delivery.abandoned", rows=doubtful)
        return sum(self._take(ticket) for tickets in waiting for ticket in tickets)

    async def _keep_appointments(self, session: AsyncSession, now: datetime) -> None:
        await keep_appointments(session, self._catalog(), now)

    async def _keep_desk(self, session: AsyncSession, now: datetime) -> None:
        if old := await daily.keep_desk(session, now):
            numbers = ", ".join(f"#{number}" for number in old)
            await tell_curators(session, self._owners, "desk.old", {"n": len(old), "numbers": numbers}, now)

    def _take(self, ticket: Ticket) -> bool:
        """Hand a ticket in; its alarm need not ring any more. False if it is in hand already."""
        self._alarms.pop(ticket.row_id, None)
        return self._senders[ticket.address.platform].hand(ticket)

    async def _claim(self) -> int:
        """Claim a window for each platform; one that is away keeps no other waiting."""
        return sum([await self._claim_for(platform) for platform in self._senders])

    async def _claim_for(self, platform: str) -> int:
        """Claim a window of one platform's people, unless enough of the one before still waits."""
        if self._senders[platform].in_line + sum(alarm.goes_to(platform) for alarm in self._alarms.values()) > RUNS_OUT:
            return 0
        now = self._now()
        async with self._database.read() as session:
            first = await subscriptions.first_due(session, [platform])
        if first is None or first > now + AHEAD:
            return 0
        claimed = 0
        while claimed < WINDOW and (some := await self._claim_some(platform, now)):
            claimed += some
        log.info("delivery.claimed", platform=platform, doses=claimed)
        if claimed >= WINDOW:
            await self._foresee(platform, claimed, now)
        return claimed

    async def _foresee(self, platform: str, claimed: int, now: datetime) -> None:
        """Where one window does not hold all who are due: owners hear of it if the last of them will wait for long."""
        async with self._database.read() as session:
            due = claimed + await subscriptions.count_due(session, None, now + AHEAD, [platform])
        minutes = window_of(due, self._pace_of(platform)) // timedelta(minutes=1)
        if minutes > LATE_ENOUGH:
            log.warning("delivery.late", platform=platform, due=due, minutes=minutes)
            async with self._database.write() as session:
                await tell_owners(session, self._owners, "delivery.late", {"n": due, "minutes": minutes}, now)

    async def _claim_some(self, platform: str, now: datetime) -> int:
        """Claim a part of a window in a transaction of its own, so that nobody who speaks meanwhile waits for long."""
        try:
            return await self._claim_up_to(PART, platform, now)
        except REFUSALS as error:
            log.warning("claim.failed_together", reason=type(error).__name__)
        return await self._claim_each(platform, now)

    async def _claim_each(self, platform: str, now: datetime) -> int:
        """Claim one by one. Somebody among others whose dose the database refuses waits, and stops nobody else.

        Where it refuses one after the other, the trouble is not theirs: nobody is set back, and the round ends. The next one is more
        patient, for they may have been neighbours in trouble of their own after all.
        """
        claimed, refused, why, patience = 0, list[int](), None, self._patience[platform]
        while claimed < PART and len(refused) < patience:
            try:
                one = await self._claim_up_to(1, platform, now, refused)
            except REFUSALS as error:
                one, why = 0, error
                refused += (whose := await self._next_in_line(platform, now, refused))
            else:
                whose = [] if one else await self._next_in_line(platform, now, refused)
            if one:
                claimed += one
                await self._set_back(refused, now)
                refused, self._patience[platform] = [], PATIENCE
            elif not whose:
                break
        if claimed and len(refused) < patience:
            await self._set_back(refused, now)
        elif refused:
            log.error("claim.refused_to_all", platform=platform, people=len(refused), exc_info=why)
            self._patience[platform] = min(2 * patience, WINDOW)
        return claimed

    async def _next_in_line(self, platform: str, now: datetime, but: Sequence[int]) -> list[int]:
        async with self._database.read() as session:
            return await next_in_line(session, [platform], now, but)

    async def _set_back(self, refused: Sequence[int], now: datetime) -> None:
        if refused:
            async with self._database.write() as session:
                await set_back(session, refused, now)

    async def _claim_up_to(self, limit: int, platform: str, now: datetime, but: Sequence[int] = ()) -> int:
        async with self._database.write() as session:
            alarms = await claim_due(session, self._catalog(), [platform], now, limit, but)
            reach(BEFORE_CLAIM)
        reach(AFTER_CLAIM)
        for alarm in alarms:
            if alarm.at <= now:
                self._take(alarm.ticket)
            else:
                self._alarms[alarm.ticket.row_id] = alarm
                self._set_alarm(alarm)
        return len(alarms)

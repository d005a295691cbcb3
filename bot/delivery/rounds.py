"""One round of delivery: take up what was abandoned, keep appointments, hand in what waits, claim the next window.

The clock calls `go` every few seconds, when few of a window still wait, and at start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.curation import daily
from bot.delivery.claim import AHEAD, claim_due, next_in_line, set_back
from bot.delivery.keep import keep_appointments
from bot.delivery.notices import tell_curators, tell_owners
from bot.delivery.recover import recover
from bot.delivery.refused import Refused
from bot.delivery.senders import Senders
from bot.delivery.window import runs_out
from bot.failpoints import AFTER_CLAIM, BEFORE_CLAIM, reach
from bot.learning.window import window_of
from bot.store import appointments, desk, outbox, people, restored, subscriptions
from bot.store.database import Database
from bot.store.outbox import Ticket
from bot.store.trouble import REFUSALS

log = structlog.get_logger("delivery")

HANDED_AT_ONCE = 500
LATE_ENOUGH = 15
"""Minutes: owners hear of a queue that is longer."""
FORESEE_EVERY = timedelta(minutes=1)
"""How often it is looked at."""
PART = 100
"""How many subscriptions one transaction claims."""


@dataclass(frozen=True, slots=True)
class Part:
    """Of how many people something was decided, and how many doses they get; `is_last` where the round had better end here."""

    people: int
    doses: int
    is_last: bool = False

    def __add__(self, more: Part) -> Part:
        return Part(self.people + more.people, self.doses + more.doses, more.is_last)

    def __bool__(self) -> bool:
        return self.people > 0


NOTHING = Part(0, 0)


class Rounds:
    """Finds what is due and gives it to the senders: at once, or by an alarm at its instant."""

    def __init__(
        self,
        database: Database,
        catalog: Callable[[], Catalog],
        senders: Mapping[str, Senders],
        now: Callable[[], datetime],
        set_alarm: Callable[[datetime], None],
        owners: Sequence[tuple[str, str]] = (),
        pace_of: Callable[[str], float] = lambda _: 25,
        nonces: Collection[str] = (),
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._senders = senders
        self._now = now
        self._set_alarm = set_alarm
        self._owners = owners
        self._pace_of = pace_of
        self._nonces = nonces
        self._ahead: dict[int, Ticket] = {}
        self._foreseen: dict[str, datetime] = {}
        self._refused = {platform: Refused() for platform in senders}
        self._going = asyncio.Lock()
        self._doubted_until: datetime | None = None
        self.last_at: datetime | None = None
        """When the last round was made to its end."""

    async def go(self) -> int:
        """Make one round; how many rows and people it set in motion: a word that comes in place of a dose goes in the next one.

        Rounds never overlap.
        """
        async with self._going:
            moved = await self._take_up() + await self._claim()
            self.last_at = self._now()
            return moved

    def ring(self, at: datetime) -> None:
        """An instant has come: hand in what is due at it, or was due before. The senders' queue puts it in order."""
        for ticket in [ticket for ticket in self._ahead.values() if ticket.due <= at]:
            self._take(ticket)

    @property
    def ahead(self) -> tuple[Ticket, ...]:
        """What is claimed and waits for its instant."""
        return tuple(self._ahead.values())

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

        What only waits there goes from here. What was on its way counts as abandoned at once where nobody else can be at work (SQLite),
        and where a repeat makes no second message, which is so for a few minutes only. Elsewhere the other process may still be writing
        down how it ended, so its lease runs out first.
        """
        now, at_once = self._now(), self._senders if self._database.is_sqlite else self._nonces
        async with self._database.write() as session:
            doubtful = await recover(session, at_once, now, every=True, nonces=self._nonces)
            doubtful += await recover(session, self._senders, now)
            await outbox.release(session, self._senders)
            self._doubted_until = await restored.doubted_until(session)
            await desk.leave_to(session, [one.person_id for one in await people.curators(session, self._owners)])
        log.info("delivery.taken_over", rows=doubtful)

    def let_go(self) -> None:
        """Another process leads now: no alarm of ours rings any more."""
        self._ahead.clear()

    async def _take_up(self) -> int:
        now = self._now()
        for keep in (self._keep_appointments, self._keep_desk, self._thank):
            try:
                await keep(now)
            except Exception:  # trouble with these must hold up nobody's dose
                log.exception("rounds.not_kept", what=keep.__name__)
        held = {row_id for senders in self._senders.values() for row_id in senders.held}
        async with self._database.write() as session:
            doubtful = await recover(session, self._senders, now, held=held, nonces=self._nonces)
            await self._doubt(session)
            waiting = [
                await outbox.waiting(session, [platform], now, HANDED_AT_ONCE + senders.aside)
                for platform, senders in self._senders.items()
            ]
        if doubtful:
            log.warning("delivery.abandoned", rows=doubtful)
        return sum(self._take(ticket) for tickets in waiting for ticket in tickets)

    async def _doubt(self, session: AsyncSession) -> frozenset[int]:
        """After a restore: doubt what is written down now though it was to go before that (`restored.py`). Which rows these are."""
        return await outbox.doubt(session, self._doubted_until) if self._doubted_until else frozenset()

    async def _keep_appointments(self, now: datetime) -> None:
        await keep_appointments(self._database, self._catalog(), now)

    async def _keep_desk(self, now: datetime) -> None:
        async with self._database.write() as session:
            if old := await daily.keep_desk(session, now):
                numbers = ", ".join(f"#{number}" for number in old)
                await tell_curators(session, self._owners, "desk.old", {"n": len(old), "numbers": numbers}, now)

    async def _thank(self, now: datetime) -> None:
        await daily.thank(self._database, now)

    def _take(self, ticket: Ticket) -> bool:
        """Hand a ticket in; no alarm need ring for it any more. False if it is in hand already."""
        self._ahead.pop(ticket.row_id, None)
        return self._senders[ticket.address.platform].hand(ticket)

    async def _claim(self) -> int:
        """Claim a window for each platform; one that is away keeps no other waiting."""
        return sum([await self._claim_for(platform) for platform in self._senders])

    async def _claim_for(self, platform: str) -> int:
        """Claim a window of one platform's people, unless enough of the one before still waits."""
        window = self._senders[platform].window
        ahead = sum(ticket.address.platform == platform for ticket in self._ahead.values())
        if self._senders[platform].in_line + ahead > runs_out(window):
            return 0
        now = self._now()
        async with self._database.read() as session:
            first = await subscriptions.first_due(session, [platform])
        if first is None or first > now + AHEAD:
            return 0
        claimed = NOTHING
        while claimed.doses < window and not claimed.is_last and (part := await self._claim_part(platform, now)):
            claimed = claimed + part
        if claimed:
            log.info("delivery.claimed", platform=platform, people=claimed.people, doses=claimed.doses)
        if claimed.doses >= window and self._look_ahead(platform, now):
            await self._foresee(platform, claimed.doses, now)
        return claimed.people

    def _look_ahead(self, platform: str, now: datetime) -> bool:
        """Whether it is time to count who is due: of a herd that costs as much as hundreds of its doses, so not for each window."""
        last = self._foreseen.get(platform)
        if last and last <= now < last + FORESEE_EVERY:
            return False
        self._foreseen[platform] = now
        return True

    async def _foresee(self, platform: str, claimed: int, now: datetime) -> None:
        """Where one window does not hold all who are due: owners hear of it if the last of them will wait for long."""
        async with self._database.read() as session:
            due = claimed + await subscriptions.count_due(session, None, now + AHEAD, [platform])
        minutes = window_of(due, self._pace_of(platform)) // timedelta(minutes=1)
        if minutes > LATE_ENOUGH:
            log.warning("delivery.late", platform=platform, due=due, minutes=minutes)
            async with self._database.write() as session:
                await tell_owners(session, self._owners, "delivery.late", {"n": due, "minutes": minutes}, now)

    async def _claim_part(self, platform: str, now: datetime) -> Part:
        """Claim a part of a window in a transaction of its own, so that nobody who speaks meanwhile waits for long."""
        try:
            return await self._claim_up_to(PART, platform, now, self._refused[platform].resting(now))
        except REFUSALS as error:
            log.warning("claim.failed_together", reason=type(error).__name__)
        return await self._claim_each(platform, now)

    async def _claim_each(self, platform: str, now: datetime) -> Part:
        """Claim one by one. Somebody whose dose the database refuses stops nobody else (`refused.py`)."""
        known, part, why = self._refused[platform], NOTHING, None
        resting, refused = known.resting(now), list[int]()
        while part.people < PART and len(refused) < known.patience:
            try:
                one = await self._claim_up_to(1, platform, now, resting + refused)
            except REFUSALS as error:
                why = error
                if not (whose := await self._next_in_line(platform, now, resting + refused)):
                    break
                refused += whose
                continue
            if not one.people:
                break
            part = part + one
            if one.doses:
                known.somebody_went()
                await self._set_back(refused, now)
                refused = []
        if part.doses and len(refused) < known.patience:
            await self._set_back(refused, now)
        elif refused:
            self._bear(platform, refused, why, now)
            return replace(part, is_last=True)
        return part

    def _bear(self, platform: str, refused: Sequence[int], why: BaseException | None, now: datetime) -> None:
        """Nobody can say that it is their own trouble: all were refused, or nobody else is due."""
        known = self._refused[platform]
        if len(refused) < known.patience and known.rest(refused, now):
            log.error("claim.refused_alone", platform=platform, subscriptions=refused, exc_info=why)
        else:
            log.error("claim.refused_to_all", platform=platform, people=len(refused), exc_info=why)
            known.bear_more()

    async def _next_in_line(self, platform: str, now: datetime, but: Sequence[int]) -> list[int]:
        async with self._database.read() as session:
            return await next_in_line(session, [platform], now, but)

    async def _set_back(self, refused: Sequence[int], now: datetime) -> None:
        if refused:
            async with self._database.write() as session:
                await set_back(session, refused, now)

    async def _claim_up_to(self, limit: int, platform: str, now: datetime, but: Sequence[int] = ()) -> Part:
        async with self._database.write() as session:
            people, tickets = await claim_due(session, self._catalog(), [platform], now, limit, but)
            doubted = await self._doubt(session)
            reach(BEFORE_CLAIM)
        reach(AFTER_CLAIM)
        tickets = [ticket._replace(in_doubt=ticket.row_id in doubted) for ticket in tickets] if doubted else tickets
        for ticket in tickets:
            if ticket.due <= now:
                self._take(ticket)
            else:
                self._ahead[ticket.row_id] = ticket
        for at in {ticket.due for ticket in tickets if ticket.due > now}:
            self._set_alarm(at)
        return Part(people, len(tickets))

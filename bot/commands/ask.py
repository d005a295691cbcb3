"""What every command is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.choices import trail_choice
from bot.cards.names import trail_name
from bot.cards.proposal import proposal_message
from bot.catalog.entry import Catalog
from bot.chat import Incoming, Message
from bot.curation.reasons import Reasons, reasons_in
from bot.errors import UserMistake
from bot.feeds.opml import FeedList
from bot.i18n.words import Words
from bot.learning.schedule import Schedules
from bot.planning.lost import catch_up
from bot.settings import Settings
from bot.store import shown_cards, subscriptions
from bot.store.tables import Person, Subscription


class Role(IntEnum):
    """What somebody may do; each role may do what the ones before it may."""

    LEARNER = 0
    CURATOR = 1
    OWNER = 2


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing a person wants: who, their words, and everything needed to answer.

    `rest` is what stood after the command, or after the verb of a button's action. The session is the update's transaction. `handed_in`
    is the list of feeds in the file they sent, or the word for why none could be read; None where nobody looked.
    """

    incoming: Incoming
    person: Person
    role: Role
    words: Words
    rest: str
    session: AsyncSession
    catalog: Catalog
    settings: Settings
    now: datetime
    handed_in: FeedList | str | None = None

    async def subscription(self, *, stopped: bool = False) -> Subscription:
        """The person's confirmed subscription, with `stopped` also one they ended. Raises UserMistake when there is none."""
        found = await subscriptions.of_person(self.session, self.person.id)
        if found is None or found.state == "draft" or (found.state == "stopped" and not stopped):
            if found and found.trail and found.state == "draft":
                again = self.proposal(found)
                raise UserMistake("mistake.not_begun", again=again)
            key = "mistake.stopped" if found and found.state == "stopped" else "mistake.no_subscription"
            raise UserMistake(key, again=trail_choice(self.catalog, self.words))
        if found.next_due_at is not None and found.next_due_at < self.now:
            await catch_up(self.session, found, await self.schedules(found), self.now)
        return found

    async def schedules(self, subscription: Subscription) -> Schedules:
        """The history of a subscription's timetables."""
        return await subscriptions.schedules(self.session, subscription)

    @property
    def reasons(self) -> Reasons:
        """Why links are not taken, as the table has it now."""
        return reasons_in(self.settings.data_dir)

    async def refresh_cards(self, suggestion_id: int) -> None:
        """Let every other message that shows a suggestion be brought up to date."""
        await shown_cards.refresh(self.session, suggestion_id, self.now, but=self.incoming.on)

    def trail_name(self, trail_id: str) -> str:
        """A trail's name in the person's language."""
        return trail_name(self.catalog, self.words, trail_id)

    def proposal(self, draft: Subscription) -> Message:
        """What somebody new is offered, as it stands."""
        return proposal_message(self.words, self.catalog, draft, self.trail_name(draft.trail), self.now)

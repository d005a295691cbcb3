"""What every command is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.choices import trail_choice
from bot.cards.names import trail_name
from bot.catalog.entry import Catalog
from bot.chat import Incoming
from bot.errors import UserMistake
from bot.i18n.words import Words
from bot.learning.schedule import Schedules
from bot.settings import Settings
from bot.store import subscriptions
from bot.store.tables import Person, Subscription


class Role(IntEnum):
    """What somebody may do; each role may do what the ones before it may."""

    LEARNER = 0
    CURATOR = 1
    OWNER = 2


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing a person wants: who, their words, and everything needed to answer.

    `rest` is what stood after the command, or after the verb of a button's action. The session is the update's transaction.
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

    async def subscription(self) -> Subscription:
        """The person's confirmed subscription. Raises UserMistake when there is none yet."""
        found = await subscriptions.of_person(self.session, self.person.id)
        if found is None or found.state in ("draft", "stopped"):
            raise UserMistake("mistake.no_subscription", again=trail_choice(self.catalog, self.words))
        return found

    async def schedules(self, subscription: Subscription) -> Schedules:
        """The history of a subscription's timetables."""
        return await subscriptions.schedules(self.session, subscription)

    def trail_name(self, trail_id: str) -> str:
        """A trail's name in the person's language."""
        return trail_name(self.catalog, self.words, trail_id)

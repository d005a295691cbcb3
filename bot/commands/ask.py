"""What every command is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.choices import clock_choice, days_choice, trail_choice
from bot.cards.names import trail_name
from bot.cards.proposal import proposal_message
from bot.catalog.entry import Catalog
from bot.chat import Answer, Incoming, Message, Question
from bot.condition import Here
from bot.curation.reasons import Reasons, reasons_in
from bot.errors import UserMistake
from bot.feeds.opml import FeedList
from bot.i18n.words import Words
from bot.learning.places import clock_screens
from bot.learning.schedule import Schedules
from bot.planning.lost import catch_up
from bot.settings import Settings
from bot.states import Role
from bot.store import questions, shown_cards, subscriptions
from bot.store.soundness import are_days, is_zone
from bot.store.tables import OpenQuestion, Person, Subscription


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing a person wants: who, their words, and everything needed to answer.

    `rest` is what stood after the command, or after the verb of a button's action. The session is the update's transaction. `handed_in`
    is the list of feeds in the file they sent, or the word for why none could be read; None where nobody looked. `is_back` says that we
    had been quiet until they wrote this. `here` tells what this process knows of itself.
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
    here: Callable[[], Here]
    handed_in: FeedList | str | None = None
    is_back: bool = False

    async def subscription(self, *, stopped: bool = False, sound: bool = True) -> Subscription:
        """The person's confirmed subscription, with `stopped` also one they ended. Raises UserMistake when there is none.

        It does so as well where its zone or days mean nothing any more, unless it need not be `sound`: then they choose anew.
        """
        found = await subscriptions.of_person(self.session, self.person.id)
        is_draft = found is not None and found.is_draft
        is_stopped = found is not None and found.is_stopped
        if found is None or is_draft or (is_stopped and not stopped):
            if found and found.trail and is_draft:
                again = self.proposal(found)
                raise UserMistake("mistake.not_begun", again=again)
            key = "mistake.stopped" if is_stopped else "mistake.no_subscription"
            raise UserMistake(key, again=trail_choice(self.catalog, self.words))
        if sound:
            self._must_make_sense(found)
        if sound and found.next_due_at is not None and found.next_due_at < self.now:
            await catch_up(self.session, found, await self.schedules(found), self.now)
        return found

    async def schedules(self, subscription: Subscription) -> Schedules:
        """The history of a subscription's timetables. Raises UserMistake where it means nothing any more."""
        self._must_make_sense(subscription)
        try:
            return await subscriptions.schedules(self.session, subscription)
        except ValueError:
            raise self._where_are_you() from None

    def _must_make_sense(self, subscription: Subscription) -> None:
        if not is_zone(subscription.zone):
            raise self._where_are_you()
        if not are_days(subscription.days):
            asks = Question("days", self.words.say("days.prompt"))
            raise UserMistake("mistake.days_gone", again=days_choice(self.words), asks=asks)

    def _where_are_you(self) -> UserMistake:
        clocks = [clock.time for clock in clock_screens(self.now, self.settings.default_zone)[0]]
        asks = Question("city", self.words.say("zone.prompt"))
        return UserMistake("mistake.zone_gone", again=clock_choice(self.words, clocks, "clock:more:1"), asks=asks)

    def show(self, message: Message, asks: Question | None = None) -> Answer:
        """The message in the place of the one whose button they pressed; whoever typed gets it anew."""
        return Answer(edit=message, ask=asks) if self.incoming.action else Answer(say=(message,), ask=asks)

    async def open_question(self) -> OpenQuestion | None:
        """The question that waits for their words here, unless its time is over."""
        return await questions.open_question(self.session, self.person.id, self.incoming.address, self.now)

    async def close_question(self) -> None:
        """Let nothing wait for their words here any more."""
        await questions.close(self.session, self.person.id, self.incoming.address)

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

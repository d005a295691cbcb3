"""One learner's days with one bot: what came, what they made of it, and what that taught the bot."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from bot.catalog.entry import Catalog
from bot.learning.dose import Given, Learner, waiting
from bot.learning.preferences import minutes_for
from bot.learning.sessions import FINISHED, OPEN, Thread, worked_on
from bot.learning.taste import Pressed, taste_of
from bot.operate.simulation.bots import Bot, Gift
from bot.operate.simulation.people import Synthetic

FIRST_DAY = date(2026, 1, 5)
KEPT = 40
"""How many past doses the bot is shown, as the program does."""
SLOW = 1.5
"""How many times the minutes they have a dose may take before they call it too long."""
RATED = 0.4
"""The chance that somebody rates what they did."""
DISMISSED = 0.25
"""The chance that somebody dismisses what is of a kind they dislike."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One dose, or none: the day, the minutes there were, what was given and what became of it.

    `outcome` is done, worked (a part of something long), dismissed, or None where nobody answered; `too_long` if it took them far longer
    than they had.
    """

    day: date
    budget: int
    gift: Gift | None
    outcome: str | None = None
    too_long: bool = False
    extra: bool = False


@dataclass
class Life:
    """Somebody's whole log with one bot."""

    who: Synthetic
    turns: list[Turn] = field(default_factory=list)
    finished_on: date | None = None


class _State:
    """What the bot knows of somebody, brought along day by day."""

    def __init__(self, catalog: Catalog, who: Synthetic) -> None:
        profile = who.profile
        self.settled: set[str] = set()
        self.recent: list[Given] = []
        self.threads: dict[str, Thread] = {}
        self.pressed: list[Pressed] = []
        self._base = Learner(who.trail, profile.minutes, languages=profile.languages, level=profile.level)

    def learner(self, now: datetime) -> Learner:
        return replace(
            self._base,
            settled=self.settled,
            recent=tuple(self.recent[-KEPT:]),
            threads=tuple(self.threads.values()),
            taste=taste_of(self.pressed[-60:], now),
        )

    def note(self, turn: Turn, now: datetime) -> None:
        assert turn.gift is not None, "there was nothing to answer"
        entry = turn.gift.entry
        self.recent.append(Given(turn.day, entry.id, turn.outcome is not None))
        if turn.outcome in ("done", "dismissed"):
            self.settled.add(entry.id)
        if turn.gift.parts and turn.outcome in ("done", "worked"):
            _, until, of = turn.gift.parts
            begun = self.threads.get(entry.id, Thread(entry.id, 0, of, OPEN, turn.day, turn.day))
            self.threads[entry.id] = worked_on(begun, until, turn.day)
            if self.threads[entry.id].state == FINISHED:
                del self.threads[entry.id]


def live(catalog: Catalog, who: Synthetic, bot: Bot, days: int) -> Life:
    """Live so many days, or until the trail is finished and nothing is left beside its core. The same arguments give the same life."""
    life, state = Life(who), _State(catalog, who)
    moods = Random(who.seed)
    trail = catalog.trail(who.trail)
    assert trail is not None, "people are drawn from the catalog's trails"
    core = {entry.id for entry in catalog.trail_core(trail) if entry.language.value in (*who.profile.languages, "mul")}
    away = 0
    for ahead in range(days):
        day = FIRST_DAY + timedelta(days=ahead)
        mood = Random(moods.randrange(2**32))
        if day.isoweekday() not in who.profile.days:
            continue
        if away == 0 and mood.random() < who.profile.absent / who.profile.away:
            away = who.profile.away
        absent, away = away > 0, max(0, away - 1)
        budget = minutes_for(day, who.profile.minutes, who.profile.minutes_on)
        if mood.random() < who.profile.spot:
            budget = 5
        now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        state.settled |= waiting(state.recent[-KEPT:], day).spent
        wants_more = not absent and mood.random() < who.profile.more
        for extra in (False, True)[: 1 + wants_more]:
            turn = _turn(catalog, who, bot, state, day, budget, now, absent, extra, mood)
            if turn.gift is None and life.finished_on:
                return life
            life.turns.append(turn)
            if turn.gift:
                state.note(turn, now)
        if core <= state.settled and life.finished_on is None:
            life.finished_on = day
    return life


def _turn(
    catalog: Catalog,
    who: Synthetic,
    bot: Bot,
    state: _State,
    day: date,
    budget: int,
    now: datetime,
    absent: bool,
    extra: bool,
    mood: Random,
) -> Turn:
    seed = mood.randrange(2**32)
    gift = bot(catalog, state.learner(now), day, budget, seed)
    slowness = mood.lognormvariate(0, 0.3)
    dismisses, rates = mood.random() < DISMISSED, mood.random() < RATED
    if gift is None or absent:
        return Turn(day, budget, gift, extra=extra)
    kind = gift.entry.kind.value
    too_long = gift.minutes * slowness > SLOW * budget
    if kind in who.profile.dislikes and dismisses:
        state.pressed.append(Pressed(gift.entry, "not_for_me", now))
        return Turn(day, budget, gift, "dismissed", too_long, extra)
    if rates:
        state.pressed.append(Pressed(gift.entry, _rating(who, gift), now))
    is_part = gift.parts is not None and gift.parts[1] < gift.parts[2]
    return Turn(day, budget, gift, "worked" if is_part else "done", too_long, extra)


def _rating(who: Synthetic, gift: Gift) -> str:
    harder = gift.entry.difficulty - who.profile.level
    if harder > 0:
        return "too_hard"
    if gift.entry.kind.value in who.profile.dislikes:
        return "not_worth_it"
    return "too_easy" if harder < -1 else "right"

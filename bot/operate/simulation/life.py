"""One learner's days with one bot: what came, what they pressed, and what that taught the bot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from bot.catalog.entry import Catalog
from bot.learning.dose import Given, Learner, waiting
from bot.learning.dose.ground import far_from, way_of
from bot.learning.pauses import Pause, goes_on, is_planned, with_asked
from bot.learning.preferences import minutes_for, shorter
from bot.learning.sessions import Thread, can_open, worked_on
from bot.learning.taste import LATER, Pressed, taste_of
from bot.operate.simulation.bots import Bot, Gift
from bot.operate.simulation.people import Synthetic
from bot.states import ThreadState

FIRST_DAY = date(2026, 1, 5)
KEPT = 40
"""How many past doses the bot is shown, as the program does."""
SLOW = 1.5
"""How many times the minutes they have a dose may take before they call it too long."""
RATED = 0.4
"""The chance that somebody rates what they did."""
DISMISSED = 0.25
"""The chance that somebody dismisses what is of a kind they dislike."""
THIS_EVENING = 0.5
"""The chance that what is put off is put off to the evening; then it is done, or it is not, by the same chance."""
PRESSES = 3
"""How often somebody wants something else in one dose before they take what there is."""
AHEAD, REST = (2, 14), (3, 30)
"""In how many days a planned pause begins, and how many it lasts: from and to."""
NO_TIME = 5
"""The minutes of “I have 5 minutes”."""
INSTEAD = ("another", "too_long", "my_time", "dismissed", "shelved")
"""What somebody can press to get something else in the same dose at once."""
KEPT_IF_ALONE = ("another", "my_time")
"""After these a dose stays what it was where there is nothing else."""
SMALLER = ("too_long", "my_time")
"""After these it must take fewer minutes."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One offer of a dose, or none: the day, the minutes there were, what was given and what became of it.

    `outcome` is done, worked (a part of something long), put_off (they want it with the next dose), one of `INSTEAD`, or None where nobody
    answered. `after` is the press of that dose that brought this offer, empty for the first one; with `whole` they asked for something
    that fits as a whole. `took_up` is what they took from the shelf just before. `too_long` if it took them far longer than they had.
    """

    day: date
    budget: int
    gift: Gift | None
    outcome: str | None = None
    too_long: bool = False
    extra: bool = False
    after: str = ""
    whole: bool = False
    took_up: str = ""

    @property
    def is_last(self) -> bool:
        """Whether the dose held this to its end."""
        return self.outcome not in INSTEAD


@dataclass
class Life:
    """Somebody's whole log with one bot."""

    who: Synthetic
    turns: list[Turn] = field(default_factory=list)
    finished_on: date | None = None
    planned: list[tuple[date, date]] = field(default_factory=list)
    """The pauses as they asked for them: the first day, and the one on which doses come again."""


@dataclass(frozen=True, slots=True)
class _Today:
    """What a day is like for somebody: the minutes, the instant, whether they are away, their mood."""

    day: date
    budget: int
    now: datetime
    absent: bool
    mood: Random


class _State:
    """What the bot knows of somebody, brought along day by day."""

    def __init__(self, who: Synthetic) -> None:
        profile = who.profile
        self.trail = who.trail
        self.settled: set[str] = set()
        self.recent: list[Given] = []
        self.threads: dict[str, Thread] = {}
        self.pressed: list[Pressed] = []
        self.passed_over: set[str] = set()
        self._base = Learner(who.trail, profile.minutes, languages=profile.languages, level=profile.level)

    def learner(self, now: datetime, not_today: frozenset[str] = frozenset()) -> Learner:
        return replace(
            self._base,
            settled=self.settled,
            recent=tuple(self.recent[-KEPT:]),
            threads=tuple(self.threads.values()),
            taste=taste_of(self.pressed[-60:], now),
            passed_over=not_today.union(self.passed_over),
        )

    def begin(self, day: date) -> None:
        """A new day: what was passed over may come again; what came too often unanswered is put away."""
        self.passed_over.clear()
        self.settled |= waiting(self.recent[-KEPT:], day).spent
        self.threads = {name: thread for name, thread in self.threads.items() if name not in self.settled}

    def note(self, turn: Turn, now: datetime) -> None:
        """Bring along what an offer led to."""
        assert turn.gift is not None, "there was nothing to answer"
        entry = turn.gift.entry
        if not turn.is_last:
            self.passed_over.add(entry.id)
            self.recent = [one._replace(wished="") if one.wished == entry.id else one for one in self.recent]
        if turn.outcome == "shelved":
            self.threads[entry.id] = replace(self._thread(turn), state=ThreadState.SHELVED)
        elif turn.outcome in ("done", "worked") and turn.gift.parts:
            self.threads[entry.id] = worked_on(self._thread(turn), turn.gift.parts[1], turn.day)
            if self.threads[entry.id].state == ThreadState.FINISHED:
                del self.threads[entry.id]
        if turn.outcome in ("done", "dismissed"):
            self.settled.add(entry.id)
        if turn.is_last:
            wished = entry.id if turn.outcome == "put_off" else ""
            self.recent.append(Given(turn.day, entry.id, turn.outcome is not None, wished))
        if kind := {"too_long": "too_long", "dismissed": "not_for_me", "put_off": LATER}.get(turn.outcome or ""):
            self.pressed.append(Pressed(entry, kind, now))

    def _thread(self, turn: Turn) -> Thread:
        assert turn.gift is not None, "callers have looked"
        of = turn.gift.parts[2] if turn.gift.parts else 1
        name = turn.gift.entry.id
        return self.threads.get(name, Thread(name, 0, of, ThreadState.OPEN, turn.day, turn.day))

    def take_up(self) -> str:
        """Take the first thing from the shelf, if there is room for it; its id, or nothing."""
        for name, thread in self.threads.items():
            if thread.state == ThreadState.SHELVED and can_open(self.threads.values()):
                self.threads[name] = replace(thread, state=ThreadState.OPEN)
                return name
        return ""


def live(catalog: Catalog, who: Synthetic, bot: Bot, days: int) -> Life:
    """Live so many days, or until the trail is finished and nothing is left beside its core. The same arguments give the same life."""
    life, state = Life(who), _State(who)
    moods = Random(who.seed)
    trail = catalog.trail(who.trail)
    assert trail is not None, "people are drawn from the catalog's trails"
    core = {entry.id for entry in catalog.trail_core(trail) if entry.language.value in (*who.profile.languages, "mul")}
    away, pauses, plans = 0, list[Pause](), Random(f"pauses of {who.seed}")
    for ahead in range(days):
        day = FIRST_DAY + timedelta(days=ahead)
        mood = Random(moods.randrange(2**32))
        pauses = _plan(life, pauses, day, plans)
        if day.isoweekday() not in who.profile.days or any(pause.covers(day) for pause in pauses):
            continue
        if away == 0 and mood.random() < who.profile.absent / who.profile.away:
            away = who.profile.away
        absent, away = away > 0, max(0, away - 1)
        budget = minutes_for(day, who.profile.minutes, who.profile.minutes_on)
        today = _Today(day, budget, datetime(day.year, day.month, day.day, 12, tzinfo=UTC), absent, mood)
        state.begin(day)
        wants_more = not absent and mood.random() < who.profile.more
        for extra in (False, True)[: 1 + wants_more]:
            turns = list(_dose(catalog, who, bot, state, today, extra))
            if life.finished_on and turns[0].gift is None:
                return life
            life.turns += turns
        if core <= state.settled and life.finished_on is None:
            life.finished_on = day
    return life


def _plan(life: Life, pauses: list[Pause], today: date, plans: Random) -> list[Pause]:
    """Somebody may plan a pause, also one that reaches into another or puts it right. Chances of their own, so that they shift no other."""
    wishes, begins, lasts = plans.random(), plans.randint(*AHEAD), plans.randint(*REST)
    ahead = [one for one in pauses if is_planned(one, today)]
    if wishes >= life.who.profile.pauses or len(ahead) > 1 or any(goes_on(one, today) for one in pauses):
        return pauses
    first = today + timedelta(days=begins)
    life.planned.append((first, first + timedelta(days=lasts)))
    return with_asked(pauses, Pause(*life.planned[-1], "asked"), today)


def _dose(catalog: Catalog, who: Synthetic, bot: Bot, state: _State, today: _Today, extra: bool) -> Iterator[Turn]:
    """One dose: an offer, and others in its place as long as they press for them."""
    mood, now = today.mood, today.now
    took_up = state.take_up() if not today.absent and mood.random() < who.profile.takes_up else ""
    gift = bot(catalog, state.learner(now), today.day, today.budget, mood.randrange(2**32))
    if gift is None and not today.absent and (took_up := took_up or state.take_up()):  # the answer names the shelf
        gift = bot(catalog, state.learner(now), today.day, today.budget, mood.randrange(2**32))
    turn = Turn(today.day, today.budget, gift, extra=extra, took_up=took_up)
    for presses in range(PRESSES + 1):
        if turn.gift and not today.absent:
            turn = _answered(who, state, turn, today, may_press=presses < PRESSES)
        if turn.gift:
            state.note(turn, now)
        if turn.is_last or turn.gift is None:
            yield turn
            return
        instead = _instead(catalog, bot, state, turn, today)
        if instead.gift is None and turn.outcome in KEPT_IF_ALONE:  # there is nothing else: the dose stays what it was
            state.passed_over.discard(turn.gift.entry.id)
            turn = replace(turn, outcome=_done(turn.gift))
            state.note(turn, now)
            yield turn
            return
        yield turn
        turn = instead


def _answered(who: Synthetic, state: _State, turn: Turn, today: _Today, *, may_press: bool) -> Turn:
    """What they press. Every draw is made each time, so that one wish more in a profile does not shift all others."""
    assert turn.gift is not None, "only what came is answered"
    mood, profile, gift = today.mood, who.profile, turn.gift
    slowness = mood.lognormvariate(0, 0.3)
    spot, dislikes, shelves, another, too_long, later, evening, rates = (mood.random() for _ in range(8))
    overrun = gift.minutes * slowness / max(1, turn.budget)
    turn = replace(turn, too_long=overrun > SLOW)
    if may_press:
        if turn.after == "" and spot < profile.spot and gift.minutes > NO_TIME:
            return replace(turn, outcome="my_time")
        if gift.entry.kind.value in profile.dislikes and dislikes < DISMISSED:
            return replace(turn, outcome="dismissed")
        if gift.parts and shelves < profile.shelves:
            return replace(turn, outcome="shelved")
        if another < profile.another:
            return replace(turn, outcome="another")
        if overrun > 1 and too_long < profile.too_long:
            return replace(turn, outcome="too_long")
    if later < profile.later:
        if evening >= THIS_EVENING:
            return replace(turn, outcome="put_off")
        if evening >= THIS_EVENING**2:  # the evening came and it was not done
            state.pressed.append(Pressed(gift.entry, LATER, today.now))
            return turn
    if rates < RATED:
        state.pressed.append(Pressed(gift.entry, _rating(who, gift), today.now))
    return replace(turn, outcome=_done(gift))


def _done(gift: Gift) -> str:
    return "worked" if gift.parts is not None and gift.parts[1] < gift.parts[2] else "done"


def _instead(catalog: Catalog, bot: Bot, state: _State, turn: Turn, today: _Today) -> Turn:
    """The next offer of the same dose. Where they asked for less, what is near comes first, and of that what is whole."""
    assert turn.gift is not None, "something came before"
    assert turn.outcome is not None, "something was pressed"
    next_turn = replace(turn, outcome=None, gift=None, too_long=False, after=turn.outcome, whole=False, took_up="")
    seed = today.mood.randrange(2**32)
    if turn.outcome in SMALLER:
        budget = NO_TIME if turn.outcome == "my_time" else shorter(min(turn.budget, turn.gift.entry.minutes))
        next_turn = replace(next_turn, budget=budget)
        longer = frozenset(entry.id for entry in catalog.resources if entry.minutes > budget)
        way = way_of(catalog, state.trail)
        assert way is not None, "people are drawn from the catalog's trails"
        far = far_from(way, turn.gift.entry.topic)
        for not_today in (longer | far, far, longer):
            if gift := bot(catalog, state.learner(today.now, not_today), today.day, budget, seed):
                return replace(next_turn, gift=gift, whole=not_today is not far)
    return replace(next_turn, gift=bot(catalog, state.learner(today.now), today.day, next_turn.budget, seed))


def _rating(who: Synthetic, gift: Gift) -> str:
    harder = gift.entry.difficulty - who.profile.level
    if harder > 0:
        return "too_hard"
    if gift.entry.kind.value in who.profile.dislikes:
        return "not_worth_it"
    return "too_easy" if harder < -1 else "right"

"""The choice itself: stop by stop, hard rules first, then rhythm, then weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.catalog.entry import Catalog
from bot.learning.dose.filters import NEWS_EVERY, Sight, look, open_stops
from bot.learning.dose.ground import Candidate, Stop, way_of
from bot.learning.dose.learner import Choice, Learner, NothingFits, Sentence
from bot.learning.dose.nothing import nearest_trail, nothing_fits
from bot.learning.dose.reasons import all_true, soft_reason
from bot.learning.dose.rhythm import JUST_NOW, Story, has_met, is_leaving, is_sated, story_of, whose_turn
from bot.learning.dose.weights import weigh


def choose(catalog: Catalog, learner: Learner, day: date, budget: int, seed: int = 0) -> Choice | NothingFits:
    """The dose of a day within a budget of minutes. The same arguments always give the same dose."""
    way = way_of(catalog, learner.trail, learner.topics)
    if way is None:
        return NothingFits("no_trail", nearest=nearest_trail(catalog, learner))
    sight = look(way, learner, day, budget)
    story = story_of(sight)
    return (
        _wished(sight, story)
        or _again(sight, story)
        or _back(sight, story)
        or _own(sight, story)
        or _news(sight, story)
        or _core(sight, story, seed)
        or _rest(sight, story, seed)
        or _own(sight, ())
        or _rather_than_nothing(sight, story)
        or nothing_fits(catalog, sight)
    )


def _wished(sight: Sight, story: Story) -> Choice | None:
    """What they put off until now comes first."""
    for stop, item in filter(None, map(sight.within_reach, sight.waiting.wished)):
        if sight.may_come(item):
            return _choice(sight, story, stop, item, [item], Sentence("wished"))
    return None


def _again(sight: Sight, story: Story) -> Choice | None:
    """What nobody answered yesterday is still there."""
    found = sight.within_reach(sight.waiting.again) if sight.waiting.again else None
    if found is None or not sight.may_come(found[1]):
        return None
    stop, item = found
    return _choice(sight, story, stop, item, [item], Sentence("again"))


def _back(sight: Sight, story: Story) -> Choice | None:
    """What nobody answered twice has rested for a week: once more, if it is its turn."""
    for stop, item in (sight.way.items[name] for name in sorted(sight.waiting.back) if name in sight.way.items):
        if sight.is_reached(stop) and sight.may_come(item) and _is_its_turn(sight, story, stop, item):
            return _choice(sight, story, stop, item, [item], Sentence("back"))
    return None


def _own(sight: Sight, story: Sequence[Candidate]) -> Choice | None:
    """What they took themselves goes on in turn with the way, wherever that is: unless the last dose was of it, or nothing else is left."""
    if not sight.own or (story and story[0].id in sight.own):
        return None
    for stop, item in sight.own.values():
        if sight.may_come(item):
            return _choice(sight, list(story), stop, item, [item])
    return None


def _rather_than_nothing(sight: Sight, story: Story) -> Choice | None:
    """What nobody answered, though it should rest: better than nothing."""
    sight.away = sight.learner.passed_over | sight.waiting.spent | sight.waiting.today
    for stop, item in (sight.way.items[name] for name in sorted(sight.waiting.ignored) if name in sight.way.items):
        if sight.is_reached(stop) and sight.may_come(item):
            return _choice(sight, story, stop, item, [item], Sentence("back"))
    return None


def _is_its_turn(sight: Sight, story: Story, stop: Stop, item: Candidate) -> bool:
    """Whether the rhythm lets one thing come before all others of its topic."""
    others = sight.offers(other for other in (*stop.core, *stop.rest) if other is not item)
    return item in whose_turn(sight, story, stop, [item, *others])[0]


def _news(sight: Sight, story: Story) -> Choice | None:
    """Once a week at most: what came into the catalog for a topic that they passed."""
    added = sight.learner.added
    if not added or any(dose.resource in added and sight.day - dose.day < NEWS_EVERY for dose in sight.learner.recent):
        return None
    for stop, item in (sight.way.items[resource] for resource in sorted(added) if resource in sight.way.items):
        is_news = sight.is_passed(stop) and sight.is_fresh(item) and sight.is_reached(stop)
        was_there = not stop.core_ids.isdisjoint(sight.closed)
        if is_news and was_there and sight.may_come(item) and _is_its_turn(sight, story, stop, item):
            return _choice(sight, story, stop, item, [item], Sentence("new"))
    return None


def _core(sight: Sight, story: Story, seed: int) -> Choice | None:
    """What makes up the topics, in order: the first that has anything, unless only something they are in the middle of is left."""
    going: Choice | None = None
    recent = {item.topic for item in story[:JUST_NOW]}
    for stop in open_stops(sight, lambda stop: not sight.is_passed(stop) or stop.id in recent):
        if sight.is_passed(stop):
            choice = _before_leaving(sight, story, stop, seed)
        else:
            items = sight.offers(stop.core)
            choice = _pick(sight, story, stop, items, seed) if items else None
            if choice and is_sated(sight, story, items):
                going, choice = going or choice, None
        if choice:
            return choice
    return going


def _before_leaving(sight: Sight, story: Story, stop: Stop, seed: int) -> Choice | None:
    if not is_leaving(sight, story, stop):
        return None
    items = sight.offers(item for item in stop.rest if item.practice)
    return _pick(sight, story, stop, items, seed, Sentence("before_leaving")) if items else None


def _rest(sight: Sight, story: Story, seed: int) -> Choice | None:
    """What is beside the core: of the topic they are at, of those after it, then of those before."""
    at = next((stop.at for stop in sight.way.stops if not sight.is_passed(stop)), 0)
    stops = list(open_stops(sight, lambda stop: bool(stop.rest)))
    for stop in sorted(stops, key=lambda stop: (stop.at < at, stop.at)):
        if items := sight.offers(stop.rest):
            return _pick(sight, story, stop, items, seed, _why_beside(sight, story, stop))
    return None


def _why_beside(sight: Sight, story: Story, stop: Stop) -> Sentence | None:
    """They know the core, or it waits. Where nothing of the core may ever come, as in another language, this is simply its turn."""
    if not sight.learner.passed_over and sight.is_passed(stop):
        knows = stop.core_ids and stop.core_ids.issubset(sight.learner.settled)
        return Sentence("deeper") if knows else None
    return Sentence("other") if sight.learner.passed_over or has_met(story, stop) else None


def _pick(
    sight: Sight, story: Story, stop: Stop, items: list[Candidate], seed: int, decided: Sentence | None = None
) -> Choice:
    """One of a stop's items: those whose turn it is, then the heaviest of them. `decided` says why where a rule did already."""
    due, piece = whose_turn(sight, story, stop, items)
    if piece is None and sight.learner.passed_over and decided is None:
        piece = Sentence("other")
    weighed = weigh(sight, story, stop, due, seed)
    sums = list(map(sum, weighed))
    best = sums.index(max(sums))
    soft = soft_reason(sight, story, stop, due, weighed, best)
    pieces = [one for one in (decided, piece, soft) if one]
    if due[best].id in sight.open:  # what they are in the middle of is nothing different
        pieces = [one for one in pieces if one.reason != "other"]
    return _choice(sight, story, stop, due[best], items, *pieces)


def _choice(
    sight: Sight, story: Story, stop: Stop, item: Candidate, items: Sequence[Candidate], *pieces: Sentence
) -> Choice:
    session = sight.session(item)
    left = len([one for one in stop.core if one.id not in sight.closed])
    place, of = _place(sight)
    return Choice(
        resource=item.entry,
        factors=_once((*pieces, *all_true(sight, story, items, item, left))),
        minutes=session.minutes if session else item.minutes,
        session=session,
        place=place,
        of=of,
    )


def _once(pieces: Iterable[Sentence]) -> tuple[Sentence, ...]:
    once: dict[str, Sentence] = {}
    for piece in pieces:
        once.setdefault(piece.reason, piece)
    return tuple(once.values())


def _place(sight: Sight) -> tuple[int, int]:
    """How far they are, counting the core of the topics that they do not know already."""
    known, settled = sight.learner.known_topics, sight.learner.settled
    core = sight.way.core_ids
    if known:
        core = frozenset(name for stop in sight.way.stops if stop.id not in known for name in stop.core_ids)
    done = len(core.intersection(settled))
    return min(done + 1, len(core)), len(core)

"""Whose turn it is: the method of the lists, between what may come at all and what is liked best.

- A new topic opens with something short to watch, then something to read, then something to build.
- Never more than two theory doses of a topic in a row while practice remains in it, and practice before leaving it.
- At most one dose in five is harder than somebody's level, as long as the topic has anything else.
"""

from __future__ import annotations

from bot.learning.dose.filters import Sight
from bot.learning.dose.ground import Candidate, Stop
from bot.learning.dose.learner import Sentence

THEORY_IN_A_ROW = 2
"""How many theory doses may follow each other while practice remains in the topic."""
STRETCH_EVERY = 5
"""Of so many doses at most one is a stretch."""
SHORT = 30
"""The most minutes of something short to watch."""
SESSIONS_TO_OPEN = 4
"""The most sessions of a video that may open a topic where nothing to watch fits."""
JUST_NOW = 6
"""How many doses ago somebody may have been in a topic that they are leaving."""

Story = list[Candidate]
"""What past doses held, the newest first; what came again unanswered stands once."""


def story_of(sight: Sight) -> Story:
    """Read the past doses as a story. What left the catalog is not in it."""
    story: Story = []
    later = None
    items, find = sight.way.items, sight.way.find
    for _, resource, answered, _ in reversed(sight.learner.recent):
        if not resource or (resource == later and not answered):
            continue
        later = resource
        item = items[resource][1] if resource in items else find(resource)
        if item:
            story.append(item)
    return story


def theory_run(story: Story, stop: Stop) -> int:
    """How many theory doses of a topic came since something was built. Theory of other topics in between does not count."""
    run = 0
    for item in story:
        if item.practice:
            break
        run += item.topic == stop.id
    return run


def is_new(sight: Sight, story: Story, stop: Stop) -> bool:
    """Whether nothing of the topic's core was ever given or settled."""
    return stop.core_ids.isdisjoint(sight.closed) and not any(item.id in stop.core_ids for item in story)


def has_met(story: Story, stop: Stop) -> bool:
    """Whether anything of the topic came a while ago, be it beside its core."""
    return any(item.topic == stop.id for item in story)


def stretched(sight: Sight, story: Story) -> bool:
    """Whether a dose harder than their level came a short while ago."""
    return any(item.difficulty > sight.learner.level for item in story[: STRETCH_EVERY - 1])


def whose_turn(
    sight: Sight, story: Story, stop: Stop, items: list[Candidate]
) -> tuple[list[Candidate], Sentence | None]:
    """Those of a stop's items whose turn it is, and the sentence that says so where a rule decided. Never none of some."""
    due, piece = _in_turn(sight, story, stop, items)
    return _within_level(sight, story, due), piece


def _in_turn(sight: Sight, story: Story, stop: Stop, items: list[Candidate]) -> tuple[list[Candidate], Sentence | None]:
    if not stop.by_date and stop.core and is_new(sight, story, stop):
        due, piece = _opening(sight, _within_level(sight, story, items))
        return due, None if has_met(story, stop) else piece
    run = theory_run(story, stop)
    if run >= THEORY_IN_A_ROW and (practice := _practice(sight, story, stop, items)):
        return practice, Sentence("practice", {"n": run})
    if not stop.by_date and stop.core and (reading := _after_watching(sight, story, stop, items)):
        return reading, Sentence("then_reading")
    if stop.by_date and is_new(sight, story, stop) and not has_met(story, stop):
        return items, Sentence("opens")
    return items, None


def _opening(sight: Sight, items: list[Candidate]) -> tuple[list[Candidate], Sentence]:
    """Something short to watch; else a video in a few sessions; else something short to read; else what there is."""
    watch = [item for item in items if item.watch]
    if short := [item for item in watch if item.days == 1 and item.minutes <= min(sight.budget, SHORT)]:
        return short, Sentence("opens_watching")
    if soon := [item for item in watch if item.minutes <= SESSIONS_TO_OPEN * sight.budget]:
        return soon, Sentence("opens")
    if read := [item for item in items if not item.watch and not item.practice and item.minutes <= sight.budget]:
        return read, Sentence("opens_reading")
    return items, Sentence("opens")


def _after_watching(sight: Sight, story: Story, stop: Stop, items: list[Candidate]) -> list[Candidate]:
    """What to read after the one thing to watch that is behind them."""
    met = {item.id: item for item in story if item.topic == stop.id}
    settled = len(stop.core_ids & sight.closed)
    if len(met) != 1 or settled > 1:
        return []
    (first,) = met.values()
    if not first.watch or first.id not in sight.closed:
        return []
    return [item for item in items if not item.watch and not item.practice and item.minutes <= sight.budget]


def _practice(sight: Sight, story: Story, stop: Stop, items: list[Candidate]) -> list[Candidate]:
    """What there is to build in a topic: of these items, and beside its core where these have none at their level."""
    due = [item for item in items if item.practice]
    if any(_is_calm(sight, item) for item in due):
        return due
    return due + [item for item in sight.offers(stop.rest) if item.practice and item not in due]


def _within_level(sight: Sight, story: Story, items: list[Candidate]) -> list[Candidate]:
    """Leave out what is harder than their level, unless it is the turn of one, or there is nothing else."""
    calm = [item for item in items if _is_calm(sight, item)]
    if len(calm) in (0, len(items)):
        return items
    if stretched(sight, story):
        return calm
    return [item for item in items if _is_calm(sight, item) or item.difficulty == sight.learner.level + 1]


def _is_calm(sight: Sight, item: Candidate) -> bool:
    """Not harder than their level; what they are in the middle of is no new stretch."""
    return item.difficulty <= sight.learner.level or item.id in sight.open


def is_leaving(sight: Sight, story: Story, stop: Stop) -> bool:
    """Whether somebody is about to leave a passed topic in which they never built anything."""
    return (
        bool(stop.practice_ids)
        and any(item.topic == stop.id for item in story[:JUST_NOW])
        and stop.practice_ids.isdisjoint(sight.closed)
        and not any(item.practice and item.topic == stop.id for item in story)
    )


def is_sated(sight: Sight, story: Story, items: list[Candidate]) -> bool:
    """Whether only things they are in the middle of are left, and the last two doses were of those: time for something beside them.

    Not where a list recommends days for it: that is meant day by day.
    """
    going = {item.id for item in items if item.id in sight.open and item.days == 1}
    return len(going) == len(items) and len(story) >= 2 and all(item.id in going for item in story[:2])

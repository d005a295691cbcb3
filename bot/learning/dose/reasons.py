"""Why this: true sentences about a choice, the one that decided first. Each names a sentence under `why.` in both languages.

wished                          they put it off until now
again, back                     nobody answered it yet
opens_watching, opens_reading, opens, then_reading, practice {n}, before_leaving      the rhythm
session {part} {of}, days {n}   a long thing goes on
size {n}, lighter {n}, language {language}, level, stretch, far_above, taste_kind {kind}, taste_author {author},
to_watch, to_read, to_build     the weights (the last three: something else than last time)
next, build, oldest, different  the place in the topic
new, deeper, other, last        where it stands otherwise
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.learning.dose.filters import Sight
from bot.learning.dose.ground import Candidate, Stop
from bot.learning.dose.learner import Sentence
from bot.learning.dose.rhythm import Story
from bot.learning.dose.weights import WEIGHTS, Weighed
from bot.learning.taste import NOTICED

WELL_USED = 0.8
"""From which share on a thing is said to fit the minutes."""
LIGHT = 0.5
"""Up to which share of the minutes a thing is said to be quick."""
NAMES = tuple(WEIGHTS)


def soft_reason(
    sight: Sight, story: Story, stop: Stop, items: Sequence[Candidate], weighed: Sequence[Weighed], best: int
) -> Sentence:
    """The weight that lifted a thing over the one that stands first in the topic; or that it stands first."""
    item = items[best]
    if item.id in sight.open:
        return _going_on(sight, item)
    if best == 0:
        return _in_order(stop, item)
    gains = sorted(
        ((mine - firsts, name) for mine, firsts, name in zip(weighed[best], weighed[0], NAMES, strict=True)),
        reverse=True,
    )
    for gain, name in gains:
        if gain > 0 and (piece := _of_weight(name, sight, story, item)):
            return piece
    return Sentence("different")


def all_true(sight: Sight, story: Story, items: Sequence[Candidate], item: Candidate, left: int) -> list[Sentence]:
    """Everything else that is true of a choice and that somebody may want to know. `left` counts what is not done of the topic's core."""
    pieces: list[Sentence] = []
    if item.id in sight.open:
        pieces.append(_going_on(sight, item))
    weights = (
        _of_weight(name, sight, story, item) for name in ("size", "lighter", "language", "taste", "level", "variety")
    )
    pieces += [piece for piece in weights if piece]
    if item.difficulty > sight.learner.level:
        pieces.append(Sentence("stretch" if item.difficulty == sight.learner.level + 1 else "far_above"))
    if item.core and left == 1:
        pieces.append(Sentence("last"))
    return pieces


def _in_order(stop: Stop, item: Candidate) -> Sentence:
    if stop.by_date:
        return Sentence("oldest")
    return Sentence("build" if item.practice else "next")


def _going_on(sight: Sight, item: Candidate) -> Sentence:
    if item.days > 1:
        return Sentence("days", {"n": item.days})
    thread = sight.open[item.id]
    return Sentence("session", {"part": min(thread.part + 1, thread.of), "of": thread.of})


def _of_weight(name: str, sight: Sight, story: Story, item: Candidate) -> Sentence | None:
    """The sentence a weight can say of a thing, where it is true."""
    learner = sight.learner
    if name == "size" and sight.budget and WELL_USED * sight.budget <= item.minutes <= sight.budget:
        return Sentence("size", {"n": sight.budget})
    if name == "lighter" and learner.taste.lighter >= NOTICED and item.minutes <= LIGHT * sight.budget:
        return Sentence("lighter", {"n": item.minutes})
    if name == "language" and learner.languages[:1] == (item.language,) and len(learner.languages) > 1:
        return Sentence("language", {"language": item.language})
    if name == "level" and item.difficulty == learner.level:
        return Sentence("level")
    if name == "taste":
        if item.author and learner.taste.of("author", item.author) >= NOTICED:
            return Sentence("taste_author", {"author": item.author})
        if learner.taste.of("kind", item.kind) >= NOTICED:
            return Sentence("taste_kind", {"kind": item.kind})
    if name == "variety" and story:
        return _alternates(story[0], item)
    return None


def _alternates(last: Candidate, item: Candidate) -> Sentence | None:
    if item.practice:
        return None if last.practice else Sentence("to_build")
    if item.watch:
        return None if last.watch and not last.practice else Sentence("to_watch")
    return None if not last.watch and not last.practice else Sentence("to_read")

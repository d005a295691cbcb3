"""The small thing beside a dose: one line, and a button where there is something to press."""

from __future__ import annotations

from bot.cards.names import short_name
from bot.catalog.entry import Catalog
from bot.chat import Button, Text
from bot.i18n.words import Words
from bot.learning.small import CONCEPT, FOLLOW, RECALL, STEP, TIP, Small, concept_in, step_in, tip_in


def small_line(words: Words, catalog: Catalog, small: Small, recalled: str) -> Text | None:
    """“+ Look up: leave-one-out”; `recalled` is what a card to recall is about. None for what the catalog no longer has."""
    if small.kind == CONCEPT and (concept := concept_in(catalog, small)):
        return words.text("small.concept", what=concept.in_(words.language))
    if small.kind == STEP and (found := step_in(catalog, small)):
        checklist, step = found
        return words.text("small.step", name=checklist.name.in_(words.language), what=step.in_(words.language))
    if small.kind == TIP and (tip := tip_in(catalog, small)):
        return words.text("small.tip", what=tip.text.in_(words.language))
    if small.kind == FOLLOW and (entry := catalog.resource(small.id)):
        return words.text("small.follow", what=entry.title, kind=words.one_of("kind", entry.kind))
    if small.kind == RECALL and recalled:
        return words.text("small.recall", what=recalled)
    return None


def small_buttons(
    words: Words, catalog: Catalog, small: Small, dose_id: int, *, ticked: bool, recalled: str
) -> tuple[Button, ...]:
    """Tick a step off, follow somebody, recall a line; the rest has nothing to press."""
    if small.kind == STEP and step_in(catalog, small):
        if ticked:
            return (Button(words.say("button.untick"), f"untick:{dose_id}"),)
        return (Button(words.say("button.tick"), f"tick:{dose_id}"),)
    if small.kind == FOLLOW and (entry := catalog.resource(small.id)):
        return (Button(words.say("button.follow", name=short_name(entry.title)), url=entry.url),)
    if small.kind == RECALL and recalled:
        return (Button(words.say("button.recall"), "recall"),)
    return ()

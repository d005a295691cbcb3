"""That most of a way is in another language than somebody's: said before they begin, while another way is still a press away."""

from __future__ import annotations

from bot.cards.preferences import show_languages
from bot.catalog.entry import Catalog
from bot.catalog.kinds import Language
from bot.chat import Text
from bot.i18n.words import Words
from bot.learning.dose.ground import way_of
from bot.learning.preferences import languages_for, mostly_in
from bot.store.tables import Subscription


def foreign_line(words: Words, catalog: Catalog, subscription: Subscription) -> Text | None:
    """How many of the entries that count are in which other language; nothing for who chose languages, or where it is not most of them."""
    way = way_of(catalog, subscription.trail, tuple(subscription.topics))
    if way is None or subscription.resource_languages is not None:
        return None
    wanted = languages_for(None, words.language)
    core = [item.language for stop in way.stops for item in stop.core]
    found = mostly_in(core, wanted) if core else None
    if found is None:
        return None
    language, n = found
    key = "foreign.all" if n == len(core) else "foreign.most" if wanted[0] in core else "foreign.rest"
    names = {"language": show_languages(words, [language]), "own": show_languages(words, wanted[:1])}
    return words.text(key, n=n, of=len(core), **names)


def narrow_line(words: Words, catalog: Catalog, subscription: Subscription) -> Text | None:
    """What the languages they chose leave of the core of their way, where that is not even half of it, or of what is beside it."""
    way = way_of(catalog, subscription.trail, tuple(subscription.topics))
    if way is None:
        return None
    wanted = {*languages_for(subscription.resource_languages, words.language), Language.MUL.value}
    core = [item.language for stop in way.stops for item in stop.core]
    left = sum(language in wanted for language in core)
    if left * 2 >= len(core):
        return None
    if left:
        return words.text("foreign.left", n=left, of=len(core))
    beside = any(item.language in wanted for _, item in way.items.values())
    return words.text("foreign.beside_left" if beside else "foreign.none_left")

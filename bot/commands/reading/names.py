"""What people call the fixed words of the catalog, in both languages: kinds, languages of resources, levels, marks, what costs nothing.

The names of kinds and languages are those of i18n, so what is read is what a card says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import TypeVar

from bot.catalog.kinds import Kind, Language, Mark
from bot.catalog.search import fold, stem
from bot.i18n.words import words_in
from bot.languages import LANGUAGES

FREE = frozenset(["free", "gratis", "gratuito", "gratuita", "gratuitos", "gratuitas"])
LEVELS = {
    "beginner": "beginner beginners introductory introduction intro easy iniciante introdutorio introducao basico facil 1",
    "middle": "middle medium intermediate medio intermediario 2",
    "advanced": "advanced hard avancado dificil 3",
    "cult": "cult classic classico",
}
"""The folded names of each of `catalog.search.LEVELS`."""
MARKS = {
    Mark.INTRODUCTORY: "introduction intro introdutoria introducao",
    Mark.CULT: "classic classico",
    Mark.BEGINNER: "beginners iniciante iniciantes",
    Mark.ADVANCED: "avancada",
}
"""What the marks of the lists are called besides what a card says."""
Named = TypeVar("Named", bound=StrEnum)


@cache
def kinds_named() -> Mapping[str, Kind]:
    """The kinds by their folded names, whole and without what a plural adds."""
    return _names_of("kind", Kind)


@cache
def languages_named() -> Mapping[str, Language]:
    """The languages of resources, in the same way."""
    return _names_of("language", Language)


@cache
def marks_named() -> Mapping[str, Mark]:
    """The marks that a list gives, in the same way."""
    return _names_of("level", Mark) | {name: mark for mark, names in MARKS.items() for name in names.split()}


def _names_of(family: str, table: Iterable[Named]) -> dict[str, Named]:
    named = {
        fold(name): thing
        for thing in table
        for name in (thing.value, *(words_in(language).one_of(family, thing.value) for language in LANGUAGES))
    }
    return named | {stem(name): thing for name, thing in named.items()}

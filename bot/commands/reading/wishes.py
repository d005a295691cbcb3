"""Reads filters that people say in plain words, in either language: “short video about rag”, “um curso de python em até 30 minutos”.

    text ──length_in──▶ how long it may be, and the words beside that ──sought──▶ words ──wishes_in──▶ kinds, languages, level, short

None of it is certain, for titles have such words too: see `catalog.search.Wish`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from itertools import zip_longest

from bot.catalog.kinds import Kind
from bot.catalog.search import Query, Wish, fold, stem
from bot.commands.reading.names import LEVELS, kinds_named, languages_named

SHORT = 15
"""Minutes up to which a thing is short."""
_SHORT_WORDS = "short brief quick curto curta rapido rapida breve"
_NOT_SHORT = frozenset(["term", "prazo"])
"""What makes another thing of a short one: long short-term memory."""
_LESS_USUAL = {"post": Kind.ARTICLE, "videoaula": Kind.VIDEO}
SHORTEST_NAME = 5
"""Letters from which on a language's name stands for it without `lang:`; its codes are words of their own (“it”, “no”)."""

_AT_LEAST = r"over|more than|longer than|at least|mais de|mais que|acima de|pelo menos|no minimo"
_AT_MOST = r"under|below|within|up to|at most|less than|no more than|shorter than|in|of|menos de|menos que|ate|abaixo de|no maximo|em|de"
_LENGTH = re.compile(
    rf"\b(?:(?:(?P<least>{_AT_LEAST})|{_AT_MOST})\s+)*"
    r"(?:(?P<half>half an? hour|half hour|meia hora)|(?:an?|one|uma?)\s(?:(?P<hour>hour|hora)|minute|minuto)"
    r"|(?:\d{1,4}\s?(?:to|a|e|and|or|ou|-|–)\s?)?(?P<number>\d{1,4})[\s-]?(?:(?P<hours>h|hs|hrs?|horas?|hours?)|min|mins|minutos?|minutes?))\b"
    r"(?:\s(?:or|ou)\s(?:less|menos|(?P<more>more|mais)))?"
)


def length_in(text: str) -> tuple[str, Wish | None]:
    """A text without the length it names, and the wish for it; the first one counts."""
    folded = fold(text)
    found = _LENGTH.search(folded)
    if found is None:
        return text, None
    minutes = 30 if found["half"] else int(found["number"] or 1) * (60 if found["hours"] or found["hour"] else 1)
    passes = Query(least=minutes) if found["least"] or found["more"] else Query(most=minutes)
    return f"{folded[: found.start()]} {folded[found.end() :]}", Wish(frozenset(), passes)


def wishes_in(words: Sequence[str]) -> tuple[Wish, ...]:
    """What folded words may ask of an entry; two kinds, or two languages, are one wish for either."""
    wishes: dict[str, Wish] = {}
    for word, after in zip_longest(words, words[1:]):
        passes = _meant().get(word) or _meant().get(stem(word))
        if passes is None or after in _NOT_SHORT:
            continue
        facet = next(one.name for one in fields(passes) if getattr(passes, one.name))
        before = wishes.get(facet)
        if before is None:
            wishes[facet] = Wish(frozenset([word]), passes)
        else:
            either = Query(
                kinds=before.passes.kinds | passes.kinds,
                languages=before.passes.languages | passes.languages,
                level=passes.level,
                most=passes.most,
            )
            wishes[facet] = Wish(before.words | {word}, either)
    return tuple(wishes.values())


@cache
def _meant() -> Mapping[str, Query]:
    """What each plain word asks for."""
    kinds = {name: kind for name, kind in {**kinds_named(), **_LESS_USUAL}.items() if kind is not Kind.OTHER}
    languages = {name: one for name, one in languages_named().items() if len(name) >= SHORTEST_NAME}
    levels = {name: level for level, names in LEVELS.items() for name in names.split() if _says_level(level, name)}
    said = {name: Query(most=SHORT) for name in _SHORT_WORDS.split()}
    said |= {name: Query(level=level) for name, level in levels.items()}
    said |= {name: Query(languages=frozenset({one})) for name, one in languages.items()}
    said |= {name: Query(kinds=frozenset({kind})) for name, kind in kinds.items()}
    return said | {stem(name): query for name, query in said.items()}


def _says_level(level: str, name: str) -> bool:
    """Whether a name of a level says so without `level:`; a number does not, and what lies in the middle is called as other things are."""
    return not name.isdecimal() and (level != "middle" or name.startswith("intermedi"))

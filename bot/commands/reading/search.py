"""Reads what somebody looks for: words and filters, in either language and in any order.

    "vídeo sobre atenção tipo:vídeo minutos<15"   ──▶ Query(words=("video", "atencao"), kinds={video}, most=14)
    "free lang:pt topic:nlp level:beginner"       ──▶ Query(free=True, languages={pt}, topics={nlp}, level="beginner")

Filters are certain; what plain words may ask for as well are wishes (`wishes.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from bot.catalog.entry import Catalog
from bot.catalog.kinds import Kind
from bot.catalog.search import Query, fold, sought, stem
from bot.commands.reading.names import FREE, LEVELS, Named, kinds_named, languages_named
from bot.commands.reading.typed import mistake_about
from bot.commands.reading.wishes import length_in, wishes_in
from bot.errors import UserMistake

LONGEST = 300
"""Characters that are read; a few words find more than a page of them."""
SHORTEST = 3
"""Letters from which on the beginning of a name stands for it."""

_FILTER = re.compile(r"(?<!\S)([^\W\d_]+)(:|<=|>=|<|>|=)(\"[^\"]*\"|“[^”]*”|[^\s\"“]\S*)")
_WORD = re.compile(r"\S+")
_SIGNS = re.compile(r"[:<>=]")
_MINUTES = re.compile(r"(\d{1,5})(h|hs|hora|horas|hours?)?(?:m|min|mins|minutos?|minutes?)?")


def read_search(text: str, catalog: Catalog) -> Query:
    """What is looked for. Raises UserMistake about a filter nobody knows, a value it does not have, or far too much text."""
    query, rest = read_filters(text, catalog)
    if free := [word for word in rest.split() if fold(word) in FREE]:
        query = replace(query, free=True)
        rest = " ".join(word for word in rest.split() if word not in free)
    rest, length = length_in(rest)
    words = sought(rest)
    return replace(query, words=words, wishes=(*wishes_in(words), *([length] if length else [])))


def read_filters(text: str, catalog: Catalog) -> tuple[Query, str]:
    """The filters in a text, and the words beside them. Raises UserMistake as `read_search` does."""
    if len(text) > LONGEST:
        raise UserMistake("search.too_long")
    query = Query()
    for name, sign, value in _FILTER.findall(text):
        reader = FILTERS.get(fold(name))
        if reader is None:
            raise mistake_about("filter", f"{name}{sign}{value}")
        query = reader(query, sign, value.strip('"“”'), catalog)
    return query, _FILTER.sub(" ", text)


def filters_in(text: str) -> tuple[tuple[int, int], ...]:
    """Where the filters of a text stand, in its order: `text[begin:end]` is one as it was typed."""
    bare = _FILTER.sub(lambda found: " " * len(found[0]), text)
    spans = [found.span() for found in _FILTER.finditer(text)]
    spans += [found.span() for found in _WORD.finditer(bare) if fold(found[0]) in FREE]
    return tuple(sorted(spans))


def without_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text without some of its filters, in single blanks."""
    for begin, end in sorted(spans, reverse=True):
        text = f"{text[:begin]} {text[end:]}"
    return " ".join(text.split())


def without_filters(text: str) -> str:
    """Words somebody just said, as a search reads them: nothing in them is a filter, and they are not a page long."""
    return " ".join(_SIGNS.sub(" ", text).split())[:LONGEST]


def _read_kinds(query: Query, sign: str, value: str, catalog: Catalog) -> Query:
    return replace(query, kinds=read_kinds(value))


def read_kinds(value: str) -> frozenset[Kind]:
    """The kinds meant by their names, with commas between them. Raises UserMistake for one nobody has."""
    return frozenset(_named(value, kinds_named(), "kind"))


def _read_languages(query: Query, sign: str, value: str, catalog: Catalog) -> Query:
    return replace(
        query, languages=frozenset(_named(value.removesuffix("-BR").removesuffix("-br"), languages_named(), "spoken"))
    )


def _read_level(query: Query, sign: str, value: str, catalog: Catalog) -> Query:
    for level, names in LEVELS.items():
        if fold(value) in names.split():
            return replace(query, level=level)
    raise mistake_about("level", value)


def _read_minutes(query: Query, sign: str, value: str, catalog: Catalog) -> Query:
    found = _MINUTES.fullmatch(fold(value))
    if found is None:
        raise mistake_about("length", value)
    minutes = int(found[1]) * (60 if found[2] else 1)
    if sign.startswith(">"):
        return replace(query, least=minutes if sign == ">=" else minutes + 1)
    return replace(query, most=minutes - 1 if sign == "<" else minutes)


def _read_free(query: Query, sign: str, value: str, catalog: Catalog) -> Query:
    return replace(query, free=fold(value) not in ("no", "nao", "false", "0"))


def read_topics(value: str, catalog: Catalog) -> frozenset[str]:
    """The topics meant by an id, a name in either language or the beginning of its words. Raises UserMistake for none."""
    wanted = re.findall(r"[^\W_]+", fold(value))
    exact = frozenset(topic.id for topic in catalog.topics if topic.id == fold(value))
    found = exact or frozenset(
        topic.id
        for topic in catalog.topics
        if wanted and any(_all_begin(wanted, name) for name in (topic.id, fold(topic.name.en), fold(topic.name.pt)))
    )
    if not found:
        raise mistake_about("topic", value)
    return found


def _all_begin(wanted: Iterable[str], name: str) -> bool:
    words = re.findall(r"[^\W_]+", name)
    return all(any(word.startswith(one) for word in words) for one in wanted)


def _read_topics(query: Query, sign: str, value: str, catalog: Catalog) -> Query:
    return replace(query, topics=read_topics(value, catalog))


Reader = Callable[[Query, str, str, Catalog], Query]
FILTERS: Mapping[str, Reader] = {
    **dict.fromkeys(["kind", "type", "tipo"], _read_kinds),
    **dict.fromkeys(["lang", "language", "idioma", "lingua"], _read_languages),
    **dict.fromkeys(["level", "nivel"], _read_level),
    **dict.fromkeys(["minutes", "minute", "min", "time", "minutos", "minuto", "tempo"], _read_minutes),
    **dict.fromkeys(FREE, _read_free),
    **dict.fromkeys(["topic", "topico", "tema", "assunto"], _read_topics),
}
"""The filters by their folded names, in both languages."""


def _named(value: str, names: Mapping[str, Named], what: str) -> set[Named]:
    """What names, with commas between them, stand for: whole, in the plural, or begun. Raises UserMistake for one nobody has."""
    found = [_meant(one, names) for one in fold(value).split(",") if one]
    meant = {thing for thing in found if thing is not None}
    if not meant or None in found:
        raise mistake_about(what, value)
    return meant


def _meant(name: str, names: Mapping[str, Named]) -> Named | None:
    if (known := names.get(name) or names.get(stem(name))) is not None:
        return known
    begun = {names[other] for other in names if len(name) >= SHORTEST and other.startswith(name)}
    return begun.pop() if len(begun) == 1 else None

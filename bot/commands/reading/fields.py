"""What curators type: which suggestions, and which fields with which values.

    "3 5 8-11 topic=nlp"                      ──▶ (3, 5, 8, 9, 10, 11), "topic=nlp"
    "topic=nlp minutes=20 title=Two words"    ──▶ {"topic": "nlp", "minutes": 20, "title": "Two words"}

Pure, for any text of any length; what cannot be read raises UserMistake with what would be understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from rapidfuzz import fuzz, process

from bot.catalog.entry import Catalog, Topic
from bot.catalog.kinds import Kind, Language, Mark
from bot.catalog.search import fold, stem
from bot.commands.reading.minutes import exact_minutes
from bot.commands.reading.names import kinds_named, languages_named, marks_named
from bot.errors import UserMistake, Word

AT_ONCE = 50
"""Suggestions that one command decides at most."""
FIELDS = ("topic", "kind", "level", "minutes", "language", "title", "note.en", "note.pt", "author", "published", "url")
_ALIASES = {
    "tema": "topic",
    "tipo": "kind",
    "nivel": "level",
    "nível": "level",
    "min": "minutes",
    "minutos": "minutes",
    "marca": "level",
    "lang": "language",
    "idioma": "language",
    "titulo": "title",
    "título": "title",
    "nota.en": "note.en",
    "nota.pt": "note.pt",
    "note": "note.en",
    "nota": "note.pt",
    "autor": "author",
    "autoria": "author",
    "publicado": "published",
    "publicacao": "published",
    "publicação": "published",
    "link": "url",
    "address": "url",
    "endereco": "url",
    "endereço": "url",
}
_NUMBERS = re.compile(r"#?(\d{1,9})(?:\s*[-–]\s*#?(\d{1,9}))?(?:[\s,;]+|\Z)")
_FIELD = re.compile(r"(?:^|\s)([A-Za-zÀ-ÖØ-öø-ÿ.]{2,12})\s*=\s*")
_PUBLISHED = re.compile(r"[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ALIKE = 60
"""How alike (of 100) a topic or a field must be to what was typed to be named; nothing resembles an emoji."""
LONGEST_MINUTES = 60_000
"""As many as an entry can have."""
LONGEST = {"title": 300, "author": 300, "note.en": 1000, "note.pt": 1000, "url": 2000}


def read_numbers(words: str) -> tuple[tuple[int, ...], str]:
    """The numbers at the beginning, ranges counted out, each once, and the rest. Raises UserMistake for more than `AT_ONCE`."""
    numbers: dict[int, None] = {}
    words = words.strip()
    while found := _NUMBERS.match(words):
        first, last = int(found[1]), int(found[2] or found[1])
        if last < first or last - first >= AT_ONCE:
            raise UserMistake("desk.too_many_numbers", most=str(AT_ONCE))
        numbers.update(dict.fromkeys(range(first, last + 1)))
        words = words[found.end() :]
    if len(numbers) > AT_ONCE:
        raise UserMistake("desk.too_many_numbers", most=str(AT_ONCE))
    return tuple(numbers), words.strip()


def read_changes(words: str, catalog: Catalog) -> dict[str, Any]:
    """Fields and their new values; `-` takes a value out. Raises UserMistake that names the field and what fits."""
    marks = list(_FIELD.finditer(words))
    if not marks or words[: marks[0].start()].strip():
        raise UserMistake("desk.no_fields", fields=FIELDS)
    changes: dict[str, Any] = {}
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        value = words[mark.end() : following.start() if following else len(words)].strip()
        name = mark[1].casefold()
        name = _ALIASES.get(name, name)
        if name not in FIELDS:
            raise _no_field(mark[1])
        changes[name] = read_value(name, value.strip("\"“”'"), catalog)
    return changes


def name_of(field: str) -> Word:
    """A field as the person calls it."""
    return Word(f"field.{field.replace('.', '_')}")


def _no_field(typed: str) -> UserMistake:
    near = process.extractOne(typed.casefold(), [*FIELDS, *_ALIASES], scorer=fuzz.ratio, score_cutoff=_ALIKE)
    if near is None:
        return UserMistake("desk.no_field_like_it", typed=typed, fields=FIELDS)
    return UserMistake("desk.no_such_field", typed=typed, near=near[0])


def read_value(field: str, typed: str, catalog: Catalog) -> Any:
    """One value as a field holds it, None where it is taken out. Raises UserMistake with what fits."""
    typed = " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())
    if typed in ("-", "–") and field not in ("topic", "kind", "title", "url"):
        return None
    if not typed:
        raise UserMistake("desk.no_value", field=name_of(field))
    if field == "topic":
        return read_topic(typed, catalog)
    if field == "minutes":
        return _minutes(typed)
    if field in ("kind", "level", "language"):
        return _one_of(field, typed)
    if field == "published" and not _PUBLISHED.fullmatch(typed):
        raise UserMistake("desk.no_such_date", typed=typed)
    if len(typed) > LONGEST.get(field, 300):
        raise UserMistake("desk.value_too_long", field=name_of(field), most=str(LONGEST[field]))
    return typed


def read_topic(typed: str, catalog: Catalog) -> str:
    """The topic of an id, a name in either language, or the beginning of one that no other has.

    Raises UserMistake with the names of those that are like it, or that says where all of them are.
    """
    wanted = typed.casefold()
    exact = [topic.id for topic in catalog.topics if wanted in _names(topic)]
    begun = [topic.id for topic in catalog.topics if any(name.startswith(wanted) for name in _names(topic))]
    if exact or len(begun) == 1:
        return (exact or begun)[0]
    topics = {name: topic for topic in catalog.topics for name in _names(topic)}
    near = process.extract(wanted, list(topics), limit=3, score_cutoff=_ALIKE)
    if not near:
        raise UserMistake("desk.no_topic_like_it", typed=typed)
    alike = {topics[name].id: topics[name].name for name, _, _ in near}
    raise UserMistake("desk.no_such_topic", typed=typed, near=tuple(alike.values()))


def _names(topic: Topic) -> tuple[str, ...]:
    return topic.id, topic.name.en.casefold(), topic.name.pt.casefold()


_CHOICES: dict[str, Callable[[], Mapping[str, Kind | Mark | Language]]] = {
    "kind": kinds_named,
    "level": marks_named,
    "language": languages_named,
}
_TABLES: dict[str, type[Kind] | type[Mark] | type[Language]] = {"kind": Kind, "level": Mark, "language": Language}


def _one_of(field: str, typed: str) -> str:
    """A fixed word of the catalog by its own name, or as a card calls it in either language."""
    wanted, named = fold(typed), _CHOICES[field]()
    found = named.get(wanted) or named.get(stem(wanted))
    if found is None and field == "language":
        found = named.get(wanted.partition("-")[0])  # pt-BR
    if found is None:
        key = "desk.no_such_mark" if field == "level" else "desk.no_such_choice"
        choices = tuple(Word(f"{field}.{one}") for one in _TABLES[field])
        raise UserMistake(key, field=name_of(field), typed=typed, choices=choices)
    return found.value


def _minutes(typed: str) -> int:
    try:
        return exact_minutes(typed, LONGEST_MINUTES)
    except UserMistake as mistake:
        raise UserMistake("desk.no_such_minutes", **mistake.facts) from None

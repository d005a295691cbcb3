"""What curators type: which suggestions, and which fields with which values.

    "3 5 8-11 topic=nlp"                      ──▶ (3, 5, 8, 9, 10, 11), "topic=nlp"
    "topic=nlp minutes=20 title=Two words"    ──▶ {"topic": "nlp", "minutes": 20, "title": "Two words"}

Pure, for any text of any length; what cannot be read raises UserMistake with what would be understood.
"""

from __future__ import annotations

import re
from typing import Any

from rapidfuzz import process

from bot.catalog.entry import Catalog, Topic
from bot.catalog.kinds import Kind, Language, Mark
from bot.errors import UserMistake

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
    "lang": "language",
    "idioma": "language",
    "titulo": "title",
    "título": "title",
    "nota.en": "note.en",
    "nota.pt": "note.pt",
    "note": "note.en",
    "nota": "note.pt",
    "autor": "author",
    "link": "url",
}
_NUMBERS = re.compile(r"#?(\d{1,9})(?:\s*[-–]\s*#?(\d{1,9}))?(?:[\s,;]+|\Z)")
_FIELD = re.compile(r"(?:^|\s)([A-Za-zíÍ.]{2,12})\s*=\s*")
_PUBLISHED = re.compile(r"[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ALIKE = 60
"""How alike (of 100) a topic must be to what was typed to be named; nothing resembles an emoji."""
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
            near = process.extractOne(name, FIELDS)
            raise UserMistake("desk.no_such_field", typed=mark[1], near=near[0] if near else "topic")
        changes[name] = read_value(name, value.strip("\"“”'"), catalog)
    return changes


def read_value(field: str, typed: str, catalog: Catalog) -> Any:
    """One value as a field holds it, None where it is taken out. Raises UserMistake with what fits."""
    typed = " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())
    if typed in ("-", "–") and field not in ("topic", "kind", "title", "url"):
        return None
    if not typed:
        raise UserMistake("desk.no_value", field=field)
    if field == "topic":
        return read_topic(typed, catalog)
    if field == "minutes":
        return _minutes(typed)
    if field in ("kind", "level", "language"):
        return _one_of(field, typed)
    if field == "published" and not _PUBLISHED.fullmatch(typed):
        raise UserMistake("desk.no_such_date", typed=typed)
    if len(typed) > LONGEST.get(field, 300):
        raise UserMistake("desk.value_too_long", field=field, most=str(LONGEST[field]))
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


_CHOICES: dict[str, tuple[str, ...]] = {"kind": tuple(Kind), "level": tuple(Mark), "language": tuple(Language)}


def _one_of(field: str, typed: str) -> str:
    wanted = typed.casefold().partition("-")[0] if field == "language" else typed.casefold()
    if wanted not in _CHOICES[field]:
        key = "desk.no_such_mark" if field == "level" else "desk.no_such_choice"
        raise UserMistake(key, field=field, typed=typed, choices=tuple(map(str, _CHOICES[field])))
    return wanted


def _minutes(typed: str) -> int:
    found = re.fullmatch(r"(\d{1,5})\s*(?:m|min|minutes|minutos)?", typed.casefold())
    if not found or not found[1].isascii() or not 1 <= int(found[1]) <= 60_000:
        raise UserMistake("desk.no_such_minutes", typed=typed)
    return int(found[1])

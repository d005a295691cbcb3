"""One link of a list to an entry: title, kind, language, author, date, time, level, price, star, remark.

The words around the link come from `spots.py`, the title from `titles.py`, the labels from `labels.py`; what no label
says is guessed in `guess.py`. What `publish` wrote is taken word for word.
"""

from __future__ import annotations

import re

from bot.catalog.kinds import KINDS, Kind, Manner
from bot.catalog.markdown.guess import WEAK, is_practice, kind_of, kind_of_address
from bot.catalog.markdown.labels import Said, read_bracket
from bot.catalog.markdown.language import language_of
from bot.catalog.markdown.published import CORE, Facts
from bot.catalog.markdown.report import Item
from bot.catalog.markdown.spots import Spot
from bot.catalog.markdown.titles import TASK_BOX, Around, find_title
from bot.catalog.markdown.vocabulary import FREE_WORDS, KIND_WORDS, LANGUAGE_WORDS, MARKS, STARS
from bot.catalog.markdown.words import emoji_of, shorten, squeeze, without_emoji

LONGEST_TITLE = 300
LONGEST_NOTE = 1000
STARRED_BY = re.compile(r"[⭐🌟★]\ufe0f?\s*[\d⭐🌟★]|\d[\d.,]*\s*k?\s*[⭐🌟★]")
"""Stars that are counted or given as marks, not set beside the best."""


def make_item(spot: Spot, around: Around) -> Item:
    """Return the entry that a link stands for."""
    if spot.facts is not None:
        return _published_item(spot, spot.facts, around)
    title, said, group = find_title(spot, around)
    said.take(around.said)
    _read_emoji(spot, said)
    kind = _kind(spot, said, title, (*around.section, *around.group))
    language, sure = (said.language, True) if said.language else language_of(title, spot.target.url, kind)
    if not sure:
        said.doubts.append(f"the language was taken for “{language}” with little to go by")
    return Item(
        line=spot.piece.line,
        title=_fit(title, said),
        url=spot.target.url,
        canonical=spot.target.canonical,
        section=around.section,
        group=group,
        kind=kind,
        language=language,
        author=shorten(said.author, LONGEST_TITLE) if said.author else None,
        published=said.published,
        minutes=said.minutes,
        days=said.days or around.days,
        practice=is_practice(kind, title),
        mark=said.mark,
        free=said.free,
        note=_note(spot, said, title, around),
        topic=around.topic,
        core=is_starred(spot.head) or is_starred(spot.tail),
        doubts=tuple(said.doubts),
    )


def _published_item(spot: Spot, facts: Facts, around: Around) -> Item:
    """Return the entry that `publish` wrote, word for word."""
    return Item(
        line=spot.piece.line,
        title=spot.piece.text,
        url=spot.target.url,
        canonical=spot.target.canonical,
        section=around.section,
        group=around.group,
        kind=facts.kind,
        language=facts.language,
        author=facts.author,
        published=facts.published,
        minutes=None if facts.estimated else facts.minutes,
        days=facts.days,
        practice=KINDS[facts.kind].manner is Manner.BUILD if facts.practice is None else facts.practice,
        mark=facts.mark,
        free=facts.free,
        note=spot.tail or None,
        topic=around.topic,
        core=CORE in spot.head,
    )


def is_starred(words: str) -> bool:
    """Whether a keeper set a star beside a link; with a number it counts something, such as those of a repository."""
    return bool(STARS & set(emoji_of(words)) or "★" in words) and not STARRED_BY.search(words)


def _read_emoji(spot: Spot, said: Said) -> None:
    """Read what an emoji before or behind the link says: a kind, a language, a level, a price."""
    for sign in emoji_of(spot.head) + emoji_of(spot.tail):
        if kind_of_address(spot.target.canonical) in WEAK:
            said.kind = said.kind or KIND_WORDS.get(sign) or KIND_WORDS.get(sign.rstrip("\ufe0f"))
        said.language = said.language or LANGUAGE_WORDS.get(sign)
        said.mark = said.mark or MARKS.get(sign)
        said.free = FREE_WORDS.get(sign) if said.free is None else said.free


def _kind(spot: Spot, said: Said, title: str, place: tuple[str, ...]) -> Kind:
    """Return the kind: what a label says, read together with the address; else the likely one."""
    by_address = kind_of_address(spot.target.canonical)
    if by_address in said.kinds:
        return by_address
    if said.kind is Kind.ARTICLE and by_address is Kind.PAPER:
        return Kind.PAPER
    if said.kind is not None:
        return said.kind
    kind, sure = kind_of(spot.target.url, spot.target.canonical, title, place)
    if not sure and kind is Kind.PAPER:
        said.doubts.append("a PDF was taken for a paper")
    return kind


def _fit(title: str, said: Said) -> str:
    """Cut a title that is longer than the catalog takes."""
    if len(title) > LONGEST_TITLE:
        said.doubts.append(f"the title has {len(title):,} characters and was cut")
    return shorten(title, LONGEST_TITLE)


def _note(spot: Spot, said: Said, title: str, around: Around) -> str | None:
    """Return what the list remarks: behind the link, in the sentence around it, above it, or before the whole list."""
    notes = [_unwrap(note) for note in said.notes if note.strip(" .()[]")]
    in_sentence = (
        without_emoji(TASK_BOX.sub("", spot.head.strip()))
        and not spot.piece.bare
        and len(around.sentence) > len(title) + 20
    )
    is_mark = spot.head.strip(' *_:"“').lower() in MARKS
    if in_sentence and not (spot.label or is_mark or read_bracket(spot.piece.text)):
        notes = [around.sentence]
    if not notes and spot.above:
        notes = [squeeze(spot.above.replace("\\\n", "\n").rstrip("\\"))]
    if spot.is_aside:
        said.doubts.append("it stands in the remark on another link")
        return None
    if not notes and around.remark:
        notes = [around.remark.rstrip(":")]
    return shorten(" - ".join(notes), LONGEST_NOTE) or None


def _unwrap(note: str) -> str:
    """Take off the parentheses around a whole remark."""
    text = squeeze(note)
    while text[-1:] in {")", "]"} and text.count(text[-1]) > text.count("(" if text[-1] == ")" else "["):
        text = text[:-1].rstrip()
    inside = text[1:-1]
    return inside if text[:1] + text[-1:] == "()" and not set(inside) & set("()") else text

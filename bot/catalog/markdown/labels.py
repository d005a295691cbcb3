"""The grammar of labels: what the words around a link say about it.

Keepers write ` - paper oct/2021`, `artigo out/2012`, `(~1h)`, `Curso 2h`, `30 min video`, `@hinepo`, `- Abhishek Thakur`,
`[author; type; date]`. A label is read only where the whole segment is one; words inside a title stay title.
People's names are in `people.py`, the words themselves in `vocabulary.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from bot.catalog.kinds import Kind, Language, Mark
from bot.catalog.markdown.people import People, looks_like_name, name_at_end
from bot.catalog.markdown.vocabulary import (
    FREE_WORDS,
    KIND_WORDS,
    LANGUAGE_WORDS,
    LEVEL_WORDS,
    MARKS,
    MONTHS,
    WEAK_KIND_WORDS,
)
from bot.catalog.markdown.words import bare_of_emoji, squeeze

SEPARATOR = re.compile(r"\s+(?:-{1,3}|–|—|\||·|•)\s+")
LAST_PARENTHESIS = re.compile(r"\s*(?:\(([^()]*)\)|\[([^\[\]]*)\])\s*$")
HOURS = r"(?:(?P<hours>\d{1,3}(?:[.,]\d)?)\s*(?:hrs?|hs?|hours?|horas?)(?![a-zà-ÿ])\.?)"
MINUTES = r"(?:(?P<minutes>\d{1,4})\s*(?:m|mins?|minutes?|minutos?)\b\.?)"
CLOCK = r"(?:(?P<clock_hours>\d{1,2})h(?P<clock_minutes>[0-5]\d)(?!\d)(?:\s*(?:m|mins?|minutes?|minutos?)\b)?)"
DURATION = re.compile(
    rf"(?:~|≈|\bca\.?\s|\babout\s|\bcerca de\s)?\s*(?:{CLOCK}|{HOURS}(?:\s*(?:e|and|,)?\s*{MINUTES})?"
    rf"|{MINUTES.replace('minutes>', 'only>')})(?:\s+(?:read|leitura|de leitura|watch))?",
    re.IGNORECASE,
)
IN_MINUTES = re.compile(r"\b(?:in|em)\s+(\d{1,3})\s+(?:minutes|minutos|min)\b", re.IGNORECASE)
ISO_DATE = re.compile(r"\b([12]\d{3})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?\b")
MONTH_DATE = re.compile(r"\b([A-Za-zç]{3,9})\.?\s*[/,.\- ]\s*(?:de\s+|of\s+)?([12]\d{3})\b")
NUMBER_DATE = re.compile(r"\b(0?[1-9]|1[0-2])/([12]\d{3})\b")
YEAR = re.compile(r"(?:19|20)\d{2}")
KIND_JOINTS = re.compile(r"\s*(?:&|\+|/|,|\band\b|\be\b)\s*")
BY_LINE = re.compile(r"(?:by|por)\s+(.+?)\.?(?:(?<=[a-zà-ÿ]\.)\s+(.*))?$", re.IGNORECASE)
PRICE = re.compile(
    rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(FREE_WORDS, key=len, reverse=True)))})(?!\w)", re.IGNORECASE
)
LEVEL = re.compile(r"(?:level|difficulty|n[íi]vel|dificuldade)\s*:\s*", re.IGNORECASE)
BETWEEN_LABELS = re.compile(r"[,;()]")
SHORTCODE = re.compile(r":[a-z0-9_+-]+:(?=\s|$)")
DAYS = re.compile(
    r"(?:mínimo|pelo menos|ao menos|at least|recomend\w+|recommend\w*|minimum|suggest\w*|sugiro)\D{0,30}?\b(\d{1,3})\s+(?:dias?|days?)\b"
    r"|\b(\d{1,3})\s+(?:dias?|days?)\s+(?:recomendad|recommended|suggested|sugerid)",
    re.IGNORECASE,
)
FOR_EACH = re.compile(r"\b(?:cada|each|every|abaixo|below|following|seguintes)\b", re.IGNORECASE)
MARK = re.compile(r"^\W*([\w-]+)\W*:\s*", re.UNICODE)


@dataclass(slots=True)
class Said:
    """What labels say about one link; None where they say nothing."""

    kind: Kind | None = None
    kinds: tuple[Kind, ...] = ()
    """Every kind named, where a label names several ("blog post + paper")."""
    author: str | None = None
    published: str | None = None
    minutes: int | None = None
    days: int | None = None
    mark: Mark | None = None
    free: bool | None = None
    language: Language | None = None
    name: str = ""
    """Words of a label that belong to the title, such as "ConvNext" in "ConvNext paper jan/2022"."""
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def take(self, other: Said) -> None:
        """Add what another label says where this one is silent."""
        self.kind = self.kind or other.kind
        self.kinds = self.kinds or other.kinds
        self.author = self.author or other.author
        self.published = self.published or other.published
        self.minutes = self.minutes or other.minutes
        self.days = self.days or other.days
        self.mark = self.mark or other.mark
        self.free = other.free if self.free is None else self.free
        self.language = self.language or other.language
        self.notes += other.notes
        self.doubts += other.doubts


def read_title(text: str, people: People, owner: str = "") -> tuple[str, Said]:
    """Split a link text into its title and what its labels say; the title is empty if the text is nothing but labels.

    `owner` is the account in the link's address, which some keepers write as the author.
    """
    said = Said()
    title = bare_of_emoji(squeeze(text))
    segments = _segments(_without_parentheses(title, said, people, owner))
    while segments:
        label = read_segment(segments[-1][1], people, owner, author_taken=bool(said.author))
        if label is None or (len(segments) == 1 and (label.author or label.free is not None)):
            break
        said.take(label)
        separator, _ = segments.pop()
        if label.name:
            segments.append((" ", f"({label.name})") if label.name.isdigit() else (separator, label.name))
            break
    title = "".join(separator + words for separator, words in segments)
    title = _without_parentheses(bare_of_emoji(title), said, people, owner)
    said.author = said.author or name_at_end(title)
    if not said.minutes and (found := IN_MINUTES.search(title)):
        said.minutes = int(found[1])
    return title, said


def _segments(text: str) -> list[tuple[str, str]]:
    """Return the parts of a text between dashes, each with the dash before it."""
    parts: list[tuple[str, str]] = []
    start, separator = 0, ""
    for found in SEPARATOR.finditer(text):
        parts.append((separator, text[start : found.start()]))
        start, separator = found.end(), found[0]
    return [*parts, (separator, text[start:])] if text else []


def _without_parentheses(text: str, said: Said, people: People, owner: str) -> str:
    """Read labels in parentheses at the end of a text, and return the text without them."""
    while (found := LAST_PARENTHESIS.search(text)) and found.start():
        label = read_segment(found[1] or found[2] or "", people, owner, author_taken=True)
        if label is None or label.name:
            break
        said.take(label)
        text = text[: found.start()].rstrip()
    return text


def read_segment(text: str, people: People, owner: str = "", *, author_taken: bool = False) -> Said | None:
    """Return what a segment says if all of it is a label, else None."""
    words = _trim(text)
    if not words:
        return None
    facts = _read_facts(words) or _read_several(words)
    if facts is not None:
        return facts
    if author_taken:
        return None
    author, sure = people.author(words, owner)
    if author is None:
        return None
    doubts = [] if sure else [f"“{author}” was taken for the author by its looks"]
    return Said(author=author, doubts=doubts)


def _read_several(words: str) -> Said | None:
    """Read labels with commas or parentheses between them ("2019, in Portuguese"), if all of them are."""
    parts = [part for part in BETWEEN_LABELS.split(words) if part.strip()]
    labels = [_read_facts(part.strip()) or _read_by(part.strip()) for part in parts] if len(parts) > 1 else []
    if not labels or not all(label is not None and not label.name for label in labels):
        return None
    said = Said()
    for label in labels:
        said.take(label or Said())
    return said


def _read_by(words: str) -> Said | None:
    """Read "by Ada Lima"."""
    found = BY_LINE.fullmatch(words)
    return Said(author=found[1]) if found and not found[2] and looks_like_name(found[1]) else None


def _read_facts(words: str) -> Said | None:
    """Read a kind, a duration, a date, a level, a price, a language: alone or together, with nothing else around them."""
    said = Said(days=read_days(words))
    if said.days and not _trim(DAYS.sub(" ", words)):
        return said
    rest = _take_date(words, said)
    rest = _trim(_take_price(_take_duration(rest, said), said))
    if not rest:
        return said if said.published or said.minutes or said.free is not None else None
    if kinds := kinds_of(rest):
        said.kinds = kinds
        said.kind = kinds[0]
        return said
    low = rest.lower()
    if low in WEAK_KIND_WORDS:
        return said
    if YEAR.fullmatch(rest):
        said.published = rest
        return said
    if not (said.published or said.minutes) and low in LANGUAGE_WORDS and (len(low) > 2 or rest.isupper()):
        return replace(said, language=LANGUAGE_WORDS[low])
    level = LEVEL.sub("", low, count=1)
    if level in MARKS and (MARKS[level] in (Mark.BEGINNER, Mark.ADVANCED) or level in LEVEL_WORDS or level != low):
        return replace(said, mark=MARKS[level])
    return _kind_with_name(rest, said)


def _kind_with_name(rest: str, said: Said) -> Said | None:
    """Read "ConvNext paper" beside a date, "twitter thread 2", "paper 2021"."""
    words = rest.split()
    if words[-1].isdigit() and (kinds := kinds_of(" ".join(words[:-1]))):
        if YEAR.fullmatch(words[-1]):
            return Said(kind=kinds[0], kinds=kinds, published=words[-1])
        return Said(kind=kinds[0], kinds=kinds, name=words[-1])
    if said.published and (kinds := kinds_of(words[-1])):
        said.kind, said.kinds, said.name = kinds[0], kinds, " ".join(words[:-1])
        return said
    return None


def kinds_of(text: str) -> tuple[Kind, ...]:
    """Return the kinds that a text consists of ("blog & paper"), nothing if it holds any other word."""
    low = _trim(text).lower()
    if low in KIND_WORDS:
        return (KIND_WORDS[low],)
    parts = [part for part in KIND_JOINTS.split(low) if part not in WEAK_KIND_WORDS]
    kinds = tuple(KIND_WORDS[part] for part in parts if part in KIND_WORDS)
    return kinds if len(kinds) == len(parts) else ()


def _take_date(text: str, said: Said) -> str:
    """Take an exact date out of a text; a year alone is left in, it may belong to a name."""
    if found := ISO_DATE.search(text):
        said.published = found[0]
    elif (found := MONTH_DATE.search(text)) and found[1].lower() in MONTHS:
        said.published = f"{found[2]}-{MONTHS[found[1].lower()]:02d}"
    elif found := NUMBER_DATE.search(text):
        said.published = f"{found[2]}-{int(found[1]):02d}"
    else:
        return text
    return text[: found.start()] + " " + text[found.end() :]


def _take_duration(text: str, said: Said) -> str:
    """Take a duration out of a text."""
    found = DURATION.search(text)
    if not found:
        return text
    hours = float((found["hours"] or found["clock_hours"] or "0").replace(",", "."))
    said.minutes = round(hours * 60) + int(found["minutes"] or found["only"] or found["clock_minutes"] or 0) or None
    return text[: found.start()] + " " + text[found.end() :]


def _take_price(text: str, said: Said) -> str:
    """Take what says whether it is free out of a text."""
    found = PRICE.search(text)
    if not found:
        return text
    said.free = FREE_WORDS[found[0].lower()]
    return text[: found.start()] + " " + text[found.end() :]


def _trim(text: str) -> str:
    """Take off what only surrounds a label."""
    trimmed = squeeze(text).strip(" ()[]{}*_~.,;:!\"'“”‘’")
    return bare_of_emoji(trimmed) if trimmed.lower() not in KIND_WORDS else trimmed


def read_remark(text: str, title: str, people: People, owner: str = "") -> Said:
    """Read what stands behind a link: labels, and the remark that is left when they are taken off."""
    said = Said(days=read_days(text))
    for _, segment in _segments(squeeze(SHORTCODE.sub(" ", text))):
        words = segment.strip(" ,;:|-–—·•")
        by_line = BY_LINE.match(words)
        label = read_segment(by_line[1] if by_line else words, people, owner, author_taken=bool(said.author))
        if label is not None and not label.name:
            said.take(label)
            said.notes += [by_line[2]] if by_line and by_line[2] else []
        elif words and not _repeats(words, title):
            said.notes.append(words)
    return said


def _repeats(words: str, title: str) -> bool:
    """Tell whether a remark only says the title and its kind again ("BERT paper")."""
    name, _, last = words.rpartition(" ")
    said_again = name if kinds_of(last) else words
    return bool(said_again) and said_again.casefold() in title.casefold()


def read_bracket(text: str) -> Said | None:
    """Read a link text of the form `author; type; date`, in any part and order; None if it is an ordinary text."""
    parts = [part.strip() for part in re.split(r";|,(?=\s*[12]\d{3}(?:-\d\d){0,2}\s*$)", text) if part.strip()]
    said = Said()
    for part in parts:
        facts = _read_facts(part) or (Said() if part.lower() in WEAK_KIND_WORDS else None)
        if facts is not None and not facts.name:
            said.take(facts)
        elif said.author is None:
            said.author = squeeze(part)
        else:
            said.notes.append(squeeze(part))
    described = said.published or said.kind or any(part.lower() in WEAK_KIND_WORDS for part in parts)
    return said if described and (len(parts) > 1 or said.author is None) else None


def read_mark(text: str, *, emphasised: bool) -> tuple[Mark | None, str]:
    """Read a level at the start of a line (`*cult*: `, `Iniciante: `); return it and the text without it.

    Words such as "introduction" are a level only where they are emphasised; "beginner" and "advanced" always are.
    """
    found = MARK.match(text)
    mark = MARKS.get(found[1].lower()) if found else None
    if found is None or mark is None or not (emphasised or mark in (Mark.BEGINNER, Mark.ADVANCED)):
        return None, text
    return mark, text[found.end() :]


def read_days(text: str) -> int | None:
    """Return the number of days a text recommends."""
    found = DAYS.search(text)
    return int(found[1] or found[2]) if found else None


def days_for_each(text: str) -> int | None:
    """Return the number of days a text recommends for each of the things below it."""
    return read_days(text) if FOR_EACH.search(text) else None

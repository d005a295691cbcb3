"""The line under a title that `publish` writes and `read_list` understands: kind, language, date, time, level, price, author.

`*paper · EN · 2017-12 · 90 min · cult · by Vaswani et al.*`: the kind comes first, the author last, so that an author may
hold anything. Where such a line follows a link, the link's text is taken word for word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.catalog.kinds import Kind, Language, Mark
from bot.catalog.markdown.vocabulary import FREE_NAMES, KIND_NAMES, MARK_NAMES

BY = {"en": "by ", "pt": "por "}
DAYS = {"en": ("day", "days"), "pt": ("dia", "dias")}
PRACTICE = {"en": {True: "practice", False: "theory"}, "pt": {True: "prática", False: "teoria"}}
CORE = "⭐"
JOINT = " · "

KINDS_BY_NAME = {name: kind for names in KIND_NAMES.values() for kind, name in names.items()}
MARKS_BY_NAME = {name: mark for names in MARK_NAMES.values() for mark, name in names.items()}
PRACTICE_BY_NAME = {name: practice for names in PRACTICE.values() for practice, name in names.items()}
FREE_BY_NAME = {name: free for names in FREE_NAMES.values() for free, name in names.items()}
DATE = re.compile(r"[12]\d{3}(?:-\d\d){0,2}")
TIME = re.compile(r"(~?)(?:(\d+) h)?(?: ?(\d+) min)?")
SOME_DAYS = re.compile(r"(\d+) (?:days?|dias?)")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the line says."""

    kind: Kind
    language: Language
    author: str | None = None
    published: str | None = None
    minutes: int | None = None
    estimated: bool = False
    """The minutes are our guess; they are not read back as the list's word."""
    days: int | None = None
    mark: Mark | None = None
    practice: bool | None = None
    """Whether one builds something, where the kind does not say it already."""
    free: bool | None = None


def write_facts(facts: Facts, language: str) -> str:
    """Return the line, without emphasis, in `en` or `pt`."""
    parts = [KIND_NAMES[language][facts.kind], facts.language.value.upper()]
    if facts.published:
        parts.append(facts.published)
    if facts.minutes:
        parts.append(write_time(facts.minutes, about=facts.estimated))
    if facts.days:
        parts.append(f"{facts.days} {DAYS[language][facts.days > 1]}")
    if facts.mark:
        parts.append(MARK_NAMES[language][facts.mark])
    if facts.practice is not None:
        parts.append(PRACTICE[language][facts.practice])
    if facts.free is not None:
        parts.append(FREE_NAMES[language][facts.free])
    if facts.author:
        parts.append(BY[language] + facts.author)
    return JOINT.join(parts)


def write_time(minutes: int, *, about: bool) -> str:
    """Return `45 min`, `2 h`, `2 h 30 min`, with `~` before an estimate."""
    hours, rest = divmod(minutes, 60) if minutes >= 120 else (0, minutes)
    words = [f"{hours} h"] if hours else []
    return ("~" if about else "") + " ".join([*words, f"{rest} min"] if rest or not hours else words)


def read_facts(line: str) -> Facts | None:
    """Read such a line back, in either language; None if it is anything else."""
    kind_name, _, rest = line.partition(JOINT)
    code, _, rest = rest.partition(JOINT)
    if (
        kind_name not in KINDS_BY_NAME
        or not code.isupper()
        or code.lower() not in {tongue.value for tongue in Language}
    ):
        return None
    found: dict[str, object] = {}
    while rest:
        by = next((by for by in BY.values() if rest.startswith(by)), None)
        if by:
            found["author"] = rest.removeprefix(by)
            break
        part, _, rest = rest.partition(JOINT)
        fact = _read_part(part)
        if not fact:
            return None
        found |= fact
    return Facts(KINDS_BY_NAME[kind_name], Language(code.lower()), **found)  # type: ignore[arg-type]


def _read_part(part: str) -> dict[str, object]:
    """Return the one fact a part states, nothing if it states none."""
    if DATE.fullmatch(part):
        return {"published": part}
    if days := SOME_DAYS.fullmatch(part):
        return {"days": int(days[1])}
    if (time := TIME.fullmatch(part)) and (time[2] or time[3]):
        return {"minutes": int(time[2] or 0) * 60 + int(time[3] or 0), "estimated": bool(time[1])}
    if part in MARKS_BY_NAME:
        return {"mark": MARKS_BY_NAME[part]}
    if part in FREE_BY_NAME:
        return {"free": FREE_BY_NAME[part]}
    return {"practice": PRACTICE_BY_NAME[part]} if part in PRACTICE_BY_NAME else {}

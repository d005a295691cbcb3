"""Why a link is not taken: ONE table, from which the button, the stored value and the sentence to the author derive.

It is `reasons.yaml` beside this file, or the file of that name in the data folder if there is one; that is read again when it changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import structlog
import yaml
from pydantic import Field, ValidationError
from rapidfuzz import fuzz, process

from bot.catalog.fields import Bilingual, Entry, Id
from bot.chat import Text
from bot.i18n.words import Words, facts_of

log = structlog.get_logger("curation")

NAME = "reasons.yaml"
OURS = Path(__file__).with_name(NAME)
SAYS = "reason.says"
OTHER = "other"
"""The reason that has to be there: what a stored reason means once its own line is gone."""
NEAR = 80
"""How alike (of 100) a word must be to a reason's name to be taken for a slip."""


class Reason(Entry):
    """One reason: what stands on its button, and what its author reads."""

    id: Annotated[Id, Field(max_length=40)]
    button: Bilingual
    says: Bilingual

    def sentence(self, language: str, title: str) -> Text:
        """What the author reads."""
        return Words(language, {SAYS: self.says.in_(language)}).text(SAYS, title=title)


class _Table(Entry):
    reasons: tuple[Reason, ...]


Reasons = Mapping[str, Reason]


def reasons_in(folder: Path) -> Reasons:
    """The reasons by id, in their order: those of the data folder, else ours. A file that makes no sense is reported and passed over."""
    theirs = folder / NAME
    try:
        changed = theirs.stat().st_mtime_ns
    except OSError:
        return _read(OURS, 0)
    return _read(theirs, changed)


def reason_of(reasons: Reasons, reason_id: str | None) -> Reason:
    """A stored reason; “another reason” once it left the table."""
    return reasons.get(reason_id or OTHER) or reasons[OTHER]


def find_reason(reasons: Reasons, word: str) -> Reason | None:
    """The reason somebody types: its id, or the words of its button in either language."""
    wanted = word.casefold()
    return next((one for one in reasons.values() if wanted in _names(one)), None)


def near_reason(reasons: Reasons, word: str) -> Reason | None:
    """The reason that a word nearly spells, if any; no word is near to “another reason”."""
    names = {name: one for one in reasons.values() if one.id != OTHER for name in _names(one)}
    near = process.extractOne(word.casefold(), names.keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
    return names[near[0]] if near else None


def _names(reason: Reason) -> set[str]:
    return {reason.id, *(words.casefold() for words in (reason.button.en, reason.button.pt))}


@lru_cache(maxsize=8)
def _read(file: Path, changed: int) -> Reasons:
    try:
        table = {one.id: one for one in _Table.model_validate(yaml.safe_load(file.read_text("utf-8"))).reasons}
        for one in table.values():
            for sentence in (one.says.en, one.says.pt):
                if strange := sorted(facts_of(sentence) - {"title"}):
                    raise ValueError(f"{one.id}: {{{strange[0]}}} is not known here; only {{title}} is")
    except (OSError, yaml.YAMLError, ValidationError, ValueError) as error:
        if file == OURS:
            raise
        log.error("reasons.not_read", file=str(file), problem=str(error))
        return _read(OURS, 0)
    return MappingProxyType(table if OTHER in table else {**table, OTHER: _read(OURS, 0)[OTHER]})

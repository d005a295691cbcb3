"""What of the curators' decisions goes into the file, in which words, and what has to be settled first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.catalog.entry import Catalog, Resource
from bot.catalog.overlay import WHOLE, Change, Conflict, Side, facts_of, overlay, settled_by
from bot.catalog.problem import Problem


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """The catalog as the file should say it, the changes that are in it as a whole, and what stays out for now."""

    catalog: Catalog
    written: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    set_aside: tuple[Problem, ...]


def plan_export(file: Catalog, changes: Sequence[Change]) -> ExportPlan:
    """Lay the changes over the file, leaving what contradicts it as the file has it."""
    laid = overlay(file, changes)
    torn = {conflict.resource_id for conflict in laid.conflicts}
    refused = {problem.path.removeprefix("resources.") for problem in laid.set_aside}
    for_file = [settle(file, change, "file") if change.resource_id in torn else change for change in changes]
    written = [change for change in changes if change.resource_id not in torn | refused and not change.exported]
    return ExportPlan(overlay(file, for_file).catalog, tuple(written), laid.conflicts, laid.set_aside)


def contradicting(file: Catalog, changes: Sequence[Change], only: Collection[str] = ()) -> list[Change]:
    """Return the changes that contradict the file, or those of them whose entries are named."""
    torn = {conflict.resource_id for conflict in overlay(file, changes).conflicts}
    return [change for change in changes if change.resource_id in torn and (not only or change.resource_id in only)]


def settle(file: Catalog, change: Change, take: Side) -> Change:
    """Return a change that contradicts the file no more, because one side was said to be right."""
    entry = file.resource(change.resource_id)
    return settled_by(change, facts_of(entry) if entry else None, take)


def in_words(change: Change, file: Catalog) -> str:
    """Say what one change does to the file: “Add “Trees” (trees)”."""
    there = file.resource(change.resource_id)
    title = change.data.get("title") or (there.title if there else change.resource_id)
    named = f"“{title}” ({change.resource_id})"
    if change.retired:
        return f"Retire {named}"
    if there is None:
        return f"Add {named}"
    return f"Change {', '.join(_changed(change, there)) or 'nothing'} of {named}"


def says_something(change: Change, file: Catalog) -> bool:
    """Whether a change does anything to the file; one that was taken back does not."""
    there = file.resource(change.resource_id)
    return change.retired or there is None or bool(_changed(change, there))


def _changed(change: Change, there: Resource) -> list[str]:
    before = facts_of(there)
    return sorted(name for name in {**before, **change.data} if before.get(name) != change.data.get(name))


def conflict_in_words(conflict: Conflict) -> str:
    """Say where the file and the chat contradict, and what each of them wants."""
    if conflict.field != WHOLE:
        return (
            f"{conflict.resource_id}.{conflict.field}: was {_quote(conflict.before)}, the file says "
            f"{_quote(conflict.file)}, the chat {_quote(conflict.chat)}"
        )
    if conflict.file is None:
        return f"{conflict.resource_id}: changed in the chat, taken out of the file"
    return f"{conflict.resource_id}: retired in the chat, changed in the file since"


def _quote(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"

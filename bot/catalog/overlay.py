"""The file with what curators decided in the chat laid over it: two sources in, one valid Catalog out.

A `Change` holds a whole entry twice: as the file had it when it was first touched in the chat (`base`, None if the file did not have
it) and as the chat left it (`data`). So every field can be compared three ways, and nobody's edit is lost without a word:

    only the chat changed it       the chat's value
    only the file changed it       the file's value
    both, to the same              that value
    both, to different ones        the chat's value, and a Conflict until somebody settles it; once the change was
                                   exported, the file has gone on from there and its value counts

A change that would make the catalog invalid is set aside with a Problem. Nothing here raises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from bot.catalog.address import AddressError, canonical
from bot.catalog.check import LARGEST_CORE
from bot.catalog.entry import Catalog, Resource, Step
from bot.catalog.explain import explain_entry, explain_fields
from bot.catalog.kinds import Use
from bot.catalog.problem import Problem
from bot.errors import CatalogError

Facts = dict[str, Any]
"""An entry's fields as JSON holds them, without its id and without what is left to the table of kinds."""
Side = Literal["file", "chat"]
WHOLE = ""
"""The `field` of a conflict about the entry as a whole: taken out here, changed there."""


@dataclass(frozen=True, slots=True)
class Change:
    """What the chat decided about one entry. `exported`: it was written into the file, which may have gone on since."""

    resource_id: str
    data: Facts
    base: Facts | None = None
    retired: bool = False
    exported: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field, or a whole entry, that was changed both in the file and in the chat: before, in the file now, in the chat."""

    resource_id: str
    field: str
    before: Any
    file: Any
    chat: Any


@dataclass(frozen=True, slots=True)
class Overlaid:
    """The catalog that counts, what could not be taken into it, and what somebody has to settle."""

    catalog: Catalog
    set_aside: tuple[Problem, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


class Refusal(NamedTuple):
    """Why an entry does not fit among the others: the field, or what stands against it in a core, and a sentence for the log."""

    of: Literal["topic", "lists", "url", "estimated", "core_dose", "core_full"]
    said: str


def facts_of(entry: Resource) -> Facts:
    """Return an entry's own facts, as they would be written: without the id, and without what its kind implies."""
    facts = entry.model_dump(mode="json", exclude={"id"}, exclude_unset=True, exclude_none=True)
    return {name: value for name, value in facts.items() if value not in ([], {})}


def read_facts(resource_id: str, facts: Mapping[str, Any]) -> Resource:
    """Return the entry with these facts. Raises ValidationError."""
    return Resource.model_validate({"id": resource_id, **facts})


def changed(resource_id: str, facts: Mapping[str, Any], changes: Mapping[str, Any]) -> Facts:
    """Return an entry's facts with other values for some fields; None takes a field out.

    What a person states is no estimate any more. Raises CatalogError with a sentence for each field that does not fit.
    """
    if "id" in changes:
        raise CatalogError((Problem(None, f"resources.{resource_id}", "an id is for ever; progress points to it"),))
    wanted = {name: value for name, value in {**facts, **changes}.items() if value is not None}
    wanted["see_also"] = [name for name in wanted.get("see_also", ()) if name != resource_id]
    if "estimated" not in changes:
        wanted["estimated"] = [name for name in wanted.get("estimated", ()) if name not in changes and name in wanted]
    try:
        entry = read_facts(resource_id, {name: value for name, value in wanted.items() if value not in ([], (), {})})
    except ValidationError as error:
        place = f"resources.{resource_id}"
        said = [(f"{place}.{field}" if field else place, text) for field, text in explain_fields(error)]
        raise CatalogError(tuple(Problem(None, path, text) for path, text in said)) from None
    return facts_of(entry)


def refusal(catalog: Catalog, entry: Resource) -> Refusal | None:
    """Say why an entry would be set aside that takes the place of the one with its id, or comes in anew; None where it fits."""
    laying = _Laying(catalog)
    if now := catalog.resource(entry.id):
        laying.leave(now)
    return laying.refusal(entry)


def overlay(catalog: Catalog, changes: Iterable[Change]) -> Overlaid:
    """Lay changes over the catalog of the file, in the order in which they were made."""
    given = tuple(changes)
    if not given:
        return Overlaid(catalog)
    laying = _Laying(catalog)
    for change in sorted(given, key=lambda change: not change.retired):  # what goes makes room first
        laying.take(change)
    return laying.result()


def merged(now: Facts, change: Change) -> tuple[Facts, list[Conflict]]:
    """Return an entry's facts from what the file says now and what the chat decided, and where they contradict."""
    if change.exported and change.base is None:  # it was born in the chat; since then the file keeps it
        return dict(now), []
    base = change.base or {}
    facts: Facts = {}
    conflicts = []
    for name in [known for known in Resource.model_fields if known in now or known in change.data or known in base]:
        before, chat, file = base.get(name), change.data.get(name), now.get(name)
        stands = chat
        if chat == before or (change.exported and file != before):
            stands = file
        elif file not in (before, chat):
            conflicts.append(Conflict(change.resource_id, name, before, file, chat))
        if stands not in (None, [], {}):
            facts[name] = stands
    return facts, conflicts


def settled_by(change: Change, now: Facts | None, take: Side) -> Change:
    """Return a change that contradicts the file no more: where both differ, the file or the chat is right (`take`)."""
    if take == "chat":
        data = merged(now, change)[0] if now is not None and not change.retired else change.data
        return replace(change, base=now, data=data)
    if now is None:
        return replace(change, base=None, retired=True)
    if change.retired:
        return replace(change, base=now, data=now, retired=False)
    facts, conflicts = merged(now, change)
    facts |= {conflict.field: conflict.file for conflict in conflicts}
    return replace(change, base=now, data={name: value for name, value in facts.items() if value is not None})


def is_in_file(catalog: Catalog, change: Change) -> bool:
    """Whether the file says all that the change says, or has gone on from it: from here on the file alone counts."""
    entry = catalog.resource(change.resource_id)
    if entry is None:
        return change.retired or (change.exported and change.base is not None)
    if change.retired:
        return False
    now = facts_of(entry)
    facts, conflicts = merged(now, change)
    leads = [name for name in facts.pop("see_also", ()) if name != entry.id and catalog.resource(name)]
    return not conflicts and {**facts, **({"see_also": leads} if leads else {})} == now


@dataclass(slots=True)
class _Laying:
    """Takes one change after the other."""

    file: Catalog
    entries: dict[str, Resource] = field(init=False)
    added: list[Resource] = field(default_factory=list)
    set_aside: list[Problem] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    _owners: dict[str, str] = field(init=False)
    _cores: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.entries = {entry.id: entry for entry in self.file.resources}
        self._owners = {_address(entry): entry.id for entry in self.file.resources}
        self._cores = Counter(entry.topic for entry in self.file.resources if entry.core)

    def take(self, change: Change) -> None:
        """Lay one change over what is there, or set it aside."""
        now = self.entries.get(change.resource_id)
        if change.retired:
            self._retire(change, now)
        elif now is None and change.base is not None:
            self._gone_from_file(change)
        else:
            facts, conflicts = merged(facts_of(now), change) if now else (change.data, [])
            self.conflicts += conflicts
            self._put(change, facts, now)

    def leave(self, entry: Resource) -> None:
        """Make the room of an entry free."""
        self._owners.pop(_address(entry), None)
        self._cores[entry.topic] -= entry.core

    def refusal(self, entry: Resource) -> Refusal | None:
        """Say why an entry does not fit into the catalog (the errors of `check.py` that one entry can cause)."""
        lists = {known.id for known in self.file.lists}
        if self.file.topic(entry.topic) is None:
            return Refusal("topic", f"there is no topic “{entry.topic}”")
        if strange := [name for name in entry.lists if name not in lists]:
            return Refusal("lists", f"there is no list “{strange[0]}”")
        if not (address := _address(entry)):
            return Refusal("url", "this is not a web address")
        if (owner := self._owners.get(address, entry.id)) != entry.id:
            return Refusal("url", f"the same address is “{owner}”")
        if missing := [name for name in entry.estimated if name not in entry.model_fields_set]:
            return Refusal("estimated", f"“{missing[0]}” is called an estimate but not given")
        if entry.core and entry.use is not Use.DOSE:
            return Refusal("core_dose", f"a core entry must be given as a dose, this one is “{entry.use}”")
        if entry.core and self._cores[entry.topic] >= LARGEST_CORE:
            return Refusal("core_full", f"the topic “{entry.topic}” has {LARGEST_CORE} core entries already")
        return None

    def result(self) -> Overlaid:
        """The new catalog; references to what is gone are left out."""
        gone = {entry.id for entry in self.file.resources} - set(self.entries)
        resources = _placed([self.entries[one.id] for one in self.file.resources if one.id in self.entries], self.added)
        known = set(self.entries)
        update: dict[str, Any] = {"resources": tuple(_pointing(entry, known) for entry in resources)}
        if gone:
            update["checklists"] = tuple(
                one.model_copy(update={"steps": tuple(_showing(step, known) for step in one.steps)})
                for one in self.file.checklists
            )
        return Overlaid(self.file.model_copy(update=update), tuple(self.set_aside), tuple(self.conflicts))

    def _retire(self, change: Change, now: Resource | None) -> None:
        if now is None:
            return
        file = facts_of(now)
        if change.base is not None and file != change.base:
            self.conflicts.append(Conflict(change.resource_id, WHOLE, change.base, file, None))
        self.leave(now)
        del self.entries[now.id]

    def _gone_from_file(self, change: Change) -> None:
        """It was edited here and taken out there: what nobody vouches for any more is not given out."""
        if not change.exported:
            self.conflicts.append(Conflict(change.resource_id, WHOLE, change.base, None, change.data))

    def _put(self, change: Change, facts: Facts, now: Resource | None) -> None:
        try:
            entry = read_facts(change.resource_id, facts)
        except ValidationError as error:
            self._refuse(change, "; ".join(explain_entry(error)))
            return
        if now:
            self.leave(now)
        if why := self.refusal(entry):
            self._refuse(change, why.said)
            if now:
                self._enter(now)
            return
        self._enter(entry)
        self.entries[entry.id] = entry
        if now is None:
            self.added.append(entry)

    def _refuse(self, change: Change, why: str) -> None:
        said = f"{why}; this change from the chat was set aside"
        self.set_aside.append(Problem(None, f"resources.{change.resource_id}", said))

    def _enter(self, entry: Resource) -> None:
        self._owners[_address(entry)] = entry.id
        self._cores[entry.topic] += entry.core


def _placed(resources: list[Resource], added: Iterable[Resource]) -> list[Resource]:
    """Put each new entry behind the last one of its topic, where `catalog export` will write it."""
    last = {entry.topic: place for place, entry in enumerate(resources)}
    behind: dict[int, list[Resource]] = {}
    for entry in added:
        behind.setdefault(last.get(entry.topic, len(resources) - 1), []).append(entry)
    placed = list(behind.get(-1, ()))
    for place, entry in enumerate(resources):
        placed += [entry, *behind.get(place, ())]
    return placed


def _pointing(entry: Resource, known: Collection[str]) -> Resource:
    """The entry without references to what is not there, and none to itself."""
    kept = tuple(name for name in entry.see_also if name in known and name != entry.id)
    return entry if kept == entry.see_also else entry.model_copy(update={"see_also": kept})


def _showing(step: Step, known: Collection[str]) -> Step:
    """The step of a checklist without references to what is not there."""
    kept = tuple(name for name in step.see_also if name in known)
    return step if kept == step.see_also else step.model_copy(update={"see_also": kept})


def _address(entry: Resource) -> str:
    try:
        return canonical(entry.url)
    except AddressError:
        return ""

"""What a catalog must hold beyond its form: references that lead somewhere, trails one can walk, one entry per link.

`check_catalog` is the whole of it. An error keeps a file from being loaded, a warning is for the curator's eye.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import chain

from bot.catalog.address import AddressError, canonical
from bot.catalog.document import Path
from bot.catalog.entry import Bilingual, Catalog, Resource, Trail
from bot.catalog.explain import did_you_mean
from bot.catalog.kinds import Use
from bot.catalog.markdown.language import leaning
from bot.catalog.oddities import Finding, find_oddities
from bot.catalog.problem import Problem, Severity, in_line_order
from bot.catalog.references import find_references

LARGEST_CORE = 8
"""A topic's core entries at most (design, section 2)."""
LINES_SHOWN = 3
"""How many more lines are told that name the same thing."""
SECTIONS_WITH_IDS = ("lists", "topics", "trails", "resources", "checklists", "tips")

LineOf = Callable[[Path], int | None]


def no_lines(path: Path) -> int | None:
    """Know no lines: for a catalog that did not come from a file."""
    return None


def check_catalog(catalog: Catalog, line_of: LineOf = no_lines) -> list[Problem]:
    """Return what is wrong with a catalog (errors) and what looks wrong (warnings), in the order of the lines.

    `line_of` gives the line of a path such as `("resources", 3, "url")`; see `Document.line_of`.
    """
    found = [*find_errors(catalog, line_of)]
    found += _as_problems(_find_warnings(catalog), line_of, "warning")
    return list(in_line_order(found))


def find_errors(
    catalog: Catalog,
    line_of: LineOf = no_lines,
    also_known: Mapping[str, set[str]] | None = None,
    unread: Collection[str] = (),
) -> list[Problem]:
    """Return the errors only.

    `also_known` has ids, by section, of entries that are in the file but not in this catalog because their form is
    wrong: references to them are right. `unread` are sections of which nobody knows what they hold.
    """
    known = {
        section: _ids(catalog, section) | (also_known or {}).get(section, set())
        for section in SECTIONS_WITH_IDS
        if section not in unread
    }
    found = chain(
        _find_repeated_ids(catalog, line_of),
        _find_repeated_addresses(catalog, line_of),
        _find_dangling(catalog, known, line_of),
        _find_cycles(catalog),
        _find_wrong_cores(catalog),
        _find_missing_estimates(catalog),
    )
    return _as_problems(found, line_of, "error")


def _as_problems(found: Iterator[Finding], line_of: LineOf, severity: Severity) -> list[Problem]:
    return [Problem(line_of(path), name, text, severity) for path, name, text in found]


def _ids(catalog: Catalog, section: str) -> set[str]:
    return {entry.id for entry in getattr(catalog, section)}


# --- errors


def _find_repeated_ids(catalog: Catalog, line_of: LineOf) -> Iterator[Finding]:
    for section in SECTIONS_WITH_IDS:
        ids = [entry.id for entry in getattr(catalog, section)]
        yield from _find_repeated((section,), section, ids, line_of)
    for index, trail in enumerate(catalog.trails):
        stops = [stop.id for stop in trail.topics]
        yield from _find_repeated(("trails", index, "topics"), f"trails.{trail.id}.topics", stops, line_of)
    for index, checklist in enumerate(catalog.checklists):
        steps = [step.id for step in checklist.steps]
        yield from _find_repeated(("checklists", index, "steps"), f"checklists.{checklist.id}.steps", steps, line_of)


def _find_repeated(path: Path, name: str, ids: Sequence[str], line_of: LineOf) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, entry_id in enumerate(ids):
        if entry_id in first:
            before = line_of((*path, first[entry_id], "id"))
            yield (
                (*path, index, "id"),
                f"{name}.{entry_id}",
                f"“{entry_id}” is given twice{_first_on(before)}",
            )
        first.setdefault(entry_id, index)


def _first_on(line: int | None) -> str:
    return f", first on line {line}" if line is not None else ""


def _find_repeated_addresses(catalog: Catalog, line_of: LineOf) -> Iterator[Finding]:
    entries = [(f"resources.{entry.id}.url", entry.id, entry.url) for entry in catalog.resources]
    yield from _find_repeated_in("resources", entries, line_of)
    feeds = [(f"feeds[{index}].url", feed.title, feed.url) for index, feed in enumerate(catalog.feeds)]
    yield from _find_repeated_in("feeds", feeds, line_of)


def _find_repeated_in(section: str, entries: Sequence[tuple[str, str, str]], line_of: LineOf) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, (name, _, url) in enumerate(entries):
        path: Path = (section, index, "url")
        try:
            address = canonical(url)
        except AddressError as error:
            yield path, name, error.reason
            continue
        if address in first:
            line = line_of((section, first[address], "url"))
            _, same, _ = entries[first[address]]
            yield path, name, f"the same address is “{same}”" + (f" on line {line}" if line is not None else "")
        first.setdefault(address, index)


def _find_dangling(catalog: Catalog, known: Mapping[str, set[str]], line_of: LineOf) -> Iterator[Finding]:
    """Yield what is named and not there: once for each, where the file first names it."""
    named: dict[tuple[str, str], list[tuple[Path, str]]] = {}
    for path, name, section, target in find_references(catalog):
        if section in known and target not in known[section]:
            named.setdefault((section, target), []).append((path, name))
    for (section, target), places in named.items():
        lines = {path: line_of(path) or 0 for path, _ in places}
        (path, name), *others = sorted(places, key=lambda place: lines[place[0]])
        noun = section.removesuffix("s")
        text = f"there is no {noun} “{target}”{did_you_mean(target, known[section])}"
        yield path, name, text + _named_again([lines[other] for other, _ in others])
    for index, entry in enumerate(catalog.resources):
        if entry.id in entry.see_also:
            yield (
                ("resources", index, "see_also"),
                f"resources.{entry.id}.see_also",
                "an entry cannot point to itself",
            )


def _named_again(lines: Sequence[int]) -> str:
    """Where else something is named, on so few lines that one reads them."""
    if not lines:
        return ""
    shown = [str(line) for line in sorted(set(lines))[:LINES_SHOWN] if line]
    hidden = len(lines) - len(shown)
    first = f"{'line' if len(shown) == 1 else 'lines'} {', '.join(shown)}" if shown else ""
    more = f"{hidden} {'more' if shown else 'other'} {'place' if hidden == 1 else 'places'}" if hidden > 0 else ""
    return f" (also on {first}{' and in ' if first and more else ''}{more})" if first else f" (also in {more})"


def _find_cycles(catalog: Catalog) -> Iterator[Finding]:
    """Yield each circle of prerequisites once, by taking one edge out of every circle that turns up."""
    position = {topic.id: index for index, topic in enumerate(catalog.topics)}
    after = {topic.id: set(topic.after) for topic in catalog.topics}
    while True:
        try:
            TopologicalSorter(after).prepare()
            return
        except CycleError as error:
            # graphlib goes from each topic to one that waits for it and ends where it began; people ask what
            # a topic waits for, and look for it where the file first has it.
            round_trip: list[str] = error.args[1][:0:-1]
            first = min(round_trip, key=lambda topic_id: position.get(topic_id, len(position)))
            start = round_trip.index(first)
            circle = [*round_trip[start:], *round_trip[:start], first]
            after[first].discard(circle[1])
            text = f"these topics wait for each other: {' → '.join(circle)}"
            yield ("topics", position[first], "after"), f"topics.{first}.after", text


def _find_wrong_cores(catalog: Catalog) -> Iterator[Finding]:
    sizes: Counter[str] = Counter()
    for index, entry in enumerate(catalog.resources):
        if not entry.core:
            continue
        path, name = ("resources", index, "core"), f"resources.{entry.id}.core"
        if entry.use is not Use.DOSE:
            text = (
                f"a core entry must be given as a dose, this one is “{entry.use}”; say `use: dose` or take `core` out"
            )
            yield path, name, text
        sizes[entry.topic] += 1
        if sizes[entry.topic] == LARGEST_CORE + 1:
            text = f"this is core entry number {LARGEST_CORE + 1} of the topic “{entry.topic}”; {LARGEST_CORE} are the most"
            yield path, name, text


def _find_missing_estimates(catalog: Catalog) -> Iterator[Finding]:
    for index, entry in enumerate(catalog.resources):
        for number, value in enumerate(entry.estimated):
            if value not in entry.model_fields_set:
                path: Path = ("resources", index, "estimated", number)
                yield (
                    path,
                    f"resources.{entry.id}.estimated",
                    f"“{value}” is called an estimate but not given",
                )


# --- warnings


def _find_warnings(catalog: Catalog) -> Iterator[Finding]:
    yield from _find_hard_topics(catalog)
    yield from _find_hard_trails(catalog)
    yield from _find_untranslated(catalog)
    yield from find_oddities(catalog)


def _find_hard_topics(catalog: Catalog) -> Iterator[Finding]:
    walked = {stop.id for trail in catalog.trails for stop in trail.topics}
    for index, topic in enumerate(catalog.topics):
        path, name = ("topics", index), f"topics.{topic.id}"
        if topic.id not in walked:
            yield path, name, "no trail leads here"
        if not any(entry.use is Use.DOSE for entry in catalog.of_topic(topic.id)):
            yield path, name, "the topic has nothing to give as a dose"
        elif not catalog.core_of(topic.id):
            yield path, name, "the topic has no core entry, so it is passed before it begins"


def _find_hard_trails(catalog: Catalog) -> Iterator[Finding]:
    for index, trail in enumerate(catalog.trails):
        if not any(entry.use is Use.DOSE for entry in catalog.trail_entries(trail)):
            yield (
                ("trails", index),
                f"trails.{trail.id}",
                "the trail runs dry: it has nothing to give as a dose",
            )
        yield from _find_hard_stops(catalog, index, trail)


def _find_hard_stops(catalog: Catalog, index: int, trail: Trail) -> Iterator[Finding]:
    order = {stop.id: number for number, stop in enumerate(trail.topics)}
    for number, stop in enumerate(trail.topics):
        path, name = ("trails", index, "topics", number), f"trails.{trail.id}.topics.{stop.id}"
        if stop.lists and catalog.core_of(stop.id) and not catalog.core_of(stop.id, stop.lists):
            yield path, name, f"narrowed to {', '.join(stop.lists)}, the topic has no core entry left"
        topic = catalog.topic(stop.id)
        for earlier in topic.after if topic else ():
            if order.get(earlier, -1) > number:
                yield path, name, f"“{earlier}” should come first, but comes later on this trail"


def _find_untranslated(catalog: Catalog) -> Iterator[Finding]:
    for path, name, words in _sentences(catalog):
        if words is not None and " " in words.en and words.en == words.pt:
            yield path, name, "the English and the Portuguese are the same"
        elif words is not None and leaning(words.en) > 0 > leaning(words.pt):
            yield path, name, "the English and the Portuguese look swapped"


def _sentences(catalog: Catalog) -> Iterator[tuple[Path, str, Bilingual | None]]:
    """Yield every text that must have been translated; terms may be the same in both languages."""
    for section in ("lists", "topics", "trails", "checklists"):
        for index, entry in enumerate(getattr(catalog, section)):
            yield (section, index, "about"), f"{section}.{entry.id}.about", entry.about
    for index, topic in enumerate(catalog.topics):
        for number, question in enumerate(topic.questions):
            yield ("topics", index, "questions", number), f"topics.{topic.id}.questions[{number}]", question
    for index, resource in enumerate(catalog.resources):
        yield from _resource_sentences(index, resource)
    for index, checklist in enumerate(catalog.checklists):
        for number, step in enumerate(checklist.steps):
            yield ("checklists", index, "steps", number), f"checklists.{checklist.id}.steps.{step.id}", step
    for index, tip in enumerate(catalog.tips):
        yield ("tips", index, "text"), f"tips.{tip.id}.text", tip.text


def _resource_sentences(index: int, entry: Resource) -> Iterator[tuple[Path, str, Bilingual | None]]:
    path: Path = ("resources", index)
    name = f"resources.{entry.id}"
    yield (*path, "note"), f"{name}.note", entry.note
    for number, recall in enumerate(entry.recall):
        yield (*path, "recall", number, "q"), f"{name}.recall[{number}].q", recall.q
        yield (*path, "recall", number, "a"), f"{name}.recall[{number}].a", recall.a
    for list_id, places in entry.lists.items():
        for number, place in enumerate(places):
            yield (*path, "lists", list_id, number, "note"), f"{name}.lists.{list_id}.note", place.note

"""What is no error in a resource and yet looks like a slip: each is a warning for the curator's eye."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.catalog.address import tracking
from bot.catalog.document import Path
from bot.catalog.entry import Catalog, Resource
from bot.catalog.kinds import KINDS, Language
from bot.catalog.markdown.language import leaning

Finding = tuple[Path, str, str]
"""Where it is by keys and indexes, the same by names, and the sentence."""

SITTING = 600
"""Minutes from which no video or article is one thing any more; somebody wrote seconds, or the kind is another."""
SHORTEST_LONG = 20
"""Minutes below which nothing runs over days."""
CLEARLY = 3
"""English words more than Portuguese ones. Fewer say nothing: talks in Portuguese often have English names."""

_NO_TITLE = re.compile(r"https?://|\]\(|\*\*|`|[…|·:;,\-–—]\s*$|\.\.\.$|^[\s\-–—|·:;,]|\s{2}|^\"[^\"]*$|^[^\"]*\"$")


def find_oddities(catalog: Catalog) -> Iterator[Finding]:
    """Yield what looks like a slip, entry by entry."""
    first: dict[tuple[str, ...], Resource] = {}
    for index, entry in enumerate(catalog.resources):
        path: Path = ("resources", index)
        for field, text in _odd_fields(entry):
            yield (*path, field), f"resources.{entry.id}.{field}", text
        same = (entry.title.casefold(), entry.kind.value, entry.language.value, (entry.author or "").casefold())
        twin = first.setdefault(same, entry)
        if twin is not entry and twin.id not in entry.see_also and entry.id not in twin.see_also:
            text = f"“{twin.id}” has the same title, kind and author; if it is the same work, say so with `see_also`"
            yield (*path, "title"), f"resources.{entry.id}.title", text


def _odd_fields(entry: Resource) -> Iterator[tuple[str, str]]:
    if _NO_TITLE.search(entry.title):
        yield (
            "title",
            f"“{entry.title}” is not written as a title: no address, no markup, nothing left over at its ends",
        )
    if entry.language is Language.EN and leaning(entry.title) > 0:
        yield "title", "the title is Portuguese and the language is “en”; one of them is wrong"
    if entry.language is Language.PT and leaning(entry.title) <= -CLEARLY:
        yield "title", "the title is English and the language is “pt”; one of them is wrong"
    if found := tracking(entry.url):
        yield "url", f"{', '.join(found)}: says only where somebody came from; take it out of the address"
    runs_over_days = KINDS[entry.kind].long
    if runs_over_days and entry.minutes < SHORTEST_LONG:
        yield "minutes", f"{entry.minutes} minutes are little for one {entry.kind}; are they hours?"
    if not (runs_over_days or entry.is_long) and entry.minutes > SITTING:
        yield "minutes", f"{entry.minutes} minutes are much for one {entry.kind}; is it a course or a book?"

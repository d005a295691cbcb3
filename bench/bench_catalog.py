"""How fast a catalog is loaded and a Markdown list read, merged and written: at 500, 5,000 and 50,000 links, and the real catalog.

Run `python -m bench.bench_catalog`. The list is made up, with the difficulties of real ones mixed in. The promises: the real catalog
loads and is validated within 300 ms, 10,000 links are read within 10 seconds, and time grows with the length, not faster.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.catalog.file import parse_catalog
from bot.catalog.markdown.draft import insert_draft, write_draft
from bot.catalog.markdown.merge import merge
from bot.catalog.markdown.publish import publish
from bot.catalog.markdown.read import read_list

SIZES = (500, 5_000, 50_000)
KINDS = (
    "- [Title number {n} - paper oct/2021](https://arxiv.org/abs/21{month:02}.{n:05}) - Ada Number{n}",
    "  - [A video number {n} (30 min)](https://www.youtube.com/watch?app=desktop&v={n:011})",
    '- *cult*: "A quoted title {n}" [Some Author; blog post; 2021-03-04](https://example.org/{n}?utm_source=list)',
    "- Beginner {n}: https://site{n}.example.com/course/",
    "* [Tool {n}](https://github.com/owner{n}/tool) - Does *one* thing, `well`.",
)


def make_list(links: int) -> str:
    """Return a list with this many links, a heading for every 25."""
    return "\n".join(_lines(links))


def _lines(links: int) -> Iterator[str]:
    yield "# A list that nobody wrote"
    for number in range(links):
        if number % 25 == 0:
            yield f"\n## Section {number // 25}\n"
        yield KINDS[number % len(KINDS)].format(n=number, month=1 + number % 12)


@contextmanager
def timed(name: str, links: int) -> Iterator[None]:
    """Print how fast the work inside went."""
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    print(f"  {name:<28} {seconds:8.2f} s {links / seconds:12,.0f} links/s")


def main() -> None:
    """Measure every step at every size."""
    real = (Path(__file__).parent.parent / "catalog.yaml").read_bytes()
    entries = len(parse_catalog(real).resources)
    print(f"catalog.yaml, {entries} resources, {len(real) / 1e6:.1f} MB")
    with timed("load and validate it", entries):
        parse_catalog(real)
    for links in SIZES:
        measure(links, make_list(links))


def measure(links: int, text: str) -> None:
    """Measure every step for one list."""
    print(f"{links:,} links, {len(text) / 1e6:.1f} MB")
    with timed("read the list", links):
        report = read_list(text, "made-up.md")
    assert len(report.items) == links
    with timed("propose new entries", links):
        proposal = merge(report)
    with timed("write the draft", links):
        draft = write_draft(proposal)
    with timed("load and validate it", links):
        catalog = parse_catalog(draft)
    with timed("merge it into the catalog", links):
        again = merge(report, catalog)
    assert not again.new
    with timed("put a second list into it", links):
        insert_draft(merge(read_list(text, "the-same.md"), catalog), draft)
    with timed("publish the catalog", links):
        page = publish(catalog, "en")
    with timed("read it back", links):
        read_list(page, "published.md")


if __name__ == "__main__":
    main()

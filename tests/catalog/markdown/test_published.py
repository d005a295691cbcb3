"""The catalog as a list and back: the same url, title, kind, language, author, date and topic, whatever people write."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.catalog.entry import Catalog
from bot.catalog.file import parse_catalog, read_catalog
from bot.catalog.kinds import Kind, Language, Mark
from bot.catalog.markdown.merge import merge
from bot.catalog.markdown.publish import publish
from bot.catalog.markdown.published import Facts, read_facts, write_facts
from bot.catalog.markdown.read import read_list
from bot.catalog.markdown.report import ImportReport
from tests.catalog.markdown.places import CHECKOUT

# What a catalog file may hold: no control characters but line breaks and tabs, nothing unpaired.
LETTERS = st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]) | st.sampled_from("\n\t *_`[]()<>&#|~\\!-:.")
MARKUP = st.sampled_from(
    [
        "*a*", "[x](http://y.z)", "# a", "- a", "1. a", "<b>a</b>", "&amp;", "a - paper oct/2021", "link", "⭐", "![a](b)",
        "https://a.b/c", "(30 min)", "a\n\nb", "`", "~~a~~", "by Ada", "a · b · by c", "| a | b |", "<!-- topic: x -->", "  ",
    ]
)  # fmt: skip
WORDS = st.lists(st.text(LETTERS, max_size=8) | MARKUP, min_size=1, max_size=4).map("".join).map(str.strip).filter(bool)
ENDINGS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp", "Zs"], exclude_characters="\\"), max_size=12
).filter(str.isprintable)
IDS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True)
DATES = st.from_regex(r"[12][0-9]{3}(-0[1-9](-[12][0-9])?)?", fullmatch=True)


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    topics = draw(st.lists(IDS, min_size=1, max_size=3, unique=True))
    names = [{"id": topic, "name": draw(WORDS), "about": draw(st.none() | WORDS.map(_both))} for topic in topics]
    endings = draw(st.lists(ENDINGS, max_size=15, unique=True))
    resources = [_resource(draw, number, ending, topics) for number, ending in enumerate(endings)]
    lists = [{"id": "ours", "title": draw(WORDS), "keeper": draw(WORDS), "source": "github.com/a/b"}]
    tips = [{"id": "tip", "text": _both(draw(WORDS))}]
    return Catalog.model_validate({"version": 1, "lists": lists, "topics": names, "resources": resources, "tips": tips})


def _both(words: str) -> dict[str, str]:
    return {"en": words, "pt": words}


def _resource(draw: st.DrawFn, number: int, ending: str, topics: list[str]) -> dict[str, object]:
    return {
        "id": f"entry-{number}",
        "title": draw(WORDS),
        "url": f"https://example.org/{number}{ending}",
        "topic": draw(st.sampled_from(topics)),
        "kind": draw(st.sampled_from(Kind)),
        "language": draw(st.sampled_from(Language)),
        "author": draw(st.none() | WORDS),
        "published": draw(st.none() | DATES),
        "level": draw(st.none() | st.sampled_from(Mark)),
        "days": draw(st.none() | st.integers(1, 366)),
        "free": draw(st.none() | st.booleans()),
        "core": draw(st.booleans()),
        "note": draw(st.none() | WORDS.map(_both)),
    } | draw(st.fixed_dictionaries({}, optional={"minutes": st.integers(1, 60_000), "practice": st.booleans()}))


NAMES = ("url", "title", "kind", "language", "author", "published", "days", "free", "practice", "topic", "core")


def facts_of(catalog: Catalog) -> set[tuple[object, ...]]:
    """What a page says of each entry; minutes only where they are stated."""
    return {
        (
            *(getattr(entry, name) for name in NAMES),
            entry.level,
            None if entry.is_estimate("minutes") else entry.minutes,
        )
        for entry in catalog.resources
    }


def facts_read(report: ImportReport) -> set[tuple[object, ...]]:
    """The same of a page that was read."""
    return {(*(getattr(item, name) for name in NAMES), item.mark, item.minutes) for item in report.items}


@given(catalogs(), st.sampled_from(["en", "pt-BR"]))
def test_a_published_catalog_reads_back_to_the_same_facts(catalog: Catalog, language: str) -> None:
    report = read_list(publish(catalog, language), "published.md")
    assert facts_read(report) == facts_of(catalog)
    assert len(report.items) == len(catalog.resources)


OWN = """
version: 1
lists:
  - {id: garden, title: The garden list, keeper: Ada, source: github.com/ada/garden}
  - {id: pots, title: Pots}
topics:
  - id: roots
    name: {en: Roots, pt: Raízes}
    about: {en: What holds a plant., pt: O que segura uma planta.}
    concepts: [water, {en: soil, pt: solo}]
  - {id: leaves, name: {en: Leaves, pt: Folhas}}
resources:
  - id: growing-roots
    title: Growing Roots
    url: https://example.org/roots
    topic: roots
    kind: paper
    language: en
    author: Ada Lima
    published: 2017-12
    minutes: 90
    level: cult
    core: true
    note: {en: The first one., pt: O primeiro.}
    parts: [hair roots, {en: tap roots, pt: pivotantes}]
    lists: {garden: {at: Roots}}
  - {id: pot, title: A pot, url: "https://example.org/pot_(1)", topic: leaves, kind: video, language: pt, lists: {pots: {at: Pots}}}
tips:
  - {id: begin, text: {en: Begin small., pt: Comece pequeno.}}
checklists:
  - id: planting
    name: {en: Planting, pt: Plantio}
    steps: [{id: dig, en: "Dig, see https://example.org/dig", pt: Cave}]
feeds:
  - {url: "https://example.org/feed.xml", title: Garden news, topic: roots}
"""

ENGLISH = """\
# Trilha: what to learn, and from where

2 resources in 2 topics, gathered from the lists credited at the end. ⭐ marks where to begin in a topic; `~` before a \
time means that it is our estimate.

## Contents

- [Roots](#roots) (1)
- [Leaves](#leaves) (1)

## How to study

<!-- not entries -->

- Begin small.

## Roots

<!-- topic: roots -->

What holds a plant.

*Look up:* water, soil

- ⭐ [Growing Roots](https://example.org/roots) — *paper · EN · 2017-12 · 90 min · cult · by Ada Lima* — The first one.
  - hair roots
  - tap roots

## Leaves

<!-- topic: leaves -->

- [A pot](https://example.org/pot_(1)) — *video · PT · ~15 min*

## Checklists

<!-- not entries -->

### Planting

- [ ] Dig, see https\\://example.org/dig


## To follow

<!-- not entries -->

- [Garden news](https://example.org/feed.xml)

## Credits

<!-- not entries -->

- [The garden list](https://github.com/ada/garden) · kept by Ada · 1 entry
- **Pots** · 1 entry
"""


def test_a_page_looks_like_a_keepers_list() -> None:
    assert publish(parse_catalog(OWN), "en") == ENGLISH


def test_a_page_speaks_portuguese() -> None:
    page = publish(parse_catalog(OWN), "pt-BR")
    assert (
        "- ⭐ [Growing Roots](https://example.org/roots) — *artigo científico · EN · 2017-12 · 90 min · clássico"
        in page
    )
    assert "## Raízes" in page
    assert "*Pesquise:* water, solo" in page
    assert "por Ada" in page


def test_a_keeper_gets_their_own_list_back() -> None:
    page = publish(parse_catalog(OWN), "en", lists=("pots",))
    assert [item.title for item in read_list(page, "pots").items] == ["A pot"]
    assert "The garden list" not in page


def test_only_entries_come_back_and_the_rest_is_named() -> None:
    report = read_list(publish(parse_catalog(OWN), "en"), "published.md")
    assert [item.title for item in report.items] == ["Growing Roots", "A pot"]
    assert report.items[0].parts == ("hair roots", "tap roots")
    left_out = [finding.text for finding in report.findings]
    assert "not an entry: “Garden news”" in left_out
    assert "not an entry: “The garden list”" in left_out


def test_a_long_topic_is_divided_by_kind_and_opens_with_its_core() -> None:
    entries: list[dict[str, object]] = [
        {
            "id": f"e{n}",
            "title": f"E{n}",
            "url": f"https://example.org/{n}",
            "topic": "t",
            "kind": kind,
            "language": "en",
        }
        for n, kind in enumerate(["video", "paper", "book"] * 4 + ["video", "thread"])
    ]
    entries[4] |= {"core": True}
    page = publish(
        Catalog.model_validate({"version": 1, "topics": [{"id": "t", "name": "T"}], "resources": entries}), "en"
    )
    assert [line for line in page.splitlines() if line.startswith("### ")] == [
        "### Start here",
        "### Videos",
        "### Papers",
        "### Books",
        "### And also",
    ]


def test_a_published_page_proposes_nothing_to_its_own_catalog() -> None:
    catalog = parse_catalog(OWN)
    for language in ("en", "pt"):
        assert not merge(read_list(publish(catalog, language), "garden"), catalog).new


FACTS = st.builds(
    Facts,
    st.sampled_from(Kind),
    st.sampled_from(Language),
    st.none() | WORDS,
    st.none() | DATES,
    st.none() | st.integers(1, 60_000),
    st.just(False),
    st.none() | st.integers(1, 366),
    st.none() | st.sampled_from(Mark),
    st.none() | st.booleans(),
    st.none() | st.booleans(),
)


@given(FACTS, st.sampled_from(["en", "pt"]))
@example(Facts(Kind.PAPER, Language.EN, "a · 90 min · by b", "2017", 90, False, 1, Mark.CULT, True), "pt")
def test_a_line_of_facts_says_the_same_in_both_languages(facts: Facts, language: str) -> None:
    assert read_facts(write_facts(facts, language)) == facts


@pytest.mark.parametrize(
    "line", ["", "paper", "paper · en", "paper · XX", "paper · EN · soon", "A title · EN", "video · EN · min"]
)
def test_any_other_line_is_no_line_of_facts(line: str) -> None:
    assert read_facts(line) is None


REAL = [path for path in [CHECKOUT / "catalog.yaml"] if path.is_file()]
CATALOGS = [pytest.param(parse_catalog(OWN), id="own"), *(pytest.param(read_catalog(path), id="real") for path in REAL)]


@pytest.mark.parametrize("language", ["en", "pt-BR"])
@pytest.mark.parametrize("catalog", CATALOGS)
def test_a_whole_catalog_comes_back(catalog: Catalog, language: str) -> None:
    report = read_list(publish(catalog, language), "published.md")
    assert facts_read(report) == facts_of(catalog)

"""A proposal as YAML: what a person wrote in the file stays byte by byte, and what is put in is a valid catalog."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.file import parse_catalog
from bot.catalog.markdown.draft import insert_draft, write_draft
from bot.catalog.markdown.merge import merge
from bot.catalog.markdown.read import read_list
from bot.errors import CatalogError

BLOCK = """\
# Our garden, kept by hand.
version: 1

lists:
  - {id: first, title: First list}   # thanks, Ada

topics:
  - id: pots
    name: {en: Pots, pt: Vasos}

# The best ones first.
resources:
  - id: clay          # never change this
    title: "Clay: a story"
    url: https://example.org/clay
    topic: pots
    kind: article
    language: en

    lists:
      first: {at: Clay}   # page 3

  - id: glass
    title: Glass
    url: https://example.org/glass
    topic: pots
    kind: article
    language: pt
    note:
      en: |
        A long note
        over two lines.
      pt: Uma nota.
  # the end of the entries

tips:
  - {id: begin, text: {en: Begin., pt: Comece.}}
"""

FLOW = """\
version: 1
topics: [{id: pots, name: Pots}]
resources:
- {id: clay, title: Clay, url: "https://example.org/clay", topic: pots, kind: article, language: en, lists: {first: {at: Clay}}}
- {id: glass, title: Glass, url: "https://example.org/glass", topic: pots, kind: article, language: pt}
lists: [{id: first, title: First list}]
"""

BARE = "version: 1\ntopics:\n- {id: pots, name: Pots}\nresources: []   # none yet"

LIST = """\
# New list
## Pots
- [Clay - paper mar/2019](https://example.org/clay)
- *cult*: [Glass](http://example.org/glass/) - shiny
- [Stone: "hard" & 'old' - 2017](https://example.org/stone?a=b#:~:text=c,d.) - rough # and heavy
  - granite: grey
- [1e3](https://example.org/2017)
## Trees
- [Oak 🌳](https://example.org/oak)
"""


def put(text: str) -> str:
    return insert_draft(merge(read_list(LIST, "new.md"), parse_catalog(text)), text)


@pytest.mark.parametrize("text", [BLOCK, FLOW, BARE], ids=["block", "flow", "bare"])
def test_what_is_put_in_is_a_valid_catalog_with_everything_in_it(text: str) -> None:
    before, after = parse_catalog(text), parse_catalog(put(text))
    assert {entry.id for entry in before.resources} <= {entry.id for entry in after.resources}
    assert len(after.resources) == 5
    assert {entry.url for entry in after.resources if "new" in entry.lists} == {entry.url for entry in after.resources}
    assert [topic.id for topic in after.topics] == ["pots", "trees"]
    assert after.lists[-1].id == "new"
    assert after.tips == before.tips


@pytest.mark.parametrize(
    "text", [BLOCK, BLOCK.rstrip("\n"), BLOCK.replace("\n", "\r\n")], ids=["plain", "no last line end", "crlf"]
)
def test_no_line_that_a_person_wrote_is_changed(text: str) -> None:
    after = put(text)
    changes = difflib.ndiff(text.splitlines(), after.splitlines())
    assert not [change for change in changes if change.startswith("- ")]
    assert ("\r\n" in after) == ("\r\n" in text)
    assert parse_catalog(after) == parse_catalog(put(BLOCK))


def test_what_is_put_in_stands_where_a_person_would_write_it() -> None:
    added = [line[2:] for line in difflib.ndiff(BLOCK.splitlines(), put(BLOCK).splitlines()) if line.startswith("+ ")]
    assert added == [
        "  - id: new",
        "    title: New list",
        "    file: new.md",
        "  - id: trees",
        "    name: Trees",
        '    published: "2019-03"',
        "      new: {at: Pots, line: 3}",
        "    level: cult",
        "    lists:",
        "      new: {at: Pots, line: 4, mark: cult}",
        "  # the list says: rough # and heavy",
        "  - id: stone-hard-and-old",
        "    title: 'Stone: \"hard\" & ''old'''",
        "    url: https://example.org/stone?a=b#:~:text=c,d.",
        "    topic: pots",
        "    kind: article",
        "    language: en",
        '    published: "2017"',
        "    parts:",
        "      - 'granite: grey'",
        "    lists:",
        "      new: {at: Pots, line: 5}",
        '  - id: "1e3"',
        '    title: "1e3"',
        "    url: https://example.org/2017",
        "    topic: pots",
        "    kind: article",
        "    language: en",
        "    lists:",
        "      new: {at: Pots, line: 7}",
        "  # the topic trees is new",
        "  - id: oak",
        "    title: Oak",
        "    url: https://example.org/oak",
        "    topic: trees",
        "    kind: article",
        "    language: en",
        "    lists:",
        "      new: {at: Trees, line: 9}",
    ]


@pytest.mark.parametrize("text", [BLOCK, FLOW, BARE], ids=["block", "flow", "bare"])
def test_putting_the_same_list_in_again_changes_nothing(text: str) -> None:
    once = put(text)
    assert put(once) == once


def test_a_whole_draft_is_a_catalog_and_tells_what_it_left_behind() -> None:
    draft = write_draft(merge(read_list("# L\n## Pots\n- [A](https://e.org/a) - a remark\n- look up: clay\n", "l.md")))
    assert len(parse_catalog(draft).resources) == 1
    assert "  # the list says: a remark\n  - id: a\n" in draft
    assert (
        "# l.md: what it has without a link (concepts, steps, tips, tools)\n# == Pots\n#   line 4: look up: clay\n"
        in draft
    )


WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), min_size=1, max_size=20)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=6))
def test_a_draft_of_any_words_is_a_catalog(words: list[tuple[str, str]]) -> None:
    text = "\n".join(
        f"## {head}\n- [{title}](https://example.org/{n}) - {head}" for n, (head, title) in enumerate(words)
    )
    report = read_list(text, "any.md")
    draft = write_draft(merge(report))
    assert len(parse_catalog(draft).resources) == len({item.canonical for item in report.items})
    assert len(parse_catalog(put(draft)).resources) == len(parse_catalog(draft).resources) + 5


@pytest.mark.parametrize(("text", "reason"), [("a: [", "not valid YAML"), ("- a", "begins with `version: 1`")])
def test_a_file_that_is_no_catalog_is_refused_in_a_sentence(text: str, reason: str) -> None:
    with pytest.raises(CatalogError, match=reason):
        insert_draft(merge(read_list(LIST, "new.md")), text)

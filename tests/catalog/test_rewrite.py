"""Decisions go into the file as a diff of only those lines, and what is read back is what was wanted."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog.entry import Catalog
from bot.catalog.export import contradicting, in_words, plan_export, settle
from bot.catalog.file import parse_catalog
from bot.catalog.overlay import Change, changed, facts_of, is_in_file, overlay
from bot.catalog.rewrite import rewrite
from bot.errors import CatalogError

ROOT = Path(__file__).parents[2]
SHAPES = """# a head
version: 1
topics:
  - {id: basics, name: Basics}
  - {id: models, name: Models}   # two
lists:
  - {id: a-list, title: A list}

resources:   # all of them

  # the basics
  - id: numbers
    title: Numbers   # a title
    url: https://example.org/numbers
    topic: basics
    kind: article   # not a video
    language: en
    # how long
    minutes: 12
    note:
      en: >-
        All about
        numbers.
      pt: Tudo sobre números.
    parts:
    - One
    - {en: Two, pt: Dois}

    lists:
      a-list: {at: Start, line: 3}
  - {id: letters, title: "Letters, and more", url: "https://example.org/letters", topic: basics,
     kind: video, language: pt}   # in one line
  -
    topic: basics
    id: words
    title: 'Words'
    url: https://example.org/words
    kind: article
    language: en
    see_also: [numbers, letters]

  # the models
  - id: trees
    title: Trees
    url: https://example.org/trees
    topic: models
    kind: article
    language: en
    see_also:
      - numbers
checklists:
  - id: steps
    name: Steps
    steps:
      - {id: first, en: Look, pt: Olhe, see_also: [numbers]}
      - id: second
        en: Count
        pt: Conte
        see_also: [numbers, words]
# the end
"""


@cache
def real() -> str:
    return (ROOT / "catalog.yaml").read_text("utf-8")


@cache
def read(text: str) -> Catalog:
    return parse_catalog(text)


def edit(text: str, resource_id: str, **fields: Any) -> Change:
    entry = read(text).resource(resource_id)
    assert entry is not None
    base = facts_of(entry)
    return Change(resource_id, changed(resource_id, base, fields), base)


def gone(text: str, resource_id: str) -> Change:
    base = edit(text, resource_id).base
    assert base is not None
    return Change(resource_id, base, base, retired=True)


def new(resource_id: str, topic: str, **fields: Any) -> Change:
    plain: dict[str, Any] = {
        "title": "New",
        "url": f"https://new.example/{resource_id}",
        "topic": topic,
        "kind": "article",
        "language": "en",
    }
    return Change(resource_id, changed(resource_id, plain, fields))


def written(text: str, *changes: Change) -> str:
    return rewrite(text, plan_export(read(text), changes).catalog)


def lines_of_diff(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and the lines that came."""
    old, fresh = before.splitlines(), after.splitlines()
    went, came = [], []
    for kind, a, b, c, d in SequenceMatcher(None, old, fresh, autojunk=False).get_opcodes():
        if kind != "equal":
            went += old[a:b]
            came += fresh[c:d]
    return went, came


def test_nothing_decided_writes_nothing() -> None:
    assert written(real()) == real()
    assert written(SHAPES) == SHAPES


def test_the_diff_of_the_real_catalog_is_only_those_lines() -> None:
    text = real()
    after = written(
        text,
        new(
            "trees-explained",
            "machine-learning",
            title="Trees: explained",
            note={"en": "In pictures.", "pt": "Com figuras."},
        ),
        edit(text, "top-down-learning", minutes=20),
        gone(text, "never-memorize-code"),
    )
    went, came = lines_of_diff(text, after)
    start = text.splitlines().index("  - id: never-memorize-code")
    assert went == text.splitlines()[start : start + 11]
    assert came == [
        "    minutes: 20",
        "  - id: trees-explained",
        '    title: "Trees: explained"',
        "    url: https://new.example/trees-explained",
        "    topic: machine-learning",
        "    kind: article",
        "    language: en",
        "    note:",
        "      en: In pictures.",
        "      pt: Com figuras.",
    ]


def test_comments_beside_what_changes_stay() -> None:
    after = written(
        SHAPES, edit(SHAPES, "numbers", title="All numbers", minutes=15, kind="thread", author="Ada: a name")
    )
    went, came = lines_of_diff(SHAPES, after)
    assert went == ["    title: Numbers   # a title", "    kind: article   # not a video", "    minutes: 12"]
    assert came == [
        "    title: All numbers   # a title",
        "    kind: thread   # not a video",
        '    author: "Ada: a name"',
        "    minutes: 15",
    ]


def test_an_entry_in_one_line_stays_in_one_line() -> None:
    after = written(SHAPES, edit(SHAPES, "letters", title="Letters, [all]", minutes=4, author="A, B"))
    assert '  - {id: letters, title: "Letters, [all]", url: "https://example.org/letters", topic: basics,\n' in after
    assert '     kind: video, language: pt, author: "A, B", minutes: 4}   # in one line\n' in after


def test_what_is_retired_takes_its_lines_and_the_references_along_and_nothing_else() -> None:
    went, came = lines_of_diff(SHAPES, written(SHAPES, gone(SHAPES, "numbers")))
    assert came == [
        "    see_also: [letters]",
        "      - {id: first, en: Look, pt: Olhe}",
        "        see_also: [words]",
    ]
    assert "  # the basics" not in went
    assert len(went) == 19 + 5


def test_windows_line_ends_and_a_missing_last_one_stay() -> None:
    text = SHAPES.replace("\n", "\r\n")
    after = written(text, edit(text, "numbers", minutes=15))
    assert after == text.replace("minutes: 12", "minutes: 15")
    bare = SHAPES.partition("checklists:")[0].rstrip("\n")
    assert written(bare, new("nets", "models")).startswith(bare + "\n  - id: nets\n")


@pytest.mark.parametrize("section", ["resources:\n", "resources: []\n", ""])
def test_the_first_entry_fills_or_opens_the_section(section: str) -> None:
    text = "version: 1\ntopics:\n  - {id: models, name: Models}\n" + section
    after = written(text, new("nets", "models"))
    assert [entry.id for entry in parse_catalog(after).resources] == ["nets"]


def test_a_file_in_one_line_is_left_alone_with_a_sentence() -> None:
    text = (
        "{version: 1, topics: [{id: models, name: Models}], resources: [{id: a, title: A, url: 'https://a.example',"
        " topic: models, kind: article, language: en}]}\n"
    )
    with pytest.raises(CatalogError, match="written in one line"):
        written(text, edit(text, "a", minutes=3))


def test_every_change_is_said_in_words() -> None:
    file = read(SHAPES)
    assert in_words(new("nets", "models"), file) == "Add “New” (nets)"
    assert in_words(edit(SHAPES, "numbers", minutes=3), file) == "Change minutes of “Numbers” (numbers)"
    assert in_words(gone(SHAPES, "words"), file) == "Retire “Words” (words)"


def test_a_conflict_leaves_the_file_as_it_is_until_it_is_settled() -> None:
    change = edit(SHAPES, "numbers", minutes=30, author="Ada")
    text = SHAPES.replace("minutes: 12", "minutes: 14")
    plan = plan_export(read(text), [change])
    assert [conflict.field for conflict in plan.conflicts] == ["minutes"]
    assert plan.written == ()
    after = rewrite(text, plan.catalog)
    assert lines_of_diff(text, after) == ([], ["    author: Ada"])
    [torn] = contradicting(read(after), [change])
    chat = plan_export(read(after), [settle(read(after), torn, "chat")])
    assert "minutes: 30" in rewrite(after, chat.catalog)
    file = plan_export(read(after), [settle(read(after), torn, "file")])
    assert rewrite(after, file.catalog) == after


def test_a_whole_entry_in_conflict_goes_the_way_that_was_said() -> None:
    change = gone(SHAPES, "words")
    text = SHAPES.replace("title: 'Words'", "title: 'More words'")
    assert rewrite(text, plan_export(read(text), [change]).catalog) == text
    assert "words" in [
        one.id for one in plan_export(read(text), [settle(read(text), change, "file")]).catalog.resources
    ]
    assert "id: words" not in written(text, settle(read(text), change, "chat"))
    without = written(SHAPES, gone(SHAPES, "trees"))
    edited = edit(SHAPES, "trees", minutes=30)
    assert rewrite(without, plan_export(read(without), [edited]).catalog) == without
    assert is_in_file(read(without), settle(read(without), edited, "file"))
    back = written(without, settle(read(without), edited, "chat"))
    assert parse_catalog(back).resource("trees") is not None


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp", "Co", "Cn"]), min_size=1, max_size=24
)
both = st.fixed_dictionaries({"en": words, "pt": words})
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": words,
    "author": words | st.none(),
    "minutes": st.integers(1, 500),
    "topic": st.sampled_from(["basics", "models"]),
    "kind": st.sampled_from(["article", "video", "book"]),
    "published": st.sampled_from(["2017", "2017-12", "2017-12-06"]) | st.none(),
    "note": both | st.none(),
    "parts": st.lists(both | words, max_size=3),
    "recall": st.lists(st.fixed_dictionaries({"q": both, "a": both}), max_size=2),
    "lists": st.sampled_from([{}, {"a-list": {"at": "x, y: z"}}, {"a-list": [{"at": "x", "line": 3}, {"at": "y"}]}]),
    "see_also": st.lists(st.sampled_from(["numbers", "letters", "words", "trees"]), max_size=2, unique=True),
    "free": st.booleans() | st.none(),
    "estimated": st.sampled_from([[], ["minutes"]]),
}


@st.composite
def decided(draw: st.DrawFn) -> list[Change]:
    found = []
    for resource_id in draw(
        st.lists(st.sampled_from(["numbers", "letters", "words", "trees", "nets", "bags"]), unique=True)
    ):
        fields = draw(st.fixed_dictionaries({}, optional=FIELDS))
        try:
            if read(SHAPES).resource(resource_id) is None:
                found.append(
                    new(
                        resource_id,
                        draw(st.sampled_from(["basics", "models"])),
                        **{"title": resource_id} | {name: value for name, value in fields.items() if name != "topic"},
                    )
                )
            elif draw(st.integers(0, 3)) == 0:
                found.append(gone(SHAPES, resource_id))
            else:
                found.append(edit(SHAPES, resource_id, **fields))
        except CatalogError:  # such as a title of blanks alone: no curator could have set it
            continue
    return found


@given(decided(), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=150)
def test_what_is_exported_and_read_back_is_the_live_catalog(changes: list[Change], ends: str) -> None:
    live = overlay(read(SHAPES), changes)
    text = SHAPES.replace("\n", ends)
    after = rewrite(text, plan_export(read(SHAPES), changes).catalog)
    back = parse_catalog(after)
    assert [(one.id, facts_of(one)) for one in back.resources] == [
        (one.id, facts_of(one)) for one in live.catalog.resources
    ]
    assert back.checklists == live.catalog.checklists
    refused = {problem.path.removeprefix("resources.") for problem in live.set_aside}
    assert all(
        is_in_file(back, replace(change, exported=True)) for change in changes if change.resource_id not in refused
    )
    retired = {change.resource_id for change in changes if change.retired}
    comments = [line.strip() for line in text.split(ends) if line.lstrip().startswith("#")]
    kept = [
        line for line in comments if line != "# how long" or "numbers" not in retired
    ]  # it stands inside that entry
    assert [line.strip() for line in after.split(ends) if line.lstrip().startswith("# ")] == kept

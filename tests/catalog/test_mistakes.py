"""What a volunteer gets wrong in the real catalog: a short list that leads to the mistake, and says nothing of what only follows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.catalog.document import read_document
from bot.catalog.file import check_file

ROOT = Path(__file__).parents[2]
CATALOG = (ROOT / "catalog.yaml").read_text("utf-8")
LINES = CATALOG.splitlines()
SECTIONS = ("lists", "topics", "trails", "resources", "checklists", "tips")


def line_in(section: str, pattern: str) -> int:
    """The first line of a section, counted from 1, that begins with a pattern."""
    begin = LINES.index(f"{section}:")
    return next(n for n, line in enumerate(LINES[begin:], begin + 1) if re.match(pattern, line))


def told(tmp_path: Path, changes: dict[int, str | None]) -> list[str]:
    """What `trilha catalog check` says of the catalog with some of its lines changed; None takes one out."""
    lines = [changes.get(number, line) for number, line in enumerate(LINES, 1)]
    file = tmp_path / "catalog.yaml"
    file.write_text("\n".join(line for line in lines if line is not None) + "\n", "utf-8")
    return [str(problem) for problem in check_file(file)]


def changed(tmp_path: Path, number: int, pattern: str, new: str) -> list[str]:
    line, times = re.subn(pattern, new, LINES[number - 1], count=1)
    assert times, LINES[number - 1]
    return told(tmp_path, {number: line})


FIRST = r"  - id: "
RESOURCE = line_in("resources", FIRST)
TITLE, URL, TOPIC, KIND = (line_in("resources", f"    {key}: ") for key in ("title", "url", "topic", "kind"))


@pytest.mark.parametrize("section", [*SECTIONS, "feeds", "version"])
def test_a_misspelt_section_is_one_line(tmp_path: Path, section: str) -> None:
    number = next(n for n, line in enumerate(LINES, 1) if line.startswith(f"{section}:"))
    wrong = section[:2] + section[3:]
    assert changed(tmp_path, number, section, wrong) == [
        f"line {number}: {wrong}: “{wrong}” is not a known key; did you mean “{section}”?"
    ]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_misspelt_id_key_is_one_line(tmp_path: Path, section: str) -> None:
    number = line_in(section, FIRST)
    assert changed(tmp_path, number, "id:", "ids:") == [
        f"line {number}: {section}[0].ids: “ids” is not a known key; did you mean “id”?"
    ]


@pytest.mark.parametrize("section", SECTIONS)
def test_any_other_misspelt_key_is_one_line(tmp_path: Path, section: str) -> None:
    number = line_in(section, FIRST) + 1
    (said,) = changed(tmp_path, number, r"^(\s+\w)\w", r"\1")
    assert re.fullmatch(rf"line {number}: {section}\.[\w.-]+: “\w+” is not a known key; did you mean “\w+”\?", said)


def test_what_hides_behind_a_misspelt_section_is_told_as_well(tmp_path: Path) -> None:
    section = LINES.index("resources:") + 1
    said = told(tmp_path, {section: "resorces:", KIND: "    kind: vidoe"})
    assert len(said) == 2
    assert said[1].endswith("“vidoe” is not known here; did you mean “video”?")


@pytest.mark.parametrize("section", ["lists", "topics"])
def test_an_id_that_was_changed_is_told_once_with_where_it_is_named(tmp_path: Path, section: str) -> None:
    (said,) = changed(tmp_path, line_in(section, FIRST), r"$", "x")
    assert re.search(
        r"there is no (list|topic) “.+”; did you mean “.+x”\? \(also on lines \d+, \d+, \d+ and in \d+ more", said
    )


@pytest.mark.parametrize("section", SECTIONS)
def test_an_id_with_capitals_is_one_line(tmp_path: Path, section: str) -> None:
    number = line_in(section, FIRST)
    old = LINES[number - 1].removeprefix("  - id: ")
    (said,) = told(tmp_path, {number: f"  - id: {old.capitalize().replace('-', ' ')}"})
    assert said.startswith(f"line {number}: ")
    assert "is not an id: small letters" in said


def test_an_entry_given_twice_is_named_with_its_first_line(tmp_path: Path) -> None:
    another = next(n for n in range(RESOURCE + 1, len(LINES)) if LINES[n - 1].startswith(FIRST))
    said = changed(tmp_path, another, r"id: .*", LINES[RESOURCE - 1].strip().removeprefix("- "))
    assert len(said) == 1
    assert f"is given twice, first on line {RESOURCE}" in said[0]


def test_all_that_an_entry_lacks_is_one_line(tmp_path: Path) -> None:
    said = told(tmp_path, {RESOURCE: f"  - id: new-one\n{LINES[RESOURCE - 1]}"})
    assert said == [
        f"line {RESOURCE}: resources.new-one: “title”, “url”, “topic”, “kind” and “language” are missing",
    ]


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("after", [0, 1])
def test_a_tab_is_one_line(tmp_path: Path, section: str, after: int) -> None:
    number = line_in(section, FIRST) + after
    assert changed(tmp_path, number, r"^\s+", "\t") == [
        f"line {number}: this line is indented with a tab; YAML takes blanks only"
    ]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_line_that_is_indented_differently_is_one_line(tmp_path: Path, section: str) -> None:
    number = line_in(section, FIRST) + 1
    assert changed(tmp_path, number, "^", " ") == [
        f"line {number}: this line is indented differently from its neighbours"
    ]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_missing_dash_is_told_at_its_section(tmp_path: Path, section: str) -> None:
    said = changed(tmp_path, line_in(section, FIRST), "- ", "  ")
    assert len(said) == 2
    assert said[0].startswith(f"line {LINES.index(f'{section}:') + 1}: {section}: this should be a sequence")


@pytest.mark.parametrize(
    "section", [section for section in SECTIONS if section != "tips"]
)  # theirs stands on a line of its own
@pytest.mark.parametrize("instead", [" ", ":"])
def test_a_missing_colon_or_blank_is_one_line(tmp_path: Path, section: str, instead: str) -> None:
    number = line_in(section, FIRST) + 1
    (said,) = changed(tmp_path, number, ": ", instead)
    assert said.startswith(f"line {number}: ")
    assert "a key needs a colon and a blank after it" in said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ('"Learn it', "a quote is opened here and not closed"),
        ("'Learn it", "a quote is opened here and not closed"),
        ("Learn it: a guide", "a text with a colon and a blank in it needs quotes"),
        ("“Learn it: a guide”", "quotes are \" or ' in YAML"),
        ("@somebody", "a text that begins with a special character such as @"),
        ("[Learn it", "a bracket is not closed"),
        ("2001", "this should be text, not “2001”; put it in quotes"),
        ('Learn it"', "nothing left over at its ends"),
        ("", "this should be text, not nothing"),
    ],
)
def test_a_title_that_needs_quotes_is_one_line(tmp_path: Path, title: str, said: str) -> None:
    (found,) = told(tmp_path, {TITLE: f"    title: {title}"})
    assert found.startswith((f"line {TITLE}: ", f"line {TITLE + 1}: "))
    assert said in found


@pytest.mark.parametrize(
    ("number", "line", "said"),
    [
        (URL, "url: htp://example.org/x", "addresses are taken; did you mean “https://example.org/x”?"),
        (URL, "url: www.example.org/x", "addresses are taken; did you mean “https://www.example.org/x”?"),
        (URL, "url: https://example.org/x see there", "an address has no blanks"),
        (URL, "url: nowhere", "only http:// and https:// addresses are taken"),
        (TOPIC, "topic: study-metod", "there is no topic “study-metod”; did you mean “study-method”?"),
        (TOPIC, "topic: [study-method]", "this should be text, not a sequence"),
        (KIND, "kind: vidio", "“vidio” is not known here; did you mean “video”?"),
        (KIND, "kind: video\n    minutes: ten", "this should be a whole number, not “ten”"),
        (KIND, 'kind: video\n    minutes: "10"', "this should be a whole number, not “10”"),
        (KIND, "kind: video\n    practice: maybe", "this should be true or false, not “maybe”"),
        (KIND, "kind: video\n    kind: video", "“kind” is given twice here"),
        (KIND, "<<<<<<< HEAD\n    kind: video\n=======\n    kind: paper\n>>>>>>> theirs", "a merge was left open here"),
    ],
)
def test_a_wrong_value_is_one_line(tmp_path: Path, number: int, line: str, said: str) -> None:
    (found,) = told(tmp_path, {number: line if line.startswith("<") else f"    {line}"})
    assert found.startswith(f"line {number + line.count(chr(10)) * (not line.startswith('<'))}: ")
    assert said in found


def test_a_file_that_was_cut_off_says_where(tmp_path: Path) -> None:
    file = tmp_path / "catalog.yaml"
    file.write_text("\n".join([*LINES[:TITLE], '    author: "Some']), "utf-8")
    (said,) = map(str, check_file(file))
    assert said.startswith(f"line {TITLE + 1}: ")
    assert "a quote is not closed" in said


def test_what_is_wrong_before_the_text_breaks_is_told_with_it(tmp_path: Path) -> None:
    topic = line_in("topics", FIRST) + 1
    said = told(tmp_path, {topic: "    nome: {en: a, pt: b}", TITLE: '    title: "Learn it'})
    assert [one.partition(":")[0] for one in said] == [f"line {topic}", f"line {TITLE}"]


def test_a_section_that_nobody_knows_is_not_guessed_at(tmp_path: Path) -> None:
    number = LINES.index("lists:") + 1
    (said,) = told(tmp_path, {number: "fontes:"})
    assert said.startswith(f"line {number}: fontes: “fontes” is not a known key; known here: version, lists")


def test_a_renamed_key_keeps_its_line() -> None:
    document = read_document("a:\n  nme: x\n  b: y\n")
    assert document.rename(("a", "nme"), "name")
    assert document.data == {"a": {"b": "y", "name": "x"}}
    assert document.line_of(("a", "name")) == 2
    assert not document.rename(("a", "b"), "name"), "that key is taken"
    assert not document.rename(("a", "gone"), "c")

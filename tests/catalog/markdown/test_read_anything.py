"""Promises that hold for any text: no address and no line is lost in silence, nothing is a traceback, order does not rot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.address import canonical
from bot.catalog.markdown.read import read_list
from bot.errors import CatalogError

PREFIXES = st.sampled_from(
    ["", "- ", "  - ", "    - ", "* ", "1. ", "> ", "# ", "### ", "- [ ] ", "| ", "Label: ", "- *cult*: "]
)
LINKS = st.sampled_from(
    [
        "[text](https://example.org/{n})",
        "[link](https://example.org/{n})",
        "https://example.org/{n}",
        "<https://example.org/{n}>",
        '<a href="https://example.org/{n}">text</a>',
        '"Title" [Someone; paper; 2020](https://example.org/{n})',
        "[**bold** `code`](https://example.org/{n} 'title')",
        "[text][r{n}]\n\n[r{n}]: https://example.org/{n}\n",
        "[![picture](https://example.org/p.png)](https://example.org/{n})",
        "[a](https://example.org/{n}) and more,",
    ]
)
TAILS = st.sampled_from(["", " - a remark", " (30 min)", ", other", " - paper oct/2021", " [", " **", "  ", " |"])
LINES = st.tuples(PREFIXES, LINKS, TAILS) | st.sampled_from(["", "", "text", "##", "---", "Keras:", "<div>", "</div>"])


def write(lines: list[tuple[str, str, str] | str]) -> tuple[str, set[str]]:
    text, addresses = [], set()
    for number, line in enumerate(lines):
        if isinstance(line, str):
            text.append(line)
        else:
            addresses.add(f"https://example.org/{number}")
            text.append("".join(line).replace("{n}", str(number)))
    return "\n".join(text), addresses


@given(st.lists(LINES, max_size=12))
def test_every_address_is_an_item_or_a_finding_on_its_line(lines: list[tuple[str, str, str] | str]) -> None:
    text, addresses = write(lines)
    report = read_list(text, "any")
    found = {item.url for item in report.items}
    for address in addresses - found:
        line = next(number for number, row in enumerate(text.split("\n"), start=1) if address in row)
        told = line in {finding.line for finding in report.findings}
        assert told or any(address in rest.text for rest in report.rest)


@given(st.lists(LINES, max_size=12))
def test_an_item_stands_on_the_line_of_its_address(lines: list[tuple[str, str, str] | str]) -> None:
    text, _ = write(lines)
    rows = text.split("\n")
    references = [row.split("]: ")[1] for row in rows if row.startswith("[r") and "]: " in row]
    for item in read_list(text, "any").items:
        assert item.url in rows[item.line - 1] or item.url in references


@given(st.text(max_size=300) | st.lists(LINES, max_size=8).map(lambda lines: write(lines)[0]))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        report = read_list(text, "any")
    except CatalogError:
        return
    for item in report.items:
        assert item.title.strip()
        assert canonical(item.url) == item.canonical
        assert len(item.title) <= 300


@pytest.mark.parametrize("opening", ["[", "![", "[a](", "<a ", "*a_ ", "a`", "> ", "- ", "<ul><li>", "|"])
def test_thousands_of_openings_that_nobody_closes_are_read(opening: str) -> None:
    report = read_list(opening * 3000 + "\n\n- [end](https://example.org/end)\n", "deep")
    assert [item.title for item in report.items][-1:] == ["end"]


def test_a_block_of_code_that_nothing_closes_is_pointed_at() -> None:
    report = read_list("- [a](https://example.org/a)\n```\n- [b](https://example.org/b)\n", "open")
    assert [str(finding) for finding in report.findings] == [
        "line 2: could not be placed: a block of code opens here and nothing closes it; the rest is not read"
    ]
    assert not read_list("```\nx\n```\n- [a](https://example.org/a)", "closed").findings


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("- [a](javascript:alert(1))", "only http and https are taken, not javascript"),
        ("- [a](file:///etc/passwd)", "only http and https are taken, not file"),
        ("- [a](data:text/html,x)", "only http and https are taken, not data"),
        ("- [a](/docs/a)", "is a path inside the repository"),
        ("- [a](notes.md#b)", "is a path inside the repository"),
        ("- [a](https://-)", "no host that can exist"),
        ("- [a](https://example.org/" + "x" * 3000 + ")", "characters"),
        ("- [a]()", "has an empty target"),
        ("- [a](#b)", "a link within the list"),
        ("- [a](mailto:a@example.org)", "no web page"),
        ("- [a][b]", "refers to a label that is defined nowhere"),
        ("[b]: https://example.org", "no text leads to https://example.org"),
    ],
)
def test_a_link_that_is_no_resource_is_named_with_the_reason(line: str, reason: str) -> None:
    report = read_list(f"# L\n\n{line}\n", "bad")
    assert not report.items
    assert [finding.line for finding in report.findings if reason in finding.text] == [3]


def test_a_name_that_looks_like_a_domain_is_no_link() -> None:
    report = read_list("- DeepLearning.AI\n- Neptune.AI and MLOps.toys\n- see example.org/a", "names")
    assert not report.items
    assert [rest.text for rest in report.rest] == ["DeepLearning.AI", "Neptune.AI and MLOps.toys", "see example.org/a"]


def test_a_password_in_an_address_does_not_reach_the_catalog() -> None:
    (item,) = read_list("- [a](https://ada:secret@example.org/a)", "x").items
    assert item.url == "https://example.org/a"


def test_a_yaml_head_is_set_aside_and_a_rule_is_none() -> None:
    head = read_list("---\ntitle: A list\ntags:\n  - a\n---\n# L\n- [a](https://example.org/a)", "head")
    assert [(rest.what, rest.line) for rest in head.rest] == [("front matter", 1)]
    assert [(item.line, item.section) for item in head.items] == [(7, ())]
    rule = read_list("---\n[a](https://example.org/a)\n\n---\n", "rule")
    assert [item.title for item in rule.items] == ["a"]

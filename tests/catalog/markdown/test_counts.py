"""The numbers of links and resources of whole lists: of our own always, of the five seeds where they are at hand.

Where the seeds are not there, their rows are not collected: the ids of the tests (`seed-000…`) show whether they ran.
"""

from collections import Counter
from pathlib import Path

import pytest

from bot.catalog.markdown.read import read_list
from bot.catalog.markdown.report import ImportReport, Matter
from tests.catalog.markdown.places import HERE, broken, own_lists, seeds

OWN_LINKS = {"awesome": 20, "evolution": 14, "notes": 12, "role": 17, "trail": 34}
SEED_LINKS = (337, 150, 52, 76, 37)

LISTS = [pytest.param(path, OWN_LINKS[path.stem], id=path.stem) for path in own_lists()]
LISTS += [
    pytest.param(path, links, id=f"seed-{path.stem[:3]}") for path, links in zip(seeds(), SEED_LINKS, strict=False)
]

OWN_TOGETHER = ([HERE / "trail.md", HERE / "role.md", HERE / "trail.md"], 51, {1: 17, 2: 34})
TOGETHER = [pytest.param(*OWN_TOGETHER, id="own")]
TOGETHER += [pytest.param(seeds(), 520, {1: 389, 2: 130, 3: 1}, id="seeds")] if len(seeds()) == len(SEED_LINKS) else []


def read(path: Path) -> ImportReport:
    return read_list(path.read_bytes(), path.name)


@pytest.mark.parametrize(("path", "links"), LISTS)
def test_every_link_of_a_list_becomes_an_item(path: Path, links: int) -> None:
    assert len(read(path).items) == links


@pytest.mark.parametrize(("paths", "resources", "by_lists"), TOGETHER)
def test_the_same_resource_in_several_lists_is_one(paths: list[Path], resources: int, by_lists: dict[int, int]) -> None:
    lists_of: Counter[str] = Counter()
    for path in paths:
        lists_of.update({item.canonical for item in read(path).items})
    assert len(lists_of) == resources
    assert Counter(lists_of.values()) == by_lists


@pytest.mark.parametrize(("path", "links"), LISTS)
def test_no_line_of_a_list_is_lost_in_silence(path: Path, links: int) -> None:
    report = read(path)
    assert not [finding for finding in report.findings if "was not understood" in finding.text]
    told = {item.line for item in report.items} | {rest.line for rest in report.rest}
    told |= {finding.line for finding in report.findings} | {line for line, _, _ in report.headings}
    lines = path.read_text(encoding="utf-8").split("\n")
    bullets = [
        number for number, line in enumerate(lines, start=1) if line.lstrip(" \t>").startswith(("- ", "* ", "-\t"))
    ]
    parts = {part for item in report.items for part in item.parts}
    notes = " ".join(item.note or "" for item in report.items)
    lost = [
        number
        for number in bullets
        if number not in told
        and lines[number - 1].strip(" \t-*>") not in parts
        and lines[number - 1].strip(" \t-*") not in notes
    ]
    assert not lost


@pytest.mark.parametrize("path", [path for path in own_lists() if path.stem != "notes"], ids=lambda path: path.stem)
def test_a_list_with_broken_letters_reads_like_the_whole_one(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    mended = read_list("\n".join(broken(line) for line in text.split("\n")), path.name)
    whole = read(path)
    assert mended.items == whole.items
    assert mended.rest == whole.rest


NOTES = [pytest.param(HERE / "notes.md", 19, id="notes")]
NOTES += [pytest.param(path, 64, id="seed-003") for path in seeds() if path.stem.startswith("003")]


@pytest.mark.parametrize(("path", "line"), NOTES)
def test_a_string_that_is_broken_on_purpose_stays_broken(path: Path, line: int) -> None:
    report = read(path)
    kept = next(rest.text for rest in report.rest if rest.line == line)
    assert "â€œ" in kept
    assert "â€\\x9d" in kept
    assert not report.of(Matter.REPAIRED)


BROKEN = [pytest.param(path, id="seed-001") for path in seeds() if path.stem.startswith("001")]


@pytest.mark.parametrize("path", [pytest.param(None, id="own"), *BROKEN])
def test_no_broken_letter_is_left(path: Path | None) -> None:
    content = path.read_bytes() if path else broken((HERE / "trail.md").read_text(encoding="utf-8")).encode()
    report = read_list(content, "older")
    texts = [item.title + (item.note or "") + item.place for item in report.items] + [rest.text for rest in report.rest]
    assert not [text for text in texts if "√" in text or "‚Ä" in text]
    assert [finding.matter for finding in report.findings].count(Matter.REPAIRED) == 1


EMPTY = [
    pytest.param(HERE / "notes.md", [(32, "“seed vector” has an empty target")], id="notes"),
    pytest.param(HERE / "trail.md", [(67, "nothing stands below the heading “Sementes raras”")], id="trail"),
    pytest.param(
        HERE / "evolution.md",
        [
            (49, "nothing stands below the heading “Machine Gardens”"),
            (51, "nothing stands below the heading “Data Gardens”"),
        ],
        id="evolution",
    ),
]
SEED_EMPTY = {
    "000": [(551, "nothing stands below the heading “Survival Analysis”")],
    "001": [],
    "002": [],
    "003": [(217, "“langchain vector-db” has an empty target")],
    "004": [
        (126, "nothing stands below the heading “Machine Learning”"),
        (128, "nothing stands below the heading “Data Engineering”"),
        (130, "nothing stands below the heading “Data Science”"),
    ],
}
EMPTY += [pytest.param(path, SEED_EMPTY[path.stem[:3]], id=f"seed-{path.stem[:3]}") for path in seeds()]


@pytest.mark.parametrize(("path", "expected"), EMPTY)
def test_empty_targets_and_empty_headings_are_reported_with_their_line(
    path: Path, expected: list[tuple[int, str]]
) -> None:
    assert [(finding.line, finding.text) for finding in read(path).of(Matter.UNPLACED)] == expected

"""Lists of feeds in and out: what goes out comes back, and a broken list gives what it has."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.__main__ import main
from bot.feeds.opml import Outline, read_opml, write_opml
from bot.store.tables import Feed
from tests.house import SMALL_CATALOG

FOREIGN = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="charts"><outline text="A &amp; B" type="rss" xmlUrl="https://a.example/feed" htmlUrl="https://a.example"/>
  <outline title="Again" xmlUrl="http://www.a.example/feed/"/></outline>
<outline text="Loose" xmlUrl="feed://b.example/rss"></outline>
<outline text="Bad" xmlUrl="javascript:alert(1)"/><outline text="Empty" xmlUrl=""/>
</body></opml>"""


def feed(**columns: object) -> Feed:
    return Feed(**{"url": "https://a.example/feed", "title": "A", "site": None, "topic": None, **columns})


def test_what_goes_out_comes_back() -> None:
    written = write_opml([feed(title='<A> & "B"', topic="charts", site="https://a.example/?a=1&b=2")])
    assert read_opml(written.encode()) == [Outline("https://a.example/feed", '<A> & "B"', "charts")]


def test_a_foreign_list_is_read_with_its_folders_and_each_feed_once() -> None:
    assert read_opml(FOREIGN) == [
        Outline("https://a.example/feed", "A & B", "charts"),
        Outline("http://b.example/rss", "Loose", ""),
    ]


@pytest.mark.parametrize("cut", [100, 200, 260, 330])
def test_a_list_that_breaks_off_gives_what_it_has(cut: int) -> None:
    assert len(read_opml(FOREIGN[:cut])) <= 1


@given(st.binary(max_size=300))
def test_any_bytes_are_no_accident(content: bytes) -> None:
    read_opml(content)
    read_opml(b"<opml><outline xmlUrl='" + content)


def test_entities_do_not_grow() -> None:
    bomb = b"<!DOCTYPE o [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>" + FOREIGN
    assert len(read_opml(bomb.replace(b"Loose", b"&b;"))[1].title) < 20


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BOT_CATALOG", str(SMALL_CATALOG))
    (tmp_path / "mine.opml").write_bytes(FOREIGN)
    return tmp_path


def test_the_command_line_takes_a_list_in_and_gives_it_out(at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "import", "mine.opml"]) == 0
    assert "2 followed now, 0 followed already." in capsys.readouterr().err
    assert main(["feeds", "import", "mine.opml"]) == 0
    assert "0 followed now, 2 followed already." in capsys.readouterr().err
    assert main(["feeds", "export"]) == 0
    assert [one.folder for one in read_opml(capsys.readouterr().out.encode())] == ["charts", ""]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["mine.opml", "--topic", "cooking"], 2, "No topic is called cooking"),
        (["nowhere.opml"], 2, "no such file or directory"),
        (["empty.opml"], 1, "names no feed"),
    ],
)
def test_what_cannot_be_taken_in_says_why(
    at_home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    (at_home / "empty.opml").write_text("<opml/>")
    assert main(["feeds", "import", *arguments]) == code
    assert said in capsys.readouterr().err

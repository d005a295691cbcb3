"""Lists of feeds in and out: what goes out comes back, and a broken list gives what it has."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.__main__ import main
from bot.feeds.opml import FeedList, Outline, read_opml, write_opml
from bot.feeds.workers import Workers
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
    assert read_opml(written.encode()).outlines == (Outline("https://a.example/feed", '<A> & "B"', "charts"),)


def test_a_foreign_list_is_read_with_its_folders_and_each_feed_once() -> None:
    assert read_opml(FOREIGN) == FeedList(
        (Outline("https://a.example/feed", "A & B", "charts"), Outline("http://b.example/rss", "Loose", "")),
        ("javascript:alert(1)",),
    )


@pytest.mark.parametrize("cut", [100, 200, 260, 330])
def test_a_list_that_breaks_off_gives_what_it_has(cut: int) -> None:
    assert len(read_opml(FOREIGN[:cut]).outlines) <= 1


@given(st.binary(max_size=300))
def test_any_bytes_are_no_accident(content: bytes) -> None:
    read_opml(content)
    read_opml(b"<opml><outline xmlUrl='" + content)


@pytest.mark.parametrize(
    ("encoding", "mark", "declared"),
    [
        ("utf-8", b"", "utf-16"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-8"),
        ("latin-1", b"", "ISO-8859-1"),
        ("koi8-r", b"", "koi8-r"),
        ("utf-8", b"", "hex"),
        ("utf-8", b"", "no-such"),
        ("utf-8", b"", "undefined"),
    ],
)
def test_a_list_is_read_whatever_it_says_of_its_encoding(encoding: str, mark: bytes, declared: str) -> None:
    title = "Лента" if encoding == "koi8-r" else "Estatística"
    text = f'<?xml version="1.0" encoding="{declared}"?><opml><outline text="{title}" xmlUrl="https://a.example/feed"/>'
    assert read_opml(mark + text.encode(encoding)).outlines == (Outline("https://a.example/feed", title),)


def test_of_a_list_without_end_the_first_thousand_are_looked_at() -> None:
    named = "".join(f'<outline text="{n}" xmlUrl="https://blog{n}.example/feed"/>' for n in range(10_000))
    found = read_opml(f"<opml>{named}</opml>".encode())
    assert (len(found.outlines), found.more) == (1_000, 9_000)


async def test_a_list_is_read_in_a_process_that_may_be_ended() -> None:
    workers = Workers()
    assert (await workers.read_list(FOREIGN)).outlines[0].folder == "charts"
    await workers.close()


def test_entities_do_not_grow() -> None:
    bomb = b"<!DOCTYPE o [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>" + FOREIGN
    assert len(read_opml(bomb.replace(b"Loose", b"&b;")).outlines[1].title) < 20


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
    assert capsys.readouterr().err == "2 followed now, 0 followed already.\nRefused (address): javascript:alert(1)\n"
    assert main(["feeds", "import", "mine.opml"]) == 0
    assert "0 followed now, 2 followed already." in capsys.readouterr().err
    assert main(["feeds", "export"]) == 0
    assert [one.folder for one in read_opml(capsys.readouterr().out.encode()).outlines] == ["charts", ""]


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

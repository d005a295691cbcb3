"""`trilha links check` as somebody calls it before the first subscriber."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.operate.links import check_links
from tests.conftest import ENGINE, fresh_database
from tests.web.internet import Internet

CATALOG = """version: 1
topics:
  - {id: basics, name: Basics}
resources:
  - {id: here, title: Here, url: "http://here.example/a", topic: basics, kind: article, language: en}
  - {id: gone, title: Gone, url: "http://gone.example/a", topic: basics, kind: article, language: en}
"""


async def test_every_link_is_visited_once_and_a_second_call_goes_on_where_the_first_ended(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_DATABASE_URL", fresh_database(request, ENGINE, tmp_path))
    (tmp_path / "catalog.yaml").write_text(CATALOG)
    monkeypatch.setenv("BOT_CATALOG", str(tmp_path / "catalog.yaml"))
    monkeypatch.chdir(tmp_path)
    async with Internet() as net:
        net.page("here.example", "a page")
        net.page("gone.example", "nothing", 404)
        assert await check_links(net.fetcher()) == 0
        told = capsys.readouterr()
        assert "2 links visited. 1 ok, 1 suspect, 0 dead." in told.out
        assert "2 of 2 links visited" in told.err
        assert await check_links(net.fetcher()) == 0
        assert "0 links visited. 1 ok, 1 suspect, 0 dead." in capsys.readouterr().out
        assert len(net.asked) == 2

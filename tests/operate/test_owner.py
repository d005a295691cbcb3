"""The first owner: a code that only the operator sees, and the log of what curators did, for whoever keeps the records."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.logs import set_up
from bot.operate.audit import print_log
from bot.operate.owner import how_to_use, invite_an_owner, is_owned, new_code
from bot.settings import PlatformId
from bot.store.tables import Invitation
from tests.house import House, given_role, settings_for


async def test_the_code_is_long_and_only_its_digest_is_kept(house: House) -> None:
    code = await new_code(house.app.database, house.app.now())
    assert len(code.removeprefix("owner-")) >= 22, "128 bits in letters of six"
    assert f"/start {code}" in how_to_use(code)
    async with house.app.database.read() as session:
        row = await session.scalar(select(Invitation))
    assert row
    assert code not in repr(vars(row))
    assert (row.uses_left, row.tries_left) == (1, 5)


async def test_the_code_makes_an_owner(house: House) -> None:
    assert not await is_owned(house.app.database, house.settings)
    ana = house.person("ana")
    await ana.says(f"/start {await new_code(house.app.database, house.app.now())}")
    assert "Este bot agora é seu." in ana.sees()
    assert await is_owned(house.app.database, house.settings)


async def test_an_operator_reads_the_code_on_a_terminal(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    await invite_an_owner(house.app.database, house.settings.model_copy(update={"log_format": "text"}), house.app.now())
    said = capsys.readouterr().out
    ana = house.person("ana")
    await ana.says(said.splitlines()[2].strip())
    assert "Este bot agora é seu." in ana.sees()


async def test_where_a_machine_reads_the_log_the_code_is_an_event_of_it(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(json_log := settings_for(tmp_path, log_format="json"))
    await invite_an_owner(house.app.database, json_log, house.app.now())
    out, err = capsys.readouterr()
    assert not out
    (line,) = [json.loads(line) for line in err.splitlines()]
    assert line["event"] == "owner.missing"
    ana = house.person("ana")
    await ana.says(line["send"])
    assert "Este bot agora é seu." in ana.sees()


async def test_who_owns_the_bot_is_shown_no_code(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    await given_role(house, "dora", "owner")
    await invite_an_owner(house.app.database, house.settings, house.app.now())
    assert "/start owner-" not in "".join(capsys.readouterr())


async def test_who_is_named_in_the_settings_owns_it(house: House, tmp_path: Path) -> None:
    named = settings_for(tmp_path).model_copy(update={"owners": (PlatformId("telegram", "1"),)})
    assert await is_owned(house.app.database, named)


async def test_the_log_is_one_object_a_line(house: House) -> None:
    carla = await given_role(house, "carla", "curator")
    await carla.says("/suggest https://example.net/1")
    await carla.says("/edit 1 minutes=20")
    await carla.says("/reject 1 paywall")
    out = io.StringIO()
    assert await print_log(house.settings, out) == 0
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(line["who"], line["did"], line["about"]) for line in lines] == [
        ("Carla", "edit", "suggestion:1"),
        ("Carla", "reject", "suggestion:1"),
    ]
    assert lines[1]["after"] == {"reason": "paywall", "words": ""}


async def test_the_log_says_whose_role_it_was(house: House) -> None:
    dora = await given_role(house, "dora", "owner")
    bruno = house.person("bruno")
    await bruno.says("/help")
    await dora.says_about(bruno, "/curators add")
    out = io.StringIO()
    await print_log(house.settings, out)
    line = json.loads(out.getvalue())
    assert (line["who"], line["did"], line["whom"], line["after"]) == ("Dora", "role", "Bruno", {"role": "curator"})

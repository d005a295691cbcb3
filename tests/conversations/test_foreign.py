"""Most of a trail is in another language than theirs: they hear it before they begin, with the counts, and when they change the trail."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.doors.terminal import Person
from tests.conftest import ENGINE, fresh_database
from tests.house import SMALL_CATALOG, House, settings_for, subscribed


async def test_it_is_said_before_they_begin_with_the_other_trails_a_press_away(ana: Person) -> None:
    await ana.says("/start")
    await ana.presses("trail:first-steps")
    said = ana.sees()
    assert "Vale saber: por aqui, 5 dos 6 recursos estão em inglês. O que há em português vem primeiro." in said
    await ana.presses("Trilhas")
    assert "As trilhas" in ana.sees()
    await ana.presses("Figuras")
    assert "Vale saber: por aqui, todos os 2 recursos estão em inglês." in ana.sees()


async def test_what_comes_first_is_what_there_is_in_theirs(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hoje")
    await ana.presses("Feito")
    await ana.says("/mais")
    assert "português" in ana.sees()


async def test_who_reads_that_language_hears_nothing_of_it(bruno: Person) -> None:
    await bruno.says("/start")
    await bruno.presses("trail:first-steps")
    await bruno.says("Lisbon")
    seen = bruno.sees()
    assert "Good to know" not in seen
    assert "Trails" not in bruno.buttons()


async def test_it_is_said_again_of_another_trail_until_they_chose_languages(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/trilha figuras")
    assert "Vale saber:" in ana.sees()
    await ana.presses("Idiomas")
    await ana.presses("Inglês, depois português")
    ana.sees()
    await ana.says("/trilha primeiros passos")
    assert "Vale saber:" not in ana.sees()


async def test_who_wants_only_what_is_rare_hears_how_little_is_left(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/idiomas só português")
    assert "só português.\nCom isso, sobra 1 dos 6 recursos do seu caminho." in ana.sees()
    await ana.says("/idiomas só inglês")
    assert "Com isso" not in ana.sees()
    await ana.says("/trilha figuras")
    await ana.says("/idiomas só português")
    assert "Com isso, não sobra nada no seu caminho." in ana.sees()


async def test_who_has_today_all_there_is_in_theirs_hears_that_there_is_more_in_others(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/idiomas só português")
    await ana.says("/hoje")
    assert "Data in words" in ana.sees()
    await ana.says("/mais")
    assert "Para hoje não tenho mais nada de Primeiros passos nos seus idiomas; em outros há mais." in ana.sees()
    assert ana.buttons()[0] == "Idiomas"
    await ana.presses("Idiomas")
    await ana.presses("Inglês, depois português")
    await ana.says("/mais")
    assert "What is data?" in ana.sees()


async def test_where_nothing_of_the_core_is_left_what_is_beside_it_is_named(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    catalog = tmp_path / "catalog.yaml"
    core = "kind: article, core: true, language: pt"
    catalog.write_text(SMALL_CATALOG.read_text().replace(core, "kind: article, language: pt"))
    url = fresh_database(request, ENGINE, tmp_path)
    house = await House(settings_for(tmp_path, database_url=url, catalog=catalog)).open()
    ana = await subscribed(house.person("ana"))
    await ana.says("/idiomas só português")
    said = ana.sees()
    await ana.says("/hoje")
    first = ana.sees()
    await house.close()
    assert "não sobra nada do núcleo do seu caminho; o que há além dele continua vindo." in said
    assert "Data in words" in first

"""Search in chat: words, filters, pages, the card of a result, and what odd words get."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.doors.terminal import Person
from bot.store.lookups import KEPT
from bot.store.tables import Dose, Lookup, Mark
from tests.house import House, subscribed


async def test_words_find_what_a_card_then_shows(bruno: Person) -> None:
    await bruno.says("/search model")
    seen = bruno.sees()
    assert "model · 1–2 of 2" in seen
    assert "1. What is a model?\nvideo · 12 min · English" in seen
    await bruno.presses("1")
    assert bruno.sees() == "What is a model?\nvideo · 12 min · English\nTopic: Models"
    await bruno.presses("Open")
    assert bruno.opened == ["https://example.org/model"]


async def test_nobody_needs_a_trail_to_search(ana: Person) -> None:
    await ana.says("/buscar DADOS")
    assert "DADOS" in ana.sees()


async def test_alone_it_asks_and_takes_the_next_words(ana: Person) -> None:
    await ana.says("/buscar")
    assert "O que você procura?" in ana.sees()
    await ana.says("noções tipo:vídeo minutos<10")
    assert "noções tipo:vídeo minutos<10 · 1 encontrado\n1. What is data?" in ana.sees()


@pytest.mark.parametrize(
    "said", ["/search short video about models", "/search what is a model, a video under 20 minutes please"]
)
async def test_plain_sentences_find_what_they_ask_for(bruno: Person, said: str) -> None:
    await bruno.says(said)
    assert "1 found\n1. What is a model?" in bruno.sees()


async def test_plain_sentences_in_portuguese_too(ana: Person) -> None:
    await ana.says("/buscar algum artigo em português de até 10 minutos sobre words?")
    assert "1 encontrado\n1. Data in words" in ana.sees()
    await ana.says("/buscar curso de gráficos")
    seen = ana.sees()
    assert "Nada tem curso de gráficos por inteiro. Os mais próximos, 1–2 de 2:" in seen
    assert "1. Bars" in seen


async def test_pages_turn_back_and_forth_and_a_page_that_is_not_there_is_the_last(bruno: Person) -> None:
    await bruno.says("/search lang:en")
    assert "1–5 of 8" in bruno.sees()
    assert bruno.buttons() == ("1", "2", "3", "4", "5", "More ›")
    await bruno.presses("More ›")
    assert "6–8 of 8" in bruno.sees()
    assert bruno.buttons() == ("6", "7", "8", "‹ Back")
    await bruno.presses("‹ Back")
    assert "1–5 of 8" in bruno.sees()
    await bruno.forges("found:1:99999")
    assert "6–8 of 8" in bruno.sees()


async def test_a_result_says_what_they_did_with_it(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    await ana.says("o dado é um valor com significado")
    ana.sees()
    await ana.says("/buscar what is data")
    assert "vídeo · 8 min · inglês · Josie Ann · feita" in ana.sees()
    await ana.presses("1")
    seen = ana.sees()
    assert "✓ Você fez esta em 3 de março." in seen
    assert "Você escreveu: “o dado é um valor com significado”" in seen


async def test_a_result_is_saved_and_taken_out_again(house: House, bruno: Person) -> None:
    await bruno.says("/search bars")
    await bruno.presses("1")
    await bruno.presses("Save")
    assert "It waits in your /saved." in bruno.screen
    await bruno.presses("Take out of saved")
    assert "It waits" not in bruno.screen
    assert await house.count(Mark) == 0


async def test_a_result_can_be_taken_now_beside_the_dose_of_the_day(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/buscar bars")
    await ana.presses("1")
    ana.sees()
    await ana.presses("Fazer agora")
    seen = ana.sees()
    assert "Bars" in seen
    assert "Por que esta: foi você que escolheu." in seen
    await ana.presses("get:bars")
    assert await house.count(Dose) == 1
    await ana.presses("Feito")
    assert "Feito. Dia 1." in ana.sees()
    await house.forward_to("2026-03-03 08:00")
    assert "What is data?" in ana.sees()
    await ana.says("/buscar bars")
    await ana.presses("1")
    ana.sees()
    assert "get:bars" not in ana.actions()


async def test_two_presses_at_once_take_one_dose(either_house: House) -> None:
    ana = await subscribed(either_house.person("ana"))
    await ana.says("/buscar bars")
    await ana.presses("1")
    await ana.presses_twice_at_once("Fazer agora")
    assert await either_house.count(Dose) == 1


async def test_a_pile_of_open_doses_takes_no_more(house: House, ana: Person) -> None:
    await subscribed(ana)
    for resource in ("bars", "lines", "what-is-a-model", "build-a-model"):
        ana.sees()
        await ana.forges(f"get:{resource}")
    seen = ana.sees()
    assert "3 doses de hoje ainda estão em aberto" in seen
    await ana.forges("get:nothing")
    assert "não está mais aqui" in ana.sees()


# ----------------------------------------------------------------------------------------------------------- free text


async def test_words_that_are_no_note_can_be_searched_for(house: House, ana: Person) -> None:
    await ana.says("notebook: first?")
    assert "Oi, Ana." in ana.sees()
    await ana.presses("Buscar")
    assert "notebook first?" in (seen := ana.sees())
    assert "1. A first notebook" in seen
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    await house.forward(minutes=16)
    ana.sees()
    await ana.says("build a model")
    assert "Guardo isso como nota sobre What is data?" in ana.sees()
    await ana.presses("Buscar")
    assert "1. Build a model" in ana.sees()
    await ana.presses("Guardar como nota")
    assert "Guardado." in ana.sees()


async def test_emoji_alone_offer_no_search(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("🦜🦜")
    assert "Ainda não converso muito bem." in ana.sees()
    assert ana.messages[-1].buttons == ()


# ----------------------------------------------------------------------------------------------------------- odd words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kind:banana", "“banana” isn't a kind I have."),
        ("author:josie", "I don't know the filter “author:josie”. There are kind:video, minutes<20,"),
        ("🦜", "I need a word or a filter to look for"),
        ("' OR 1=1; DROP TABLE people --", "I have nothing on “' OR 1=1; DROP TABLE people --”."),
        ("*bold* _x_ [y](http://z) <b>", "I have nothing on “*bold* _x_ [y](http://z) <b>”."),
        ("x" * 301, "That is a lot to look for."),
        ("x" * 10_000, "That is too long for me to read."),
        ("zzzzzz", "I have nothing on “zzzzzz”."),
    ],
)
async def test_odd_words_get_a_sentence_and_the_next_words_are_searched_for(
    bruno: Person, typed: str, said: str
) -> None:
    await bruno.says(f"/search {typed}")
    assert said in bruno.sees()
    if len(typed) < 4096:
        await bruno.says("bars")
        assert "1. Bars" in bruno.sees()


async def test_markup_in_the_words_stays_text(bruno: Person) -> None:
    await bruno.says("/search <b>bars</b> *x*")
    assert "bars</b>" in bruno.sees()


@pytest.mark.parametrize(
    "action", ["found:99:0", "found::", "found:x:y", "see:", "see:nothing", "put:nothing", "out:" + "x" * 60]
)
async def test_forged_buttons_get_a_sentence(bruno: Person, action: str) -> None:
    await bruno.forges(action)
    seen = bruno.sees()
    assert "That search was too long ago." in seen or "no longer there" in seen


async def test_pages_of_somebody_elses_search_stay_theirs(house: House, ana: Person, bruno: Person) -> None:
    await ana.says("/buscar dados")
    await bruno.forges("found:1:0")
    assert "That search was too long ago." in bruno.sees()


async def test_what_left_the_catalog_since_keeps_a_card(house: House, bruno: Person) -> None:
    await bruno.says("/search bars")
    await bruno.presses("1")
    await bruno.presses("Save")
    left = tuple(entry for entry in house.app.catalog.resources if entry.id != "bars")
    house.app.live.catalog = house.app.catalog.model_copy(update={"resources": left})
    bruno.sees()
    await bruno.presses("1")
    seen = bruno.sees()
    assert "No longer in the catalog, but the link is here." in seen
    await bruno.presses("Take out of saved")
    await bruno.says("/search bars")
    assert "I have nothing on “bars”." in bruno.sees()


async def test_only_the_newest_searches_are_kept(house: House, bruno: Person) -> None:
    for n in range(KEPT + 5):
        await bruno.says(f"/search data minutes<{100 + n}")
    await bruno.says("/search data minutes<100")
    async with house.app.database.read() as session:
        kept = list(await session.scalars(select(Lookup.words).order_by(Lookup.id)))
    assert len(kept) == KEPT
    assert kept[-1] == "data minutes<100"
    await bruno.forges("found:1:0")
    assert "That search was too long ago." in bruno.sees()


async def test_the_same_search_again_is_one_row_and_pages_outlive_a_restart(house: House, bruno: Person) -> None:
    await bruno.says("/search lang:en")
    await bruno.says("/search lang:en")
    await house.restart()
    await bruno.presses("More ›")
    assert "6–8 of 8" in bruno.sees()
    assert await house.count(Lookup) == 1


# ------------------------------------------------------------------------------------------------ filters in the way


async def test_where_filters_leave_nothing_one_of_them_goes_with_a_press(bruno: Person) -> None:
    await bruno.says("/search kind:video minutes<10 lang:pt")
    assert "Nothing passes all of kind:video minutes<10 lang:pt together." in bruno.sees()
    assert bruno.buttons() == ("Without lang:pt · 1",)
    await bruno.presses("Without lang:pt · 1")
    seen = bruno.sees()
    assert "kind:video minutes<10 · 1 found" in seen
    assert "1. What is data?" in seen


async def test_a_filter_that_nothing_passes_is_named_and_free_is_a_filter_too(ana: Person) -> None:
    await ana.says("/buscar tipo:vídeo minutos<15 idioma:en grátis")
    assert "Nada no catálogo passa por grátis." in ana.sees()
    assert ana.buttons() == ("Sem grátis · 2",)
    await ana.says("tipo:vídeo")
    assert "tipo:vídeo · 1–2 de 2" in ana.sees()


async def test_with_words_all_filters_go_where_one_is_not_enough(bruno: Person) -> None:
    await bruno.says("/search bars kind:video lang:pt")
    assert bruno.buttons() == ("Without filters · 1",)
    await bruno.says("/search zzzzzz kind:video")
    assert "I have nothing on “zzzzzz”." in bruno.sees()


async def test_filters_that_shut_each_other_out_are_offered_alone(bruno: Person) -> None:
    await bruno.says("/search kind:video level:cult lang:pt")
    assert bruno.buttons() == ("Only kind:video · 2", "Only level:cult · 1", "Only lang:pt · 1")

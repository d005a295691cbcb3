"""/settings: what holds now on one screen, and every button of it leads somewhere."""

from __future__ import annotations

from bot.doors.terminal import Person
from tests.house import House, subscribed


async def test_one_screen_shows_what_holds_now(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/ajustes")
    assert ana.sees() == (
        "Ajustes\nHora: 08:00\nTamanho: 15 min\nDias: todos os dias\nSeu relógio: 12:00\nTrilha: Primeiros passos\n"
        "Nível: 2 · Intermediário\nIdiomas dos recursos: português, inglês\n"
        "Meta: uma sequência de dias\nLembrete: não\nResumo: não\nRevisão: 90%\nImagem: clara\nIdioma: Português\nPausa: não"
    )


async def test_what_was_changed_is_what_it_shows(house: House, ana: Person) -> None:
    await subscribed(ana)
    for said in (
        "/hora 20:30",
        "/minutos 30",
        "/dias seg a sex",
        "/sequencia 4",
        "/lembrete 21:00",
        "/resumo domingo 18h",
    ):
        await ana.says(said)
    await ana.says("/revisar 95")
    await ana.says("/nivel 3")
    await ana.says("/idiomas inglês")
    await ana.says("/progresso escuro")
    await ana.says("/fuso Lisboa")
    await ana.says("/language en")
    await ana.says("/pause 7 days")
    ana.sees()
    await ana.says("/settings")
    assert ana.sees() == (
        "Settings\nTime: 20:30\nSize: 30 min\nDays: Mon–Fri\nYour clock: 15:00\nTrail: First steps\n"
        "Level: 3 · Demanding\nResource languages: English\n"
        "Goal: 4 days a week\nEvening word: 21:00\nDigest: Sun 18:00\nRecall: 95%\nPicture: dark\nLanguage: English\n"
        "Break: 2 March – 8 March"
    )


async def test_every_button_leads_somewhere(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/ajustes")
    actions = ana.actions()
    assert len(actions) == 15
    for action in actions:
        await ana.says("/ajustes")
        ana.sees()
        await ana.presses(action)
        seen = ana.sees()
        assert seen
        assert "não está mais aqui" not in seen
        assert "Algo deu errado" not in seen


async def test_a_break_is_asked_for_before_it_begins(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/ajustes")
    await ana.presses("Pausa")
    assert "Uma pausa de quanto tempo?" in ana.sees()
    await ana.presses("7 dias")
    assert "Em pausa até 9 de março." in ana.sees()
    await ana.says("/ajustes")
    assert "Pausa: 2 de março – 8 de março" in ana.sees()
    await ana.presses("resume")
    await ana.says("/ajustes")
    assert "Pausa: não" in ana.sees()
    await ana.presses("Pausa")
    await ana.presses("Até eu voltar")
    await ana.says("/ajustes")
    assert "Pausa: até você voltar" in ana.sees()


async def test_how_much_to_recall_is_chosen_from_here(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/ajustes")
    await ana.presses("Revisão")
    assert "Quantos dos seus cartões" in ana.sees()
    await ana.presses("95%")
    await ana.says("/ajustes")
    assert "Revisão: 95%" in ana.sees()


async def test_without_a_trail_one_is_offered(ana: Person) -> None:
    await ana.says("/ajustes")
    assert "Você ainda não tem uma trilha." in ana.sees()
    await ana.forges("settings:turn")
    assert "não está mais aqui" in ana.sees()


async def test_a_city_nobody_knows_is_said_and_what_is_near_it_offered(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/fuso banana")
    assert "Não conheço nenhuma cidade chamada “banana”. É uma destas?" in ana.sees()
    assert "Nobres, MT" in ana.buttons()
    await ana.says("Lisboa")
    assert "banana" not in ana.sees()
    await ana.says("/language en")
    await ana.says("/zone banana")
    assert "I know no city called “banana”." in ana.sees()
    await ana.says("/zone Santa Cruz")
    assert "There's more than one. Which is yours?" in ana.sees()

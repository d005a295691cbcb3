"""A press on the last thing there was says why nothing else comes, as a look at a trail that ran dry does, and the way on."""

from __future__ import annotations

import pytest

from bot.doors.terminal import Person
from bot.i18n.words import words_in
from bot.operate.doctor import examine
from tests.house import House, subscribed

BOTH = pytest.mark.parametrize("language", ["pt-BR", "en"])


async def begun(house: House, language: str, trail: str, said: str = "") -> Person:
    """Somebody on a trail, with today's dose on their screen."""
    person = house.person("ana" if language == "pt-BR" else "eva", language)
    if language == "pt-BR":
        await subscribed(person, trail)
    else:
        await person.says("/start")
        await person.presses(f"trail:{trail}")
        await person.says("Sao Paulo")
        await person.presses("begin")
    if said:
        await person.says(said)
    await person.says("/today")
    person.sees()
    return person


async def passed(person: Person, language: str, kind: str) -> str:
    """What they hear when they pass over what the dose holds."""
    await person.presses("options")
    await person.presses(words_in(language).say(f"button.{kind}"))
    return person.sees()


@BOTH
async def test_not_for_me_on_the_last_thing_says_that_the_way_is_done(either_house: House, language: str) -> None:
    person = await begun(either_house, language, "pictures")
    await passed(person, language, "not_for_me")
    said = {
        "pt-BR": "Você terminou Figuras inteira. Parabéns. Qual vem agora?",
        "en": "You've finished all of Pictures. Congratulations. What's next?",
    }
    assert said[language] in await passed(person, language, "not_for_me")


@BOTH
async def test_not_for_me_on_the_last_thing_in_their_languages_leads_to_the_others(
    either_house: House, language: str
) -> None:
    person = await begun(either_house, language, "first-steps", "/languages portuguese")
    said = {
        "pt-BR": "O que resta de Primeiros passos está em idiomas que você desligou.",
        "en": "What's left of First steps is in languages you turned off.",
    }
    assert said[language] in await passed(person, language, "not_for_me")
    await person.presses("languages")
    await person.presses("languages:en pt")
    await person.says("/today")
    assert "What is data?" in person.sees()


@BOTH
async def test_another_of_the_last_thing_says_why_there_is_none_and_leaves_it(
    either_house: House, language: str
) -> None:
    person = await begun(either_house, language, "first-steps", "/languages portuguese")
    await person.presses("another")
    said = {
        "pt-BR": "em outros há mais. Ligar um deles, ou outra trilha?\nOu fique com esta dose: ela continua aqui.",
        "en": "in others there is more. Turn one on, or another trail?\nOr keep this dose: it stays here.",
    }
    assert said[language] in person.sees()
    await person.says("/done")
    assert {"pt-BR": "Dia 1.", "en": "Day 1."}[language] in person.sees()


@BOTH
async def test_shelving_the_last_thing_leads_to_the_shelf(either_study: House, language: str) -> None:
    person = await begun(either_study, language, "courses")
    await person.presses("shelve")
    person.sees()
    await person.presses("shelve")
    said = {
        "pt-BR": "De Cursos, só resta o que você guardou na estante.",
        "en": "What's left for you of Courses is on your shelf.",
    }
    assert said[language] in person.sees()
    await person.presses("shelf:list:0")
    assert "Deep course" in person.sees()


@BOTH
async def test_too_long_today_on_the_last_thing_within_reach_says_that_the_rest_waits(
    either_study: House, language: str
) -> None:
    person = await begun(either_study, language, "builder")
    said = {
        "pt-BR": "Para hoje não tenho mais nada de Construir; o resto vai se abrindo conforme você faz o que já viu.",
        "en": "I have nothing else for today on The builder; the rest opens up as you do what you've seen.",
    }
    for _ in range(6):
        heard = await passed(person, language, "too_long")
    assert said[language] in heard


@BOTH
async def test_too_long_today_on_all_of_a_trail_says_that_they_saw_it_all(either_house: House, language: str) -> None:
    person = await begun(either_house, language, "pictures")
    await passed(person, language, "too_long")
    said = {"pt-BR": "você já viu o que resta.", "en": "you've seen what's left."}
    assert said[language] in await passed(person, language, "too_long")


@BOTH
async def test_yesterdays_done_that_leaves_today_nothing_says_why(either_house: House, language: str) -> None:
    person = await begun(either_house, language, "pictures")
    await passed(person, language, "known")
    await either_house.forward_to("2026-03-03 08:00")
    person.sees()
    await person.forges("done:1")
    said = {
        "pt-BR": "Você terminou Figuras inteira. Parabéns.",
        "en": "You've finished all of Pictures. Congratulations.",
    }
    assert said[language] in person.sees()


async def test_what_was_passed_over_does_not_come_with_one_more_after_nothing_was_left(either_house: House) -> None:
    person = await begun(either_house, "en", "pictures")
    for _ in ("bars", "lines"):
        await passed(person, "en", "too_long")
    await person.says("/more")
    assert "you've seen what's left." in person.sees()


@BOTH
async def test_nobody_hears_twice_that_nothing_is_left(either_house: House, language: str) -> None:
    person = await begun(either_house, language, "pictures")
    for _ in ("bars", "lines"):
        await passed(person, language, "not_for_me")
    await either_house.forward(days=3)
    assert person.sees() == ""
    await person.presses("unpass")
    person.sees()
    await either_house.forward(days=1)
    assert "Lines" in person.sees()


async def test_what_is_only_over_for_today_comes_again_tomorrow(house: House) -> None:
    person = await begun(house, "en", "pictures")
    for _ in ("bars", "lines"):
        await passed(person, "en", "too_long")
    await house.forward_to("2026-03-03 08:00")
    assert "trail: Pictures" in person.sees()


# ------------------------------------------------------------------------- nobody hears it twice, of whatever dose they heard it


FINISHED = {
    "pt-BR": "Você terminou Figuras inteira. Parabéns.",
    "en": "You've finished all of Pictures. Congratulations.",
}


async def left_in_peace(house: House, person: Person) -> None:
    """Nothing comes by itself any more, and nobody takes that for a mistake."""
    await house.forward(days=3)
    assert person.sees() == ""
    found = await examine(house.app.database, house.app.now())
    assert [finding.name for finding in found] == []


@BOTH
async def test_nobody_hears_twice_that_nothing_is_left_beyond_the_days_dose(either_house: House, language: str) -> None:
    person = await begun(either_house, language, "pictures")
    await person.says("/done")
    await person.says("/more")
    person.sees()
    assert FINISHED[language] in await passed(person, language, "not_for_me")
    await left_in_peace(either_house, person)
    await person.presses("unpass")
    person.sees()
    await either_house.forward(days=1)
    assert "Lines" in person.sees()


@BOTH
async def test_nobody_hears_twice_that_nothing_is_left_of_yesterdays_dose(either_house: House, language: str) -> None:
    person = await begun(either_house, language, "pictures")
    await passed(person, language, "known")
    await either_house.forward_to("2026-03-03 07:00")
    assert FINISHED[language] in await passed(person, language, "not_for_me")
    await left_in_peace(either_house, person)


@BOTH
async def test_nobody_hears_twice_that_there_is_not_one_more(either_house: House, language: str) -> None:
    person = await begun(either_house, language, "pictures")
    for said in ("/done", "/more", "/done", "/more"):
        person.sees()
        await person.says(said)
    assert FINISHED[language] in person.sees()
    await person.says("/more")
    assert FINISHED[language] in person.sees(), "who asks hears it"
    await left_in_peace(either_house, person)


@pytest.mark.parametrize(("kind", "comes"), [("too_long", True), ("not_for_me", False)])
async def test_what_they_took_before_their_hour_leaves_the_days_own_dose_where_that_holds_something(
    either_house: House, kind: str, comes: bool
) -> None:
    person = await begun(either_house, "en", "pictures")
    await person.says("/done")
    await either_house.forward_to("2026-03-03 07:00")
    await person.says("/search lines")
    await person.presses("see")
    await person.presses("get")
    person.sees()
    await passed(person, "en", kind)
    await either_house.forward_to("2026-03-03 08:00")
    if comes:
        assert "Lines" in person.sees()
    else:
        await left_in_peace(either_house, person)


async def test_after_one_more_that_was_the_last_the_way_on_leads_on(either_house: House) -> None:
    person = await begun(either_house, "en", "first-steps", "/languages portuguese")
    await person.says("/done")
    await person.says("/languages english")
    await person.says("/more")
    await person.says("/languages portuguese")
    person.sees()
    assert "is in languages you turned off" in await passed(person, "en", "not_for_me")
    await person.says("/today")
    assert "Data in words" in person.sees(), "what they did, and one more"
    await person.says("/languages english")
    person.sees()
    await person.says("/today")
    await person.presses("more")
    assert "Types of data" in person.sees()


async def test_done_after_one_more_that_left_nothing_is_about_what_lies_open(either_house: House) -> None:
    person = await begun(either_house, "en", "pictures")
    await person.says("/more")
    person.sees()
    await passed(person, "en", "not_for_me")
    await person.says("/done")
    assert "Day 1." in person.sees()


async def test_who_asks_for_something_else_before_the_hour_gets_todays_dose_at_its_hour(house: House) -> None:
    ana = await subscribed(house.person("ana"), trail="pictures")
    await house.forward_to("2026-03-03 07:00")
    await ana.says("/hoje")
    await ana.presses("another:")  # comes again tomorrow
    await ana.presses("options:")
    await ana.presses(next(action for action in ana.actions() if action.endswith(":not_for_me")))
    assert "nada para hoje" in ana.sees()
    await ana.says("/minutos 60")
    assert await examine(house.app.database, house.app.now()) == []
    ana.sees()
    await house.forward_to("2026-03-03 08:01")
    assert "Bars" in ana.sees()

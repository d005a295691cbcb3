"""The way topic by topic: what is done, open and known; “I know this” at the start and later, and how it is undone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.doors.terminal import Person
from bot.store.tables import Subscription
from tests.house import House, subscribed


async def known(house: House) -> list[str]:
    async with house.app.database.read() as session:
        return list(await session.scalar(select(Subscription.known_topics).order_by(Subscription.id)) or [])


async def test_what_one_brings_along_is_one_tap_at_the_start(study: House) -> None:
    ana = study.person("ana")
    await ana.says("/start")
    await ana.presses("trail:builder")
    await ana.presses("Já sei O chão")
    assert "✓ Já sei O chão" in ana.buttons()
    await ana.presses("✓ Já sei O chão")
    assert await known(study) == []
    await ana.presses("Já sei O chão")
    await ana.presses("begin")
    await ana.says("/hoje")
    seen = ana.sees()
    assert "A first look" not in seen
    assert "de 4" in seen


async def test_other_topics_can_be_known_at_the_start(study: House) -> None:
    ana = study.person("ana")
    await ana.says("/start")
    await ana.presses("trail:builder")
    await ana.presses("Já sei outros…")
    assert "Construir, tema por tema. Toque num que você já sabe." in ana.sees()
    await ana.presses("Obras longas")
    await ana.presses("Já sei este tema")
    await ana.presses("Voltar")
    await ana.presses("‹ Voltar ao começo")
    assert "✓ e mais 1…" in ana.buttons()
    assert await known(study) == ["works"]


async def test_the_way_shows_what_is_done_open_and_known(bia: Person) -> None:
    await bia.presses("Done")
    bia.sees()
    await bia.says("/topics")
    seen = bia.sees()
    assert "▸ The ground · 1/4" in seen
    assert "○ Long works · 0/2" in seen
    assert "○ The roof · 0/2" in seen


async def test_a_topic_they_know_is_skipped_at_once_and_can_come_again(study: House, bia: Person) -> None:
    await bia.says("/topics")
    await bia.presses("The ground")
    bia.sees()
    await bia.presses("I know this topic")
    seen = bia.sees()
    assert "The ground · known" in seen
    assert "Today's dose was about The ground; it holds something else now." in seen
    await bia.presses("today")
    assert "A first look" not in bia.sees()
    await bia.presses("I don't, after all")
    assert "The ground · 0/4" in bia.sees()
    assert await known(study) == []


async def test_a_topic_tells_what_it_builds_on(bia: Person) -> None:
    await bia.says("/topics")
    await bia.presses("Long works")
    assert "Builds on: The ground" in bia.sees()


async def test_every_topic_known_ends_in_a_way_on(study: House, bia: Person) -> None:
    for topic in ("The ground", "Long works", "The roof"):
        await bia.says("/topics")
        await bia.presses(topic)
        await bia.presses("I know this topic")
    bia.sees()
    await study.forward_to("2026-03-03 08:00")
    assert "You know every topic of The builder already" in bia.sees()
    await bia.presses("Topics")
    assert "topic by topic" in bia.sees()


@pytest.mark.parametrize("action", ["way:see:nonsense:0", "way:know::", "way:", "way:see", "way:proposal"])
async def test_a_forged_topic_is_kindly_refused(study: House, bia: Person, action: str) -> None:
    bia.sees()
    await bia.forges(action)
    assert "no longer there" in bia.sees()
    assert await known(study) == []


async def test_progress_counts_known_topics_neither_as_done_nor_as_to_do(bia: Person) -> None:
    await bia.says("/topics")
    await bia.presses("Long works")
    await bia.presses("I know this topic")
    bia.sees()
    await bia.says("/progress")
    assert "The builder: 0 of 6" in bia.sees()
    for topic in ("The ground", "The roof"):
        await bia.says("/topics")
        await bia.presses(topic)
        await bia.presses("I know this topic")
    bia.sees()
    await bia.says("/progress")
    assert "The builder" in bia.sees()


async def test_a_topic_is_found_by_a_word(bia: Person) -> None:
    bia.sees()
    await bia.says("/topics roof")
    assert "The roof" in bia.sees()
    assert bia.actions()[0].startswith("way:know:")


async def test_a_word_that_names_no_topic_is_said_back_and_the_way_is_a_press_away(bia: Person) -> None:
    bia.sees()
    await bia.says("/topics xpto")
    assert bia.sees() == "I have no topic “xpto”. /topics shows those there are."
    assert bia.buttons() == ("Topics",)
    await bia.presses("Topics")
    assert bia.actions()[0].startswith("way:see:")


async def test_a_topic_beside_their_way_is_said_to_be_that(ana: Person) -> None:
    await subscribed(ana, "pictures")
    ana.sees()
    await ana.says("/topicos modelos")
    assert "“Modelos” não está no seu caminho" in ana.sees()
    assert ana.actions() == ("topics", "trails")

"""People bring links: one with a word on why, a pasted one, a message full of them; and they hear at once what is known of each."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bot.doors.terminal import Person
from bot.store.tables import Suggestion, Voice
from tests.house import House, subscribed

LINK = "https://jalammar.github.io/illustrated-transformer/"


async def set_state(house: House, **values: object) -> None:
    async with house.app.database.write() as session:
        await session.execute(update(Suggestion).values(**values))


async def test_a_link_with_a_word_on_why_waits_in_the_queue(house: House, bruno: Person) -> None:
    await bruno.says(f"/suggest {LINK} the clearest explanation of attention I know")
    assert "It waits for the curators as #1, at place 1." in bruno.sees()
    async with house.app.database.read() as session:
        voice = await session.scalar(select(Voice))
    assert voice
    assert (voice.why, voice.url) == ("the clearest explanation of attention I know", LINK)


async def test_a_pasted_link_is_a_suggestion(house: House, ana: Person) -> None:
    await ana.says(f"Olhem isso: {LINK}")
    assert "Está na fila dos curadores como #1" in ana.sees()


async def test_a_forwarded_post_brings_its_links_and_its_words(house: House, ana: Person) -> None:
    await ana.forwards(f"Duas coisas boas\n{LINK}\nhttps://example.net/outra")
    assert "2 links novos foram para a fila" in ana.sees()
    async with house.app.database.read() as session:
        assert set(await session.scalars(select(Voice.why))) == {"Duas coisas boas"}


async def test_the_command_alone_asks_and_the_next_words_answer(bruno: Person) -> None:
    await bruno.says("/suggest")
    assert "Send me the link" in bruno.sees()
    await bruno.says("jalammar.github.io/illustrated-transformer so clear")
    assert "as #1" in bruno.sees()


async def test_what_the_catalog_has_is_said_with_the_way_to_it(bruno: Person) -> None:
    await bruno.says("/suggest http://www.example.org/what-is-data/?utm_source=x")
    assert "What is data? is in the catalog already, under Basics." in bruno.sees()
    await bruno.presses("Open")
    assert bruno.opened == ["https://example.org/what-is-data"]


async def test_the_second_one_who_brings_it_adds_a_voice(house: House, ana: Person, bruno: Person) -> None:
    await ana.says(f"/sugerir {LINK}")
    await bruno.says(f"/suggest {LINK}#top because")
    assert "it waits as #1, at place 1. I added your voice." in bruno.sees()
    await bruno.says(f"/suggest {LINK}")
    assert "You brought that one already" in bruno.sees()
    assert (await house.count(Suggestion), await house.count(Voice)) == (1, 2)


async def test_what_was_rejected_before_is_said_with_the_reason(house: House, ana: Person, bruno: Person) -> None:
    await ana.says(f"/sugerir {LINK}")
    await set_state(house, state="rejected", reason="paywall", words="o PDF também")
    await bruno.says(f"/suggest {LINK}")
    said = bruno.sees()
    assert "suggested before" in said
    assert "behind a paywall" in said
    assert "“o PDF também”" in said
    await bruno.presses("Suggest another")
    assert "Send me the link" in bruno.sees()


@pytest.mark.parametrize("text", ["hello", "javascript:alert(1)", "https://", "https://user@example.org/x"])
async def test_what_is_no_link_is_said_and_asked_again(house: House, bruno: Person, text: str) -> None:
    await bruno.says(f"/suggest {text}")
    assert await house.count(Suggestion) == 0
    assert "https" in bruno.sees()
    await bruno.says(LINK)
    assert "as #1" in bruno.sees()


async def test_a_message_with_twenty_links_is_bounded_and_says_so(house: House, bruno: Person) -> None:
    await bruno.says("all of these " + " ".join(f"https://example.net/{n}" for n in range(20)))
    said = bruno.sees()
    assert "5 new links wait for the curators." in said
    assert "5 I left out: 5 a day" in said
    assert "10 more I did not look at: 10 at once is my limit." in said
    assert await house.count(Suggestion) == 5


async def test_five_a_day_and_tomorrow_there_is_room_again(either_house: House) -> None:
    bruno = either_house.person("bruno", "en")
    for n in range(6):
        await bruno.says(f"/suggest https://example.net/{n}")
    assert "5 links of yours from the last 24 hours are waiting" in bruno.sees()
    await either_house.forward(hours=24, seconds=1)
    await bruno.says("/suggest https://example.net/5")
    assert "as #6" in bruno.sees()


async def test_the_limit_tells_what_is_known_all_the_same(house: House, bruno: Person) -> None:
    for n in range(5):
        await bruno.says(f"/suggest https://example.net/{n}")
    bruno.sees()
    await bruno.says("/suggest https://example.org/what-is-data")
    assert "in the catalog already" in bruno.sees()
    await bruno.says("/suggest https://example.net/0")
    assert "You brought that one already" in bruno.sees()


async def test_they_see_where_theirs_stand_and_may_withdraw(house: House, ana: Person, bruno: Person) -> None:
    await ana.says("/sugerir https://example.net/a")
    await bruno.says(f"/suggest {LINK}")
    bruno.sees()
    await bruno.says("/suggestions")
    assert "#2 jalammar.github.io/illustrated-transformer · waits, place 2" in bruno.sees()
    await bruno.presses("Withdraw #2")
    assert "Withdrawn." in bruno.sees()
    await bruno.says("/suggestions")
    assert "You have suggested nothing yet." in bruno.sees()
    async with house.app.database.read() as session:
        assert await session.scalar(select(Suggestion.state).where(Suggestion.id == 2)) == "withdrawn"


async def test_what_two_brought_stays_when_one_withdraws(house: House, ana: Person, bruno: Person) -> None:
    await ana.says(f"/sugerir {LINK}")
    await bruno.says(f"/suggest {LINK}")
    await bruno.says("/suggestions")
    await bruno.presses("Withdraw #1")
    async with house.app.database.read() as session:
        assert await session.scalar(select(Suggestion.state)) == "waiting"
    await ana.says("/sugestoes")
    assert "#1" in ana.sees()


async def test_nobody_withdraws_what_another_brought(house: House, ana: Person, bruno: Person) -> None:
    await ana.says(f"/sugerir {LINK}")
    await bruno.says("/start")
    await bruno.forges("suggest:withdraw:1", on=bruno.messages[-1])
    assert "nothing to withdraw" in bruno.sees()
    async with house.app.database.read() as session:
        assert await session.scalar(select(Suggestion.state)) == "waiting"


async def test_a_link_where_a_note_is_waited_for_may_be_either(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hoje")
    await ana.presses("Feito")
    ana.sees()
    await ana.says(f"{LINK} para a semana")
    assert "Guardo isso como nota" in ana.sees()
    await ana.presses("Sugerir o link")
    assert "como #1" in ana.sees()


async def test_a_link_in_a_group_is_left_alone(house: House) -> None:
    ana = house.door.person("ana", chat="-100")
    await ana.says(LINK)
    assert ana.sees() == ""
    assert await house.count(Suggestion) == 0


async def test_who_is_forgotten_leaves_no_word_behind(house: House, bruno: Person) -> None:
    await bruno.says(f"/suggest {LINK} my own words")
    await bruno.says("/forget")
    await bruno.presses("Delete everything")
    assert await house.count(Voice) == 0
    assert await house.count(Suggestion) == 1


@pytest.mark.parametrize(
    "link", ["http://localhost/x", "http://127.0.0.1:8080/", "https://router.lan/setup", "http://[::1]/"]
)
async def test_an_address_inside_somebodys_house_is_refused_at_once(house: House, ana: Person, link: str) -> None:
    await ana.says(f"/sugerir {link} boa")
    assert "não fica na web pública" in ana.sees()
    assert await house.count(Suggestion) == 0

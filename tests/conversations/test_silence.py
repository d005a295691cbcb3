"""Nobody answers for ten doses: one kind word, then nothing, until they write."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.doors.terminal import Person
from bot.store.tables import Outgoing, Subscription
from tests.house import House, subscribed

WORD = "Dez doses ficaram sem resposta"


async def ten_unanswered(house: House, person: Person) -> Person:
    """Doses on ten days from Tuesday 3 to Thursday 12 March, and not a word."""
    await subscribed(person)
    await house.forward_to("2026-03-12 09:00")
    assert WORD not in person.sees()
    return person


async def test_one_kind_word_and_then_nothing(either_house: House) -> None:
    ana = await ten_unanswered(either_house, either_house.person("ana"))
    await either_house.forward_to("2026-03-13 08:00")
    seen = ana.sees()
    assert seen.count(WORD) == 1
    assert "Por que esta" not in seen
    await either_house.forward(days=60)
    assert ana.sees() == ""
    async with either_house.app.database.read() as session:
        assert await session.scalar(select(func.count(Outgoing.id)).where(Outgoing.kind == "silence")) == 1


@pytest.mark.parametrize("says", ["oi", "/ajuda", "/progresso"])
async def test_any_word_ends_it(house: House, ana: Person, says: str) -> None:
    await ten_unanswered(house, ana)
    await house.forward_to("2026-03-20 12:00")
    ana.sees()
    await ana.says(says)
    assert "Que bom te ver de novo. A próxima chega amanhã, às 08:00." in ana.sees()
    await ana.says(says)
    assert "Que bom te ver de novo" not in ana.sees()
    await house.forward_to("2026-03-21 08:00")
    assert "Por que esta" in ana.sees()


async def test_who_writes_anything_at_all_is_only_welcomed(house: House, ana: Person) -> None:
    await ten_unanswered(house, ana)
    await house.forward_to("2026-03-20 12:00")
    ana.sees()
    await ana.says("oi")
    assert ana.sees().startswith("Que bom te ver de novo. A próxima chega amanhã, às 08:00.")
    await ana.presses("Dose de hoje")
    assert "Por que esta" in ana.sees()


async def test_the_button_ends_it_with_todays_dose(house: House, ana: Person) -> None:
    await ten_unanswered(house, ana)
    await house.forward_to("2026-03-13 08:05")
    ana.sees()
    await ana.presses("Dose de hoje")
    seen = ana.sees()
    assert "Por que esta" in seen
    assert "A próxima chega amanhã, às 08:00." in seen
    await house.forward_to("2026-03-14 08:00")
    assert "Por que esta" in ana.sees()


async def test_who_wrote_meanwhile_is_still_there(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-08 12:00")
    await ana.says("/ajuda")
    await house.forward_to("2026-03-18 09:00")
    assert WORD not in ana.sees()
    await house.forward_to("2026-03-19 09:00")
    assert WORD in ana.sees()


async def test_who_leaves_during_the_silence_is_not_welcomed(house: House, ana: Person) -> None:
    await ten_unanswered(house, ana)
    await house.forward_to("2026-03-20 12:00")
    ana.sees()
    await ana.says("/cancelar")
    await ana.presses("Parar")
    async with house.app.database.read() as session:
        subscription = await session.get(Subscription, 1)
        assert subscription
        assert (subscription.state, subscription.next_due_at) == ("stopped", None)
    ana.sees()
    await house.forward(days=5)
    assert ana.sees() == ""


async def test_a_digest_is_quiet_as_well(house: House, ana: Person) -> None:
    await house.app.post.stop_rounds()  # the word must not depend on a round that happens to come by
    await subscribed(ana)
    await ana.says("/resumo dom 18:00")
    await house.forward_to("2026-03-14 09:00")
    assert WORD in ana.sees()
    await house.forward(days=20)
    assert ana.sees() == ""


async def test_days_on_which_we_were_quiet_are_not_missed(house: House, ana: Person) -> None:
    await ten_unanswered(house, ana)
    await house.forward_to("2026-03-20 12:00")
    ana.sees()
    await ana.says("/sequencia why")
    seen = ana.sees()
    assert seen.count("fiquei em silêncio, depois de dez doses sem resposta") == 7  # Friday 13 to Thursday 19

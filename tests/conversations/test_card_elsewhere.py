"""What somebody presses on one platform shows on the card of the same dose that came to them on the other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.cards.picture import Drawing
from bot.chat import Incoming, MessageRef, plain, unstyled
from bot.conversation import Conversation
from bot.doors.terminal import Person
from bot.errors import DeliveryError, Failing, Rejected, SlowDown
from bot.store.tables import Outgoing, Subscription
from tests.conversations.two_doors import TwoDoors, link
from tests.house import subscribed


async def dose_on_both(house: TwoDoors, language: str = "pt-BR") -> tuple[Person, Person]:
    """Ana, whose dose came on the one platform and was called up on the other as well."""
    ana, too = await subscribed(house.person("ana")), house.elsewhere("ana")
    await link(ana, too)
    if language == "en":
        await too.says("/idioma inglês")
    await house.forward_to("2026-03-03 08:01")
    await too.says("/today")
    for person in (ana, too):
        person.sees()
    return ana, too


def on_card(person: Person) -> tuple[str, ...]:
    """The buttons under the card of the dose that came."""
    card = [shown for shown in person.messages if "What is data?" in plain(shown.message.text)][-1]
    return tuple(button.label for row in card.message.buttons for button in row)


async def edited(house: TwoDoors) -> int:
    """How many messages were edited unasked."""
    return await house.count(Outgoing, Outgoing.kind == "edit", Outgoing.state == "sent", Outgoing.attempts > 0)


@pytest.mark.parametrize(("language", "opens"), [("pt-BR", "Abrir"), ("en", "Open")])
async def test_done_on_one_platform_ticks_the_card_off_on_the_other_once(
    either_two: TwoDoors, language: str, opens: str
) -> None:
    ana, too = await dose_on_both(either_two, language)
    assert len(on_card(ana)) > 1
    messages = len(ana.messages)
    await too.presses_twice_at_once("done")
    await too.says("/done")
    await either_two.forward(minutes=1)
    assert (on_card(ana), len(ana.messages)) == ((opens,), messages)
    assert await edited(either_two) == 1


async def test_undone_on_one_platform_the_card_on_the_other_has_its_buttons_again(either_two: TwoDoors) -> None:
    ana, too = await dose_on_both(either_two)
    before = on_card(ana)
    await too.presses("done")
    await either_two.forward(minutes=1)
    await too.presses("slip")
    await either_two.forward(minutes=1)
    assert on_card(ana) == before
    await ana.presses("done")
    assert "Dia 1." in ana.sees()


async def test_done_where_the_dose_came_ticks_the_card_off_that_today_brought_elsewhere(either_two: TwoDoors) -> None:
    ana, too = await dose_on_both(either_two)
    before, messages = on_card(too), len(too.messages)
    await ana.presses("done")
    await either_two.forward(minutes=1)
    assert (on_card(too), len(too.messages)) == (("Abrir",), messages)
    assert await edited(either_two) == 1
    await ana.presses("slip")
    await either_two.forward(minutes=1)
    assert on_card(too) == before


async def test_of_cards_that_were_asked_for_in_a_chat_the_newest_is_ticked_off(either_two: TwoDoors) -> None:
    ana, too = await dose_on_both(either_two)
    await too.says("/today")
    await ana.presses("done")
    await either_two.forward(minutes=1)
    assert on_card(too) == ("Abrir",)
    assert await edited(either_two) == 1


async def test_a_card_that_is_asked_for_as_the_dose_is_done_elsewhere_is_ticked_off(
    either_two: TwoDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, too = await dose_on_both(either_two)
    rendered = Conversation.rendered

    async def late(self: Conversation, incoming: Incoming, sent: tuple[MessageRef, ...]) -> None:
        monkeypatch.setattr(Conversation, "rendered", rendered)
        await ana.presses("done")
        await rendered(self, incoming, sent)

    monkeypatch.setattr(Conversation, "rendered", late)
    await too.says("/today")
    assert len(on_card(too)) > 1
    await either_two.forward(minutes=1)
    assert on_card(too) == ("Abrir",)


async def test_whoever_has_one_account_leaves_nothing_to_edit(two: TwoDoors) -> None:
    ana = await subscribed(two.person("ana"))
    await ana.says("/today")
    await ana.presses("done")
    await two.forward(minutes=1)
    assert await two.count(Outgoing, Outgoing.kind == "edit") == 0


async def test_a_card_that_they_deleted_is_not_said_anew(two: TwoDoors) -> None:
    ana, too = await dose_on_both(two)
    ana.their_screen.entries.clear()
    for button in ("done", "slip", "done"):
        await too.presses(button)
        await two.forward(minutes=1)
    assert ana.messages == ()
    assert await edited(two) == 1


async def test_an_edit_that_waits_outlasts_the_dose_being_called_up(either_two: TwoDoors) -> None:
    ana, too = await dose_on_both(either_two)
    either_two.door.fails_next(SlowDown("Too Many Requests: retry after 300", 300))
    await too.presses("done")
    await either_two.forward(minutes=1)
    assert len(on_card(ana)) > 1
    await too.says("/today")
    await either_two.forward(minutes=6)
    assert on_card(ana) == ("Abrir",)


async def test_a_dose_that_came_before_doses_moved_here_is_ticked_off_there(either_two: TwoDoors) -> None:
    ana, too = await dose_on_both(either_two)
    await too.says("/vincular")
    await too.presses("Quero minha dose aqui")
    await too.says("/today")
    await too.presses("done")
    await either_two.forward(minutes=1)
    assert on_card(ana) == ("Abrir",)


async def test_an_account_that_was_taken_out_keeps_its_card_as_it_is(either_two: TwoDoors) -> None:
    ana, too = await dose_on_both(either_two)
    before = on_card(ana)
    await too.says("/desvincular")
    await too.presses("Separar o Terminal")
    await too.presses("Separar")
    await too.says("/today")
    await too.presses("done")
    assert "Dia 1." in too.sees()
    await either_two.forward(minutes=1)
    assert on_card(ana) == before
    assert await edited(either_two) == 0


async def test_a_milestone_keeps_its_picture_as_its_card_is_ticked_off(either_two: TwoDoors) -> None:
    week = Drawing("pt-BR", "Ana", "", "7", "dias", "", "1" * 7, "", date(2026, 2, 23), "1" * 7, ("",) * 4, ())
    ana, too = await subscribed(either_two.person("ana")), either_two.elsewhere("ana")
    await link(ana, too)
    async with either_two.app.database.write() as session:
        piece = {"kind": "milestone", "n": 7, "alt": "Uma semana", "drawing": week.dump()}
        await session.execute(update(Subscription).values(news=[piece]))
    await either_two.forward_to("2026-03-03 08:01")
    picture = ana.messages[-1].message.picture
    assert picture
    await too.says("/today")
    await too.presses("done")
    await either_two.forward(minutes=1)
    assert on_card(ana) == ("Abrir",)
    assert ana.messages[-1].message.picture == picture


async def done_as_it_comes(house: TwoDoors, monkeypatch: pytest.MonkeyPatch, *failures: DeliveryError) -> Person:
    """Ana, who says that her dose is done on the one platform while it is on its way to the other."""
    ana, too = await subscribed(house.person("ana")), house.elsewhere("ana")
    await link(ana, too)
    await house.forward(minutes=1)
    send = house.door.send

    async def slowly(*what: Any, **more: Any) -> MessageRef:
        monkeypatch.setattr(house.door, "send", send)
        await too.says("/today")
        await too.presses("done")
        for failure in failures:
            house.door.fails_next(failure)
        return await send(*what, **more)

    monkeypatch.setattr(house.door, "send", slowly)
    await house.forward_to("2026-03-03 08:01")
    return ana


async def test_a_dose_on_its_way_as_it_is_done_elsewhere_is_ticked_off_once_it_is_there(
    either_two: TwoDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await done_as_it_comes(either_two, monkeypatch)
    assert len(on_card(ana)) > 1
    messages = len(ana.messages)
    await either_two.forward(minutes=3)
    assert (on_card(ana), len(ana.messages)) == (("Abrir",), messages)
    assert await edited(either_two) == 1


async def test_of_a_dose_that_did_not_get_there_nothing_is_said(
    either_two: TwoDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await done_as_it_comes(either_two, monkeypatch, Failing("Bad Gateway"))
    await either_two.forward(minutes=30)
    assert not any("What is data?" in plain(shown.message.text) for shown in ana.messages)
    assert await either_two.count(Outgoing, Outgoing.kind == "edit", Outgoing.state == "dead") == 1


async def test_a_card_that_a_platform_does_not_let_be_ticked_off_as_it_is_gets_plain_words(
    either_two: TwoDoors,
) -> None:
    ana, too = await dose_on_both(either_two)
    await too.presses("done")
    either_two.door.fails_next(Rejected("Bad Request: can't parse entities"))
    await either_two.forward(minutes=1)
    (card,) = [shown for shown in ana.messages if "What is data?" in shown.text]
    assert card.edited_at
    assert card.message.text == unstyled(plain(card.message.text))
    assert await edited(either_two) == 1


async def test_whoever_blocked_that_platform_gets_their_doses_on_the_other(two: TwoDoors) -> None:
    ana, too = await dose_on_both(two)
    two.door.blocked.add(ana.address)
    await too.presses("done")
    too.sees()
    await two.forward_to("2026-03-04 08:01")
    assert "trilha: Primeiros passos" in too.sees()
    async with two.app.database.read() as session:
        edit = (await session.scalars(select(Outgoing).where(Outgoing.kind == "edit", Outgoing.state != "sent"))).one()
    assert (edit.platform, edit.state) == ("terminal", "dead")

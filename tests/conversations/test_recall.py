"""A line after Done, and how it comes back: shown, answered, rewritten, set aside, deleted; what odd notes get."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from bot.chat import Incoming
from bot.doors.terminal import Person
from bot.learning.recall import replay
from bot.store import cards
from bot.store.tables import Card, Completion, Review, Subscription
from tests.house import House, subscribed

LINE = "o erro de validação sobe enquanto o de treino cai"


@pytest.fixture
async def learnt(house: House, ana: Person) -> Person:
    """Ana has done her first dose, on Tuesday, 3 March 2026, at 08:00, and was asked for a line."""
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    return ana


@pytest.fixture
async def kept(house: House, learnt: Person) -> Person:
    """Ana, whose line is due again today."""
    await learnt.says(LINE)
    await house.forward_to("2026-03-05 12:00")
    learnt.sees()
    return learnt


async def card_of(house: House) -> Card:
    async with house.app.database.read() as session:
        found = await session.scalar(select(Card))
    assert found
    return found


# ---------------------------------------------------------------------------------------------------------- the line


async def test_after_done_one_line_is_kept(house: House, learnt: Person) -> None:
    assert "Uma linha para lembrar depois?" in learnt.sees()
    await learnt.says(LINE)
    assert "Guardado. A partir de 5 de março o /revisar te pergunta" in learnt.sees()
    card = await card_of(house)
    assert (card.resource_id, card.answer, card.origin) == ("what-is-data", LINE, "note")


async def test_only_one_line_is_waited_for(house: House, learnt: Person) -> None:
    await learnt.says(LINE)
    await learnt.says("mais alguma coisa")
    assert "Guardo isso como nota sobre What is data?" in learnt.sees()
    assert await house.count(Card) == 1


async def test_after_a_quarter_of_an_hour_a_line_is_kept_only_if_they_say_so(house: House, learnt: Person) -> None:
    await house.forward(minutes=16)
    learnt.sees()
    await learnt.says(LINE)
    assert "Guardo isso como nota sobre What is data?" in learnt.sees()
    await learnt.presses("Guardar como nota")
    assert "Guardado." in learnt.sees()
    assert (await card_of(house)).answer == LINE


async def test_a_link_is_no_note_unless_they_say_so(house: House, learnt: Person) -> None:
    await learnt.says("https://example.org/a")
    assert "Guardo isso como nota" in learnt.sees()
    await learnt.presses("Guardar como nota")
    assert (await card_of(house)).answer == "https://example.org/a"


async def test_a_reply_to_our_message_may_hold_a_link(house: House, learnt: Person) -> None:
    await learnt.replies("Uma linha para lembrar", "leia https://example.org/a de novo")
    assert "Guardado." in learnt.sees()


async def test_a_reply_to_an_old_prompt_is_a_line_about_what_that_asked_for(house: House, learnt: Person) -> None:
    await house.forward_to("2026-03-04 08:00")
    await learnt.presses("Feito")
    await house.forward(hours=5)
    learnt.sees()
    first = next(shown for shown in learnt.messages if "Dia 1." in shown.text)
    await learnt.replies(first, LINE)
    assert "Guardado." in learnt.sees()
    async with house.app.database.read() as session:
        card = await session.scalar(select(Card).where(Card.origin == "note"))
    assert card
    assert (card.resource_id, card.answer) == ("what-is-data", LINE)
    await learnt.replies(first, "https://example.org/a")
    assert "Guardado." in learnt.sees()
    await learnt.replies(first, "x" * 1001)
    assert "passa de 1000 caracteres" in learnt.sees()


async def test_a_reply_leaves_the_question_open_that_asks_about_something_else(house: House, learnt: Person) -> None:
    await house.forward_to("2026-03-04 08:00")
    await learnt.presses("Feito")
    first = next(shown for shown in learnt.messages if "Dia 1." in shown.text)
    await learnt.replies(first, "sobre a primeira")
    await house.forward(minutes=1)
    await learnt.says("sobre a segunda")
    async with house.app.database.read() as session:
        written = await session.scalars(select(Card).where(Card.origin == "note").order_by(Card.id))
        kept = [(card.resource_id, card.answer) for card in written]
    assert [answer for _, answer in kept] == ["sobre a primeira", "sobre a segunda"]
    assert kept[0][0] == "what-is-data" != kept[1][0]


async def test_somebody_elses_prompt_is_nobodys_to_answer(house: House, learnt: Person, bruno: Person) -> None:
    first = next(shown for shown in learnt.messages if "Dia 1." in shown.text)
    await bruno.replies(first.ref, "mine")
    assert "Hi, Bruno." in bruno.sees()


async def test_a_line_follows_when_its_message_is_edited(house: House, learnt: Person) -> None:
    await learnt.says(LINE)
    due = (await card_of(house)).due_at
    learnt.sees()
    await learnt.edits(LINE, "o erro de validação é o que conta")
    seen = learnt.sees()
    assert "A linha guardada mudou junto:" in seen
    assert "o erro de validação é o que conta" in seen
    card = await card_of(house)
    assert (card.answer, card.reviewed, card.due_at) == ("o erro de validação é o que conta", 1, due)
    await learnt.edits("o erro de validação é o que conta", "x" * 1001)
    assert "passa de 1000 caracteres" in learnt.sees()
    assert (await card_of(house)).answer == "o erro de validação é o que conta"


async def test_other_words_in_a_message_that_was_no_note_act_no_second_time(house: House, learnt: Person) -> None:
    await learnt.says(LINE)
    await learnt.says("oi")
    learnt.sees()
    await learnt.edits("oi", "olá")
    assert learnt.sees() == ""
    stranger = house.person("zoe")
    await stranger.says("/ajuda")
    stranger.sees()
    await stranger.edits("/ajuda", LINE)
    assert stranger.sees() == ""


async def test_a_line_is_changed_by_pressing_once_and_writing(house: House, learnt: Person) -> None:
    await learnt.says(LINE)
    await learnt.presses("Mudar…")
    assert "Como fica melhor? É só escrever." in learnt.sees()
    await learnt.says("o erro de validação é o que conta")
    assert (await card_of(house)).answer == "o erro de validação é o que conta"


async def test_a_deleted_line_is_not_written_again_by_an_edit(house: House, learnt: Person) -> None:
    await learnt.says(LINE)
    await learnt.presses("Mudar…")
    await learnt.presses("Apagar")
    await learnt.presses("Apagar")
    learnt.sees()
    await learnt.edits(LINE, "de volta")
    assert learnt.sees() == ""


async def test_the_button_to_keep_works_once_and_not_for_ever(house: House, learnt: Person) -> None:
    await learnt.says(LINE)
    await learnt.says("outra coisa")
    await learnt.presses("Guardar como nota")
    assert "Guardado." in learnt.sees()
    await learnt.presses("Guardar como nota")
    assert "Essa eu já guardei." in learnt.sees()
    await learnt.says("ainda outra")
    await house.forward(hours=1)
    await learnt.presses("Guardar como nota")
    assert "Essa nota não está mais comigo." in learnt.sees()


async def test_the_button_to_keep_keeps_the_line_it_stands_under(house: House, learnt: Person) -> None:
    await learnt.says(LINE)
    await learnt.says("a primeira")
    first = learnt.messages[-1]
    await learnt.says("a segunda")
    await learnt.presses("Guardar como nota", on=first)
    assert "Essa nota não está mais comigo." in learnt.sees()
    assert await house.count(Card, Card.answer != LINE) == 0
    await learnt.presses("Guardar como nota")
    assert await house.count(Card, Card.answer == "a segunda") == 1


async def test_a_line_that_is_kept_is_not_kept_again(house: House, learnt: Person) -> None:
    await learnt.says(LINE)
    await learnt.says("outra coisa")
    await learnt.says("/nota outra coisa")
    await learnt.presses("Guardar como nota")
    assert "Essa eu já guardei." in learnt.sees()
    assert await house.count(Card, Card.answer == "outra coisa") == 1


async def test_a_button_to_keep_from_an_older_version_keeps_what_is_held(house: House, learnt: Person) -> None:
    await learnt.says(LINE)
    await learnt.says("outra coisa")
    await learnt.forges("note:keep")
    assert await house.count(Card, Card.answer == "outra coisa") == 1
    await learnt.forges("note:keep")
    assert "Essa nota não está mais comigo." in learnt.sees()


async def test_a_link_kept_as_a_note_can_be_suggested_as_well(house: House, learnt: Person) -> None:
    await learnt.says("https://example.org/a é bom")
    offered = learnt.messages[-1]
    await learnt.presses("Guardar como nota")
    await learnt.presses("Sugerir o link", on=offered)
    assert "Está na fila dos curadores como #1" in learnt.sees()


async def test_a_link_of_long_ago_is_asked_for_once_more(house: House, learnt: Person) -> None:
    await learnt.says("https://example.org/a")
    await house.forward(hours=1)
    await learnt.presses("Sugerir o link")
    assert "Me mande o link de novo, por favor." in learnt.sees()
    await learnt.says("https://example.org/a")
    assert "#1" in learnt.sees()


@pytest.mark.parametrize(
    "text", ["🦜🦜🦜", "a", "linha um\nlinha dois", "*negrito* _x_ [y](http://z)", "\u202eabc", "x" * 1000]
)
async def test_odd_notes_are_kept_as_they_are(house: House, learnt: Person, text: str) -> None:
    await learnt.replies("Uma linha para lembrar", text)
    assert "Guardado." in learnt.sees()
    assert (await card_of(house)).answer == text.replace("\u202e", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 1001, "passa de 1000 caracteres"),
        ("x" * 10_000, "longo demais"),
        ("\u200b\u2066", "Não há nada aí que se possa ler"),
        ("/hoje", "What is data?"),
    ],
)
async def test_what_is_no_note_is_said_and_not_kept(house: House, learnt: Person, text: str, said: str) -> None:
    learnt.sees()
    await learnt.says(text)
    assert said in learnt.sees()
    assert await house.count(Card) == 0


async def test_a_note_too_long_may_be_said_shorter(house: House, learnt: Person) -> None:
    await learnt.says("x" * 1001)
    await learnt.says(LINE)
    assert (await card_of(house)).answer == LINE


async def test_a_command_takes_a_line_any_time(house: House, learnt: Person) -> None:
    await house.forward(days=3)
    await learnt.says(f"/nota {LINE}")
    assert "Guardado." in learnt.sees()
    await learnt.says("/note What is recall? The share that was found")
    assert "Guardado." in learnt.sees()
    await learnt.says("/nota")
    assert "1. What is recall?" in learnt.sees()


async def test_before_anything_is_done_there_is_nothing_to_note(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/nota")
    assert "Ainda não há dose feita" in ana.sees()
    await ana.says(f"/nota {LINE}")
    assert "Ainda não há dose feita" in ana.sees()
    await ana.says("oi")
    assert "Ainda não converso muito bem." in ana.sees()


# -------------------------------------------------------------------------------------------------------- it comes back


async def test_a_card_is_shown_answered_and_moves_on(house: House, kept: Person) -> None:
    await kept.says("/revisar")
    assert kept.sees() == "What is data?\nO que você queria lembrar disso?"
    await kept.presses("Mostrar")
    assert LINE in kept.sees()
    await kept.presses("Sabia")
    seen = kept.sees()
    assert "✓ What is data?: de novo a partir de" in seen
    assert "Por hoje era isso. Dia 2." in seen
    card = await card_of(house)
    assert card.due_at > house.app.now()
    await kept.says("/revisar")
    assert "Hoje não há nada para revisar; o próximo vem em" in kept.sees()


async def test_a_recall_counts_for_the_day(house: House, kept: Person) -> None:
    await kept.says("/revisar")
    await kept.presses("Mostrar")
    await kept.presses("Não sabia")
    await kept.says("/sequencia por que")
    assert "qui, 5 de mar ✓ 12:00" in kept.sees()


async def test_a_card_is_due_all_of_its_learning_day(house: House, learnt: Person) -> None:
    """Written on Tuesday at 08:00, it wants to be seen on Thursday at 08:00: that is any hour of Thursday, which begins at 04:00."""
    await learnt.says(LINE)
    await house.forward_to("2026-03-05 03:59")
    learnt.sees()
    await learnt.says("/revisar")
    assert "o próximo vem em 5 de março" in learnt.sees()
    await house.forward_to("2026-03-05 04:00")
    await learnt.says("/revisar")
    assert "O que você queria lembrar disso?" in learnt.sees()


async def test_the_one_they_know_least_comes_first(house: House, kept: Person) -> None:
    await kept.says("/nota O que é uma média? A soma dividida pelo número")
    await house.forward(days=7)
    kept.sees()
    await kept.says("/revisar")
    assert "What is data?" in kept.sees()


async def test_ten_answers_at_once_are_one(either_house: House) -> None:
    ana = either_house.person("ana")
    await subscribed(ana)
    await either_house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    await ana.says(LINE)
    await either_house.forward_to("2026-03-05 12:00")
    card = await card_of(either_house)
    press = Incoming("", ana.address, ana.sender, either_house.app.now(), action=f"recall:good:{card.id}:1")
    await asyncio.gather(*(either_house.app.host.answer(replace(press, key=f"press:{n}")) for n in range(10)))
    async with either_house.app.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Review)) == 2
        assert await session.scalar(select(func.count()).where(Completion.kind == "recall")) == 1


async def test_an_old_button_of_a_card_says_that_it_was_answered(kept: Person) -> None:
    await kept.says("/revisar")
    await kept.presses("Mostrar")
    await kept.presses("Fácil")
    await kept.forges("recall:again:1:1")
    assert "Essa você já respondeu." in kept.sees()


@pytest.mark.parametrize(
    "action",
    [
        "recall:good:1:2",
        "recall:good:99:1",
        "recall:great:1:1",
        "recall:show",
        "card:see:99",
        "card:burn:1",
        "card:see:x",
    ],
)
async def test_forged_buttons_of_cards_change_nothing(house: House, kept: Person, bruno: Person, action: str) -> None:
    await kept.forges(action)
    assert kept.sees() != ""
    await bruno.says("/start")
    await bruno.presses("trail:first-steps")
    await bruno.says("Lisbon")
    await bruno.presses("begin")
    bruno.sees()
    for own in ("card:see:1", "card:gone:1", "card:aside:1", "recall:good:1:1", "recall:show:1:1"):
        await bruno.forges(own)
        assert "That button belongs to something that is no longer there." in bruno.sees()
    assert (await card_of(house)).reviewed == 1


# ------------------------------------------------------------------------------------------------- what is done with it


async def test_a_card_can_be_rewritten_set_aside_brought_back_and_deleted(house: House, kept: Person) -> None:
    await kept.says("/nota")
    await kept.presses("1")
    assert LINE in kept.sees()
    await kept.presses("Reescrever")
    await kept.says("treino cai, validação sobe")
    assert "treino cai, validação sobe" in kept.sees()
    await kept.presses("Deixar de lado")
    assert "não volta" in kept.sees()
    await kept.says("/revisar")
    assert "Ainda não há nada para revisar" in kept.sees()
    await kept.presses("Trazer de volta")
    await kept.says("/revisar")
    assert "O que você queria lembrar" in kept.sees()
    await kept.says("/nota")
    await kept.presses("1")
    await kept.presses("Apagar")
    await kept.presses("card:gone")
    assert "Apagado." in kept.sees()
    assert await house.count(Review) == 0


async def test_eight_lapses_offer_other_words(house: House, kept: Person) -> None:
    for _ in range(7):
        await kept.says("/revisar")
        await kept.presses("Mostrar")
        await kept.presses("Não sabia")
        await house.forward(days=3)
    assert "escapou" not in kept.sees()
    await kept.says("/revisar")
    await kept.presses("Mostrar")
    await kept.presses("Não sabia")
    assert "Este já escapou 8 vezes." in kept.sees()
    await kept.presses("Reescrever")
    await kept.says("outras palavras")
    card = await card_of(house)
    assert (card.answer, card.lapses) == ("outras palavras", 0)


async def test_the_retention_can_be_chosen(house: House, kept: Person) -> None:
    await kept.says("/revisar 95%")
    assert "você ainda sabe 95% deles" in kept.sees()
    await kept.says("/revisar 20%")
    assert "“20%”" in kept.sees()
    await kept.presses("80%")
    async with house.app.database.read() as session:
        assert await session.scalar(select(Subscription.retention)) == 80


async def test_a_corrupt_state_is_set_aside_and_made_again_from_the_log(house: House, kept: Person) -> None:
    await kept.says("/revisar")
    await kept.presses("Mostrar")
    await kept.presses("Difícil")
    before = await card_of(house)
    async with house.app.database.write() as session:
        await session.execute(update(Card).values(state='{"stability": "much"'))
    await kept.says("/nota")
    await kept.presses("1")
    after = await card_of(house)
    assert (after.state, after.due_at, after.set_aside) == (before.state, before.due_at, '{"stability": "much"')
    async with house.app.database.read() as session:
        assert replay(await cards.reviews_of(session, after.id)) == after.state


async def test_curators_questions_become_cards_when_the_resource_is_done_and_only_once(
    house: House, learnt: Person
) -> None:
    await house.forward_to("2026-03-04 08:00")
    await learnt.presses("Feito")
    await house.forward_to("2026-03-06 12:00")
    learnt.sees()
    await learnt.says("/revisar")
    assert learnt.sees() == "Data in words\nQuais são as duas partes de um dado?"
    await learnt.presses("Mostrar")
    assert "O valor e o que ele significa." in learnt.sees()
    await learnt.says("/feito")
    async with house.app.database.read() as session:
        assert await session.scalar(select(func.count(Card.id)).where(Card.origin == "catalog")) == 1

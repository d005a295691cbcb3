"""What every door promises, whatever the platform: the same conversation played through each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.chat import LARGEST_DOCUMENT, Answer, Button, Incoming, Location, Message, Question, Span, rows, unstyled
from bot.errors import (
    DeliveryError,
    DocumentUnread,
    Failing,
    Moved,
    NotSent,
    Rejected,
    SlowDown,
    Unauthorized,
    Uncertain,
    Unreachable,
)
from tests.doors.stages import FILE, PICTURE, PNG, STAGES, STYLED, Actor, Seen, Stage, TelegramStage, TerminalStage
from tests.doors.telegram.toy import say
from tests.house import STUDY_CATALOG, House, settings_for

DONE = Button("Done", "done:18")
OPEN = Button("Open", url="https://example.org/overfitting")
HOSTILE = {
    "html": "<b>bold</b> & <a href='https://evil.example'>here</a> &lt;script&gt;",
    "markdown": "*bold* _it_ [here](https://evil.example) `code` ||spoiler||",
    "bidi": "\u202eesrever\u2066 \u200f\u2069",
    "long": "A" * 10_000,
    "nul": "\x00\x07\x1b[31mred",
    "surrogates": "\ud800 \udfff\ud83d",  # no platform could bring such a name to us
    "template": "{name} %s ${HOME} {{0}}",
}


@pytest.fixture(params=STAGES, ids=lambda stage: stage.__name__.removesuffix("Stage").lower())
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """An open door; its host says back what it hears."""
    stage: Stage = request.param()
    stage.answers = echo
    await stage.begins()
    yield stage
    await stage.ends()


@pytest.fixture
def ana(stage: Stage) -> Actor:
    return stage.person("Ana")


def echo(incoming: Incoming) -> Answer:
    return Answer(say=(say(f"heard {incoming.text or incoming.action or incoming.location}"),))


def says(*messages: Message, ask: Question | None = None) -> Callable[[Incoming], Answer]:
    """A host that answers everything with these messages."""
    return lambda incoming: Answer(say=messages, ask=ask)


# ------------------------------------------------------------------------------------------------- what people see


async def test_styles_arrive(stage: Stage, ana: Actor) -> None:
    await stage.door.send(ana.address, STYLED, nonce="out-1")
    assert ana.sees == [
        Seen(
            "Bold and italic, code and a link",
            bold=("Bold",),
            italic=("italic",),
            code=("code",),
            links=(("link", "https://example.org/a"),),
        )
    ]


async def test_styles_arrive_in_answers_as_well(stage: Stage, ana: Actor) -> None:
    stage.answers = says(STYLED)
    await ana.says("/today")
    assert ana.sees[0].bold == ("Bold",)


async def test_plainly_there_are_words_and_buttons_and_no_style(stage: Stage, ana: Actor) -> None:
    message = Message((*STYLED.text, Span(" <b>")), ((DONE,),))
    await stage.door.send(ana.address, message, nonce="out-1", plainly=True)
    (seen,) = ana.sees
    assert seen.text.startswith("Bold and italic, code and a link")
    assert seen.text.endswith(" <b>")
    assert (seen.bold, seen.italic, seen.code, seen.links) == ((), (), (), ())
    assert seen.buttons == ("Done",)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_words_stay_words(stage: Stage, ana: Actor, hostile: str) -> None:
    text = (Span("Title: "), Span(hostile, bold=True), Span(" (the end)"))
    await stage.door.send(ana.address, Message(text, ((Button(hostile, "done:18"),),)), nonce="out-1")
    (seen,) = ana.sees
    assert seen.text.startswith("Title: ")
    assert seen.text.endswith("(the end)") or len(hostile) > 4096
    assert (seen.italic, seen.code, seen.links) == ((), (), ())
    assert len(seen.bold) == len(seen.buttons) == 1
    if hostile.isprintable() and len(hostile) < 4096:
        assert hostile in seen.text
        assert seen.bold == (hostile,)


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind != "surrogates"])
async def test_a_hostile_name_is_heard_and_said_back_as_words(stage: Stage, kind: str) -> None:
    stage.answers = lambda incoming: Answer(say=(say(f"Hello, {incoming.sender.name}!"),))
    mallory = stage.person(HOSTILE[kind])
    await mallory.says("/start")
    (seen,) = mallory.sees
    assert seen.text.startswith("Hello, ")
    assert (seen.bold, seen.italic, seen.code, seen.links) == ((), (), (), ())


async def test_messages_come_in_their_order(stage: Stage, ana: Actor) -> None:
    stage.answers = says(*(say(f"number {number}") for number in range(5)))
    await ana.says("/today")
    assert [seen.text for seen in ana.sees] == [f"number {number}" for number in range(5)]


async def test_a_picture_carries_text_and_buttons(stage: Stage, ana: Actor) -> None:
    stage.answers = says(Message(unstyled("Your month"), ((DONE,),), picture=PICTURE))
    await ana.says("/progress")
    assert ana.sees == [Seen("Your month", buttons=("Done",), picture=PNG)]


async def test_a_file_has_its_name_and_content(stage: Stage, ana: Actor) -> None:
    stage.answers = says(Message(unstyled("All of it"), file=FILE))
    await ana.says("/mydata")
    assert ana.sees == [Seen("All of it", file=(FILE.name, FILE.content))]


# -------------------------------------------------------------------------------------------------- what people do


async def test_a_button_comes_back_as_its_action(stage: Stage, ana: Actor) -> None:
    ref = await stage.door.send(ana.address, say("a dose", OPEN, DONE), nonce="out-1")
    assert ana.sees[0].buttons == ("Open", "Done")
    await ana.presses("Done")
    (heard,) = stage.host.heard
    assert (heard.action, heard.text, heard.on, heard.address) == ("done:18", None, ref, ana.address)


async def test_every_button_of_many_comes_back(stage: Stage, ana: Actor) -> None:
    actions = [f"pick:{number}:{'x' * 50}" for number in range(30)]
    buttons = rows([Button(f"Number {number}", action) for number, action in enumerate(actions)])
    await stage.door.send(ana.address, Message(unstyled("choose"), buttons), nonce="out-1")
    for number in (0, 13, 29):
        await ana.presses(f"Number {number}")
    assert [heard.action for heard in stage.host.heard] == [actions[number] for number in (0, 13, 29)]


async def test_two_presses_are_two_events(stage: Stage, ana: Actor) -> None:
    stage.answers = lambda incoming: Answer(toast="noted")
    await stage.door.send(ana.address, say("a dose", DONE), nonce="out-1")
    assert [await ana.presses("Done"), await ana.presses("Done")] == ["noted", "noted"]
    first, second = stage.host.heard
    assert first.key != second.key


async def test_an_edit_replaces_the_pressed_message(stage: Stage, ana: Actor) -> None:
    stage.answers = lambda incoming: Answer(edit=say("Done. Day 6.", Button("Right", "rate:18:right")))
    await stage.door.send(ana.address, say("earlier"), nonce="out-1")
    await stage.door.send(ana.address, say("a dose", DONE), nonce="out-2")
    await stage.door.send(ana.address, say("later"), nonce="out-3")
    await ana.presses("Done")
    assert [seen.text for seen in ana.sees] == ["earlier", "Done. Day 6.", "later"]
    assert ana.sees[1].buttons == ("Right",)


async def test_what_was_sent_can_be_edited_later(stage: Stage, ana: Actor) -> None:
    ref = await stage.door.send(ana.address, say("card 41", Button("Approve", "approve:41")), nonce="out-1")
    await stage.door.edit(ref, Message((Span("approved", bold=True),)))
    assert ana.sees == [Seen("approved", bold=("approved",))]


@pytest.mark.parametrize("anew", [True, False])
async def test_an_edit_can_be_plain_too(stage: Stage, ana: Actor, anew: bool) -> None:
    ref = await stage.door.send(ana.address, say("a dose"), nonce="out-1")
    await stage.door.edit(ref, Message((*STYLED.text, Span(" <b>")), ((DONE,),)), plainly=True, anew=anew)
    (seen,) = ana.sees
    assert seen.text.startswith("Bold and italic, code and a link")
    assert (seen.bold, seen.italic, seen.code, seen.links) == ((), (), (), ())
    assert seen.buttons == ("Done",)


async def test_what_is_not_said_anew_keeps_its_picture_in_plain_text_too(stage: Stage, ana: Actor) -> None:
    if isinstance(stage, TelegramStage):
        stage.telegram.expects("there is no text in the message to edit")
    ref = await stage.door.send(ana.address, Message(unstyled("A week of learning"), picture=PICTURE), nonce="out-1")
    await stage.door.edit(ref, Message((Span("Done", bold=True), Span("."))), plainly=True, anew=False)
    assert ana.sees == [Seen("Done.", picture=PNG)]


async def test_what_is_not_said_anew_keeps_its_picture(stage: Stage, ana: Actor) -> None:
    if isinstance(stage, TelegramStage):  # it does not tell beforehand what hangs below a picture
        stage.telegram.expects("there is no text in the message to edit")
        stage.telegram.expects("message is not modified")
    card = Message(unstyled("A week of learning"), ((DONE, OPEN),), picture=PICTURE)
    ref = await stage.door.send(ana.address, card, nonce="out-1")
    for _ in range(2):
        assert await stage.door.edit(ref, say("Done.", OPEN), anew=False) == ref
        assert ana.sees == [Seen("Done.", buttons=("Open",), picture=PNG)]


async def test_a_toast_is_a_passing_word(stage: Stage, ana: Actor) -> None:
    stage.answers = lambda incoming: Answer(toast="Day 6")
    await stage.door.send(ana.address, say("a dose", DONE), nonce="out-1")
    assert await ana.presses("Done") == "Day 6"
    assert [seen.text for seen in ana.sees] == ["a dose"]


async def test_toast_edit_and_words_can_come_together(stage: Stage, ana: Actor) -> None:
    stage.answers = lambda incoming: Answer(edit=say("Done."), say=(say("How was it?"),), toast="Day 6")
    await stage.door.send(ana.address, say("a dose", DONE), nonce="out-1")
    assert await ana.presses("Done") == "Day 6"
    assert [seen.text for seen in ana.sees] == ["Done.", "How was it?"]


async def test_a_question_is_answered_by_the_next_words(stage: Stage, ana: Actor) -> None:
    stage.answers = says(say("At what hour?"), ask=Question("hour", "Your hour"))
    await ana.says("/time")
    await ana.says("half past nine")
    assert [heard.text for heard in stage.host.heard] == ["/time", "half past nine"]


async def test_a_reply_names_the_message_it_answers(stage: Stage, ana: Actor) -> None:
    refs = [await stage.door.send(ana.address, say(f"dose {number}"), nonce=f"out-{number}") for number in range(3)]
    await ana.replies(1, "what I learnt")
    (heard,) = stage.host.heard
    assert (heard.text, heard.reply_to) == ("what I learnt", refs[1])


async def test_a_place_is_offered_and_comes_in_degrees(stage: Stage, ana: Actor) -> None:
    await stage.door.send(ana.address, Message(unstyled("Where?"), location_label="Share my place"), nonce="out-1")
    if not stage.has_places:
        assert ([seen.text for seen in ana.sees], ana.offers_place) == (["Where?"], None)
        return
    assert ana.offers_place == "Share my place"
    await ana.shares_place(38.72, -9.14)
    (heard,) = stage.host.heard
    assert (heard.location, heard.text, heard.action) == (Location(38.72, -9.14), None, None)


async def test_the_host_hears_who_where_and_when_in_its_own_time(stage: Stage, ana: Actor) -> None:
    await ana.says("/start")
    (heard,) = stage.host.heard
    assert (heard.address, heard.sender.name, heard.at, heard.private) == (ana.address, "Ana", stage.host.now(), True)
    assert heard.address.platform == stage.door.platform
    assert heard.key.startswith(f"{stage.door.platform}:")


async def test_every_reply_waits_for_its_turn_and_is_reported(stage: Stage, ana: Actor) -> None:
    stage.answers = says(say("a"), say("b"))
    await ana.says("/today")
    await stage.host.has_shown()
    ((incoming, sent),) = stage.host.shown
    assert incoming == stage.host.heard[0]
    assert len(sent) == len(set(sent)) == 2
    assert set(stage.host.turns) == {ana.address}
    assert len(stage.host.turns) == 2


# --------------------------------------------------------------------------------- served again, refused, interrupted


async def test_what_is_served_again_after_it_was_shown_changes_nothing(stage: Stage, ana: Actor) -> None:
    await ana.says("/today")
    await stage.host.has_shown()
    await ana.is_served_again()
    assert len(stage.host.heard) == 1
    assert [seen.text for seen in ana.sees] == ["heard /today"]


async def test_what_is_served_again_before_it_was_noted_is_answered_again_and_takes_effect_once(
    stage: Stage, ana: Actor
) -> None:
    stage.host.loses_marks = True
    await ana.says("/today")
    await ana.is_served_again()
    assert len(stage.host.heard) == 1
    assert [seen.text for seen in ana.sees] == ["heard /today"] * (2 if stage.shows_again else 1)


@pytest.mark.parametrize("beside", ["", "for the charts", "/follow charts"])
async def test_a_file_comes_with_its_name_and_the_words_beside_it(stage: Stage, ana: Actor, beside: str) -> None:
    read: list[bytes] = []

    async def reads(incoming: Incoming) -> Answer:
        assert incoming.document
        read.append(await incoming.document.read())
        return Answer(say=(say(f"{incoming.document.name}, {incoming.document.size}, “{incoming.text}”"),))

    stage.answers = reads
    await ana.sends_file("feeds.opml", b"<opml/>", beside)
    assert [seen.text for seen in ana.sees] == [f"feeds.opml, 7, “{beside}”"]
    assert read == [b"<opml/>"]


async def test_a_file_that_is_too_large_is_not_fetched(stage: Stage, ana: Actor) -> None:
    reasons: list[str] = []

    async def reads(incoming: Incoming) -> Answer:
        assert incoming.document
        with pytest.raises(DocumentUnread) as caught:
            await incoming.document.read()
        reasons.append(caught.value.reason)
        return Answer()

    stage.answers = reads
    await ana.sends_file("feeds.opml", bytes(LARGEST_DOCUMENT + 1))
    assert reasons == ["too_large"]


async def test_a_file_that_the_platform_lost_is_told_as_such(stage: Stage, ana: Actor) -> None:
    if isinstance(stage, TerminalStage):
        pytest.skip("a file at the terminal is there")
    reasons: list[str] = []

    async def reads(incoming: Incoming) -> Answer:
        assert incoming.document
        await stage.loses_files()
        with pytest.raises(DocumentUnread) as caught:
            await incoming.document.read()
        assert caught.value.__cause__ is None
        reasons.append(caught.value.reason)
        return Answer()

    stage.answers = reads
    await ana.sends_file("feeds.opml", b"<opml/>")
    assert reasons == ["lost"]


async def test_a_press_that_is_served_again_takes_effect_once(stage: Stage, ana: Actor) -> None:
    stage.answers = lambda incoming: Answer(edit=say("Done."), say=(say("How was it?"),))
    await stage.door.send(ana.address, say("a dose", DONE), nonce="out-1")
    await ana.presses("Done")
    await stage.host.has_shown()
    await ana.is_served_again()
    assert len(stage.host.heard) == 1
    assert [seen.text for seen in ana.sees] == ["Done.", "How was it?"]


@pytest.mark.parametrize(
    "kind",
    [SlowDown, NotSent, Failing, Uncertain, Rejected, Unreachable, Moved, Unauthorized],
    ids=lambda one: one.__name__,
)
async def test_a_refused_send_raises_what_it_means_and_is_not_repeated(
    stage: Stage, ana: Actor, kind: type[DeliveryError]
) -> None:
    await stage.refuses_next(kind)
    with pytest.raises(DeliveryError) as caught:
        await stage.door.send(ana.address, say("a dose"), nonce="out-1")
    assert type(caught.value) is kind
    assert caught.value.reason != ""
    if isinstance(caught.value, SlowDown):
        assert caught.value.retry_after == stage.silence
    if isinstance(caught.value, Moved):
        assert caught.value.address.chat.startswith(stage.new_home)
    await stage.heals()
    assert len(ana.sees) == (1 if kind is Uncertain else 0)
    await stage.door.send(ana.address, say("a dose"), nonce="out-2")
    assert len(ana.sees) == (2 if kind is Uncertain else 1)


async def test_what_people_do_while_the_bot_is_away_is_answered_when_it_is_back(stage: Stage, ana: Actor) -> None:
    await ana.says("before")
    await stage.closes()
    await ana.says("first")
    await ana.says("second")
    assert [heard.text for heard in stage.host.heard] == ["before"]
    await stage.opens()
    if not stage.keeps_for_later:
        await ana.says("after")
        assert [heard.text for heard in stage.host.heard] == ["before", "after"]
        return
    await stage.host.has_shown(3)
    assert [heard.text for heard in stage.host.heard] == ["before", "first", "second"]
    assert [seen.text for seen in ana.sees] == ["heard before", "heard first", "heard second"]


async def test_what_was_taken_in_is_answered_before_the_door_closes(stage: Stage, ana: Actor) -> None:
    taken, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(incoming: Incoming) -> Answer:
        taken.set()
        await go_on.wait()
        return echo(incoming)

    stage.answers = slowly
    asking = asyncio.create_task(ana.says("/today"))
    await asyncio.wait_for(taken.wait(), 10)
    closing = asyncio.create_task(stage.closes())
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.wait_for(closing, 30)
    await asking
    assert [seen.text for seen in ana.sees] == ["heard /today"]
    await stage.opens()
    assert len(stage.host.heard) == len(ana.sees) == 1


async def test_a_door_that_listens_no_more_still_finishes_what_is_on_its_way_out(stage: Stage, ana: Actor) -> None:
    await stage.door.stop_listening()
    await stage.door.send(ana.address, say("a dose"), nonce="out-1")
    assert [seen.text for seen in ana.sees] == ["a dose"]


async def test_buttons_of_an_earlier_life_still_work(stage: Stage, ana: Actor) -> None:
    await stage.door.send(ana.address, say("a dose", DONE), nonce="out-1")
    await stage.closes()
    await stage.opens()
    stage.answers = lambda incoming: Answer(edit=say("Done."))
    await ana.presses("Done")
    assert [seen.text for seen in ana.sees] == ["Done."]


async def test_opening_and_closing_again_and_again_is_harmless(stage: Stage, ana: Actor) -> None:
    for number in range(3):
        await stage.closes()
        await stage.closes()
        await stage.opens()
        await ana.says(f"hello {number}")
    assert [heard.text for heard in stage.host.heard] == [f"hello {number}" for number in range(3)]


# ------------------------------------------------------------------------------------------ a conversation of the bot


async def test_a_dose_its_options_and_a_session_work_through_every_door(
    stage: Stage, ana: Actor, tmp_path: Path
) -> None:
    house = await House(settings_for(tmp_path, catalog=STUDY_CATALOG, default_language="en")).open()
    stage.answers = house.app.host.answer
    try:
        await _a_day_with_a_course(ana)
    finally:
        stage.answers = echo
        await house.close()


async def _a_day_with_a_course(ana: Actor) -> None:
    await ana.says("/start")
    await ana.presses("Cursos")
    await ana.presses("Começar")
    await ana.says("/hoje")
    assert ana.sees[-1].buttons == ("Abrir", "Avancei hoje", "Terminei", "Pôr na estante", "Mais…")
    assert ana.sees[-1].bold[0] == "Deep course"
    await ana.presses("Mais…")
    assert "Não é para mim" in ana.sees[-1].buttons
    await ana.presses("Por que esta?")
    assert ana.sees[-1].text.startswith("Por que Deep course?")
    await ana.presses("‹ Voltar")
    await ana.presses("Avancei hoje")
    assert ana.sees[-1].text.startswith("Contado. Dia 1.")
    await ana.presses("Desfazer")
    assert ana.sees[-2].text == "Desfeito. Aqui está Deep course de novo:"
    assert ana.sees[-1].buttons == ("Abrir", "Avancei hoje", "Terminei", "Pôr na estante", "Mais…")
    await ana.presses("Avancei hoje")
    assert ana.sees[-1].text.startswith("Contado. Dia 1.")
    await ana.presses("2 · Camadas")
    assert ana.sees[-1].text.startswith("Na próxima: parte 3 de 4 · Atenção.")
    await ana.says("as camadas ocultas")
    assert ana.sees[-1].text == "Guardado: “as camadas ocultas”. Você vê na próxima vez."
    await ana.says("/checklists")
    await ana.presses("1")
    await ana.presses("1")
    assert "✓ 1. Desenhar." in ana.sees[-1].text

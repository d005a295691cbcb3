"""Progress in chat: the picture and the words agree, it is drawn once, and a milestone brings it along."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import func, select

from bot.cards.picture import LIGHT, WIDTH, Drawing, Row, day_boxes, draw, load_drawing
from bot.cards.progress import drawing_of
from bot.chat import Incoming
from bot.doors.terminal import Person
from bot.i18n.words import words_in
from bot.learning.progress import progress_of
from bot.learning.way import stops_of
from bot.store.history import history_of
from bot.store.tables import Completion, Pause, Subscription, Update
from tests.house import House, subscribed
from tests.learning.lives import random_life

words_of_any_kind = st.text(max_size=80)
drawings = st.builds(
    Drawing,
    language=st.sampled_from(["pt-BR", "en"]),
    title=words_of_any_kind,
    subtitle=words_of_any_kind,
    number=st.integers(0, 99_999).map(str),
    under=words_of_any_kind,
    beside=words_of_any_kind,
    week=st.text("123mfo.px ", min_size=7, max_size=7),
    week_words=words_of_any_kind,
    first=st.sampled_from([date(2025, 3, 3), date(2024, 2, 26)]),
    days=st.text("123mfo.px ", min_size=1, max_size=371),
    legend=st.tuples(*[st.text(max_size=12)] * 4),
    rows=st.lists(
        st.builds(Row, words_of_any_kind, st.integers(0, 8), st.just(8), st.text(max_size=12)), max_size=10
    ).map(tuple),
    more=words_of_any_kind,
    fresh=words_of_any_kind,
    dark=st.booleans(),
)


def picture(person: Person) -> Image.Image:
    shown = person.messages[-1].message.picture
    assert shown is not None
    return Image.open(io.BytesIO(shown.png))


async def test_progress_is_one_picture_with_words_under_it(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    ana.sees()
    await ana.says("/progresso")
    seen = ana.sees()
    assert "Primeiros passos: 1 de 6" in seen
    assert "▰▰▱▱▱▱▱▱▱▱ Noções básicas 1/4" in seen
    assert "1 coisa feita ao todo. Sequência: 1 dia." in seen
    assert "Nesta semana: 1 dia." in seen
    shown = ana.messages[-1].message.picture
    assert shown is not None
    assert "Primeiros passos: 1 de 6. Dias feitos ao todo: 1" in shown.alt
    assert picture(ana).width == WIDTH


async def test_the_picture_is_drawn_again_only_when_something_changed(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/progresso")
    await ana.says("/progresso")
    await ana.says("/progress")
    assert house.app.easel.drawn == 1
    await ana.says("/hoje")
    await ana.presses("Feito")
    await ana.says("/progresso")
    assert house.app.easel.drawn == 2


async def test_a_picture_that_cannot_be_drawn_is_told_in_words(
    house: House, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(drawing: str) -> bytes:
        raise MemoryError

    monkeypatch.setattr("bot.cards.easel._paint", no_room)
    await subscribed(ana)
    ana.sees()
    await ana.says("/progresso")
    assert "Primeiros passos: 0 de 6. Dias feitos ao todo: 0" in ana.sees()
    assert ana.messages[-1].message.picture is None


async def test_dark_or_light_is_remembered(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/progresso")
    assert picture(ana).convert("RGB").getpixel((2, 2)) == (255, 255, 255)
    await ana.presses("Escuro")
    await ana.says("/progresso")
    assert sum(picture(ana).convert("RGB").getpixel((2, 2))) < 120  # type: ignore[arg-type]
    await ana.says("/progresso claro")
    assert picture(ana).convert("RGB").getpixel((2, 2)) == (255, 255, 255)
    await ana.says("/progresso xadrez")
    assert "“xadrez”" in ana.sees()


async def test_an_update_served_again_before_it_was_rendered_brings_the_same_picture(house: House, ana: Person) -> None:
    await subscribed(ana)
    asked = Incoming("again", ana.address, ana.sender, house.app.now(), text="/progresso")
    first = await house.app.host.answer(asked)
    async with house.app.database.read() as session:
        assert len(await session.scalar(select(Update.answer).where(Update.answer.is_not(None))) or "") < 5000
    assert await house.app.host.answer(asked) == first
    assert first
    assert first.say[0].picture
    assert first.say[0].picture.png.startswith(b"\x89PNG")


async def test_without_streak_the_picture_shows_days_and_no_streak(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/sequencia não")
    await ana.says("/hoje")
    await ana.presses("Feito")
    drawing = await drawing_now(house)
    assert (drawing.number, drawing.under, drawing.beside) == ("1", "dia feito", "")
    assert drawing.legend[2] == "", "and no miss is shown"


async def drawing_now(house: House):  # type: ignore[no-untyped-def]
    async with house.app.database.read() as session:
        subscription = await session.scalar(select(Subscription))
        assert subscription
        now = house.app.now()
        history = await history_of(session, subscription, now)
        way = stops_of(house.app.catalog, subscription.trail, subscription.topics)
        progress = progress_of(history, now, subscription.weekly, house.app.catalog, way, (), ())
        return drawing_of(words_in("pt-BR"), house.app.catalog, subscription, progress)


@pytest.mark.parametrize("seed", range(12))
async def test_message_picture_export_and_database_tell_the_same_days(either_house: House, seed: int) -> None:
    """A random life is written into the tables; what the chat, the picture and the export say of it is compared day by day."""
    ana = either_house.person("ana")
    await subscribed(ana)
    life = random_life(seed)
    shift = (either_house.app.now() - life.now).days
    async with either_house.app.database.write() as session:
        subscription = await session.get(Subscription, 1)
        assert subscription
        subscription.began_on = life.began_on + timedelta(days=shift)
        for number, done in enumerate(life.history().completions):
            at = done.at + timedelta(days=shift)
            session.add(
                Completion(
                    person_id=1,
                    key=f"life:{number}",
                    kind="done",
                    at=at,
                    zone=done.zone,
                    day=done.day + timedelta(days=shift),
                )
            )
        pauses = {pause.from_day: pause for pause in life.history().pauses}
        for pause in pauses.values():
            to_day = pause.to_day + timedelta(days=shift) if pause.to_day else None
            session.add(
                Pause(subscription_id=1, from_day=pause.from_day + timedelta(days=shift), to_day=to_day, why=pause.why)
            )
    await ana.says("/sequencia")
    words = ana.sees()
    await ana.says("/meusdados")
    file = ana.messages[-1].message.file
    assert file
    exported = json.loads(file.content)["derived"]
    drawing = await drawing_now(either_house)
    assert words.startswith(f"{exported['streak']} dia")
    assert drawing.number == str(exported["streak"])
    assert f"recorde {exported['best']}." in words
    assert drawing.beside == f"recorde {exported['best']}"
    by_day = {day["day"]: day["status"] for day in exported["days"]}
    letters = {"m": "missed", "f": "forgiven", "o": "open", ".": "rest", "p": "paused", "x": "excused"}
    for day, letter, _ in day_boxes(drawing):
        if letter != " ":
            assert by_day[day.isoformat()] == ("done" if letter in "123" else letters[letter]), day
    async with either_house.app.database.read() as session:
        stored = await session.scalar(select(func.count(func.distinct(Completion.day))))
    assert sum(status == "done" for status in by_day.values()) == stored
    await ana.says("/sequencia por que")
    told = ana.sees()
    last = exported["days"][-14:]
    assert told.count("✓") == sum(day["status"] == "done" for day in last)
    assert told.count("perdoada\n") + told.endswith("perdoada") == sum(day["status"] == "forgiven" for day in last)


async def test_every_cell_of_the_picture_has_the_colour_of_its_day(house: House, ana: Person) -> None:
    await subscribed(ana)
    for _ in range(4):
        await house.forward(days=1)
        await ana.presses("Feito")
        await house.forward(days=1)
    await ana.says("/progresso")
    image, drawing = picture(ana).convert("RGB"), await drawing_now(house)
    colours = {
        "1": LIGHT.done[0],
        "2": LIGHT.done[1],
        "3": LIGHT.done[2],
        "m": LIGHT.ground,
        "o": LIGHT.ground,
        "f": LIGHT.ground,
        " ": LIGHT.card,
    }
    seen = set()
    for _, letter, middle in day_boxes(drawing):
        assert image.getpixel(middle) == colours[letter]
        seen.add(letter)
    assert {"1", "f", " "} <= seen


@given(drawings)
def test_whatever_is_drawn_fits_a_picture_and_is_stored_unchanged(drawing: Drawing) -> None:
    assert load_drawing(drawing.dump()) == drawing
    with Image.open(io.BytesIO(draw(drawing))) as image:
        assert image.width == WIDTH
        assert image.height < 2 * WIDTH


async def test_what_nobody_answered_is_behind_them_and_the_words_say_so(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    await house.forward_to("2026-03-16 12:00")
    ana.sees()
    await ana.says("/hoje")
    assert "Primeiros passos, 3 de 6" in ana.sees()
    await ana.says("/progresso")
    seen = ana.sees()
    assert "Primeiros passos: 2 de 6" in seen
    assert "1 delas veio três vezes sem resposta e está em /salvos." in seen
    assert "1 coisa feita ao todo." in seen

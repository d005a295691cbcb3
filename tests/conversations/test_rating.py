"""After Done: four answers in one tap. The newest counts; the same one twice changes nothing; taste follows and can be forgotten."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.doors.terminal import Person
from bot.store.tables import Card, Feedback
from tests.house import House


async def ratings(house: House) -> list[str]:
    async with house.app.database.read() as session:
        return list(await session.scalars(select(Feedback.kind).order_by(Feedback.id)))


@pytest.fixture
async def done(bia: Person) -> Person:
    """Bia, who has done “A first look”."""
    await bia.presses("Done")
    return bia


async def test_done_asks_how_it_was_and_for_one_line(done: Person) -> None:
    assert "How was it?\nOne line to remember it by? Just write it." in done.sees()
    assert done.buttons() == ("Open", "Too easy", "Right", "Too hard", "Not worth it", "Undo")


async def test_a_rating_after_the_line_asks_for_no_second_one(study: House, done: Person) -> None:
    await done.says("data has two parts")
    done.sees()
    await done.presses("Right")
    seen = done.sees()
    assert "A first look: right. More like it." in seen
    assert "One line to remember it by?" not in seen
    await done.says("more")
    assert "Kept." not in done.sees()


@pytest.mark.parametrize(
    ("word", "answer"), [("more", "A first read"), ("help", "/today"), ("saved", "Nothing waits here.")]
)
async def test_a_command_word_is_no_line_to_remember(study: House, done: Person, word: str, answer: str) -> None:
    done.sees()
    await done.says(word)
    assert answer in done.sees()
    async with study.app.database.read() as session:
        assert await session.scalar(select(Card.id)) is None


async def test_one_tap_rates_and_the_line_can_still_be_written(study: House, done: Person) -> None:
    await done.presses("Right")
    assert "A first look: right. More like it." in done.sees()
    assert "✓ Right" in done.buttons()
    await done.says("data has two parts")
    assert "Kept." in done.sees()
    assert await ratings(study) == ["right"]
    async with study.app.database.read() as session:
        assert await session.scalar(select(Card.resource_id)) == "first-look"


async def test_rating_again_changes_it_and_the_same_twice_changes_nothing(study: House, done: Person) -> None:
    await done.presses("Right")
    await done.presses("✓ Right")
    assert await ratings(study) == ["right"]
    await study.forward(minutes=1)
    await done.presses("Too hard")
    assert "too hard. I'll be gentler for a while." in done.sees()
    assert await ratings(study) == ["right", "too_hard"]


@pytest.mark.parametrize("action", ["rate:1:nonsense", "rate:99:right", "rate:x:right", "rate:", "rate:1"])
async def test_a_forged_rating_says_nothing_of_anything(study: House, done: Person, action: str) -> None:
    done.sees()
    await done.forges(action)
    assert done.sees() != ""
    assert await ratings(study) == []


async def test_what_is_not_done_cannot_be_rated(study: House, bia: Person) -> None:
    bia.sees()
    await bia.forges("rate:1:right")
    assert bia.sees() != ""
    assert await ratings(study) == []


# ------------------------------------------------------------------------------------------------------------- taste


async def test_nothing_is_known_before_anything_is_pressed(bia: Person) -> None:
    bia.sees()
    await bia.says("/taste")
    assert "Nothing yet." in bia.sees()


async def test_taste_is_told_in_plain_words(study: House, done: Person) -> None:
    await done.presses("Right")
    done.sees()
    await done.says("/taste")
    seen = done.sees()
    assert "More of: Josie Ann (a little), video (a little), things in English (a little)" in seen
    assert "Your level: 2 · In between." in seen
    assert "From 1 press of yours." in seen


async def test_taste_tells_what_is_too_hard(done: Person) -> None:
    await done.presses("Too hard")
    done.sees()
    await done.says("/gosto")
    assert "A bit easier than what you get, please." in done.sees()


async def test_taste_counts_what_it_rests_on_and_a_broken_link_is_none_of_it(bia: Person) -> None:
    await bia.presses("More…")
    await bia.presses("Broken link")
    await bia.says("/taste")
    assert "Nothing yet." in bia.sees()
    await bia.presses("Done")
    await bia.presses("Right")
    await bia.presses("Too hard")
    await bia.says("/taste")
    assert "From 1 press of yours." in bia.sees()


async def test_taste_is_forgotten_with_one_tap_and_brought_back_with_another(study: House, done: Person) -> None:
    await done.presses("Right")
    await study.forward(minutes=1)
    await done.says("/taste")
    await done.presses("Forget my taste")
    assert "Forgotten." in done.sees()
    await done.says("/taste")
    assert "Nothing yet." in done.sees()
    await done.presses("taste:back")
    assert "More of: " in done.sees()


@pytest.mark.parametrize("action", ["taste:back:x", "taste:back:99999999999999", "taste:nonsense"])
async def test_a_forged_taste_button_is_kindly_refused(done: Person, action: str) -> None:
    done.sees()
    await done.forges(action)
    assert "no longer there" in done.sees()

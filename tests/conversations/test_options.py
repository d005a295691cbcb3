"""More…: save, not for me, know it already, too long today, broken link, why this; each in one tap, and each can be taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.doors.terminal import Person
from bot.store.tables import Completion, Dose, Feedback, Mark
from tests.house import House

OPTIONS = (
    "Save",
    "Why this",
    "Not for me",
    "Know it already",
    "Too long today",
    "My time today…",
    "Broken link",
    "‹ Back",
)


async def marks(house: House) -> set[tuple[str, str]]:
    async with house.app.database.read() as session:
        return {(resource, mark) for resource, mark in await session.execute(select(Mark.resource_id, Mark.mark))}


async def pressed(house: House) -> list[tuple[str, str]]:
    async with house.app.database.read() as session:
        rows = await session.execute(select(Feedback.resource_id, Feedback.kind).order_by(Feedback.id))
        return [(resource, kind) for resource, kind in rows]


@pytest.fixture
async def opened(bia: Person) -> Person:
    """Bia, who has opened More… on “A first look”."""
    await bia.presses("More…")
    bia.sees()
    return bia


async def test_more_shows_the_options_in_place_of_the_buttons_with_a_way_back(bia: Person) -> None:
    assert bia.buttons()[:5] == ("Open", "Done", "Another", "Later", "More…")
    await bia.presses("More…")
    assert "A first look" in bia.sees()
    assert bia.buttons() == OPTIONS
    await bia.presses("‹ Back")
    assert bia.buttons()[:5] == ("Open", "Done", "Another", "Later", "More…")


async def test_saving_keeps_the_dose_and_can_be_undone(study: House, opened: Person) -> None:
    await opened.presses("Save")
    assert "Saved" in opened.sees()
    assert ("first-look", "saved") in await marks(study)
    await opened.presses("Take out of saved")
    assert await marks(study) == set()
    await opened.presses("‹ Back")
    await opened.presses("Done")
    assert "Day 1." in opened.sees()


@pytest.mark.parametrize(
    ("label", "mark", "kind", "said"),
    [
        ("Not for me", "dismissed", "not_for_me", "A first look won't come again."),
        ("Know it already", "known", "known", "Good, you know A first look already."),
    ],
)
async def test_what_is_passed_for_good_gives_way_and_never_returns(
    study: House, opened: Person, label: str, mark: str, kind: str, said: str
) -> None:
    await opened.presses(label)
    seen = opened.sees()
    assert said in seen
    assert "trail: The builder, 2 of 8" in seen
    assert (await marks(study), await pressed(study)) == ({("first-look", mark)}, [("first-look", kind)])
    for day in range(3, 13):
        await study.forward_to(f"2026-03-{day:02} 08:00")
        assert "A first look" not in opened.sees()


@pytest.mark.parametrize("label", ["Not for me", "Know it already", "Too long today", "Broken link"])
async def test_a_slip_is_taken_back_in_one_tap(study: House, opened: Person, label: str) -> None:
    await opened.presses(label)
    await opened.presses("Take that back")
    seen = opened.sees()
    assert "Taken back. Here is A first look again." in seen
    assert "A first look · trail: The builder, 1 of 8" in seen
    assert "Why this: you asked for it back." in seen
    assert (await marks(study), await pressed(study)) == (set(), [])
    await opened.presses("done")
    assert "Day 1." in opened.sees()


async def test_taken_back_after_the_day_it_can_come_again(study: House, opened: Person) -> None:
    await opened.presses("Not for me")
    await opened.presses("done")
    await study.forward(days=3)
    opened.sees()
    await opened.presses("Take that back")
    assert "Taken back: A first look can come again." in opened.sees()
    assert ("first-look", "dismissed") not in await marks(study)


async def test_too_long_brings_something_shorter_today(study: House, bia: Person) -> None:
    await bia.presses("More…")
    bia.sees()
    await bia.presses("Too long today")
    seen = bia.sees()
    assert "Five minutes · trail" in seen
    assert "A first look comes some other day; here is something shorter." in seen
    assert await pressed(study) == [("first-look", "too_long")]
    assert await marks(study) == set()


async def test_a_broken_link_is_evidence_and_something_else_comes(study: House, opened: Person) -> None:
    await opened.presses("Broken link")
    seen = opened.sees()
    assert "The curators will look at the link of A first look." in seen
    assert "trail: The builder, 1 of 8" in seen
    assert await pressed(study) == [("first-look", "broken")]


async def test_a_link_they_could_not_open_is_spared_them_for_a_month(study: House, opened: Person) -> None:
    await opened.presses("Broken link")
    opened.sees()
    for day in range(3, 9):
        await study.forward_to(f"2026-03-{day:02} 08:00")
        assert "A first look" not in opened.sees()
        await opened.says("/done")
    for day in (16, 24):  # a word now and then, else ten doses without an answer would be followed by silence
        await study.forward_to(f"2026-03-{day} 12:00")
        await opened.says("/streak")
    opened.sees()
    await study.forward_to("2026-04-06 08:00")
    await opened.says("/today")
    assert "A first look" in opened.sees()


async def test_why_this_tells_every_reason_as_a_sentence(opened: Person) -> None:
    await opened.presses("Why this")
    seen = opened.sees()
    assert seen.startswith("Why A first look?\n· it opens “The ground” with something short to watch.")
    assert seen.count("\n· ") >= 2
    await opened.presses("‹ Back")
    assert "More…" in opened.buttons()


async def test_when_everything_is_passed_over_it_says_so_and_the_slip_can_be_undone(study: House, bia: Person) -> None:
    for _ in range(8):
        await bia.presses("options")
        bia.sees()
        await bia.presses("Not for me")
        if "I have nothing else for today" in bia.sees():
            break
    await bia.presses("Take that back")
    assert "Taken back. Here is" in bia.sees()


async def test_none_of_it_counts_for_the_day(study: House, opened: Person) -> None:
    for label in ("Save", "Not for me"):
        await opened.presses(label)
    assert await study.count(Completion) == 0


async def test_options_of_a_dose_that_is_done_change_nothing(study: House, opened: Person) -> None:
    await opened.says("/done")
    opened.sees()
    await opened.presses("Not for me")
    assert "You've already done that one." in opened.sees()
    assert await marks(study) == {("first-look", "done")}


async def test_two_presses_at_once_pass_one_thing_over(study: House, opened: Person) -> None:
    await opened.presses_twice_at_once("Not for me")
    passed = {resource for resource, mark in await marks(study) if mark == "dismissed"}
    assert passed == {"first-look"}


@pytest.mark.parametrize(
    "action",
    [
        "options:99",
        "options:",
        "pass:1:nonsense",
        "pass::",
        "unpass:1:7:known",
        "unpass:1:0:x",
        "size:1:0",
        "size:1:9999999",
        "keep:x",
        "whythis:99",
        "face:",
    ],
)
async def test_a_forged_option_gets_a_kind_answer_and_no_effect(study: House, bia: Person, action: str) -> None:
    bia.sees()
    await bia.forges(action)
    assert bia.sees() != ""
    assert (await marks(study), await pressed(study)) == (set(), [])


async def test_somebody_elses_options_are_nobodys(study: House, bia: Person, caio: Person) -> None:
    caio.sees()
    await caio.forges("pass:1:known")
    assert "Esse botão é de algo que não está mais aqui." in caio.sees()
    assert await marks(study) == set()


async def test_what_is_too_long_today_does_not_come_with_one_more_either(opened: Person) -> None:
    await opened.presses("Too long today")
    assert "A first look comes some other day; here is something shorter." in opened.sees()
    for _ in range(2):
        await opened.says("/more")
    assert "A first look" not in opened.sees()


async def test_something_shorter_is_promised_only_where_it_is(bia: Person) -> None:
    await bia.says("I have 5 minutes")
    assert "Five minutes" in bia.sees()
    await bia.presses("More…")
    await bia.presses("Too long today")
    seen = bia.sees()
    assert "Five minutes comes some other day. I have nothing shorter nearby; here is what there is." in seen
    assert "something shorter" not in seen


@pytest.mark.parametrize(
    ("who", "language", "no_shorter", "nothing"),
    [
        (
            "eva",
            "en",
            "I have nothing shorter nearby; here is what there is.",
            "I have nothing shorter left for today.",
        ),
        (
            "rui",
            "pt-BR",
            "Mais curto que isso não tenho nada por perto; aqui vai o que tenho.",
            "Mais curto que isso não tenho mais nada para hoje.",
        ),
    ],
)
async def test_too_long_again_and_again_says_when_there_is_nothing_shorter(
    study: House, who: str, language: str, no_shorter: str, nothing: str
) -> None:
    person = study.person(who, language)
    await person.says("/start")
    await person.presses("trail:builder")
    if language == "en":
        await person.says("Sao Paulo")
    await person.presses("begin")
    await person.says("/today")
    person.sees()
    answers = []
    for _ in range(12):
        [dose] = await doses_of(study)
        if dose.resource_id is None:
            break
        await person.forges(f"pass:{dose.id}:too_long")
        seen = person.sees()
        answers.append([words in seen for words in (no_shorter, nothing)])
    assert answers[0] == [False, False], "something shorter came"
    assert [True, False] in answers
    assert answers[-1] == [False, True], "nothing is left"
    assert answers.count([False, True]) == 1


async def doses_of(house: House) -> list[Dose]:
    async with house.app.database.read() as session:
        return list(await session.scalars(select(Dose).where(Dose.number == 0)))


async def test_too_long_taken_back_gives_the_dose_its_own_minutes_again(study: House, bia: Person) -> None:
    await bia.presses("Done")
    await bia.says("/more 30")
    bia.sees()
    await bia.presses("More…")
    await bia.presses("Too long today")
    await bia.presses("unpass")
    async with study.app.database.read() as session:
        newest = (await session.scalars(select(Dose).order_by(Dose.id.desc()))).first()
        assert newest
        assert newest.minutes == 30

"""A press on Done that was a slip: one tap takes it back for an hour, and everything says what it said before."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from bot.doors.terminal import Person
from bot.operate.doctor import examine
from bot.store.tables import Card, Completion, Dose, Feedback, Mark, OpenQuestion, Subscription, Thread
from tests.conversations.conftest import begun
from tests.house import House, given_role, subscribed

SCREENS = {
    "en": ("/streak", "/streak why", "/progress", "/history", "/plan", "/shelf", "/saved", "/note list", "/mydata md"),
    "pt": ("/sequencia", "/progresso", "/historico", "/estante"),
}


async def screens(person: Person, language: str = "en") -> dict[str, str]:
    """What every screen that tells of what was done says now."""
    found = {}
    for screen in SCREENS[language]:
        person.sees()
        await person.says(screen)
        found[screen] = person.sees()
        if file := person.messages[-1].message.file:
            found[screen] += file.content.decode()
    return found


async def counts(house: House) -> tuple[int, int]:
    """How many completions count, and how many are written down."""
    async with house.app.database.read() as session:
        stands = select(func.count(Completion.id)).where(Completion.withdrawn_at.is_(None))
        return await session.scalar(stands) or 0, await session.scalar(select(func.count(Completion.id))) or 0


async def is_healthy(house: House) -> bool:
    return await examine(house.app.database, house.app.now()) == []


async def test_one_tap_takes_done_back_and_everything_says_what_it_said(study: House, bia: Person) -> None:
    card = bia.messages[-1]
    before = await screens(bia)
    await bia.presses("Done", on=card)
    answer = bia.messages[-1]
    assert "Day 1." in bia.sees()
    after = await screens(bia)
    assert [screen for screen in after if after[screen] == before[screen]] == ["/shelf", "/saved", "/note list"]
    await bia.presses("Undo", on=answer)
    seen = bia.sees()
    assert "Undone. Here is A first look again:" in seen
    assert "A first look · trail:" in seen
    assert bia.buttons()[:3] == ("Open", "Done", "Another")
    assert await screens(bia) == before
    assert await counts(study) == (0, 1)
    assert await study.count(Mark) == 0
    assert await study.count(OpenQuestion) == 0
    assert await is_healthy(study)


async def test_in_portuguese(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hoje")
    await ana.says("/feito")
    await ana.presses("Desfazer")
    assert "Desfeito. Aqui está What is data? de novo:" in ana.sees()
    assert ana.buttons()[:2] == ("Abrir", "Feito")
    assert await counts(house) == (0, 1)


async def test_what_was_undone_can_be_done_again_and_the_first_undo_is_over(study: House, bia: Person) -> None:
    await bia.presses("Done")
    first = bia.actions()[-1]
    await bia.presses("Undo")
    await study.forward(minutes=1)
    await bia.presses("Done")
    assert "Day 1." in bia.sees()
    assert await counts(study) == (1, 2)
    await bia.forges(first)
    assert "That was undone before. This is how it stands:" in bia.sees()
    assert await counts(study) == (1, 2)
    assert await is_healthy(study)


async def test_two_taps_on_undo_take_one_press_back(either_study: House) -> None:
    bia = await begun(either_study)
    await bia.presses("Done")
    await bia.presses_twice_at_once("Undo")
    assert await counts(either_study) == (0, 1)
    await bia.presses("done")
    await bia.presses_twice_at_once("Undo")
    assert await counts(either_study) == (0, 2)
    assert await is_healthy(either_study)


async def test_who_types_it_gets_the_same(study: House, bia: Person) -> None:
    await bia.says("/undo")
    assert "There is nothing of yours to undo." in bia.sees()
    await bia.presses("Done")
    await bia.presses("Right")
    bia.sees()
    await bia.says("/undo")
    assert "Undone. Here is A first look again:" in bia.sees()
    assert await counts(study) == (0, 1)
    await bia.says("undo")
    assert "There is nothing of yours to undo." in bia.sees()
    carla = await given_role(study, "carla", "curator")
    await carla.says("/undo")
    assert "You decided nothing that could be taken back." in carla.sees()
    crowd = study.door.person("bia", chat="-100", language="en")
    await crowd.says("/undo")
    assert "Undone" not in crowd.sees()


async def test_an_hour_later_it_stays(study: House, bia: Person) -> None:
    await bia.presses("Done")
    bia.sees()
    await study.forward(minutes=61)
    await bia.presses("Undo")
    assert "A press can be undone for an hour; A first look stays as it is." in bia.sees()
    await study.forward(days=40)
    await bia.forges("slip:1:1772463600")
    assert bia.sees() != ""
    assert await counts(study) == (1, 1)


async def test_a_day_that_is_over_is_not_taken_from_anybody(study: House, bia: Person) -> None:
    bia.sees()
    await study.forward_to("2026-03-04 03:50")  # Monday's day closes at four
    await bia.forges("done:1")
    undo = [action for action in bia.actions() if action.startswith("slip")][-1]
    assert await counts(study) == (1, 1)
    await study.forward(minutes=20)
    bia.sees()
    await bia.forges(undo)
    assert "That day is over, so A first look stays as it is." in bia.sees()
    assert await counts(study) == (1, 1)


async def test_yesterdays_dose_undone_in_time_can_be_done_for_yesterday(study: House, bia: Person) -> None:
    await study.forward_to("2026-03-03 07:50")
    await bia.forges("done:1")
    await bia.presses("Undo")
    await study.forward(minutes=1)
    await bia.forges("done:1")
    async with study.app.database.read() as session:
        days = list(await session.scalars(select(Completion.day).order_by(Completion.id)))
    assert [day.isoformat() for day in days] == ["2026-03-02", "2026-03-02"]


async def test_the_rating_and_the_question_for_a_line_go_with_it_but_a_line_they_wrote_stays(
    study: House, bia: Person
) -> None:
    await bia.presses("Done")
    undo = bia.actions()[-1]
    await bia.presses("Right")
    await bia.says("data has two parts")
    await bia.forges(undo)
    bia.sees()
    await bia.says("another line")
    assert "Kept." not in bia.sees()
    async with study.app.database.read() as session:
        assert await session.scalar(select(func.count(Feedback.id))) == 0
        assert list(await session.scalars(select(Card.answer).where(Card.origin == "note"))) == ["data has two parts"]


async def test_what_was_undone_is_still_there_the_next_day(study: House, bia: Person) -> None:
    await bia.presses("Done")
    await bia.presses("Undo")
    await study.forward_to("2026-03-03 08:00")
    assert "A first look" in bia.sees()


async def test_a_milestone_that_a_slip_reached_is_not_told(study: House, bia: Person) -> None:
    await bia.presses("Done")
    async with study.app.database.write() as session:
        reached = [{"kind": "milestone", "n": 7, "alt": "", "drawing": None}, {"kind": "milestone", "n": 0, "alt": ""}]
        await session.execute(update(Subscription).values(news=reached))
    await bia.presses("Undo")
    async with study.app.database.read() as session:
        (waiting,) = await session.scalars(select(Subscription.news))
    assert [piece["n"] for piece in waiting] == [0]


# -------------------------------------------------------------------------------------------------------- long things


async def test_a_session_by_a_slip_leaves_the_thread_where_it_was(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    async with study.app.database.read() as session:
        before = (await session.scalars(select(Thread))).one()
    await study.forward_to("2026-03-03 08:00")
    await caio.presses("Avancei hoje")
    await caio.presses("Desfazer")
    assert "curso · parte 2 de 4" in caio.sees()
    assert caio.buttons()[:3] == ("Abrir", "Avancei hoje", "Terminei")
    async with study.app.database.read() as session:
        after = (await session.scalars(select(Thread))).one()
    assert (after.part, after.state, after.note, after.last_on) == (
        before.part,
        before.state,
        before.note,
        before.last_on,
    )
    assert await counts(study) == (1, 2)


async def test_a_first_session_by_a_slip_never_began_anything(study: House, caio: Person) -> None:
    card, before = caio.messages[-1], await screens(caio, "pt")
    await caio.presses("Avancei hoje", on=card)
    await caio.presses("Desfazer")
    assert await screens(caio, "pt") == before
    assert await study.count(Thread) == 0


async def test_finished_by_a_slip_after_a_session_goes_back_to_the_session(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    await caio.presses("2 · Camadas")
    await study.forward(minutes=1)
    await caio.forges("finish:1")
    assert "Feito." in caio.sees()
    await caio.presses("Desfazer")
    assert await counts(study) == (1, 1), "the session counted and still does"
    async with study.app.database.read() as session:
        thread, dose = (await session.scalars(select(Thread))).one(), (await session.scalars(select(Dose))).one()
    assert (thread.part, thread.state, dose.outcome) == (2, "open", "worked")
    assert await is_healthy(study)


async def test_what_went_on_in_another_dose_keeps_its_place(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    undo = caio.actions()[-1]
    await study.forward(minutes=1)
    async with study.app.database.write() as session:
        first = (await session.scalars(select(Dose))).one()
        later = Dose(
            subscription_id=first.subscription_id, day=first.day, number=1, zone=first.zone, due_at=first.due_at,
            closes_at=first.closes_at, resource_id=first.resource_id, part=2, why=first.why, outcome="worked",
            outcome_at=study.app.now(),
        )  # fmt: skip
        session.add(later)
        await session.execute(update(Thread).values(part=3))
    await caio.forges(undo)
    async with study.app.database.read() as session:
        assert (await session.scalars(select(Thread.part))).one() == 3


# -------------------------------------------------------------------------------------------------------------- steps


async def test_a_step_ticked_by_a_slip_counts_no_day(study: House, bia: Person) -> None:
    await bia.says("/checklists")
    await bia.presses("1")
    await bia.presses("1")
    assert "Ticked. Day 1." in bia.sees()
    await bia.presses("✓ 1")
    assert await counts(study) == (0, 1)
    await bia.presses("1")
    assert "Ticked. Day 1." in bia.sees()
    assert await counts(study) == (1, 2)
    await study.forward(hours=2)
    await bia.presses("✓ 1")
    assert await counts(study) == (1, 2), "later the day stays as it is"
    assert await is_healthy(study)


@pytest.mark.parametrize("action", ["slip:1", "slip:", "slip:99:1", "slip:1:x", "slip:1:1:1"])
async def test_a_forged_undo_takes_nothing_back(study: House, bia: Person, action: str) -> None:
    await bia.presses("Done")
    bia.sees()
    await bia.forges(action)
    assert bia.sees() != ""
    assert await counts(study) == (1, 1)


async def test_nobody_undoes_what_somebody_else_did(study: House, bia: Person, caio: Person) -> None:
    await bia.presses("Done")
    await caio.forges(bia.actions()[-1])
    assert "Esse botão é de algo que não está mais aqui." in caio.sees()
    assert await counts(study) == (1, 1)

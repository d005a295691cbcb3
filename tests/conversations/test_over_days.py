"""Long things over days: a part a day, the place kept whatever happens, and an end."""

from __future__ import annotations

from sqlalchemy import select

from bot.doors.terminal import Person
from bot.store.tables import Completion, Dose, Mark, Thread
from tests.delivery.test_rounds import retire
from tests.house import House, subscribed


async def at_the_notebook(house: House, person: Person) -> Person:
    """Ana knows the first topic and has done all of the second but what takes her two days: thirty minutes, with fifteen a day."""
    await subscribed(person)
    async with house.app.database.write() as session:
        for done in ("what-is-data", "data-in-words", "types-of-data", "first-notebook", "what-is-a-model"):
            session.add(Mark(person_id=1, resource_id=done, mark="done", at=house.app.now()))
    await house.forward_to("2026-03-03 08:00")
    return person


async def test_a_part_a_day_and_then_it_is_done(house: House, ana: Person) -> None:
    await at_the_notebook(house, ana)
    assert "Parte 1 de 2 · 15 min hoje" in ana.sees()
    await ana.presses("Avancei hoje")
    assert "Contado. Dia 1." in ana.sees()
    await house.forward_to("2026-03-04 08:00")
    seen = ana.sees()
    assert "Build a model" in seen
    assert "parte 2 de 2 · 15 min hoje" in seen
    assert "você está no meio dela: parte 2 de 2." in seen
    await ana.presses("Terminei")
    assert "Feito. Dia 2." in ana.sees()
    async with house.app.database.read() as session:
        thread = await session.scalar(select(Thread))
        assert thread
        assert (thread.part, thread.of, thread.state) == (2, 2, "finished")
        assert await session.get(Mark, (1, "build-a-model", "done"))
        assert len(list(await session.scalars(select(Completion)))) == 2
    await house.forward_to("2026-03-05 08:00")
    assert "Build a model" not in ana.sees()


async def test_an_unanswered_part_is_still_there(house: House, ana: Person) -> None:
    await at_the_notebook(house, ana)
    ana.sees()
    await house.forward_to("2026-03-04 08:00")
    seen = ana.sees()
    assert "Parte 1 de 2" in seen
    assert "você ainda não terminou esta." in seen


async def test_what_leaves_the_catalog_in_the_middle_is_told_and_its_place_kept(house: House, ana: Person) -> None:
    await at_the_notebook(house, ana)
    await ana.presses("Avancei hoje")
    ana.sees()
    await retire(house, "build-a-model")
    await house.forward_to("2026-03-04 08:00")
    seen = ana.sees()
    assert "Build a model saiu do catálogo. As 1 de 2 partes que você fez continuam no seu progresso" in seen
    assert "More on data" in seen
    async with house.app.database.read() as session:
        thread = await session.scalar(select(Thread))
        assert thread
        assert (thread.part, thread.state) == (1, "retired")
    await house.forward_to("2026-03-05 08:00")
    assert "saiu do catálogo" not in ana.sees()


async def test_what_nobody_answers_three_times_goes_to_saved_and_blocks_nothing(house: House, ana: Person) -> None:
    await subscribed(ana, trail="pictures")
    came = {}
    for day in range(3, 13):
        await house.forward_to(f"2026-03-{day:02} 08:00")
        came[day] = ana.sees()
        if "Lines" in came[day]:
            await ana.presses("Feito")
            ana.sees()
    bars = [day for day, said in came.items() if "Bars" in said]
    assert bars[:2] == [3, 4]
    async with house.app.database.read() as session:
        marks = {mark.mark for mark in await session.scalars(select(Mark).where(Mark.resource_id == "bars"))}
        last = await session.scalar(select(Dose).order_by(Dose.day.desc()))
    assert marks == {"skipped", "saved"}
    assert last
    assert last.why["reason"] == "finished"


async def test_nothing_to_give_says_why_and_offers_the_nearest_trail(house: House, ana: Person) -> None:
    await subscribed(ana, trail="pictures")
    async with house.app.database.write() as session:
        for done in ("bars", "lines"):
            session.add(Mark(person_id=1, resource_id=done, mark="known", at=house.app.now()))
    await ana.says("/hoje")
    assert "Você terminou Figuras inteira." in ana.sees()
    await ana.presses("Primeiros passos")
    await ana.says("/hoje")
    assert "What is data?" in ana.sees()


async def test_retired_in_the_middle_shelf_plan_and_the_old_card_agree(house: House, ana: Person) -> None:
    await at_the_notebook(house, ana)
    await ana.presses("Avancei hoje")
    await house.forward_to("2026-03-04 08:00")
    ana.sees()
    card = ana.messages[-1]
    await retire(house, "build-a-model")
    await ana.says("/estante")
    assert "Build a model · parte 2 de 2 · saiu do catálogo" in ana.sees()
    assert not any("Build a model" in label for label in ana.buttons())
    await ana.says("/plano md")
    await ana.presses("work", on=card)  # they still have it before them, so it counts
    assert "Contado. Dia 2." in ana.sees()
    await house.forward_to("2026-03-05 08:00")
    assert "Build a model" in ana.sees()  # told with the next dose, as gone
    await ana.says("/estante")
    assert "Build a model · parte 2 de 2 · saiu do catálogo" in ana.sees()

"""/plan: the weeks ahead in words, from a pace that is measured or wished for, and the document to keep."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.doors.terminal import Person
from bot.store.tables import Completion, Mark, Subscription, Thread
from tests.house import House, subscribed


async def done_on(house: House, *ago: int) -> None:
    """The first person did something so many days ago, on each; they began six weeks before."""
    async with house.app.database.write() as session:
        found = await session.get(Subscription, 1)
        assert found
        found.began_on = (house.app.now() - timedelta(days=60)).date()
        for number in ago:
            at = house.app.now() - timedelta(days=number)
            session.add(
                Completion(
                    person_id=1,
                    key=f"before:{number}",
                    kind="done",
                    resource_id="more-on-data",
                    at=at,
                    zone="America/Sao_Paulo",
                    day=at.date(),
                )
            )


def document(person: Person) -> str:
    file = person.messages[-1].message.file
    assert file is not None
    return file.content.decode()


async def test_somebody_new_is_told_what_the_plan_counts_with(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/plano")
    assert ana.sees() == (
        "As próximas semanas · Primeiros passos\n"
        "Ainda não dá para medir um ritmo, então conto com o que você escolheu: 7 doses de 15 min por semana.\n"
        "\n"
        "· Noções básicas: faltam 4, até 6 de março\n"
        "· Modelos: faltam 2, até 9 de março\n"
        "Tudo: até 9 de março."
    )


async def test_a_measured_pace_is_the_real_one(house: House, bruno: Person) -> None:
    await bruno.says("/start")
    await bruno.presses("trail:first-steps")
    await bruno.says("Lisbon")
    await bruno.presses("begin")
    await done_on(house, *range(1, 42, 4))  # eleven times in six weeks
    bruno.sees()
    await bruno.says("/plan")
    seen = bruno.sees()
    assert "Your pace over the last 6 weeks: 2 doses and 16 min a week." in seen
    assert "· Basics: 4 left, by 18 March" in seen


async def test_what_is_done_shortens_the_plan_and_a_finished_way_is_said_kindly(house: House, ana: Person) -> None:
    await subscribed(ana)
    async with house.app.database.write() as session:
        for resource in ("what-is-data", "data-in-words", "types-of-data", "first-notebook"):
            session.add(Mark(person_id=1, resource_id=resource, mark="done", at=house.app.now()))
    await ana.says("/plano")
    seen = ana.sees()
    assert "Noções básicas" not in seen
    assert "Modelos: faltam 2" in seen
    async with house.app.database.write() as session:
        session.add(Mark(person_id=1, resource_id="what-is-a-model", mark="known", at=house.app.now()))
        session.add(Mark(person_id=1, resource_id="build-a-model", mark="skipped", at=house.app.now()))
    await ana.says("/plano")
    assert "Você já passou por tudo o que há nela. O que vem agora?" in ana.sees()
    assert "trails" in ana.actions()


async def test_what_is_on_the_shelf_is_not_ahead_and_what_goes_on_takes_what_is_left(house: House, ana: Person) -> None:
    await subscribed(ana)
    async with house.app.database.write() as session:
        day = house.app.now().date()
        for resource, state in (("what-is-a-model", "shelved"), ("build-a-model", "open")):
            session.add(
                Thread(person_id=1, resource_id=resource, part=0, of=20, state=state, opened_on=day, last_on=day)
            )
    await ana.says("/plano")
    assert "· Modelos: falta 1, até 26 de março" in ana.sees()


async def test_a_weekly_goal_and_days_of_the_week_are_the_wish(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/dias seg, qua e sex")
    ana.sees()
    await ana.says("/plano")
    assert "3 doses de 15 min por semana" in ana.sees()
    await ana.says("/sequencia 2")
    ana.sees()
    await ana.says("/plano")
    assert "2 doses de 15 min por semana" in ana.sees()


async def test_a_pause_moves_the_plan_or_makes_it_count_from_the_return(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa 10 dias")
    ana.sees()
    await ana.says("/plano")
    seen = ana.sees()
    assert "Contado a partir de 12 de março, quando sua pausa acaba." in seen
    assert "Tudo: até 19 de março." in seen
    await ana.forges("pause")
    ana.sees()
    await ana.says("/plano")
    seen = ana.sees()
    assert "as semanas contam a partir do dia em que você voltar" in seen
    assert "Tudo: em 1 semana." in seen


async def test_the_document_holds_what_was_learnt_what_is_open_and_what_comes_next(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    await ana.says("valor & _significado_")
    await house.forward_to("2026-03-04 09:00")
    async with house.app.database.write() as session:
        day = house.app.now().date()
        session.add(
            Thread(
                person_id=1,
                resource_id="build-a-model",
                part=1,
                of=3,
                state="open",
                note="li até o [fim]",
                opened_on=day,
                last_on=day,
            )
        )
    await ana.says("/plano")
    await ana.presses("Como documento")
    text = document(ana)
    assert ana.messages[-1].message.file
    assert ana.messages[-1].message.file.name == "plano-de-estudos.md"
    parts = [line for line in text.splitlines() if line.startswith("#")]
    assert parts == [
        "# Plano de estudos de Ana",
        "## Aprendido",
        "### Março 2026",
        "## Em andamento",
        "## A seguir",
        "### Março 2026",
    ]
    assert "- 3 de março: [What is data?](<https://example.org/what-is-data>) · Noções básicas" in text
    assert "  > valor & \\_significado\\_" in text
    assert "- [Data in words](<https://example.org/words>)" in text
    assert "- [Build a model](<https://example.org/build>) · 1 de 3\n  > li até o \\[fim\\]" in text
    assert "**Modelos**, até" in text


async def test_without_a_trail_the_trails_are_offered(house: House, ana: Person) -> None:
    await ana.says("/plano")
    assert "Você ainda não tem uma trilha." in ana.sees()
    await subscribed(ana)
    house.app.live.catalog = house.app.catalog.model_copy(update={"trails": house.app.catalog.trails[1:]})
    await ana.says("/plano")
    assert "não está mais no catálogo" in ana.sees()
    assert "trail:pictures" in ana.actions()


async def test_with_an_empty_catalog_there_is_a_sentence(house: House, ana: Person) -> None:
    await subscribed(ana)
    house.app.live.catalog = house.app.catalog.model_copy(update={"resources": ()})
    await ana.says("/plano")
    assert "Você já passou por tudo" in ana.sees()
    await ana.says("/plano md")
    assert "## A seguir" in document(ana)


@pytest.mark.parametrize("trail", ["own"])
async def test_topics_they_picked_are_a_way_as_well(house: House, ana: Person, trail: str) -> None:
    await subscribed(ana)
    async with house.app.database.write() as session:
        found = await session.get(Subscription, 1)
        assert found
        found.trail, found.topics, found.known_topics = trail, ["models", "charts"], ["models"]
    await ana.says("/plano")
    seen = ana.sees()
    assert "Gráficos: faltam 2" in seen
    assert "Modelos" not in seen


async def test_words_the_plan_does_not_know_are_said_back(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/plano xx")
    assert "Não entendi “xx”. /plano sozinho mostra as próximas semanas" in ana.sees()
    await ana.presses("Como documento")
    assert "# Plano de estudos de Ana" in document(ana)


async def test_doses_of_several_sizes_are_told_as_an_average(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/minutos 15, 60 sábado")
    await ana.says("/plano")
    assert "7 doses por semana, 21 min em média" in ana.sees()


async def test_what_is_being_done_is_not_told_as_next_as_well(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    await ana.says("/plano md")
    text = document(ana)
    assert text.count("What is data?") == 1
    assert text.index("What is data?") < text.index("## A seguir")

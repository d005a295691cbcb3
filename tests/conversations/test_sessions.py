"""Long things over days: worked on, where they got to, finished, shelved and taken up again; and what odd answers get."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bot.doors.terminal import Person
from bot.store.tables import Completion, Dose, Mark, Thread
from tests.conversations.test_plan import document
from tests.house import House, subscribed

TWELVE = {"part": 1, "until": 1, "of": 12, "minutes": 5}


async def thread_of(house: House, resource: str = "deep-course") -> Thread | None:
    async with house.app.database.read() as session:
        return await session.scalar(select(Thread).where(Thread.resource_id == resource))


async def test_the_first_session_says_what_it_is_and_how_much_today(caio: Person) -> None:
    seen = caio.sees()
    assert "Deep course · trilha: Cursos, 1 de 2\ncurso · 1 h · inglês\nParte 1 de 4 · 15 min hoje · Neurônios" in seen
    assert caio.buttons() == ("Abrir", "Avancei hoje", "Terminei", "Pôr na estante", "Mais…")


async def test_work_counts_for_the_day_once_and_asks_where(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    seen = caio.sees()
    assert "Contado. Dia 1." in seen
    assert "Até onde você foi?" in seen
    await caio.forges("work:1")
    await caio.says("/feito")
    assert await study.count(Completion) == 1


async def test_the_next_day_begins_where_they_stopped_in_their_own_words(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    await caio.says("li até o neurônio de saída")
    assert "Guardado: “li até o neurônio de saída”." in caio.sees()
    await study.forward_to("2026-03-03 08:00")
    seen = caio.sees()
    assert "curso · parte 2 de 4 · 15 min hoje · Camadas" in seen
    assert "Ontem você parou em: “li até o neurônio de saída”." in seen


async def test_an_old_line_is_not_shown_again_after_another_session(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    await caio.says("li até o neurônio de saída")
    await study.forward_to("2026-03-03 08:00")
    await caio.presses("Avancei hoje")
    await caio.presses("2 · Camadas")
    caio.sees()
    await caio.says("/estante")
    assert "neurônio" not in caio.sees()


@pytest.mark.parametrize("answer", ["2", "parte 2", "Camadas", "camadas"])
async def test_a_part_can_be_typed_by_number_or_name(study: House, caio: Person, answer: str) -> None:
    await caio.presses("Avancei hoje")
    await caio.says(answer)
    assert "Na próxima: parte 3 de 4 · Atenção." in caio.sees()
    thread = await thread_of(study)
    assert thread is not None
    assert (thread.part, thread.of, thread.state) == (2, 4, "open")


async def test_still_there_takes_nothing_for_done(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    await caio.presses("Ainda na 1")
    await study.forward_to("2026-03-03 08:00")
    assert "parte 1 de 4" in caio.sees().casefold()


async def test_a_part_that_does_not_exist_is_said_back_and_asked_again(caio: Person) -> None:
    await caio.presses("Avancei hoje")
    await caio.says("9")
    assert "São 4 partes." in caio.sees()
    await caio.says("3")
    assert "Na próxima: parte 4 de 4" in caio.sees()


async def test_the_last_part_finishes_it(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    await caio.says("4")
    seen = caio.sees()
    assert "Feito. Dia 1." in seen
    assert "Como foi?" in seen
    assert await study.count(Completion) == 1
    thread = await thread_of(study)
    assert thread is not None
    assert thread.state == "finished"
    await study.forward_to("2026-03-03 08:00")
    assert "House Prices" in caio.sees()


async def test_finished_can_be_said_at_once(study: House, caio: Person) -> None:
    await caio.presses("Terminei")
    assert "Feito. Dia 1." in caio.sees()
    async with study.app.database.read() as session:
        assert await session.scalar(select(Mark.mark).where(Mark.resource_id == "deep-course")) == "done"


async def test_finished_after_work_the_same_day_counts_no_second_time(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    await caio.presses("finish")
    assert "Feito. Dia 1." in caio.sees()
    assert await study.count(Completion) == 1


async def test_two_presses_at_once_count_once(study: House, caio: Person) -> None:
    await caio.presses_twice_at_once("Avancei hoje")
    assert await study.count(Completion) == 1


@pytest.mark.parametrize(
    "action", ["got:1:99999", "got:1:x", "got:99:1", "got::", "shelve:99", "shelf:up:99", "shelf:up:x", "shelf:"]
)
async def test_forged_answers_get_a_kind_word_and_no_effect(study: House, caio: Person, action: str) -> None:
    await caio.presses("Avancei hoje")
    caio.sees()
    await caio.forges(action)
    assert caio.sees() != ""
    thread = await thread_of(study)
    assert thread is not None
    assert (thread.part, thread.state) == (1, "open")


async def test_a_competition_goes_day_by_day(study: House, caio: Person) -> None:
    await caio.presses("Terminei")
    await study.forward_to("2026-03-03 08:00")
    assert "Dia 1 de 10 · 15 min hoje" in caio.sees()
    await caio.presses("Avancei hoje")
    assert "Onde você parou? Uma linha basta" in caio.sees()
    assert "Ainda no dia 1" in caio.buttons()
    await caio.says("categóricas codificadas")
    await study.forward_to("2026-03-04 08:00")
    seen = caio.sees()
    assert "competição · dia 2 de 10 · 15 min hoje" in seen
    assert "Ontem você parou em: “categóricas codificadas”." in seen


# ------------------------------------------------------------------------------------------------------------- shelf


async def test_what_is_shelved_gives_way_to_something_else_and_can_come_back(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    await study.forward_to("2026-03-03 08:00")
    await caio.presses("Pôr na estante")
    seen = caio.sees()
    assert "Deep course foi para a estante (parte 2 de 4)." in seen
    assert "House Prices" in seen
    assert await study.count(Completion) == 1
    await study.forward_to("2026-03-05 08:00")
    assert "Deep course" not in caio.sees()
    await caio.says("/estante")
    assert "Deep course · parte 2 de 4 · na estante" in caio.sees()
    await caio.presses("Retomar: Deep course")
    assert "Deep course continua (parte 2 de 4)" in caio.sees()
    await caio.presses("Continuar agora")
    assert "curso · parte 2 de 4 · 15 min hoje · Camadas\nPor que esta: você retomou." in caio.sees()


async def test_go_on_now_after_the_days_session_is_one_more(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    await caio.says("/estante")
    await caio.presses("Pôr na estante: Deep course")
    await caio.presses("Retomar")
    caio.sees()
    await caio.presses("Continuar agora")
    assert "curso · parte 2 de 4 · 15 min hoje · Camadas\nPor que esta: você retomou." in caio.sees()


async def test_what_is_over_leaves_the_shelf_and_the_plan_and_an_old_button_does_not_bring_it_back(
    study: House, caio: Person
) -> None:
    await caio.presses("Avancei hoje")
    await caio.says("/plano md")
    assert "Deep course" in document(caio)
    await caio.says("/estante")
    await caio.forges("finish:1")
    caio.sees()
    await caio.presses("Pôr na estante: Deep course")
    assert "não está mais aqui" in caio.sees()
    thread = await thread_of(study)
    assert thread is not None
    assert thread.state == "finished"


async def test_what_they_know_already_is_not_under_way_in_the_plan(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    await study.forward_to("2026-03-03 08:00")
    await caio.presses("Mais…")
    await caio.presses("Já conheço")
    await caio.says("/plano md")
    assert "Deep course" not in document(caio).partition("## Em andamento")[2]


async def test_shelving_by_a_slip_is_undone_in_one_tap(study: House, caio: Person) -> None:
    await caio.presses("Pôr na estante")
    await caio.presses("Retomar")
    thread = await thread_of(study)
    assert thread is not None
    assert (thread.state, thread.part) == ("open", 0)


async def test_only_two_long_things_go_on_at_once(study: House, caio: Person) -> None:
    async with study.app.database.write() as session:
        person_id = await session.scalar(select(Thread.person_id)) or 1
        day = study.app.now().date()
        for resource, state in (("deep-course", "shelved"), ("house-prices", "open"), ("first-read", "open")):
            session.add(
                Thread(
                    person_id=person_id,
                    resource_id=resource,
                    part=1,
                    of=4,
                    state=state,
                    note="",
                    opened_on=day,
                    last_on=day,
                )
            )
    await caio.says("/estante")
    await caio.presses("Retomar: Deep course")
    assert "Já há duas coisas longas em andamento" in caio.sees()
    await caio.presses("Pôr na estante: A first read")
    assert "Deep course continua" in caio.sees()  # that was the question; it needs no second press
    await caio.says("/estante")
    assert "A first read · parte 2 de 4 · na estante" in caio.sees()


@pytest.fixture
async def builder(study: House) -> Person:
    """Beto, whose way begins at the ground, and who takes a competition of a later topic today."""
    beto = await subscribed(study.person("beto"), "builder")
    await beto.says("/buscar house prices")
    await beto.presses("1")
    await beto.presses("Fazer agora")
    assert "Por que esta: foi você que escolheu." in beto.sees()
    await beto.presses("Avancei hoje")
    await beto.says("categóricas codificadas")
    assert "Você vê na próxima vez." in beto.sees()
    return beto


async def test_what_somebody_took_themselves_goes_on_in_turn_with_their_way(study: House, builder: Person) -> None:
    days = []
    for day in range(3, 9):
        await study.forward_to(f"2026-03-{day:02} 08:00")
        days.append(builder.sees())
        await builder.presses("Avancei hoje" if "House Prices" in days[-1] else "Feito")
        builder.sees()
    assert ["House Prices" in seen for seen in days] == [False, True] * 3
    assert "competição · dia 2 de 10 · 15 min hoje" in days[1]
    assert "você parou em: “categóricas codificadas”." in days[1]


async def test_what_they_took_and_did_not_answer_is_still_there_and_blocks_nothing(
    study: House, builder: Person
) -> None:
    came = []
    for day in range(3, 8):
        await study.forward_to(f"2026-03-{day:02} 08:00")
        came.append("House Prices" in builder.sees())
        if not came[-1]:
            await builder.presses("Feito")
            builder.sees()
    assert came == [False, True, True, False, False]  # it rests for a week now


async def test_what_must_wait_for_a_third_long_thing_is_said_and_taken_up_in_one_tap(
    study: House, builder: Person
) -> None:
    await builder.forges("get:deep-course")
    await builder.presses("Avancei hoje")
    assert "estante" not in builder.sees()
    async with study.app.database.write() as session:
        await session.execute(update(Thread).values(last_on=Thread.opened_on))
        row = await session.scalar(select(Thread).where(Thread.resource_id == "house-prices"))
        assert row
        row.resource_id = "first-read"
    await builder.forges("get:house-prices")
    await builder.presses("Avancei hoje")
    assert "foi para a estante" in builder.sees()
    assert "Retomar" in builder.buttons()


async def test_what_goes_on_can_go_on_at_once(study: House, builder: Person) -> None:
    await builder.says("/estante")
    assert "House Prices, Kaggle competition · dia 2 de 10 · em andamento" in builder.sees()
    await builder.presses("shelf:now")
    assert "dia 2 de 10" in builder.sees()


async def test_what_is_taken_up_again_comes_by_itself_wherever_the_way_is(study: House, builder: Person) -> None:
    await builder.says("/estante")
    await builder.presses("shelf:down")
    builder.sees()
    await study.forward_to("2026-03-03 08:00")
    assert "House Prices" not in builder.sees()
    await builder.presses("Feito")
    await builder.says("/estante")
    await builder.presses("shelf:up")
    assert "numa das próximas doses" in builder.sees()
    await study.forward_to("2026-03-04 08:00")
    assert "House Prices" in builder.sees()


async def test_what_is_not_for_them_goes_on_no_more(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    await study.forward_to("2026-03-03 08:00")
    await caio.presses("Mais…")
    await caio.presses("Não é para mim")
    caio.sees()
    await caio.says("/estante")
    assert "Deep course" not in caio.sees()
    await caio.presses("Desfazer")
    assert "curso · parte 2 de 4" in caio.sees()
    await caio.says("/estante")
    assert "Deep course · parte 2 de 4 · em andamento" in caio.sees()


async def test_an_empty_shelf_says_what_comes_there(study: House, bia: Person) -> None:
    bia.sees()
    await bia.says("/shelf")
    assert "What you set aside from a dose comes here." in bia.sees()


async def test_somebody_elses_thread_is_not_touched(study: House, caio: Person, bia: Person) -> None:
    await caio.presses("Avancei hoje")
    await bia.forges("shelf:down:1")
    assert "That button belongs to something that is no longer there." in bia.sees()
    thread = await thread_of(study)
    assert thread is not None
    assert thread.state == "open"


# ------------------------------------------------------------------------------------------------ what is told of it


async def test_the_journal_and_the_progress_tell_sessions_from_things_done(study: House, caio: Person) -> None:
    await caio.presses("Avancei hoje")
    await study.forward_to("2026-03-03 08:00")
    await caio.presses("Avancei hoje")
    await caio.says("/checklists")
    await caio.presses("checklist")
    await caio.presses("step")
    caio.sees()
    await caio.says("/meusdados md")
    journal = (caio.messages[-1].message.file or pytest.fail("no file")).content.decode()
    assert (
        "- 3 de março: [Deep course](<https://example.org/course>) · Obras longas · 2 sessões · em andamento" in journal
    )
    await caio.says("/progresso")
    assert "0 coisas feitas" in caio.sees()
    await caio.says("/estante")
    await study.forward_to("2026-03-04 08:00")
    await caio.presses("finish")
    caio.sees()
    await caio.says("/progresso")
    assert "1 coisa feita" in caio.sees()


@pytest.fixture
async def at_a_long_one(study: House, caio: Person) -> Person:
    """Caio at the first of many parts: five minutes a day of an hour's course."""
    async with study.app.database.write() as session:
        await session.execute(
            update(Dose).values(why={**(await session.scalars(select(Dose))).one().why, "session": TWELVE})
        )
    caio.sees()
    return caio


async def test_finished_asks_once_more_where_many_parts_lie_ahead(study: House, at_a_long_one: Person) -> None:
    caio = at_a_long_one
    await caio.presses("Terminei")
    assert "Pelas minhas contas ainda faltam 11 partes. Terminou mesmo tudo?" in caio.sees()
    assert await study.count(Completion) == 0
    await caio.presses("Sim, tudo")
    assert "Feito. Dia 1." in caio.sees()
    assert await study.count(Completion) == 1


async def test_a_slip_on_finished_leaves_everything_as_it_was(study: House, at_a_long_one: Person) -> None:
    caio = at_a_long_one
    await caio.presses("Terminei")
    caio.sees()
    await caio.presses("Avancei hoje")
    assert "Contado. Dia 1." in caio.sees()

"""How big a dose is: by weekday, today, one more; level and languages; and what odd wishes get."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.cards.session import session_line
from bot.catalog.file import read_catalog
from bot.chat import plain
from bot.doors.terminal import Person
from bot.i18n.words import words_in
from bot.learning.sessions import session_of
from bot.store.tables import Completion, Dose, Subscription
from tests.house import SMALL_CATALOG, House, subscribed


async def theirs(house: House, name: str = "bia") -> Subscription:
    async with house.app.database.read() as session:
        found = await session.scalar(select(Subscription).order_by(Subscription.id))
    assert found
    return found


async def doses(house: House) -> list[Dose]:
    async with house.app.database.read() as session:
        return list(await session.scalars(select(Dose).order_by(Dose.id)))


@pytest.mark.parametrize("typed", ["15 on weekdays, 60 on Saturday", "15 weekdays, 60 saturday", "15 seg-sex, 60 sáb"])
async def test_minutes_by_weekday_in_one_sentence(study: House, bia: Person, typed: str) -> None:
    await bia.says(f"/minutes {typed}")
    assert "From the next dose on: 15 min (Sun–Fri), 1 h (Sat)." in bia.sees()
    assert ((await theirs(study)).minutes, (await theirs(study)).minutes_on) == (15, {"6": 60})
    await study.forward_to("2026-03-07 08:00")  # a Saturday
    assert (await doses(study))[-1].minutes == 60


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/minutos meia hora", "A partir da próxima dose: 30 min."),
        ("/minutos 1h", "A partir da próxima dose: 1 h."),
        ("/minutos uma hora no sábado", "A partir da próxima dose: 15 min (dom a sex), 1 h (sáb)."),
        ("/minutos trinta", "A partir da próxima dose: 30 min."),
        ("/minutes half an hour", "A partir da próxima dose: 30 min."),
        ("/minutos 150", "fico com a mais próxima"),
        ("/minutos 15 seg-sex, 45 sáb", "fico com a mais próxima"),
    ],
)
async def test_only_a_size_that_is_not_offered_is_called_rounded(ana: Person, typed: str, said: str) -> None:
    await subscribed(ana)
    await ana.says(typed)
    assert said in ana.sees()


async def test_the_weekend_has_a_button_of_its_own(study: House, bia: Person) -> None:
    await bia.says("/minutes")
    await bia.presses("Another at weekends…")
    await bia.presses("30 min")
    assert "15 min (Mon–Fri), 30 min (Sat and Sun)" in bia.sees()
    await bia.says("/minutes 10")
    assert "From the next dose on: 10 min." in bia.sees()
    assert (await theirs(study)).minutes_on == {}


async def test_a_size_for_a_day_without_doses_says_so(study: House, bia: Person) -> None:
    await bia.says("/days mon-fri")
    await bia.says("/minutes 60 on Saturday")
    seen = bia.sees()
    assert "No dose comes on Sat so far" in seen
    await bia.presses("Days")
    assert "On which days?" in bia.sees()


async def test_minutes_by_weekday_at_the_start(study: House) -> None:
    ana = study.person("ana")
    await ana.says("/start")
    await ana.presses("trail:builder")
    await ana.presses("Minutos")
    await ana.says("15 seg a sex, 60 sáb")
    assert "dose às 08:00, 15 min (dom a sex), 1 h (sáb), todos os dias" in ana.sees()


@pytest.mark.parametrize("typed", ["0", "10000", "-5", "15 on funday", "many", "15 " * 60])
async def test_minutes_nobody_has_are_said_back_with_the_buttons(study: House, bia: Person, typed: str) -> None:
    bia.sees()
    await bia.says(f"/minutes {typed}")
    seen = bia.sees()
    assert "Anything from 1 to 240 minutes goes, such as 15 or half an hour." in seen
    assert seen.count("?") == 1, "one question is enough"
    assert "minutes:15" in bia.actions()
    assert (await theirs(study)).minutes == 15


# ------------------------------------------------------------------------------------------------------- today's time


@pytest.mark.parametrize("said", ["I have 5 minutes", "i only have 5 min today", "tenho 5 minutos", "5 min"])
async def test_i_have_five_minutes_brings_something_for_five_minutes(study: House, bia: Person, said: str) -> None:
    bia.sees()
    await bia.says(said)
    seen = bia.sees()
    assert "For 5 minutes, then:" in seen
    assert "Five minutes · trail" in seen
    assert [(dose.number, dose.minutes) for dose in await doses(study)] == [(0, 5)]
    assert (await theirs(study)).minutes == 15


async def test_the_button_does_the_same(study: House, bia: Person) -> None:
    await bia.presses("More…")
    await bia.presses("My time today…")
    assert "How much time do you have today?" in bia.sees()
    await bia.presses("5 min")
    assert "Five minutes · trail" in bia.sees()
    assert "More…" in bia.buttons()


async def test_what_fits_the_time_stays(bia: Person) -> None:
    bia.sees()
    await bia.says("I have 10 minutes")
    assert "This one fits your 10 minutes.\n\nA first look" in bia.sees()


async def test_little_time_does_not_jump_ahead_to_what_waits_for_other_topics(study: House, bia: Person) -> None:
    await bia.presses("Done")
    await bia.says("/more 5")
    await bia.presses("done")
    await bia.says("/more")
    assert "The ground" in bia.sees()  # two things of its core are left, both longer than ten minutes
    await bia.says("I have 10 minutes")
    assert "A second look · trail" in bia.sees()  # beside the core of the same topic, and nothing of the roof above it


async def test_time_after_the_dose_is_one_more(study: House, bia: Person) -> None:
    await bia.presses("Done")
    bia.sees()
    await bia.says("I have 10 minutes")
    assert "trail: The builder" in bia.sees()
    assert [(dose.number, dose.minutes) for dose in await doses(study)] == [(0, 15), (1, 10)]


async def test_time_before_the_days_dose_makes_it_that_size(study: House) -> None:
    ana = await subscribed(study.person("ana"), "builder")
    await ana.says("tenho 5 minutos")
    assert "Five minutes" in ana.sees() or (await doses(study))[0].minutes == 5
    await study.forward_to("2026-03-02 23:00")
    assert len(await doses(study)) == 1


@pytest.mark.parametrize("said", ["I have 0 minutes", "I have 10000 minutes", "I have five cats"])
async def test_time_nobody_has_is_taken_for_other_words(study: House, bia: Person, said: str) -> None:
    bia.sees()
    await bia.says(said)
    assert bia.sees() != ""
    assert [(dose.number, dose.minutes) for dose in await doses(study)] == [(0, 15)]


async def test_an_hour_takes_a_note_for_a_note(study: House, bia: Person) -> None:
    await bia.presses("Done")
    bia.sees()
    await bia.says("5 min")
    assert "Kept." in bia.sees()


# ------------------------------------------------------------------------------------------------------------- /more


async def test_more_is_one_more_today_and_counts_the_day_once(study: House, bia: Person) -> None:
    await bia.presses("Done")
    bia.sees()
    await bia.says("/more")
    assert "trail: The builder, 2 of 8" in bia.sees()
    await bia.presses("done")
    assert "Done. Day 1." in bia.sees()
    assert [dose.number for dose in await doses(study)] == [0, 1]
    async with study.app.database.read() as session:
        assert await session.scalar(select(func.count(Completion.day.distinct()))) == 1


async def test_more_with_minutes_is_of_that_size(study: House, bia: Person) -> None:
    await bia.presses("Done")
    bia.sees()
    await bia.says("/mais 5")
    assert "Five minutes" in bia.sees()


async def test_more_before_the_days_dose_is_the_days_dose(study: House) -> None:
    ana = await subscribed(study.person("ana"), "builder")
    await ana.says("/mais")
    assert "A first look" in ana.sees()
    await study.forward_to("2026-03-02 23:00")
    assert [dose.number for dose in await doses(study)] == [0]


async def test_three_open_doses_are_enough(study: House, bia: Person) -> None:
    await bia.says("/more")
    await bia.says("/more")
    bia.sees()
    await bia.says("/more")
    assert "3 doses of today are still open. Let's begin with the first:\n\nA first look" in bia.sees()
    assert len(await doses(study)) == 3


async def test_minutes_nobody_has_get_one_question_in_portuguese_too(study: House) -> None:
    ana = await subscribed(study.person("ana"), "builder")
    ana.sees()
    await ana.says("/minutos 0")
    seen = ana.sees()
    assert "Não entendi “0”. Vale de 1 a 240 minutos, como 15 ou meia hora." in seen
    assert seen.count("?") == 1


@pytest.mark.parametrize("typed", ["0", "10000", "please"])
async def test_more_of_an_odd_size_is_asked_again(study: House, bia: Person, typed: str) -> None:
    bia.sees()
    await bia.says(f"/more {typed}")
    assert "Anything from 1 to 240 minutes goes" in bia.sees()
    assert len(await doses(study)) == 1


async def test_when_nothing_is_left_more_says_so(house: House, ana: Person) -> None:
    await subscribed(ana, "pictures")
    for _ in range(2):
        await ana.says("/mais")
        await ana.says("/feito")
    ana.sees()
    for _ in range(3):
        await ana.says("/mais")
        assert "Você terminou Figuras inteira." in ana.sees()
    empty = [dose for dose in await doses(house) if not dose.resource_id]
    assert len(empty) == 1, "it tells that nothing is due any more, and why"


# ------------------------------------------------------------------------------------------------ level and languages


async def test_a_level_is_chosen_by_button_or_word(study: House, bia: Person) -> None:
    await bia.says("/level")
    assert "How hard may it be?" in bia.sees()
    assert "✓ 2 · In between" in bia.buttons()
    await bia.presses("1 · Gentle")
    assert "From the next dose on: 1 · Gentle." in bia.sees()
    await bia.says("/nivel difícil")
    assert (await theirs(study)).level == 3


@pytest.mark.parametrize("typed", ["0", "4", "guru", "easy or hard"])
async def test_a_level_nobody_knows_is_said_back(study: House, bia: Person, typed: str) -> None:
    bia.sees()
    await bia.says(f"/level {typed}")
    assert "A level from 1 (gentle) to 3 (demanding)?" in bia.sees()
    assert (await theirs(study)).level == 2


async def test_languages_have_an_order_and_a_fallback(study: House, bia: Person) -> None:
    await bia.says("/languages portuguese, then english")
    assert "From the next dose on: Portuguese where I can, else English." in bia.sees()
    assert (await theirs(study)).resource_languages == ["pt", "en"]
    await bia.says("/languages")
    await bia.presses("Only Portuguese")
    assert "only Portuguese" in bia.sees()
    await study.forward_to("2026-03-03 08:00")
    assert "Portuguese" in bia.sees()
    await bia.says("/languages")
    await bia.presses("The language we speak, then the other")
    assert (await theirs(study)).resource_languages is None


@pytest.mark.parametrize("typed", ["klingon", "none", "pt, klingon"])
async def test_no_language_at_all_is_not_taken(study: House, bia: Person, typed: str) -> None:
    bia.sees()
    await bia.says(f"/languages {typed}")
    assert "At least one language" in bia.sees()
    assert (await theirs(study)).resource_languages is None


async def test_a_language_without_resources_is_told(study: House, bia: Person) -> None:
    bia.sees()
    await bia.says("/languages polish")
    assert "I have nothing in Polish yet." in bia.sees()


async def test_the_interface_is_another_matter(study: House, bia: Person) -> None:
    await bia.says("/languages português")
    bia.sees()
    await bia.says("/help")
    assert "What you can say" in bia.sees()


async def test_at_the_top_no_step_above_is_promised(study: House, bia: Person) -> None:
    await bia.says("/level")
    assert "a step above" in bia.sees()
    await bia.says("/level 3")
    await bia.says("/level")
    assert "a step above" not in bia.sees()


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(10, "Part 1 of 2 · 8 min today · or all 15 min in one go"), (8, "Part 1 of 2 · 8 min today")],
)
def test_what_is_a_little_longer_says_how_long_all_of_it_is(minutes: int, said: str) -> None:
    entry = read_catalog(SMALL_CATALOG).resource("first-notebook")
    assert entry
    session = session_of(entry, None, minutes, minutes)
    dose = Dose(
        part=1,
        minutes=minutes,
        why={"session": {"part": 1, "until": session.until, "of": session.of, "minutes": session.minutes}},
    )
    assert plain(session_line(words_in("en"), dose, entry)) == said

"""Which resource comes next: for any catalog and any learner, and told by examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.entry import Catalog
from bot.catalog.file import read_catalog
from bot.learning.dose import Choice, Given, Learner, NothingFits, Sentence, choose, waiting
from bot.learning.sessions import Thread, is_session, worked_on
from bot.learning.taste import Taste
from bot.learning.way import OWN
from tests.learning.dose_worlds import (
    BUDGETS,
    DAY,
    catalogs,
    doses_of,
    entry,
    is_in_reach,
    is_open,
    is_spoken,
    is_there,
    learners,
    shelved,
    unanswered_before_today,
    wishes,
)

SMALL = read_catalog(Path(__file__).parents[1] / "small_catalog.yaml")
REAL = read_catalog(Path(__file__).parents[2] / "catalog.yaml")
budgets = st.sampled_from(BUDGETS)


# ------------------------------------------------------------------------------------------------- for anybody at all


@given(catalogs(), learners(), budgets, st.integers(0, 2**32 - 1))
def test_the_same_arguments_give_the_same_dose(catalog: Catalog, learner: Learner, budget: int, seed: int) -> None:
    again = Catalog.model_validate(catalog.model_dump())
    assert choose(catalog, learner, DAY, budget, seed) == choose(again, replace(learner), DAY, budget, seed)


@given(catalogs(), learners(), budgets)
def test_no_hard_rule_is_ever_broken(catalog: Catalog, learner: Learner, budget: int) -> None:
    choice = choose(catalog, learner, DAY, budget)
    if isinstance(choice, NothingFits):
        return
    one = choice.resource
    assert one in [each for entries in doses_of(catalog, learner).values() for each in entries]
    assert is_there(one, learner)
    assert one.id not in learner.passed_over
    assert choice.minutes <= budget
    assert is_in_reach(catalog, learner, one.topic)
    assert unanswered_before_today(learner, one.id) < 3
    going = {thread.resource: thread for thread in learner.threads if thread.state == "open"}
    if choice.session:
        assert one.id in going or is_session(one, budget)
        assert choice.session.minutes == choice.minutes
        assert choice.session.part == min(going[one.id].part, going[one.id].of - 1) + 1 if one.id in going else 1
        assert choice.session.part <= choice.session.until <= choice.session.of
    else:
        assert one.id not in going
        assert not is_session(one, budget)


@given(catalogs(), learners(), budgets)
def test_no_dose_means_that_there_is_none_and_says_why(catalog: Catalog, learner: Learner, budget: int) -> None:
    nothing = choose(catalog, learner, DAY, budget)
    if isinstance(nothing, Choice):
        return
    everything = [one for entries in doses_of(catalog, learner).values() for one in entries]
    new = [one for one in everything if one.id in learner.added]
    had = learner.passed_over | {
        dose.resource for dose in learner.recent if dose.day >= DAY and (not dose.answered or dose.wished)
    }
    left = [one for one in everything if one.id not in learner.settled and (one not in new or one.id in had)]
    could = [
        one
        for one in left
        if is_there(one, learner)
        and one.minutes <= budget
        and (one.days or 1) == 1
        and one.id not in learner.passed_over
        and unanswered_before_today(learner, one.id) < 3
        and not any(dose.day >= DAY and dose.resource == one.id for dose in learner.recent)
        and is_in_reach(catalog, learner, one.topic)
        and all(is_in_reach(catalog, replace(learner, added={}), topic) for topic in doses_of(catalog, learner))
    ]
    assert could == []
    match nothing.reason:
        case "no_trail":
            assert learner.trail == "of-old"
        case "empty" | "known":
            assert everything == []
        case "finished":
            assert left == []
        case "shelved":
            assert {one.id for one in left if one.id not in learner.dead and is_spoken(one, learner)} <= shelved(
                learner
            )
        case "links":
            assert {one.id for one in left} <= {*learner.dead}
        case "languages":
            assert not any(is_there(one, learner) for one in left)
        case "more_languages":
            assert any(not is_spoken(one, learner) for one in everything)
        case "budget":
            assert nothing.minutes > budget or learner.threads
        case "passed_over":
            assert all(
                one.id in had or unanswered_before_today(learner, one.id) >= 2 for one in left if is_there(one, learner)
            )
        case "more_waits":
            assert had.intersection(one.id for one in left if is_there(one, learner))
            assert not all(one.id in had for one in left if is_there(one, learner))
        case other:
            assert other == "waits"


@given(catalogs(), learners(), st.lists(budgets, min_size=2, max_size=2).map(sorted))
def test_more_time_never_turns_a_dose_into_nothing(catalog: Catalog, learner: Learner, two: list[int]) -> None:
    less, more = (choose(catalog, learner, DAY, budget) for budget in two)
    assert isinstance(more, Choice) or isinstance(less, NothingFits)


@given(catalogs(), learners(), budgets)
def test_finishing_something_never_makes_progress_go_down(catalog: Catalog, learner: Learner, budget: int) -> None:
    before = choose(catalog, learner, DAY, budget)
    if isinstance(before, NothingFits):
        return
    after = choose(catalog, replace(learner, settled={*learner.settled, before.resource.id}), DAY, budget)
    if isinstance(after, Choice):
        assert (after.place, after.of) >= (before.place, before.of)


@given(catalogs(), learners(), budgets)
def test_every_sentence_told_is_true(catalog: Catalog, learner: Learner, budget: int) -> None:
    choice = choose(catalog, learner, DAY, budget)
    if isinstance(choice, NothingFits):
        return
    one = choice.resource
    reasons = [piece.reason for piece in choice.factors]
    assert len(reasons) == len(set(reasons))
    for reason, facts in choice.factors:
        match reason:
            case "wished":
                assert one.id in wishes(learner)
            case "lighter":
                assert one.minutes == facts["n"] <= budget / 2
                assert learner.taste.lighter > 0
            case "again":
                assert unanswered_before_today(learner, one.id) == 1
            case "back":
                assert unanswered_before_today(learner, one.id) == 2
            case "opens_watching" | "then_reading" | "opens_reading":
                assert one.minutes <= budget
                assert one.manner == ("watch" if reason == "opens_watching" else "read")
            case "practice" | "build" | "before_leaving" | "to_build":
                assert one.manner == "build"
            case "size":
                assert 0.8 * budget <= one.minutes <= budget == facts["n"]
            case "language":
                assert one.language.value == learner.languages[0] == facts["language"]
            case "level":
                assert one.difficulty == learner.level
            case "stretch":
                assert one.difficulty == learner.level + 1
            case "far_above":
                assert one.difficulty > learner.level + 1
            case "session":
                assert choice.session
                assert (facts["part"], facts["of"]) == (choice.session.part, choice.session.of)
            case "days":
                assert one.days == facts["n"]
            case "deeper":
                core_ids = {each.id for each in doses_of(catalog, learner)[one.topic] if each.core}
                assert not one.core
                assert core_ids
                assert core_ids <= set(learner.settled)
            case "other":
                assert not choice.session or choice.session.part == 1
            case "last":
                assert [
                    each for each in doses_of(catalog, learner)[one.topic] if each.core and is_open(each, learner)
                ] == [one]
            case "new":
                assert one.id in learner.added


@given(catalogs(), learners(), budgets, st.data())
def test_what_happens_to_the_catalog_in_the_middle_ends_in_an_answer(
    catalog: Catalog, learner: Learner, budget: int, data: st.DataObject
) -> None:
    kept = tuple(one for one in catalog.resources if data.draw(st.booleans()))
    answer = choose(catalog.model_copy(update={"resources": kept}), learner, DAY, budget)
    assert isinstance(answer, NothingFits) or answer.resource in kept


# ---------------------------------------------------------------------------------------------------- told by examples


def chosen(learner: Learner, budget: int | None = None, catalog: Catalog = SMALL) -> str:
    answer = choose(catalog, learner, DAY, learner.minutes if budget is None else budget)
    return answer.resource.id if isinstance(answer, Choice) else answer.reason


def why(learner: Learner, budget: int | None = None, catalog: Catalog = SMALL) -> str:
    answer = choose(catalog, learner, DAY, learner.minutes if budget is None else budget)
    return answer.reason


def past(*doses: str) -> tuple[Given, ...]:
    """Doses of the last days, one a day, the newest yesterday; "x?" nobody answered."""
    return tuple(
        Given(DAY - timedelta(days=len(doses) - place), name.rstrip("?"), not name.endswith("?"))
        for place, name in enumerate(doses)
    )


def after(*doses: str, minutes: int = 15, **more: object) -> Learner:
    """Somebody on the first trail who met these, in this order, and did those they answered."""
    met = past(*doses)
    settled = frozenset(dose.resource for dose in met if dose.answered)
    given = {"settled": settled, "recent": met, "languages": ("pt", "en")} | more
    return Learner("first-steps", minutes, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("learner", "gets", "reason"),
    [
        (after(), "what-is-data", "opens_watching"),
        (after("what-is-data"), "data-in-words", "then_reading"),
        (after("what-is-data", "data-in-words"), "first-notebook", "practice"),
        (after("what-is-data", "data-in-words", "first-notebook"), "types-of-data", "next"),
        (after("what-is-data", "data-in-words", "first-notebook", "types-of-data"), "what-is-a-model", "opens_watching"),
        (after("what-is-data?"), "what-is-data", "again"),
        (after("what-is-data?", "what-is-data?"), "data-in-words", "next"),
        (after(known_topics=["basics"]), "what-is-a-model", "opens_watching"),
        (after(passed_over=frozenset({"what-is-data"})), "data-in-words", "opens_reading"),
        (after(languages=("en",), minutes=5), "what-is-data", "opens"),
        (Learner("pictures", 15, settled=frozenset({"bars", "lines"})), "finished", "finished"),
        (Learner("pictures", 15, passed_over=frozenset({"bars", "lines"})), "passed_over", "passed_over"),
        (Learner("pictures", 0), "budget", "budget"),
        (Learner("pictures", 10_000), "bars", "opens_reading"),
        (Learner("pictures", 15, languages=()), "languages", "languages"),
        (Learner("pictures", 15, known_topics=["charts"]), "known", "known"),
        (Learner("pictures", 15, dead=frozenset({"bars", "lines"})), "links", "links"),
        (Learner("of-old", 15), "no_trail", "no_trail"),
        (Learner(OWN, 15, topics=("charts",)), "bars", "opens_reading"),
        (Learner(OWN, 15), "empty", "empty"),
    ],
)  # fmt: skip
def test_the_method_of_the_lists(learner: Learner, gets: str, reason: str) -> None:
    assert chosen(learner) == gets
    assert why(learner) == reason


def test_what_is_left_unanswered_comes_again_then_after_a_week_then_no_more() -> None:
    came = [Given(DAY, "bars", False), Given(DAY + timedelta(days=1), "bars", False)]

    def on(ahead: int, *recent: Given) -> str:
        learner = Learner("pictures", 15, recent=recent, settled=frozenset({"lines"}))
        answer = choose(SMALL, replace(learner, settled=frozenset()), DAY + timedelta(days=ahead), 15)
        return f"{answer.resource.id} {answer.reason}" if isinstance(answer, Choice) else answer.reason

    assert on(1, *came[:1]) == "bars again"
    assert on(2, *came) == "lines build"
    between = [Given(DAY + timedelta(days=ahead), "lines", True) for ahead in range(2, 8)]
    assert on(8, *came, *between) == "bars back"
    assert waiting([*came, Given(DAY + timedelta(days=8), "bars", False)], DAY + timedelta(days=9)).spent == {"bars"}


def test_what_rests_comes_rather_than_nothing_but_not_if_it_was_passed_over_today() -> None:
    rests = Learner("pictures", 15, settled=frozenset({"lines"}), recent=past("bars?", "bars?"))
    assert (chosen(rests), why(rests)) == ("bars", "back")
    assert chosen(replace(rests, passed_over=frozenset({"bars"}))) == "passed_over"


def put_off(*doses: str) -> tuple[Given, ...]:
    """Doses of the last days, one a day, the newest yesterday; each was put off until the next one."""
    return tuple(dose._replace(wished=dose.resource) for dose in past(*doses))


def test_what_was_put_off_comes_first_however_often_and_beside_anything_else() -> None:
    tired = Learner("first-steps", 15, languages=("pt", "en"), recent=put_off(*["data-in-words"] * 5))
    assert (chosen(tired), why(tired)) == ("data-in-words", "wished")
    another_instead = Given(DAY - timedelta(days=1), "what-is-data", True, wished="data-in-words")
    done = Learner("first-steps", 15, settled=frozenset({"what-is-data"}), recent=(another_instead,))
    assert (chosen(done), why(done)) == ("data-in-words", "wished")
    two = (*put_off("data-in-words"), Given(DAY - timedelta(days=1), "what-is-data", True, wished="what-is-data"))
    assert waiting(two, DAY).wished == ("data-in-words", "what-is-data")


def test_a_wish_outlives_a_day_on_which_everything_else_was_passed_over() -> None:
    nothing_left = Given(DAY - timedelta(days=1), "", True, "what-is-data")
    left = waiting([Given(DAY - timedelta(days=2), "bars", False), nothing_left], DAY)
    assert (left.wished, left.again) == (("what-is-data",), "bars")
    assert "" not in waiting([nothing_left], DAY - timedelta(days=1)).today


def test_a_wish_waits_for_a_day_that_has_the_minutes_and_ends_when_it_came() -> None:
    wish = replace(after("what-is-data"), recent=put_off("types-of-data"))
    assert chosen(wish, 15) == "types-of-data"
    assert chosen(replace(wish, passed_over=frozenset({"types-of-data"}))) != "types-of-data"
    came = (*put_off("types-of-data", "bars")[:1], Given(DAY - timedelta(days=1), "types-of-data", True))
    assert waiting(came, DAY).wished == ()
    old = Given(DAY - timedelta(days=21), "bars", True, wished="bars")
    assert waiting((old,), DAY).wished == ()


def test_who_puts_much_off_gets_what_is_quicker_and_only_then() -> None:
    catalog = world(*(core(number, "article", minutes=8 if number == 1 else 30) for number in range(5)), a=[])
    begun = Learner("t", 30, settled=frozenset({"r9"}), recent=past("r0"))
    often = replace(begun, taste=Taste(lighter=0.8))
    assert chosen(begun, catalog=catalog) == "r0"
    assert (chosen(often, catalog=catalog), why(often, catalog=catalog)) == ("r1", "lighter")


def test_something_long_is_cut_to_the_minutes_and_goes_on_where_it_stopped() -> None:
    learner = after("what-is-a-model", known_topics=["basics"])
    first = choose(SMALL, learner, DAY, 15)
    assert isinstance(first, Choice)
    assert first.session
    assert (first.resource.id, first.session.part, first.session.of, first.minutes) == ("build-a-model", 1, 2, 15)
    begun = worked_on(Thread("build-a-model", 0, 2, "open", DAY, DAY), 1, DAY)
    second = choose(SMALL, replace(learner, threads=(begun,), recent=past("what-is-a-model", "build-a-model")), DAY, 15)
    assert isinstance(second, Choice)
    assert second.session
    assert (second.session.part, second.reason) == (2, "session")


def test_what_is_shelved_lets_the_topic_pass() -> None:
    shelf = (Thread("build-a-model", 1, 2, "shelved", DAY, DAY),)
    assert chosen(after("what-is-a-model", known_topics=["basics"], threads=shelf)) == "shelved"


def world(*entries: dict[str, object], **topics: list[str]) -> Catalog:
    return Catalog.model_validate(
        {
            "version": 1,
            "topics": [{"id": name, "name": name, "after": before} for name, before in topics.items()],
            "trails": [{"id": "t", "name": "T", "about": {"en": "T", "pt": "T"}, "topics": list(topics)}],
            "resources": list(entries),
        }
    )


def core(number: int, kind: str, topic: str = "a", **facts: object) -> dict[str, object]:
    return entry(number, topic=topic, kind=kind, core=True, **facts)


def test_practice_beside_the_core_comes_before_a_topic_is_left() -> None:
    there = entry(2, topic="a", kind="notebook")
    catalog = world(core(0, "video"), core(1, "article"), there, core(3, "video", "b"), a=[], b=["a"])
    done = Learner("t", 30, settled=frozenset({"r0", "r1"}), recent=past("r0", "r1"))
    assert (chosen(done, catalog=catalog), why(done, catalog=catalog)) == ("r2", "before_leaving")
    long_ago = replace(done, recent=())
    assert chosen(long_ago, catalog=catalog) == "r3"


def test_nobody_is_told_that_they_know_a_core_that_is_in_another_language() -> None:
    beside = (entry(2, topic="a", kind="article", language="pt"), entry(3, topic="a", kind="article", language="pt"))
    catalog = world(core(0, "video"), core(1, "article"), *beside, a=[])
    new = Learner("t", 30, languages=("pt",))
    assert (chosen(new, catalog=catalog), why(new, catalog=catalog)) == ("r2", "opens_reading")
    later = replace(new, settled=frozenset({"r2"}), recent=past("r2"))
    assert (chosen(later, catalog=catalog), why(later, catalog=catalog)) == ("r3", "next")
    knows = replace(new, settled=frozenset({"r0", "r1"}))
    assert why(knows, catalog=catalog) == "deeper"


def test_what_they_are_in_the_middle_of_is_nothing_different() -> None:
    catalog = world(core(0, "article", minutes=30), core(1, "article"), a=[])
    begun = Learner("t", 15, recent=past("r0"), threads=(Thread("r0", 1, 2, "open", DAY, DAY),))
    passed = replace(begun, passed_over=frozenset({"r1"}))
    choice = choose(catalog, passed, DAY, 15)
    assert isinstance(choice, Choice)
    assert choice.resource.id == "r0"
    assert choice.factors[0] == Sentence("session", {"part": 2, "of": 2})
    assert "other" not in [piece.reason for piece in choice.factors]


def test_who_saw_all_there_is_in_their_languages_hears_that_there_is_more_in_others() -> None:
    catalog = world(core(0, "article"), core(1, "article", language="pt"), a=[])
    spent = Learner("t", 30, languages=("en",), recent=(Given(DAY, "r0", False),))
    assert why(spent, catalog=catalog) == "more_languages"
    assert why(replace(spent, settled=frozenset({"r0"})), catalog=catalog) == "languages"
    assert why(replace(spent, languages=("en", "pt"), passed_over=frozenset({"r1"})), catalog=catalog) == "passed_over"
    assert why(replace(spent, dead=frozenset({"r1"})), catalog=catalog) == "passed_over"


def test_nobody_is_told_that_they_saw_what_never_came() -> None:
    catalog = world(core(0, "article"), core(1, "article"), core(2, "article", "b"), a=[], b=["a"])
    first = Learner("t", 30, settled=frozenset({"r0"}), passed_over=frozenset({"r1"}))
    assert why(first, catalog=catalog) == "more_waits"
    assert why(replace(first, settled=frozenset({"r0", "r2"})), catalog=catalog) == "passed_over"
    assert why(replace(first, added={"r1": DAY}, known_topics=["b"]), catalog=catalog) == "passed_over"


def test_a_topic_waits_for_what_it_builds_on() -> None:
    catalog = world(core(0, "article", "a"), core(1, "article", "b"), core(2, "article", "c"), b=["a"], c=[], a=[])
    assert chosen(Learner("t", 15), catalog=catalog) == "r2"
    assert chosen(Learner("t", 15, settled=frozenset({"r2"})), catalog=catalog) == "r0"
    assert chosen(Learner("t", 15, settled=frozenset({"r0", "r2"})), catalog=catalog) == "r1"


def test_something_harder_comes_at_most_once_in_five() -> None:
    catalog = world(
        core(0, "article", difficulty=1), core(1, "article", difficulty=3), core(2, "article", difficulty=2), a=[]
    )
    at = Learner("t", 15, level=1, settled=frozenset({"r9"}))
    assert chosen(at, catalog=catalog) == "r0"
    lately = replace(at, settled=frozenset({"r1"}), recent=past("r1"))
    assert chosen(lately, catalog=catalog) == "r0"
    only_harder = replace(lately, settled=frozenset({"r0", "r1"}))
    assert (chosen(only_harder, catalog=catalog), why(only_harder, catalog=catalog)) == ("r2", "next")


def test_next_to_a_long_thing_of_theory_there_is_room_for_a_long_thing_to_build() -> None:
    catalog = world(core(0, "course"), core(1, "book"), core(2, "competition"), a=[])
    begun = (Thread("r0", 2, 40, "open", DAY, DAY),)
    theory = Learner("t", 15, level=3, threads=begun, recent=past("r0", "r0"))
    assert (chosen(theory, catalog=catalog), why(theory, catalog=catalog)) == ("r2", "practice")
    built = replace(theory, threads=(*begun, Thread("r2", 1, 40, "open", DAY, DAY)), recent=past("r0", "r0", "r2"))
    assert chosen(built, catalog=catalog) in ("r0", "r2")


def test_taste_bends_the_choice_and_says_so() -> None:
    catalog = world(
        core(0, "article", author="Rui"), core(1, "article", author="Rui"), core(2, "thread", minutes=15, difficulty=2), a=[]
    )  # fmt: skip
    met = Learner("t", 15, settled=frozenset({"r9", "r0"}), recent=past("r0"))
    assert chosen(met, catalog=catalog) == "r1"
    liked = replace(met, taste=Taste({("author", "Rui"): -0.6, ("kind", "article"): -0.6, ("kind", "thread"): 0.6}))
    assert (chosen(liked, catalog=catalog), why(liked, catalog=catalog)) == ("r2", "taste_kind")


def test_a_new_entry_of_a_passed_topic_comes_once_a_week() -> None:
    catalog = world(
        core(0, "video"), core(1, "article"), core(2, "article", "b"), core(3, "article", "b"), a=[], b=["a"]
    )
    added = {"r1": DAY - timedelta(days=3)}
    learner = Learner("t", 15, settled=frozenset({"r0"}), recent=past("r0"), added=added)
    assert (chosen(learner, catalog=catalog), why(learner, catalog=catalog)) == ("r1", "new")
    had_one = replace(learner, added=added | {"r9": DAY}, recent=past("r9", "r0"))
    assert chosen(had_one, catalog=catalog) == "r2"


def test_a_clock_that_went_back_is_no_trouble() -> None:
    ahead = (Given(DAY + timedelta(days=400), "what-is-data", False), Given(DAY + timedelta(days=401), "bars", True))
    assert chosen(after(recent=ahead)) == "data-in-words"


def test_the_nearest_trail_shares_the_most_and_has_something_left() -> None:
    answer = choose(REAL, Learner("llm-apps", 15, known_topics=[topic.id for topic in REAL.topics][:-12]), DAY, 0)
    assert isinstance(answer, NothingFits)
    assert answer.nearest == "deep-learning-to-llms"
    alone = choose(SMALL, Learner("pictures", 15, settled=frozenset({"bars", "lines"})), DAY, 15)
    assert isinstance(alone, NothingFits)
    assert alone.nearest == "first-steps"
    everything = frozenset(one.id for one in SMALL.resources)
    assert choose(SMALL, Learner("pictures", 15, settled=everything), DAY, 15) == NothingFits("finished")


@pytest.mark.parametrize("budget", [0, 1, 10_000])
def test_an_empty_catalog_is_answered(budget: int) -> None:
    empty = Catalog(version=1)
    assert chosen(Learner("data-science", 15), budget, empty) == "no_trail"
    assert chosen(Learner(OWN, 15, topics=("python",)), budget, empty) == "empty"


@pytest.mark.parametrize("day", [date.min, date.max])
def test_any_day_will_do(day: date) -> None:
    assert isinstance(choose(SMALL, after(), day, 15), Choice)
    assert isinstance(choose(SMALL, after("what-is-data?"), day, 15), Choice)

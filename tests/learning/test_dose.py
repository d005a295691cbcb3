"""Which resource comes next: for any catalog, any learner, and told by examples."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.entry import Catalog, Resource, TrailTopic
from bot.catalog.file import read_catalog
from bot.catalog.kinds import Kind, Manner, Use
from bot.learning.dose import THEORY_IN_A_ROW, Choice, Learner, NothingFits, choose
from bot.learning.way import OWN, stops_of

KINDS = (Kind.VIDEO, Kind.ARTICLE, Kind.NOTEBOOK, Kind.PLAYLIST, Kind.COMPETITION, Kind.PROFILE, Kind.DOCS)
TOPICS = ("t0", "t1", "t2")
LISTS = ("one", "two")
SIZES = (5, 10, 15, 30, 60)
SMALL = read_catalog(Path(__file__).parents[1] / "small_catalog.yaml")


def entry(number: int, **facts: object) -> dict[str, object]:
    return {
        "id": f"r{number}",
        "title": f"R{number}",
        "url": f"https://example.org/{number}",
        "language": "en",
        **facts,
    }


facts = st.fixed_dictionaries(
    {"topic": st.sampled_from(TOPICS), "kind": st.sampled_from(KINDS), "core": st.booleans()},
    optional={
        "minutes": st.integers(1, 120),
        "practice": st.booleans(),
        "days": st.integers(1, 30),
        "published": st.sampled_from(("2015", "2019-05", "2024")),
        "lists": st.sampled_from(LISTS).map(lambda name: {name: {"at": "Somewhere"}}),
    },
)
stops = st.fixed_dictionaries(
    {"id": st.sampled_from(TOPICS)},
    optional={"lists": st.sampled_from(((), ("one",), LISTS)), "order": st.sampled_from(("file", "published"))},
)


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    entries = [entry(number, **given) for number, given in enumerate(draw(st.lists(facts, max_size=14)))]
    way = draw(st.lists(stops, min_size=1, max_size=3, unique_by=lambda stop: stop["id"]))
    return Catalog.model_validate(
        {
            "version": 1,
            "lists": [{"id": name, "title": name} for name in LISTS],
            "topics": [{"id": topic, "name": topic} for topic in TOPICS],
            "trails": [{"id": "the-trail", "name": "The trail", "about": {"en": "All", "pt": "Tudo"}, "topics": way}],
            "resources": entries,
        }
    )


@st.composite
def learners(draw: st.DrawFn) -> Learner:
    some = st.frozensets(st.sampled_from([f"r{number}" for number in range(14)]), max_size=10)
    given_so_far = draw(st.lists(st.sampled_from([*(f"r{number}" for number in range(14)), "gone"]), max_size=6))
    return Learner(
        trail=draw(st.sampled_from(("the-trail", "the-trail", "the-trail", OWN, "of-old"))),
        topics=draw(st.lists(st.sampled_from(TOPICS), unique=True).map(tuple)),
        minutes=draw(st.sampled_from(SIZES)),
        settled=draw(some),
        known_topics=draw(st.frozensets(st.sampled_from(TOPICS), max_size=2)),
        given=tuple(given_so_far),
        done=tuple(given_so_far[: draw(st.integers(0, 6))]),
        unanswered=draw(st.sampled_from((None, given_so_far[-1]))) if given_so_far else None,
        passed_over=draw(st.just(frozenset()) | some),
    )


# --------------------------------------------------------------------------------------- what holds, said another way


def the_way(catalog: Catalog, learner: Learner) -> list[TrailTopic]:
    """The stops the learner goes to."""
    way = stops_of(catalog, learner.trail, learner.topics) or ()
    return [stop for stop in way if stop.id not in learner.known_topics]


def doses_of(catalog: Catalog, stop: TrailTopic) -> list[Resource]:
    return [one for one in catalog.of_topic(stop.id, stop.lists, stop.order) if one.use is Use.DOSE]


def is_open(one: Resource, learner: Learner) -> bool:
    return one.id not in learner.settled and one.id not in learner.passed_over


def open_entries(catalog: Catalog, learner: Learner, choice: Choice) -> list[Resource]:
    """What the choice was made among: the topic's open entries, of the core as long as any topic's core is open."""
    (stop,) = [stop for stop in the_way(catalog, learner) if stop.id == choice.resource.topic]
    entries = [one for one in doses_of(catalog, stop) if is_open(one, learner)]
    return [one for one in entries if one.core] if choice.core else entries


def fits(one: Resource, learner: Learner) -> bool:
    return one.minutes <= learner.minutes


def theory_so_far(catalog: Catalog, learner: Learner) -> int:
    """How many of the newest things done were theory, without a break."""
    count = 0
    for known in map(catalog.resource, reversed(learner.done)):
        if known is None or known.manner is Manner.BUILD:
            break
        count += 1
    return count


@given(catalogs(), learners())
def test_the_same_learner_gets_the_same_dose(catalog: Catalog, learner: Learner) -> None:
    again = Catalog.model_validate(catalog.model_dump())
    assert choose(catalog, learner) == choose(again, replace(learner))


@given(catalogs(), learners())
def test_what_is_settled_or_passed_over_or_no_dose_never_comes(catalog: Catalog, learner: Learner) -> None:
    choice = choose(catalog, learner)
    if isinstance(choice, Choice):
        assert is_open(choice.resource, learner)
        assert choice.resource.use is Use.DOSE
        assert choice.resource in [one for stop in the_way(catalog, learner) for one in doses_of(catalog, stop)]


@given(catalogs(), learners())
def test_nothing_comes_only_where_there_is_nothing_and_the_reason_is_true(catalog: Catalog, learner: Learner) -> None:
    choice = choose(catalog, learner)
    left = [
        one for stop in the_way(catalog, learner) for one in doses_of(catalog, stop) if one.id not in learner.settled
    ]
    if isinstance(choice, NothingFits):
        assert not any(is_open(one, learner) for one in left)
        expected = "no_trail" if learner.trail == "of-old" else "passed_over" if left else "finished"
        assert choice.reason == expected
    else:
        assert left


@given(catalogs(), learners())
def test_the_core_of_every_topic_comes_first_and_topics_keep_their_order(catalog: Catalog, learner: Learner) -> None:
    choice = choose(catalog, learner)
    if not isinstance(choice, Choice):
        return
    way = the_way(catalog, learner)
    before = way[: [stop.id for stop in way].index(choice.resource.topic)]
    earlier = [one for stop in before for one in doses_of(catalog, stop) if is_open(one, learner)]
    if choice.resource.core and choice.core:
        assert not any(one.core for one in earlier)
    else:
        assert not any(one.core and is_open(one, learner) for stop in way for one in doses_of(catalog, stop))
        assert earlier == []


@given(catalogs(), learners())
def test_practice_is_never_starved(catalog: Catalog, learner: Learner) -> None:
    choice = choose(catalog, learner)
    if not isinstance(choice, Choice) or choice.reason == "again" or choice.reason.startswith("opens"):
        return
    entries = open_entries(catalog, learner, choice)
    sized = [one for one in entries if fits(one, learner)] or entries
    if theory_so_far(catalog, learner) >= THEORY_IN_A_ROW and any(one.manner is Manner.BUILD for one in sized):
        assert choice.resource.manner is Manner.BUILD


@given(catalogs(), learners())
def test_what_fits_the_minutes_comes_before_what_does_not(catalog: Catalog, learner: Learner) -> None:
    choice = choose(catalog, learner)
    if isinstance(choice, Choice) and choice.reason != "again":
        entries = open_entries(catalog, learner, choice)
        assert fits(choice.resource, learner) or not any(fits(one, learner) for one in entries)


@given(catalogs(), learners())
def test_what_was_left_unanswered_is_still_there(catalog: Catalog, learner: Learner) -> None:
    choice = choose(catalog, learner)
    if isinstance(choice, Choice):
        is_there = learner.unanswered in [one.id for one in open_entries(catalog, learner, choice)]
        assert (choice.reason == "again") == is_there
        assert not is_there or choice.resource.id == learner.unanswered


@given(catalogs(), learners())
def test_the_reason_is_true(catalog: Catalog, learner: Learner) -> None:
    choice = choose(catalog, learner)
    if not isinstance(choice, Choice):
        return
    (stop,) = [stop for stop in the_way(catalog, learner) if stop.id == choice.resource.topic]
    begun = [one for one in doses_of(catalog, stop) if one.core and one.id in {*learner.settled, *learner.given}]
    match choice.reason:
        case "opens" | "opens_watching":
            assert begun == []
        case "practice":
            assert choice.facts["n"] == theory_so_far(catalog, learner) >= THEORY_IN_A_ROW
            assert choice.resource.manner is Manner.BUILD
        case "build":
            assert choice.resource.manner is Manner.BUILD
        case "next":
            assert choice.resource.core
        case "deeper":
            assert not choice.resource.core
            assert all(one.id in learner.settled for one in doses_of(catalog, stop) if one.core)
        case "other":
            assert learner.passed_over or not choice.resource.core
        case other:
            assert other == "again"


@given(catalogs(), learners())
def test_the_place_in_the_trail_counts_the_core(catalog: Catalog, learner: Learner) -> None:
    choice = choose(catalog, learner)
    if isinstance(choice, Choice):
        core = [one for stop in the_way(catalog, learner) for one in doses_of(catalog, stop) if one.core]
        done = [one for one in core if one.id in learner.settled]
        assert choice.of == len(core)
        assert choice.place == min(len(done) + 1, len(core))


@given(catalogs(), st.sampled_from(SIZES))
def test_who_does_every_dose_meets_each_once_and_then_the_trail_is_finished(catalog: Catalog, minutes: int) -> None:
    learner = Learner("the-trail", minutes)
    all_there = {one.id for stop in the_way(catalog, learner) for one in doses_of(catalog, stop)}
    met: list[Choice] = []
    while isinstance(choice := choose(catalog, learner), Choice):
        met.append(choice)
        done = choice.resource.id
        learner = replace(
            learner, settled=learner.settled | {done}, given=(*learner.given, done), done=(*learner.done, done)
        )
        assert len(met) <= len(all_there)
    assert choice == NothingFits("finished")
    assert sorted(one.resource.id for one in met) == sorted(all_there)
    assert [one.core for one in met] == sorted((one.core for one in met), reverse=True)


@given(catalogs(), st.sampled_from(SIZES))
def test_within_a_topic_no_third_theory_dose_comes_while_practice_waits(catalog: Catalog, minutes: int) -> None:
    learner = Learner("the-trail", minutes)
    met: list[tuple[Choice, bool]] = []
    while isinstance(choice := choose(catalog, learner), Choice):
        entries = open_entries(catalog, learner, choice)
        sized = [one for one in entries if fits(one, learner)] or entries
        met.append((choice, any(one.manner is Manner.BUILD for one in sized)))
        done = choice.resource.id
        learner = replace(
            learner, settled=learner.settled | {done}, given=(*learner.given, done), done=(*learner.done, done)
        )
    for _, of_topic in groupby(met, key=lambda one: (one[0].resource.topic, one[0].core)):
        row = 0
        for choice, practice_waits in of_topic:
            row = 0 if choice.resource.manner is Manner.BUILD else row + 1
            opens = choice.reason.startswith("opens")  # a topic without a core never counts as begun
            assert row <= THEORY_IN_A_ROW or not practice_waits or opens


# ---------------------------------------------------------------------------------------------------- told by examples


def chosen(learner: Learner) -> str:
    choice = choose(SMALL, learner)
    return choice.resource.id if isinstance(choice, Choice) else choice.reason


def after(*done: str, minutes: int = 15, **more: object) -> Learner:
    """Somebody on the first trail who did these, in this order."""
    return Learner("first-steps", minutes, settled=frozenset(done), given=done, done=done, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("learner", "gets"),
    [
        (after(), "what-is-data"),  # a short video opens
        (after("what-is-data"), "data-in-words"),  # then something to read
        (after("what-is-data", "data-in-words"), "first-notebook"),  # two of theory: now build
        (after("what-is-data", "data-in-words", "first-notebook"), "types-of-data"),
        (after("what-is-data", "data-in-words", "first-notebook", "types-of-data"), "what-is-a-model"),  # core is done
        (after("what-is-data", minutes=5), "data-in-words"),  # nothing fits five minutes: the shortest
        (after(known_topics=frozenset({"basics"})), "what-is-a-model"),
        (after(unanswered="what-is-data"), "what-is-data"),
        (after(passed_over=frozenset({"what-is-data"})), "data-in-words"),
        (Learner("pictures", 15, settled=frozenset({"bars", "lines"})), "finished"),
        (Learner("pictures", 15, passed_over=frozenset({"bars", "lines"})), "passed_over"),
        (Learner("pictures", 15, settled=frozenset({"bars"}), passed_over=frozenset({"lines"})), "passed_over"),
        (Learner("of-old", 15), "no_trail"),
        (Learner(OWN, 15, topics=("charts",)), "bars"),
        (Learner(OWN, 15), "finished"),
    ],
)
def test_the_method_of_the_lists(learner: Learner, gets: str) -> None:
    assert chosen(learner) == gets


def test_what_is_beside_the_core_comes_when_the_core_of_all_is_done() -> None:
    core = [one.id for one in SMALL.resources if one.core and one.topic in ("basics", "models")]
    assert chosen(after(*core)) == "more-on-data"

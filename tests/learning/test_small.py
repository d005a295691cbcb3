"""The small thing of a dose: recall first, kinds in turn, nothing twice within a month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.entry import Catalog
from bot.learning.small import NOT_AGAIN_FOR, Around, Small, concept_in, small_from, small_of, step_in, tip_in

DAY = date(2026, 3, 2)
CATALOG = Catalog.model_validate(
    {
        "version": 1,
        "topics": [{"id": "basics", "name": "Basics", "concepts": ["overfitting", "leakage"]}, {"id": "other", "name": "O"}],
        "checklists": [
            {
                "id": "steps",
                "name": "Steps",
                "topic": "basics",
                "steps": [{"id": "load", "en": "Load.", "pt": "Ler."}, {"id": "look", "en": "Look.", "pt": "Olhar."}],
            }
        ],
        "tips": [
            {"id": "log", "text": {"en": "Keep a log.", "pt": "Mantenha um diário."}},
            {"id": "of-basics", "topic": "basics", "text": {"en": "Begin.", "pt": "Comece."}},
            {"id": "of-other", "topic": "other", "text": {"en": "Go on.", "pt": "Siga."}},
        ],
        "resources": [
            {"id": name, "title": name, "url": f"https://example.org/{name}", "topic": "other", "kind": "profile", "language": language}
            for name, language in (("maria", "pt"), ("john", "en"))
        ],
    }
)  # fmt: skip
HERE = Around("basics", DAY, languages=("en",))


def days_of(around: Around, days: int) -> list[Small | None]:
    """What comes day after day."""
    met: list[Small | None] = []
    for _ in range(days):
        small = small_of(CATALOG, around)
        met.append(small)
        given = {**around.given, small: around.day} if small else around.given
        around = replace(around, given=given, day=around.day + timedelta(days=1))
    return met


def test_kinds_take_turns_and_then_there_is_nothing_for_a_while() -> None:
    met = days_of(HERE, 8)
    assert met == [
        Small("concept", "basics:overfitting"),
        Small("step", "steps:load"),
        Small("tip", "of-basics"),
        Small("follow", "john"),
        Small("concept", "basics:leakage"),
        Small("tip", "log"),  # the open step was asked for this month: the next one waits for it
        None,
        None,
    ]


def test_a_card_that_is_due_wins_and_one_passed_by_is_not_asked_again() -> None:
    due = ((41, DAY - timedelta(days=1)), (7, DAY))
    assert small_of(CATALOG, replace(HERE, due=due)) == Small("recall", "41")
    passed_by = {Small("recall", "41"): DAY}
    tomorrow = replace(HERE, due=due, given=passed_by, day=DAY + timedelta(days=1))
    assert small_of(CATALOG, tomorrow) == Small("recall", "7")
    assert small_of(CATALOG, replace(tomorrow, due=due[:1])) == Small("concept", "basics:overfitting")
    answered = ((41, DAY + timedelta(days=2)),)
    assert small_of(CATALOG, replace(tomorrow, due=answered, day=DAY + timedelta(days=3))) == Small("recall", "41")
    assert small_of(CATALOG, replace(tomorrow, due=due[:1], day=DAY + NOT_AGAIN_FOR)) == Small("recall", "41")


def test_a_ticked_step_makes_room_for_the_next() -> None:
    came = {Small("concept", "basics:overfitting"): DAY}
    assert small_of(CATALOG, replace(HERE, given=came, ticked=frozenset({("steps", "load")}))) == Small(
        "step", "steps:look"
    )


def test_after_a_month_it_may_come_again() -> None:
    came = {Small("concept", f"basics:{name}"): DAY for name in ("overfitting", "leakage")}
    soon, later = DAY + NOT_AGAIN_FOR - timedelta(days=1), DAY + NOT_AGAIN_FOR
    others = {Small("step", "x"): later, Small("tip", "x"): later, Small("follow", "x"): later}
    assert small_of(CATALOG, replace(HERE, given=came | others, day=soon)) != Small("concept", "basics:overfitting")
    assert small_of(CATALOG, replace(HERE, given=came | others, day=later)) == Small("concept", "basics:overfitting")


def test_an_empty_catalog_has_no_small_thing() -> None:
    assert small_of(Catalog(version=1), HERE) is None


def test_what_was_given_can_be_told_and_what_is_gone_is_nothing() -> None:
    concept = concept_in(CATALOG, Small("concept", "basics:leakage"))
    assert concept
    assert concept.en == "leakage"
    found = step_in(CATALOG, Small("step", "steps:look"))
    assert found
    assert found[1].pt == "Olhar."
    assert tip_in(CATALOG, Small("tip", "log"))
    assert concept_in(CATALOG, Small("concept", "gone:leakage")) is None
    assert step_in(CATALOG, Small("step", "steps:gone")) is None
    assert tip_in(CATALOG, Small("tip", "gone")) is None
    assert small_from(None) is None
    assert small_from({"kind": "tip", "id": "log"}) == Small("tip", "log")


@pytest.mark.parametrize("languages", [(), ("pt",), ("de",)])
def test_who_is_followed_speaks_a_language_of_theirs(languages: tuple[str, ...]) -> None:
    met = {small.id for small in days_of(replace(HERE, languages=languages), 20) if small and small.kind == "follow"}
    assert met == {(): {"maria", "john"}, ("pt",): {"maria"}, ("de",): set()}[languages]


@given(st.sampled_from(("basics", "other", "gone")), st.integers(0, 99), st.integers(1, 70))
def test_nothing_comes_twice_within_a_month(topic: str, chance: int, days: int) -> None:
    met = days_of(replace(HERE, topic=topic, chance=chance), days)
    for place, small in enumerate(met):
        assert small is None or small not in met[max(0, place - NOT_AGAIN_FOR.days + 1) : place]

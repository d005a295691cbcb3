"""Synthetic learners: the targets on the real catalog in a short run, and a referee that sees what is wrong."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from bot.catalog.entry import Catalog, Resource
from bot.catalog.file import read_catalog
from bot.catalog.kinds import Use
from bot.operate.simulate import simulate
from bot.operate.simulation import life as living
from bot.operate.simulation.bots import Gift, at_random, in_order, trilha
from bot.operate.simulation.chart import draw_chart
from bot.operate.simulation.life import FIRST_DAY, INSTEAD, Life, Turn, live
from bot.operate.simulation.measures import (
    BROKEN,
    BUDGET_USED,
    MEASURES,
    NO_DOSE,
    RHYTHM_BROKEN,
    days_until_finished,
    measure,
    worse_than,
)
from bot.operate.simulation.people import PROFILES, Synthetic, draw
from bot.operate.simulation.referee import RULES, broken_rules
from tests.house import SMALL_CATALOG

REAL = read_catalog(Path(__file__).parents[2] / "catalog.yaml")
SMALL = read_catalog(SMALL_CATALOG)


def test_the_targets_hold_on_the_real_catalog() -> None:
    people = list(draw(REAL, 56, seed=11))[::4]
    ours, random, listed = (
        measure(REAL, [live(REAL, who, bot, 120) for who in people]) for bot in (trilha, at_random, in_order)
    )
    assert [ours[one] for one in BROKEN] == [0] * len(BROKEN)
    assert ours[NO_DOSE] < 0.01
    assert ours[BUDGET_USED] > max(random[BUDGET_USED], listed[BUDGET_USED])
    assert min(random[RHYTHM_BROKEN], listed[RHYTHM_BROKEN]) > 0
    slow = {
        "coverage of the trails' doses",
        "authors met (effective number)",
    }  # what a year of long things catches up with
    assert {one.name for one in worse_than(ours, [random, listed])} <= slow


def test_the_same_seed_gives_the_same_lives() -> None:
    first, again = (
        [live(SMALL, who, trilha, 30).turns for who in draw(SMALL, 4, seed)] for seed in (5, 5)
    )  # fmt: skip
    assert first == again
    assert first != [live(SMALL, who, trilha, 30).turns for who in draw(SMALL, 4, 6)]


def life_of(
    *given: tuple[str, str | None], budget: int = 15, trail: str = "first-steps", catalog: Catalog = SMALL
) -> Life:
    """A life in which these came day after day, as wholes."""
    turns = []
    for ahead, (name, outcome) in enumerate(given):
        entry = catalog.resource(name)
        assert entry
        turns.append(Turn(FIRST_DAY + timedelta(days=ahead), budget, Gift(entry, entry.minutes), outcome))
    return Life(Synthetic(0, PROFILES[0], trail, 0), turns)


@pytest.mark.parametrize(
    ("given", "broken"),
    [
        ([("what-is-data", "done"), ("data-in-words", "done"), ("first-notebook", "done")], set()),
        ([("what-is-data", "done"), ("what-is-data", "done")], {"repeat"}),
        ([("what-is-data", None)] * 3 + [("what-is-data", None)], {"repeat"}),
        ([("what-is-a-model", "done")], {"prerequisite"}),
        ([("build-a-model", "done")], {"prerequisite", "budget", "opening"}),
        ([("what-is-data", "done"), ("data-in-words", "done"), ("types-of-data", "done")], {"theory"}),
        ([("data-in-words", "done")], {"opening"}),
        ([("what-is-data", "put_off"), ("what-is-data", "done")], set()),
        ([("what-is-data", "put_off"), ("data-in-words", "done")], {"wish"}),
        ([("what-is-data", "put_off")] * 4, set()),
    ],
)
def test_the_referee_sees_each_broken_rule(given: list[tuple[str, str | None]], broken: set[str]) -> None:
    assert set(broken_rules(SMALL, life_of(*given))) == broken


def test_the_referee_sees_what_comes_again_the_same_day_or_from_the_shelf() -> None:
    life = life_of(("what-is-data", "another"), ("what-is-data", "done"))
    life.turns[1] = replace(life.turns[1], day=FIRST_DAY, after="another")
    assert set(broken_rules(SMALL, life)) == {"repeat"}
    life = life_of(("what-is-data", "shelved"), ("what-is-data", "worked"))
    assert set(broken_rules(SMALL, life)) == {"repeat"}
    life.turns[1] = replace(life.turns[1], took_up="what-is-data")
    assert not broken_rules(SMALL, life)


def test_the_referee_sees_what_is_far_though_less_was_asked_for_and_something_is_near() -> None:
    way = REAL.trails[0]
    first, far = way.topics[0].id, way.topics[4].id
    here = next(entry.id for entry in REAL.of_topic(first) if entry.use is Use.DOSE)
    there = next(entry.id for entry in REAL.of_topic(far) if entry.use is Use.DOSE)
    for press in ("too_long", "my_time", "another"):
        life = life_of((here, press), (there, "done"), budget=600, trail=way.id, catalog=REAL)
        life.turns[1] = replace(life.turns[1], day=FIRST_DAY, after=press)
        assert ("near" in broken_rules(REAL, life)) is (press != "another")


def test_where_nothing_looked_for_what_is_near_the_referee_would_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(living, "far_from", lambda *_: frozenset())
    broken = sum((broken_rules(REAL, live(REAL, who, trilha, 90)) for who in draw(REAL, 56, 1)), Counter[str]())
    assert set(broken) == {"near"}


def test_the_referee_sees_a_dose_within_a_planned_pause_unless_that_was_put_right() -> None:
    first, again = FIRST_DAY + timedelta(days=1), FIRST_DAY + timedelta(days=3)
    life = life_of(("what-is-data", "done"), ("data-in-words", "done"))
    life.planned = [(first, again)]
    assert broken_rules(SMALL, life) == {"paused": 1}
    life.planned.append((first + timedelta(days=1), again))
    assert not broken_rules(SMALL, life)


def test_learners_plan_pauses_some_of_which_meet_and_get_no_dose_within_them() -> None:
    lives = [live(REAL, who, trilha, 120) for who in draw(REAL, 56, 1) if who.profile.pauses]
    planned = [life.planned for life in lives]
    assert sum(map(len, planned)) > len(PROFILES)
    assert any(one[0] < other[1] and other[0] < one[1] for some in planned for one, other in pairwise(some))
    assert not any("paused" in broken_rules(REAL, life) for life in lives)


def test_learners_press_everything_their_profile_declares() -> None:
    outcomes = {turn.outcome for who in draw(REAL, 56, 1) for turn in live(REAL, who, trilha, 40).turns}
    assert {"done", "worked", "put_off", None, *INSTEAD} <= outcomes
    assert any(turn.took_up for who in draw(REAL, 56, 1) for turn in live(REAL, who, trilha, 90).turns)


def with_entries(**changed: dict[str, object]) -> Catalog:
    entries = [
        Resource.model_validate(entry.model_dump(exclude_unset=True) | changed.get(entry.id.replace("-", "_"), {}))
        for entry in SMALL.resources
    ]
    return SMALL.model_copy(update={"resources": tuple(entries)})


def test_the_referee_sees_a_topic_left_without_practice_and_two_stretches_in_five() -> None:
    beside = with_entries(first_notebook={"core": False})
    theory = [
        ("what-is-data", "done"),
        ("data-in-words", "done"),
        ("types-of-data", "done"),
        ("what-is-a-model", "done"),
    ]
    assert "leaving" in broken_rules(beside, life_of(*theory, catalog=beside))
    hard = with_entries(what_is_data={"difficulty": 3}, types_of_data={"difficulty": 3})
    twice = [("what-is-data", "done"), ("types-of-data", "done")]
    assert set(broken_rules(hard, life_of(*twice, catalog=hard))) == {"stretch"}


def test_the_referee_knows_only_its_rules() -> None:
    assert set(broken_rules(REAL, live(REAL, next(draw(REAL, 1, 1)), at_random, 60))) <= set(RULES)


def test_the_command_prints_a_table_and_draws_a_chart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chart = tmp_path / "chart.png"
    simulate(SMALL_CATALOG, learners=56, days=20, seed=4, chart=chart)
    said = capsys.readouterr().out
    planned = sum(len(live(SMALL, who, trilha, 20).planned) for who in draw(SMALL, 56, 4))
    assert planned
    assert f"; {planned} pauses planned with Trilha" in said
    assert all(one.name in said for one in MEASURES)
    assert "first-steps" in said
    with Image.open(chart) as drawn:
        assert drawn.width == 1200
        assert len(set(drawn.get_flattened_data() if hasattr(drawn, "get_flattened_data") else drawn.getdata())) > 20


def test_a_chart_of_nothing_is_still_a_picture() -> None:
    lives = [Life(next(draw(SMALL, 1, 1)))]
    measured = {name: measure(SMALL, lives) for name in ("a", "b", "c")}
    png = draw_chart(measured, {name: days_until_finished(lives) for name in measured})
    with Image.open(io.BytesIO(png)) as drawn:
        assert drawn.format == "PNG"


def test_a_catalog_without_trails_is_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "catalog.yaml").write_text("version: 1\n", "utf-8")
    assert simulate(tmp_path / "catalog.yaml", 1, 1, 1) == 1
    assert "no trail" in capsys.readouterr().out

"""Any catalog and any learner, for the rules of choosing; and the hard rules said another way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.catalog.entry import Catalog, Resource
from bot.catalog.kinds import Kind, Use
from bot.learning.dose import Given, Learner
from bot.learning.sessions import Thread
from bot.learning.way import OWN, stops_of

DAY = date(2026, 3, 2)
KINDS = (Kind.VIDEO, Kind.ARTICLE, Kind.NOTEBOOK, Kind.PAPER, Kind.COURSE, Kind.COMPETITION, Kind.PROFILE, Kind.DOCS)
TOPICS = ("t0", "t1", "t2", "t3")
LISTS = ("one", "two")
BUDGETS = (0, 3, 5, 10, 15, 30, 60, 10_000)
IDS = [f"r{number}" for number in range(16)]


def entry(number: int, **facts: Any) -> dict[str, Any]:
    plain = {"id": f"r{number}", "title": f"R{number}", "url": f"https://example.org/{number}", "language": "en"}
    return plain | facts


facts = st.fixed_dictionaries(
    {
        "topic": st.sampled_from(TOPICS),
        "kind": st.sampled_from(KINDS),
        "core": st.booleans(),
        "language": st.sampled_from(("en", "en", "pt", "fa", "mul")),
    },
    optional={
        "minutes": st.integers(1, 200),
        "difficulty": st.integers(1, 3),
        "practice": st.booleans(),
        "days": st.integers(1, 12),
        "author": st.sampled_from(("Josie", "Rui")),
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
    """Up to sixteen entries in four topics, each built on some of those before it, and a trail through them in any order."""
    return Catalog.model_validate(
        {
            "version": 1,
            "lists": [{"id": name, "title": name} for name in LISTS],
            "topics": [
                {"id": topic, "name": topic, "after": draw(st.lists(st.sampled_from(TOPICS[:place]), unique=True))}
                if place
                else {"id": topic, "name": topic}
                for place, topic in enumerate(TOPICS)
            ],
            "trails": [
                {
                    "id": "the-trail",
                    "name": "The trail",
                    "about": {"en": "All", "pt": "Tudo"},
                    "topics": draw(st.lists(stops, min_size=1, max_size=4, unique_by=lambda stop: stop["id"])),
                }
            ],
            "resources": [entry(number, **given) for number, given in enumerate(draw(st.lists(facts, max_size=16)))],
        }
    )


some = st.frozensets(st.sampled_from(IDS), max_size=10)


@st.composite
def learners(draw: st.DrawFn) -> Learner:
    """Somebody with any history, also one that no chooser would have given them."""
    past = st.builds(
        Given,
        st.integers(-3, 40).map(lambda ago: DAY - timedelta(days=ago)),
        st.sampled_from([*IDS, "gone"]),
        st.booleans(),
        st.sampled_from(("", "", "", *IDS)),
    )
    threads = st.builds(
        lambda name, part, more, state: Thread(name, part, part + more, state, DAY, DAY),
        st.sampled_from(IDS),
        st.integers(0, 9),
        st.integers(1, 9),
        st.sampled_from(("open", "open", "shelved", "retired")),
    )
    return Learner(
        trail=draw(st.sampled_from(("the-trail", "the-trail", "the-trail", OWN, "of-old"))),
        minutes=draw(st.sampled_from(BUDGETS)),
        topics=draw(st.lists(st.sampled_from(TOPICS), unique=True).map(tuple)),
        languages=draw(st.sampled_from((("en", "pt"), ("pt", "en"), ("en",), ("fa",), ()))),
        level=draw(st.integers(1, 3)),
        settled=draw(some),
        known_topics=draw(st.frozensets(st.sampled_from(TOPICS), max_size=2)),
        recent=tuple(sorted(draw(st.lists(past, max_size=12)))),
        threads=tuple(draw(st.lists(threads, max_size=3, unique_by=lambda thread: thread.resource))),
        passed_over=draw(st.just(frozenset()) | some),
        dead=draw(st.just(frozenset()) | st.frozensets(st.sampled_from(IDS), max_size=3)),
        added=draw(st.just({}) | st.dictionaries(st.sampled_from(IDS), st.just(DAY - timedelta(days=5)), max_size=3)),
    )


# ------------------------------------------------------------------------------------------ the hard rules, said again


def doses_of(catalog: Catalog, learner: Learner) -> dict[str, list[Resource]]:
    """The doses of each topic on the way, those known left out."""
    way = stops_of(catalog, learner.trail, learner.topics) or ()
    return {
        stop.id: [one for one in catalog.of_topic(stop.id, stop.lists, stop.order) if one.use is Use.DOSE]
        for stop in way
        if stop.id not in learner.known_topics
    }


def shelved(learner: Learner) -> set[str]:
    return {thread.resource for thread in learner.threads if thread.state == "shelved"}


def unanswered_before_today(learner: Learner, resource: str) -> int:
    """On how many days before today it came since it was last answered."""
    mine = [dose for dose in learner.recent if dose.resource == resource and dose.day < DAY]
    answered = [place for place, dose in enumerate(mine) if dose.answered]
    return len({dose.day for dose in mine[answered[-1] + 1 if answered else 0 :]})


def wishes(learner: Learner) -> list[str]:
    """What they put off on a day before today and did not get since."""
    wished = [(place, dose.wished) for place, dose in enumerate(learner.recent) if dose.wished and dose.day < DAY]
    return [
        name
        for place, name in wished
        if not any(dose.resource == name for dose in learner.recent[place + 1 :])
        and DAY - learner.recent[place].day < timedelta(days=21)
    ]


def is_there(one: Resource, learner: Learner) -> bool:
    """Whether it could come on some day."""
    return (
        one.id not in learner.settled
        and one.id not in shelved(learner)
        and one.id not in learner.dead
        and is_spoken(one, learner)
    )


def is_open(one: Resource, learner: Learner) -> bool:
    """Whether it is neither done with nor shelved, whatever its language."""
    return one.id not in learner.settled and one.id not in shelved(learner)


def is_spoken(one: Resource, learner: Learner) -> bool:
    return bool(learner.languages) and one.language.value in (*learner.languages, "mul")


def holds_up(one: Resource, learner: Learner) -> bool:
    """Whether a topic cannot be passed before it is done."""
    return one.core and is_there(one, learner) and unanswered_before_today(learner, one.id) < 2


def is_in_reach(catalog: Catalog, learner: Learner, topic: str) -> bool:
    """Whether everything on the way that a topic builds on is passed; what is new in the catalog aside."""
    found = catalog.topic(topic)
    before = doses_of(catalog, learner)
    return not any(
        holds_up(one, learner) and one.id not in learner.added
        for name in (found.after if found else ())
        for one in before.get(name, [])
    )

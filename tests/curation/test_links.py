"""When a link counts as dead: arithmetic over visits, and visits over a small Internet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.entry import Catalog
from bot.catalog.file import read_catalog
from bot.curation.links import APART, LinkOutcome, Visit, archive_address, outcome_of, state_of
from bot.curation.visits import Visitor
from bot.states import LinkState
from bot.store import catalog as kept
from bot.store import entries, links
from bot.store.database import Database
from tests.web.internet import Internet

NOON = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SITE = "https://example.org/trees"
SMALL = read_catalog(Path(__file__).parents[1] / "small_catalog.yaml")


def seen(*days_and_outcomes: tuple[float, LinkOutcome]) -> list[Visit]:
    return [Visit(NOON + timedelta(days=day), outcome) for day, outcome in days_and_outcomes]


@pytest.mark.parametrize(
    ("status", "came_to", "outcome"),
    [
        (200, SITE, LinkOutcome.OPENS),
        (304, SITE, LinkOutcome.OPENS),
        (200, "https://example.org/trees-2", LinkOutcome.OPENS),
        (404, SITE, LinkOutcome.GONE),
        (410, SITE, LinkOutcome.GONE),
        (403, SITE, LinkOutcome.UNSURE),
        (429, SITE, LinkOutcome.UNSURE),
        (503, SITE, LinkOutcome.UNSURE),
        (None, SITE, LinkOutcome.UNSURE),
        (200, "https://example.org/", LinkOutcome.ASIDE),
        (200, "https://example.org/login?next=/trees", LinkOutcome.ASIDE),
        (200, "https://accounts.example.org/signin/v2", LinkOutcome.ASIDE),
    ],
)
def test_what_an_answer_means(status: int | None, came_to: str, outcome: LinkOutcome) -> None:
    assert outcome_of(SITE, status, came_to) == outcome


def test_a_home_page_may_be_a_home_page() -> None:
    assert outcome_of("https://example.org", 200, "https://www.example.org/") == LinkOutcome.OPENS


def test_two_strikes_days_apart_make_it_dead_and_one_or_a_bad_weekend_do_not() -> None:
    gone = LinkOutcome.GONE
    assert state_of(seen((0, gone)), 0, "example.org") == LinkState.SUSPECT
    assert state_of(seen((0, gone), (1, gone), (2, gone)), 0, "example.org") == LinkState.SUSPECT
    assert state_of(seen((0, gone), (3, gone)), 0, "example.org") == LinkState.DEAD
    assert state_of(seen((0, gone), (3, LinkOutcome.OPENS), (6, gone)), 0, "example.org") == LinkState.SUSPECT
    assert state_of(seen((0, gone), (3, LinkOutcome.UNSURE), (6, gone)), 0, "example.org") == LinkState.DEAD
    assert state_of(seen((0, gone), (3, gone), (9, LinkOutcome.OPENS)), 0, "example.org") == LinkState.OK


def test_youtube_gets_more_patience() -> None:
    twice = seen((0, LinkOutcome.GONE), (4, LinkOutcome.GONE))
    assert state_of(twice, 0, "www.youtube.com") == LinkState.SUSPECT
    assert state_of([*twice, *seen((8, LinkOutcome.GONE))], 0, "www.youtube.com") == LinkState.DEAD


def test_learners_make_it_suspect_and_no_more() -> None:
    assert state_of(seen((0, LinkOutcome.OPENS)), 1, "example.org") == LinkState.OK
    assert state_of(seen((0, LinkOutcome.OPENS)), 200, "example.org") == LinkState.SUSPECT


@given(st.lists(st.tuples(st.floats(0, 400), st.sampled_from(LinkOutcome)), max_size=12), st.integers(0, 9))
def test_only_404_and_410_days_apart_can_kill(history: list[tuple[float, LinkOutcome]], reports: int) -> None:
    visits = sorted(seen(*history), key=lambda visit: visit.at)
    if state_of(visits, reports, "example.org") == LinkState.DEAD:
        gone = [visit.at for visit in visits if visit.outcome == LinkOutcome.GONE]
        assert max(gone) - min(gone) >= APART
        assert visits[-1].outcome != LinkOutcome.OPENS


def test_the_copy_s_address_is_built_and_hostile_letters_are_quoted() -> None:
    assert (
        archive_address("https://example.org/a?b=c#d", NOON)
        == "https://web.archive.org/web/20260302/https://example.org/a?b=c#d"
    )
    assert " " not in archive_address("https://example.org/a b\u202e", NOON)


class Days:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def net() -> AsyncIterator[Internet]:
    async with Internet() as opened:
        yield opened


def at_hosts(*hosts: str) -> Catalog:
    """The small catalog, each entry on a host of its own, over http and the port of the small Internet."""
    moved = zip(SMALL.resources, hosts, strict=False)
    return SMALL.model_copy(
        update={"resources": tuple(entry.model_copy(update={"url": f"http://{host}/page"}) for entry, host in moved)}
    )


async def test_visits_find_the_dead_and_only_the_dead(database: Database, net: Internet) -> None:
    answers = {"opens.example": 200, "gone.example": 404, "shut.example": 403, "busy.example": 429, "ill.example": 500}
    for host, status in answers.items():
        net.page(host, "a page", status)

    async def home(request: web.Request) -> web.Response:
        if request.path == "/":
            return web.Response(text="home")
        raise web.HTTPFound("/")

    net.site("moved.example", home)
    hosts = [*answers, "moved.example", "nobody.example"]
    catalog, clock = at_hosts(*hosts), Days()
    async with database.write() as session:
        await kept.adopt(session, catalog.resources, NOON)
    states: dict[str, LinkState] = {}
    async with net.fetcher() as fetcher:
        visitor = Visitor(database, lambda: catalog, fetcher, clock, pause=0)
        assert await visitor.go(3, states.__setitem__) == 3, "a stop loses nothing: the rest is for the next time"
        assert await visitor.go(100, states.__setitem__) == 4
        assert await visitor.go(100) == 0
        clock.now += timedelta(days=4)
        assert await visitor.go(100, states.__setitem__) == 2, "those in doubt"
        clock.now += timedelta(days=14)
        assert await visitor.go(100, states.__setitem__) == len(hosts)
    by_host = dict(zip(hosts, [states[entry.id] for entry in catalog.resources], strict=True))
    assert by_host == {
        "opens.example": LinkState.OK,
        "gone.example": LinkState.DEAD,
        "shut.example": LinkState.OK,
        "busy.example": LinkState.OK,
        "ill.example": LinkState.OK,
        "moved.example": LinkState.SUSPECT,
        "nobody.example": LinkState.OK,
    }
    async with database.write() as session:
        gone = catalog.resources[1]
        assert await links.dead_ids(session) == {gone.id}
        await entries.edit(session, gone.id, {"url": "https://elsewhere.example/"}, by=None, at=clock.now)
        assert await links.dead_ids(session) == frozenset(), "at another address it is another link"

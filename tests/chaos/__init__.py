"""Everything that can go wrong on the way of a dose, done to a real `trilha run` in its own process, and judged afterwards.

    make chaos                                        all of it, on both engines; minutes
    python -m tests.chaos --only kills --seed 12      one scenario again, as it was

stage.py      a bot in its own process, a Bot API server, a database, a crowd whose dose is due, and chance by a seed
judge.py      what must hold afterwards, from the server's log and the database
kills.py stops.py answers.py network.py storage.py clocks.py      the scenarios
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from tests.chaos import answers, clocks, kills, network, stops, storage
from tests.chaos.judge import Verdict
from tests.chaos.stage import Stage

BOTH = ("sqlite", "postgresql")


class Scenario(NamedTuple):
    """What goes wrong, and on which engines that is played."""

    name: str
    play: Callable[[Stage], Awaitable[Verdict]]
    engines: tuple[str, ...] = BOTH


SCENARIOS = (
    Scenario("kill at every step", kills.kill_at_every_step),
    Scenario("kill after the request", kills.kill_after_the_request),
    Scenario("kill with 100 updates waiting", kills.kill_with_updates_waiting),
    Scenario("people pause in the middle", answers.people_pause),
    Scenario("5 % of the answers lost", answers.answers_lost),
    Scenario("50 % of the answers lost", answers.half_of_the_answers_lost),
    Scenario("10 % of the answers behind a page", answers.behind_a_page),
    Scenario("429 with all hands full", answers.flood),
    Scenario("one message of 1,000 is poison", answers.poison),
    Scenario("SIGTERM at 20 points", stops.stop_anywhere),
    Scenario("SIGTERM while the platform is silent", stops.stop_while_the_platform_is_silent, ("sqlite",)),
    Scenario("SIGTERM while PostgreSQL is silent", stops.stop_while_postgres_is_silent, ("postgresql",)),
    Scenario("SQLite locked for 10 s", storage.locked, ("sqlite",)),
    Scenario("the disk is full", storage.disk_full, ("sqlite",)),
    Scenario("PostgreSQL restarts", storage.postgres_restarts, ("postgresql",)),
    Scenario("the clock steps", clocks.steps),
    *(Scenario(name, play, engines) for name, (play, engines) in network.plays().items()),
    Scenario("kill at 50 instants", kills.kill_at_any_instant),
)
"""All there is, the quick ones first."""

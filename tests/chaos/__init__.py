"""Everything that can go wrong on the way of a dose, done to a real `trilha run` in its own process, and judged afterwards.

    make chaos                                        all of it, on both engines; minutes
    python -m tests.chaos --only kills --seed 12      one scenario again, as it was

stage.py      a bot in its own process, a platform, a database, a crowd whose dose is due, and chance by a seed
platforms.py  Telegram or Discord on loopback, and what stands on people's screens
presses.py    people who press Done meanwhile
healing.py    how long after the end of trouble a dose goes
judge.py      what must hold afterwards, from the screens and the database
kills.py stops.py answers.py network.py storage.py clocks.py discord.py      the scenarios
mutants.py    mistakes that the bot does not make: a scenario must find each of them
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from tests.chaos import answers, clocks, discord, kills, network, stops, storage
from tests.chaos.judge import Verdict
from tests.chaos.stage import Stage

BOTH = ("sqlite", "postgresql")


class Scenario(NamedTuple):
    """What goes wrong, on which engines that is played, and where its people are. `waits`: it waits more than it works."""

    name: str
    play: Callable[[Stage], Awaitable[Verdict]]
    engines: tuple[str, ...] = BOTH
    on: str = "telegram"
    waits: bool = False


SCENARIOS = (
    Scenario("kill at 50 instants", kills.kill_at_any_instant),
    Scenario("kill at 20 instants, on Discord", discord.kill_at_any_instant, on="discord"),
    Scenario("SIGTERM at 20 points", stops.stop_anywhere),
    Scenario("one message of 1,000 is poison", answers.poison),
    Scenario("kill with 100 updates waiting", kills.kill_with_updates_waiting),
    Scenario("429 with all hands full", answers.flood),
    Scenario("people pause in the middle", answers.people_pause),
    Scenario("kill after the request", kills.kill_after_the_request, waits=True),
    Scenario("kill at every step", kills.kill_at_every_step, waits=True),
    Scenario("kill after the request, on Discord", kills.kill_after_the_request, on="discord", waits=True),
    Scenario("kill at every step, on Discord", kills.kill_at_every_step, on="discord", waits=True),
    Scenario("SIGTERM while PostgreSQL is silent", stops.stop_while_postgres_is_silent, ("postgresql",), waits=True),
    Scenario("10 % of the answers behind a page", answers.behind_a_page, waits=True),
    *(Scenario(name, play, engines, waits=True) for name, (play, engines) in network.plays().items()),
    Scenario("SIGTERM while the platform is silent", stops.stop_while_the_platform_is_silent, ("sqlite",), waits=True),
    Scenario("Discord is away", discord.away, on="discord", waits=True),
    Scenario("the clock steps", clocks.steps, waits=True),
    Scenario("5 % of the answers lost", answers.answers_lost, waits=True),
    Scenario("50 % of the answers lost", answers.half_of_the_answers_lost, waits=True),
    Scenario("SQLite locked for 10 s", storage.locked, ("sqlite",), waits=True),
    Scenario("SQLite locked for 36 s", storage.locked_for_longer, ("sqlite",), waits=True),
    Scenario("SIGTERM while SQLite is locked", storage.stop_while_locked, ("sqlite",), waits=True),
    Scenario("the disk is full", storage.disk_full, ("sqlite",), waits=True),
    Scenario("PostgreSQL restarts", storage.postgres_restarts, ("postgresql",), waits=True),
)
"""All there is, the long ones first, so that none is left alone at the end."""

"""Choosing for ten thousand people who are due: from the rows to the doses, in windows as the clock claims them.

    python -m bench.bench_dose

The promise: 5,000 a second on one core, from the database's rows to the doses, each window read in the same number of queries however many
people are in it; and near linear growth, to a catalog of 50,000 entries and to a history of 1,000 doses a person. Seconds are those of the
processor, all threads together, so that other work on the machine does not count; what the database itself takes stands beside it.
"""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import event, select

from bot.catalog.entry import Catalog
from bot.catalog.file import read_catalog
from bot.catalog.kinds import Use
from bot.delivery.window import WINDOW
from bot.learning.dose import Choice
from bot.operate.memory import keep_for_good
from bot.planning.choice import decide
from bot.planning.slot import Slot
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.seen import prepare, read
from bot.store.tables import Subscription

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PEOPLE, FEW, HISTORY = 10_000, 2_000, 365
LIMIT = 5_000
CATALOG = Path(__file__).parents[1] / "catalog.yaml"


def larger(catalog: Catalog, times: int) -> Catalog:
    """The same topics and trails with so many times the entries, the new ones beside the core."""
    more = [
        entry.model_copy(update={"id": f"x{copy}x{entry.id}"[:60], "core": False})
        for copy in range(1, times)
        for entry in catalog.resources
    ]
    return catalog.model_copy(update={"resources": (*catalog.resources, *more)})


def fill(path: str, catalog: Catalog, people: int, history: int) -> None:
    """People with a history: they did what comes first on their trail, answered most of it and rated a third."""
    chance = random.Random(7)
    stamp = "2025-01-01 00:00:00.000000"
    connection = sqlite3.connect(path)
    with connection:
        connection.executemany(
            "INSERT INTO resources (id, title, url, topic, added_at) VALUES (?, ?, ?, ?, ?)",
            ((entry.id, entry.title, entry.url, entry.topic, stamp) for entry in catalog.resources),
        )
        ways = {
            trail.id: [entry.id for entry in catalog.trail_entries(trail) if entry.use is Use.DOSE]
            for trail in catalog.trails
        }
        for number in range(1, people + 1):
            trail = catalog.trails[number % len(catalog.trails)].id
            _add(connection, number, trail, ways[trail], history, chance)
    connection.close()


def _add(
    connection: sqlite3.Connection, number: int, trail: str, way: list[str], history: int, chance: random.Random
) -> None:
    connection.execute(
        "INSERT INTO people (id, name, language, language_chosen, role, met_at) VALUES (?, 'x', 'pt-BR', 0, 'learner', ?)",
        (number, "2025-01-01 00:00:00.000000"),
    )
    connection.execute(
        "INSERT INTO subscriptions (id, owner, person_id, platform, chat, trail, topics, ticked, known_topics, minutes, hour, turn,"
        " zone, days, goal, state, next_day, next_due_at, began_on) VALUES (?, ?, ?, 'terminal', ?, ?, '[]', '[]', '[]', ?,"
        " '08:00:00', '04:00:00', 'UTC', '1234567', 'streak', 'active', ?, ?, '2025-06-01')",
        (
            number,
            f"person:{number}",
            number,
            f"p{number}",
            trail,
            chance.choice((5, 15, 30, 60)),
            "2026-03-02",
            str(NOW)[:19],
        ),
    )
    core = way[: chance.randrange(5, len(way))]
    done = core + [f"old-{place}" for place in range(max(0, history - len(core)))]
    days = [TODAY - timedelta(days=ahead) for ahead in range(history, 0, -1)]
    met = [(done[place % len(done)], day) for place, day in enumerate(days)]
    met[-len(core) :] = [(name, day) for name, (_, day) in zip(core, met[-len(core) :], strict=False)]
    answered = [(name, day) for name, day in met if chance.random() < 0.9]
    taken = set(answered)
    connection.executemany(
        "INSERT INTO doses (subscription_id, day, number, zone, due_at, closes_at, resource_id, why, small, outcome)"
        " VALUES (?, ?, 0, 'UTC', ?, ?, ?, '{}', ?, ?)",
        (
            (
                number,
                str(day),
                f"{day} 08:00:00.000000",
                f"{day} 23:00:00.000000",
                name,
                json.dumps({"kind": "tip", "id": f"x{place}"}),
                "done" if (name, day) in taken else None,
            )
            for place, (name, day) in enumerate(met)
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT OR IGNORE INTO marks VALUES (?, ?, 'done', ?)",
        ((number, name, f"{day} 09:00:00.000000") for name, day in answered),
    )
    connection.executemany(
        "INSERT INTO feedback (person_id, resource_id, kind, at, day) VALUES (?, ?, ?, ?, ?)",
        (
            (number, name, chance.choice(("right", "too_hard", "too_easy")), f"{day} 09:00:00.000000", str(day))
            for name, day in answered
            if chance.random() < 0.33
        ),
    )


async def choose_all(path: str, catalog: Catalog, people: int) -> tuple[float, float, float, int, int]:
    """Seconds of reading, of preparing, of choosing, how many queries a window took, and how many doses there are."""
    database = Database(f"sqlite:///{path}")
    queries = [0]
    event.listen(
        database.engine.sync_engine, "before_cursor_execute", lambda *_: queries.__setitem__(0, queries[0] + 1)
    )
    slot = Slot(TODAY, NOW, NOW)
    reading = preparing = choosing = 0.0
    a_window = doses = 0
    async with database.read() as session:
        for first in range(1, people + 1, WINDOW):
            due = list(
                await session.scalars(
                    select(Subscription).where(Subscription.id >= first, Subscription.id < first + WINDOW)
                )
            )
            began, queries[0] = time.process_time(), 0
            seen = await read(session, due, NOW)
            at_hand, a_window = time.process_time(), queries[0]
            reading += at_hand - began
            for one in due:  # one after the other, as the claim does
                began = time.process_time()
                theirs = prepare(seen.pop(one.id))
                prepared = time.process_time()
                choice, _ = decide(catalog, one, theirs, slot)
                doses += isinstance(choice, Choice)
                choosing += time.process_time() - prepared
                preparing += prepared - began
            session.expunge_all()
    await database.close()
    return reading, preparing, choosing, a_window, doses


async def measure(catalog: Catalog, people: int, history: int, base: float | None) -> float:
    """One row of the table; gives the microseconds a person took, without the database's own."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/bench.sqlite"
        database = Database(f"sqlite:///{path}")
        await migrate(database)
        await database.close()
        fill(path, catalog, people, history)
        await choose_all(
            path, catalog, min(people, WINDOW)
        )  # the ways are laid out once for a catalog, not once a batch
        reading, preparing, choosing, queries, doses = await choose_all(path, catalog, people)
    each = 1e6 * (preparing + choosing) / people
    read_, prepared, chose = (1e6 * seconds / people for seconds in (reading, preparing, choosing))
    print(
        f"  {people:>7,} {len(catalog.resources):>8,} {history:>7,} {read_:>8.0f} {prepared:>10.0f} {chose:>10.0f}"
        f" {1e6 / each:>10,.0f} {each / base if base else 1:>8.2f} {queries:>8} {doses / people:>7.0%}"
    )
    return each


async def main() -> int:
    """Print the table; 1 if the promise is not kept."""
    real = read_catalog(CATALOG)
    keep_for_good()  # as `trilha run` does
    print("   people  entries history  µs read µs prepare  µs choose   a second    ratio  queries   doses")
    each = await measure(real, PEOPLE, HISTORY, None)
    for people, times, history in (
        (FEW, 1, HISTORY),
        (FEW, 1, 100),
        (FEW, 1, 1_000),
        (FEW, 10, HISTORY),
        (FEW, 100, HISTORY),
    ):
        await measure(larger(real, times), people, history, each)
    kept = 1e6 / each >= LIMIT
    print(f"  {LIMIT:,} a second: {'kept' if kept else 'NOT KEPT'}")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

"""How long somebody with five years of history waits for /streak, the words of /progress, /history and /plan, and for the picture.

Run `python -m bench.bench_streak`. The promise is 20 ms for the words of /streak and /progress, from the rows to the answer on SQLite,
and 300 ms (p95) for drawing the picture.
"""

from __future__ import annotations

import asyncio
import math
import sys
import tempfile
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter

from bot.cards.picture import draw, load_drawing
from bot.cards.progress import progress_picture
from bot.chat import Incoming
from bot.commands import plan, progress, streak
from bot.commands.ask import Ask
from bot.doors.terminal import Person
from bot.i18n.words import words_in
from bot.learning.timetable import DAY
from bot.logs import set_up
from bot.settings import read_settings
from bot.states import Role
from bot.store import people
from bot.store.tables import Completion, Dose, Mark, Subscription
from tests.house import House, subscribed

YEARS, TURNS, LIMIT, PICTURE_LIMIT = 5, 40, 20.0, 300.0
CATALOG = Path(__file__).parent.parent / "catalog.yaml"


async def live(house: House, ana: Person) -> None:
    """Five years, nine days of ten done, half of the catalog's resources among them."""
    await subscribed(ana, "data-science")
    chance, now = Random(5), house.app.now()
    async with house.app.database.write() as session:
        found = await session.get(Subscription, 1)
        assert found
        found.began_on = (now - YEARS * 365 * DAY).date()
        for resource in house.app.catalog.resources[::2]:
            session.add(Mark(person_id=1, resource_id=resource.id, mark="done", at=now))
        for ago in range(1, YEARS * 365):
            at, done = now - ago * DAY, chance.random() < 0.9
            session.add(
                Dose(
                    subscription_id=found.id,
                    day=at.date(),
                    zone=found.zone,
                    due_at=at,
                    closes_at=at + DAY,
                    resource_id=chance.choice(house.app.catalog.resources).id,
                    why={"reason": "next"},
                    outcome="done" if done else None,
                )
            )
            if done:
                session.add(
                    Completion(
                        person_id=1, key=f"day:{ago}", kind="done", at=at, zone="America/Sao_Paulo", day=at.date()
                    )
                )


async def measure(name: str, work: Callable[[], Awaitable[object]], limit: float = math.inf) -> bool:
    """Print the median and the 95th percentile, in milliseconds; whether the latter keeps the promise."""
    await work()
    taken = []
    for _ in range(TURNS):
        began = perf_counter()
        await work()
        taken.append((perf_counter() - began) * 1000)
    taken.sort()
    p95 = taken[int(TURNS * 0.95) - 1]
    print(
        f"  {name:<44} median {taken[TURNS // 2]:6.1f} ms   p95 {p95:6.1f} ms{f'   (promise {limit:.0f} ms)' if limit < math.inf else ''}"
    )
    return p95 <= limit


async def stall_of(house: House, drawing: str) -> float:
    """The longest the loop stood still while twenty pictures were drawn beside it, in milliseconds."""
    worst, running = 0.0, True

    async def watch() -> None:
        nonlocal worst
        while running:
            began = perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, (perf_counter() - began) * 1000 - 1)

    watching = asyncio.create_task(watch())
    for number in range(20):
        await house.app.easel._png(drawing.replace('"subtitle":"', f'"subtitle":"{number} '))
    running = False
    await watching
    return worst


async def main() -> int:
    """Measure everything; 1 if a promise is broken."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(None, data_dir=Path(folder), catalog=CATALOG, log_level="ERROR")
        set_up(settings)
        house = await House(settings).open()
        ana = house.person("ana")
        await live(house, ana)
        numbers = count()

        def asks(text: str) -> Incoming:
            return Incoming(f"bench:{next(numbers)}", ana.address, ana.sender, house.app.now(), text=text)

        async def command(run: Callable[[Ask], Awaitable[object]], rest: str = "") -> None:
            async with house.app.database.read() as session:
                person = await people.find(session, "terminal", "ana")
                assert person
                await run(
                    Ask(asks(rest), person, Role.LEARNER, words_in("pt-BR"), rest, session, house.app.catalog, settings,
                        house.app.now(), house.app.here)
                )  # fmt: skip

        kept = [
            await measure("/streak, the command", lambda: command(streak.show_streak), LIMIT),
            await measure("/streak why, the command", lambda: command(streak.show_streak, "why"), LIMIT),
            await measure("/progress, the command", lambda: command(progress.show_progress), LIMIT),
            await measure("/plan, the command", lambda: command(plan.show_plan)),
            await measure("/plan md, the command", lambda: command(plan.show_plan, "md")),
            await measure("/streak, from update to answer", lambda: house.app.host.answer(asks("/streak"))),
            await measure("/progress, from update to answer", lambda: house.app.host.answer(asks("/progress"))),
            await measure("/history, from update to answer", lambda: house.app.host.answer(asks("/history"))),
            await measure("/history done video, likewise", lambda: house.app.host.answer(asks("/history done video"))),
            await measure("/search neural, likewise", lambda: house.app.host.answer(asks("/search neural"))),
        ]
        drawing = await _drawing(house)
        kept.append(
            await measure("the picture alone", lambda: asyncio.to_thread(draw, load_drawing(drawing)), PICTURE_LIMIT)
        )
        print(f"  {'longest stall of the loop meanwhile':<44} {await stall_of(house, drawing):13.1f} ms")
        await house.close()
    return int(not all(kept))


async def _drawing(house: House) -> str:
    async with house.app.database.read() as session:
        found = await session.get(Subscription, 1)
        person = await people.find(session, "terminal", "ana")
        assert found
        assert person
        incoming = house.person("ana")._event(text="x")
        ask = Ask(
            incoming,
            person,
            Role.LEARNER,
            words_in("pt-BR"),
            "",
            session,
            house.app.catalog,
            house.settings,
            house.app.now(),
            house.app.here,
        )
        picture = progress_picture(ask.words, house.app.catalog, found, await progress.progress_in(ask, found))
        assert picture.drawing
        return picture.drawing


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

"""Two taps at the same instant, on both engines: whatever was pressed happens once."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.tables import Completion, Feedback, Mark, Offer, Thread, Tick
from tests.conversations.conftest import begun
from tests.house import House, subscribed


async def test_passing_over_and_rating_happen_once(either_study: House) -> None:
    bia = await begun(either_study)
    await bia.presses("More…")
    await bia.presses_twice_at_once("Not for me")
    assert "That card is from before; this is what the dose holds now." in bia.sees()
    assert (await either_study.count(Feedback), await either_study.count(Mark)) == (1, 1)
    await bia.presses("Another")
    await bia.presses_twice_at_once("another")
    assert await either_study.count(Offer) == 4
    await bia.presses_twice_at_once("done")
    await bia.presses_twice_at_once("Right")
    assert (await either_study.count(Completion), await either_study.count(Feedback)) == (1, 2)


async def test_a_session_and_a_tick_count_once(either_study: House) -> None:
    caio = await subscribed(either_study.person("caio"), "courses")
    await caio.says("/hoje")
    await caio.presses_twice_at_once("Avancei hoje")
    await caio.presses_twice_at_once("2 · Camadas")
    async with either_study.app.database.read() as session:
        threads = list(await session.scalars(select(Thread)))
    assert [(thread.part, thread.state) for thread in threads] == [(2, "open")]
    await caio.says("/checklists")
    await caio.presses("checklist")
    await caio.presses_twice_at_once("step")
    assert (await either_study.count(Completion), await either_study.count(Tick)) == (2, 1)

"""A task that is ended ends, also where somebody swallows the word."""

from __future__ import annotations

import asyncio

import pytest

from bot.ending import end
from tests.house import House, subscribed


@pytest.mark.parametrize("deaf", [0, 1, 3])
async def test_a_loop_that_outlives_every_error_ends(deaf: int) -> None:
    left = deaf
    begun = asyncio.Event()

    async def goes_on() -> None:
        nonlocal left
        while True:
            begun.set()
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                left -= 1
                if left < 0:
                    raise

    task = asyncio.create_task(goes_on())
    await begun.wait()
    await asyncio.wait_for(end(task, again=0.01), 30)
    assert task.cancelled()
    await end(task)


async def test_a_database_that_breaks_at_that_moment_keeps_no_round_going(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribed(house.person("ana"))
    in_a_round, deaf = asyncio.Event(), True

    async def go() -> int:
        nonlocal deaf
        in_a_round.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            if deaf:
                deaf = False
                raise ConnectionResetError("connection was closed in the middle of operation") from None
            raise
        return 0

    monkeypatch.setattr(house.app.rounds, "go", go)
    house.app.post.wake()
    await in_a_round.wait()
    await asyncio.wait_for(house.app._leave_office(), 30)
    assert not deaf, "the first word was lost"
    monkeypatch.undo()
    await house.app._take_office()
    await house.forward(days=1)
    assert house.person("ana").sees() != ""

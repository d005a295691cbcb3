"""A bot that starts and is refused by its platform, so that its run ends by itself; and what it warned of until then."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import pytest

from bot.doors.terminal import TerminalDoor
from bot.errors import Unauthorized
from bot.logs import set_up
from bot.operate import run as running
from bot.settings import Settings

Warned = Callable[[str, Settings], Awaitable[list[str]]]


class RefusedDoor(TerminalDoor):
    """A platform that does not know our token."""

    async def open(self, *_: object, **__: object) -> None:
        raise Unauthorized("terminal")


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Warned:
    """Start with some settings; the problems that the log names under an event."""

    async def problems(event: str, settings: Settings) -> list[str]:
        monkeypatch.setattr(running, "open_doors", lambda _: [RefusedDoor()])
        set_up(settings)
        with pytest.raises(Unauthorized):
            await running.run(settings)
        said = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
        return [line["problem"] for line in said if line["event"] == event]

    return problems

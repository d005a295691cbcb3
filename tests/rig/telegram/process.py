"""The server in its own process, and a hand to move it: for benchmarks and tests that kill the bot.

async with running_server("--no-limits") as telegram:
    ana = await telegram.person(7, "Ana", "pt-br")
    await ana.says("/start")
    dose = await ana.sees_something("Overfitting")
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from .faults import Effect, fault_json
from .html import JSON
from .server import TOKEN

ROOT = Path(__file__).resolve().parents[3]


class RemotePerson:
    """A person on a server in another process: `people.Person` awaited. Messages are the Bot API's JSON."""

    def __init__(self, server: "RemoteServer", user_id: int) -> None:
        self.id = user_id
        self._server = server

    async def does(self, action: str, **given: Any) -> JSON:
        """Any action by its name: `does("presses", wanted="Done")`."""
        done: JSON = await self._server.command("act", person=self.id, does=action, **{"with": given})
        return done

    async def says(self, text: str, **given: Any) -> JSON:
        return await self.does("says", text=text, **given)

    async def presses(self, wanted: str, **given: Any) -> JSON:
        return await self.does("presses", wanted=wanted, **given)

    async def sees(self, chat: int | None = None) -> list[JSON]:
        seen: list[JSON] = await self._server.command("sees", person=self.id, chat=chat)
        return seen

    async def sees_something(self, text: str | None = None, within: float = 5.0, chat: int | None = None) -> JSON:
        """Raises `AssertionError` if nothing came in time."""
        seen: JSON = await self._server.command("sees_something", person=self.id, text=text, within=within, chat=chat)
        return seen


class RemoteServer:
    """A server in another process, by its address."""

    def __init__(self, url: str, token: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.token = token
        self._session = session

    async def command(self, command: str, /, **given: Any) -> Any:
        """Any command of the control door. Raises `AssertionError` with the server's reason if it fails."""
        async with self._session.post(f"{self.url}/_control/{command}", json=given) as answer:
            result = await answer.json()
            if answer.status != 200:
                raise AssertionError(result["error"])
            return result

    async def person(self, user_id: int, name: str, language_code: str | None = None, **more: Any) -> RemotePerson:
        await self.command("person", user_id=user_id, name=name, language_code=language_code, **more)
        return RemotePerson(self, user_id)

    async def calls(self, method: str | None = None) -> list[JSON]:
        """The log so far, each call as JSON."""
        log: list[JSON] = (await self.command("log", method=method))["calls"]
        return log

    async def fault(self, effect: Effect, **occasions: Any) -> None:
        """Plan a fault, as `Faults.add` does."""
        await self.command("fault", **fault_json(effect, **occasions))

    async def check(self) -> None:
        """Raise `AssertionError` as `TelegramServer.check` does."""
        problem = await self.command("check")
        if problem:
            raise AssertionError(problem)


@asynccontextmanager
async def running_server(*arguments: str, token: str = TOKEN) -> AsyncIterator[RemoteServer]:
    """Run `python -m tests.rig.telegram` with these arguments on a free port until the block ends."""
    command = (sys.executable, "-m", "tests.rig.telegram", "--token", token, *arguments)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout
        url = (await process.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as session:
            yield RemoteServer(url, token, session)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()

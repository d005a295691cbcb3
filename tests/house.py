"""The house that conversation tests live in: the real bot, a terminal door, and a clock that only moves when told to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from bot.app import App
from bot.chat import Address
from bot.clock import Present
from bot.doors.terminal import Person, TerminalDoor
from bot.settings import Settings, read_settings
from bot.store import people, rooms
from bot.store.tables import Base
from bot.web.fetch import Fetcher

SMALL_CATALOG = Path(__file__).parent / "small_catalog.yaml"
STUDY_CATALOG = Path(__file__).parent / "study_catalog.yaml"
"""One with long things, checklists, tips and people to follow."""
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=SAO_PAULO)


def settings_for(folder: Path, **given: object) -> Settings:
    """Settings of a test house; the environment's own are out of the way."""
    return read_settings(None, data_dir=folder, **{"catalog": SMALL_CATALOG, **given})


async def nowhere(host: str, port: int) -> Sequence[tuple[str, int]]:
    """Names lead nowhere: no test asks the real Internet."""
    raise OSError(f"{host} is nowhere")


class House:
    """A running bot with a terminal door, and a clock that only moves when told to."""

    def __init__(self, settings: Settings, began: datetime = MONDAY_NOON, web: Fetcher | None = None) -> None:
        self.settings = settings
        self._web = web or Fetcher(resolve=nowhere)
        self._began = began
        self.door = TerminalDoor()
        self.app = self._build(began)

    def _build(self, at: datetime) -> App:
        return App(self.settings, [self.door], Present(at - datetime.now(UTC)), self._web)

    async def open(self) -> House:
        await self.app.start()
        return self

    async def close(self) -> None:
        await self.app.stop()

    async def restart(self, after: timedelta = timedelta()) -> None:
        """Stop, let time pass without us, and start again from what the database holds."""
        at = self.app.now() + after
        await self.app.stop()
        self.app = self._build(at)
        await self.app.start()
        await self.app.settle()

    async def forward(self, **by: float) -> None:
        """Let time pass: `await house.forward(hours=20)`."""
        await self.app.forward(timedelta(**by))

    async def forward_to(self, local: str, zone: ZoneInfo = SAO_PAULO) -> None:
        """Let time pass up to a local date and time such as "2026-03-03 08:01"."""
        target = datetime.fromisoformat(local).replace(tzinfo=zone)
        await self.app.forward(target - self.app.now())

    async def count(self, table: type[Base], *where: ColumnElement[bool]) -> int:
        """How many rows a table holds, or those of them that are like that."""
        async with self.app.database.read() as session:
            return await session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    def person(self, who: str, language: str = "pt-BR") -> Person:
        return self.door.person(who, name=who.capitalize(), language=language)


async def subscribed(person: Person, trail: str = "first-steps") -> Person:
    """Somebody who took the two taps."""
    await person.says("/start")
    await person.presses(f"trail:{trail}")
    await person.presses("begin")
    person.sees()
    return person


async def given_role(house: House, who: str, role: str, language: str = "en") -> Person:
    """Somebody with a role, as an owner gave it to them before."""
    person = house.person(who, language)
    await person.says("/help")
    async with house.app.database.write() as session:
        await people.give_role(session, "terminal", who, role)
    person.sees()
    return person


async def open_rooms(house: House, *places: Address) -> None:
    """Cards go to these places as well."""
    now = house.app.now()
    async with house.app.database.write() as session:
        for place in places:
            await rooms.open_at(
                session,
                place,
                person_id=None,
                language="en",
                zone="UTC",
                summary_at=time(9),
                next_at=now + timedelta(days=30),
                now=now,
            )

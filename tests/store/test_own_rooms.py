"""Rooms that were opened before it was written down whose chat they are."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.store.database import Database
from bot.store.migrate import migrate
from tests.store.test_migrating_rows import drawn, empty_url

__all__ = ["empty_url"]

CHATS = (("telegram", "9"), ("telegram", "8"), ("discord", "8"), ("telegram", "-100"), ("discord", "#777"))
"""Carla's own, those of people who were forgotten, a group and a channel."""


def as_it_was(connection: Connection) -> None:
    """A room in each of those chats, a card that went there, and a line in the log about it."""
    tables = drawn(connection).tables
    noon = datetime(2026, 3, 2, 12, tzinfo=None if connection.dialect.name == "sqlite" else UTC)

    def put(table: str, **row: Any) -> None:
        connection.execute(tables[table].insert().values(**row))

    put("people", id=1, name="Carla", language="en", language_chosen=False, role="curator", met_at=noon)
    put("identities", platform="telegram", platform_id="9", person_id=1)
    went = {"kind": "card", "facts": {}, "priority": 6, "not_before": noon, "state": "sent"}
    opens = {"language": "en", "zone": "UTC", "summary_at": time(9), "next_at": noon, "since": noon}
    for platform, chat in CHATS:
        place = {"platform": platform, "chat": chat}
        put("rooms", **place, **opens)
        put("outbox", key=f"{platform}:{chat}", **place, **went, attempts=1, doubts=0, plainly=False)
        put("audit", at=noon, did="room", about="room", before={}, after={"chat": chat, "hour": "9:00"})


async def test_rooms_find_their_person_and_those_of_the_forgotten_close(empty_url: str) -> None:
    database = Database(empty_url)
    await migrate(database, "0016")
    async with database.engine.begin() as connection:
        await connection.run_sync(as_it_was)
    await migrate(database)
    async with database.engine.connect() as connection:
        for table in ("rooms", "outbox"):
            found = await connection.execute(sa.text(f"SELECT chat, person_id FROM {table}"))
            assert sorted(map(tuple, found)) == [("#777", None), ("-100", None), ("9", 1)], table
        tables = (await connection.run_sync(drawn)).tables
        log = list(await connection.scalars(sa.select(tables["audit"].c.after).order_by(tables["audit"].c.id)))
    without = {"hour": "9:00"}
    assert log == [without, without, without, {"chat": "-100", **without}, {"chat": "#777", **without}]
    await database.close()

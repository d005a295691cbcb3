"""Small facts of the program itself that outlive the process."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Integer, LargeBinary, Text, cast, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.engine import insert_into
from bot.store.tables import Remembered


async def recall(session: AsyncSession, name: str) -> str | None:
    """The fact, or None if it was never kept."""
    row = await session.get(Remembered, name)
    return row.value if row else None


async def remember(
    session: AsyncSession, name: str, value: str, *, owner: str | None = None, until: datetime | None = None
) -> None:
    """Keep a fact, in place of the one before. It leaves with its `owner`, such as "telegram:1234", and is pruned after `until`."""
    facts = {"value": value, "owner": owner, "until": until}
    statement = insert_into(session, Remembered).values(name=name, **facts)
    await session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=facts))


async def remember_first(session: AsyncSession, name: str, value: str) -> None:
    """Keep a fact unless one is kept; of two at once one stays."""
    statement = insert_into(session, Remembered).values(name=name, value=value)
    await session.execute(statement.on_conflict_do_nothing(index_elements=["name"]))


async def remember_greatest(session: AsyncSession, name: str, value: str, *, until: datetime | None = None) -> None:
    """Keep a fact unless a greater one is kept, in the order of texts; of two at once the greater one stays."""
    statement = insert_into(session, Remembered).values(name=name, value=value, until=until)
    # the order of characters, whatever language the server speaks
    is_greater = cast(statement.excluded.value, LargeBinary) > cast(Remembered.value, LargeBinary)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["name"], set_={"value": value, "until": until}, where=is_greater
        )
    )


async def recall_all(session: AsyncSession, beginning: str) -> dict[str, str]:
    """Every fact whose name begins so, by name."""
    found = select(Remembered.name, Remembered.value).where(Remembered.name.startswith(beginning, autoescape=True))
    return {row.name: row.value for row in await session.execute(found)}


async def recall_these(session: AsyncSession, names: Collection[str]) -> dict[str, str]:
    """The facts of these names that are kept, by name."""
    found = select(Remembered.name, Remembered.value).where(Remembered.name.in_(names))
    return {row.name: row.value for row in await session.execute(found)}


async def forget(session: AsyncSession, name: str) -> None:
    """Keep a fact no longer."""
    await session.execute(delete(Remembered).where(Remembered.name == name))


async def of_owners(session: AsyncSession, owners: Collection[str]) -> list[dict[str, str]]:
    """What is kept for somebody under their names on the platforms."""
    found = await session.execute(
        select(Remembered.name, Remembered.value).where(Remembered.owner.in_(owners)).order_by(Remembered.name)
    )
    return [{"name": name, "value": value} for name, value in found]


async def forget_owners(session: AsyncSession, owners: Collection[str]) -> None:
    """Keep nothing for somebody any longer."""
    await session.execute(delete(Remembered).where(Remembered.owner.in_(owners)))


async def prune(session: AsyncSession, before: datetime, limit: int) -> int:
    """Forget up to `limit` facts that were to be kept until an earlier instant; how many there were."""
    over = select(Remembered.name).where(Remembered.until < before).limit(limit)
    gone = await session.execute(delete(Remembered).where(Remembered.name.in_(over)).returning(Remembered.name))
    return len(gone.all())


async def count(session: AsyncSession, name: str) -> None:
    """Add one to a fact that is a number, beginning with 1; two at once add two."""
    one_more = cast(cast(Remembered.value, Integer) + 1, Text)
    await session.execute(
        insert_into(session, Remembered)
        .values(name=name, value="1")
        .on_conflict_do_update(index_elements=["name"], set_={"value": one_more})
    )

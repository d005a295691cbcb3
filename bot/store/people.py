"""People and who they are on each platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import Role
from bot.store import desk, remembered
from bot.store.database import forgets
from bot.store.tables import Identity, Person, Update


async def find(session: AsyncSession, platform: str, platform_id: str, *, lock: bool = True) -> Person | None:
    """The person behind a platform's id, their row locked until the transaction ends unless it is only looked at.

    The lock makes two presses of one person take turns on PostgreSQL; on SQLite writers take turns anyway.
    """
    found = select(Person).join(Identity).where(Identity.platform == platform, Identity.platform_id == platform_id)
    return await session.scalar(found.with_for_update(of=Person, key_share=True) if lock else found)


async def get(session: AsyncSession, person_id: int | None) -> Person | None:
    """A person by our own number, for reading."""
    return await session.get(Person, person_id) if person_id is not None else None


async def hold(session: AsyncSession, person_id: int, *, whole: bool = False) -> Person | None:
    """A person by our own number, locked as by `find`; with `whole` nobody writes a row that names them until the transaction ends."""
    found = select(Person).where(Person.id == person_id).with_for_update(key_share=not whole)
    return await session.scalar(found.execution_options(populate_existing=True))


async def exists_as(session: AsyncSession, platform: str, platform_id: str) -> bool:
    """Is somebody known by that id?"""
    return await session.get(Identity, (platform, platform_id)) is not None


async def add(
    session: AsyncSession, platform: str, platform_id: str, *, name: str, language: str, now: datetime
) -> Person:
    """Somebody new."""
    person = Person(name=name[:200], language=language, met_at=now)
    session.add(person)
    await session.flush()
    session.add(Identity(platform=platform, platform_id=platform_id, person_id=person.id))
    await session.flush()
    return person


async def identities(session: AsyncSession, *person_ids: int) -> list[Identity]:
    """Every platform's id of a person, or of several; always in the same order, for what is said of the first must hold when it is done."""
    found = await session.scalars(
        select(Identity).where(Identity.person_id.in_(person_ids)).order_by(Identity.platform, Identity.platform_id)
    )
    return list(found)


async def give_role(session: AsyncSession, platform: str, platform_id: str, role: Role) -> bool:
    """Make somebody a curator or a learner again; False if nobody has that id."""
    person = await find(session, platform, platform_id)
    if person is None:
        return False
    person.role = role
    if role == Role.LEARNER:
        await desk.leave(session, person.id)
    return True


async def forget(session: AsyncSession, person_id: int) -> None:
    """Delete a person and everything that points to them; the foreign keys carry it on, but not to what a door kept of their words."""
    forgets(session)
    await remembered.forget_owners(session, await names_of(session, person_id))
    await session.execute(delete(Update).where(Update.person_id == person_id))
    await session.execute(delete(Person).where(Person.id == person_id))


async def names_of(session: AsyncSession, person_id: int) -> list[str]:
    """Who somebody is on each platform, in one word, such as "telegram:1234"."""
    return [f"{one.platform}:{one.platform_id}" for one in await identities(session, person_id)]


async def curators(session: AsyncSession, owners: Sequence[tuple[str, str]]) -> list[Identity]:
    """Everybody who looks after the bot, by role or as an owner of the settings."""
    found = await session.scalars(
        select(Identity)
        .join(Person)
        .where(or_(Person.role != Role.LEARNER, tuple_(Identity.platform, Identity.platform_id).in_(list(owners))))
        .order_by(Identity.platform, Identity.platform_id)
    )
    return list(found)


async def owners(session: AsyncSession, named: Sequence[tuple[str, str]]) -> list[Identity]:
    """Everybody who owns the bot, by role or as one of those the settings name."""
    found = await session.scalars(
        select(Identity)
        .join(Person)
        .where(or_(Person.role == Role.OWNER, tuple_(Identity.platform, Identity.platform_id).in_(list(named))))
        .order_by(Identity.platform, Identity.platform_id)
    )
    return list(found)


@dataclass(frozen=True, slots=True)
class WithRole:
    """Somebody who looks after the bot; `by_settings` where an operator named them, which nobody can change from the chat."""

    person: Person
    role: Role
    by_settings: bool


async def with_roles(session: AsyncSession, owners: Sequence[tuple[str, str]]) -> list[WithRole]:
    """Owners first, then curators, by name."""
    named = set(
        await session.scalars(
            select(Identity.person_id).where(tuple_(Identity.platform, Identity.platform_id).in_(list(owners)))
        )
    )
    found = await session.scalars(select(Person).where(or_(Person.role != Role.LEARNER, Person.id.in_(named))))
    team = [WithRole(one, Role.OWNER if one.id in named else one.role, one.id in named) for one in found]
    return sorted(team, key=lambda one: (one.role != Role.OWNER, one.person.name.casefold(), one.person.id))


async def lock_owners(session: AsyncSession) -> list[int]:
    """The people who are owners by their row, held until the transaction ends."""
    return list(
        await session.scalars(select(Person.id).where(Person.role == Role.OWNER).order_by(Person.id).with_for_update())
    )


async def exists(session: AsyncSession, person_id: int) -> bool:
    """Is that person still here?"""
    return await session.scalar(select(Person.id).where(Person.id == person_id)) is not None

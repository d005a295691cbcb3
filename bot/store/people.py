"""People and who they are on each platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, delete, false, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import Role
from bot.store import audit, desk, outbox, remembered
from bot.store.database import forgets
from bot.store.tables import Identity, Person, Update

# The bare word, and no parameter: what it is must be known for the index of these few to serve.
_IN_TEAM = Person.role != literal_column(f"'{Role.LEARNER}'", String)
_IS_OWNER = _IN_TEAM & (Person.role == Role.OWNER)


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
    if await audit.has_decided(session, person_id):
        await outbox.name_no_deciders(session)
    await session.execute(delete(Person).where(Person.id == person_id))


async def names_of(session: AsyncSession, person_id: int) -> list[str]:
    """Who somebody is on each platform, in one word, such as "telegram:1234"."""
    return [f"{one.platform}:{one.platform_id}" for one in await identities(session, person_id)]


async def curators(session: AsyncSession, owners: Sequence[tuple[str, str]]) -> list[Identity]:
    """Everybody who looks after the bot, by role or as an owner of the settings."""
    return await _by_role_or_name(session, _IN_TEAM, owners)


async def owners(session: AsyncSession, named: Sequence[tuple[str, str]]) -> list[Identity]:
    """Everybody who owns the bot, by role or as one of those the settings name."""
    return await _by_role_or_name(session, _IS_OWNER, named)


async def _by_role_or_name(
    session: AsyncSession, role: ColumnElement[bool], named: Sequence[tuple[str, str]]
) -> list[Identity]:
    """Always in the same order. Asked as one question, it would be put to everybody there is: no index has both."""
    by_role = await session.scalars(select(Identity).where(Identity.person_id.in_(select(Person.id).where(role))))
    by_name = await session.scalars(select(Identity).where(_is_one_of(named))) if named else ()
    found = {(one.platform, one.platform_id): one for one in (*by_role, *by_name)}
    return [found[name] for name in sorted(found)]


def _is_one_of(named: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    """One by one: for a list of pairs SQLite looks at everybody."""
    return or_(false(), *((Identity.platform == platform) & (Identity.platform_id == name) for platform, name in named))


@dataclass(frozen=True, slots=True)
class WithRole:
    """Somebody who looks after the bot; `by_settings` where an operator named them, which nobody can change from the chat."""

    person: Person
    role: Role
    by_settings: bool


async def with_roles(session: AsyncSession, owners: Sequence[tuple[str, str]]) -> list[WithRole]:
    """Owners first, then curators, by name."""
    named = set(await session.scalars(select(Identity.person_id).where(_is_one_of(owners))))
    in_team = select(Person.id).where(_IN_TEAM)
    found = await session.scalars(select(Person).where(or_(Person.id.in_(in_team), Person.id.in_(named))))
    team = [WithRole(one, Role.OWNER if one.id in named else one.role, one.id in named) for one in found]
    return sorted(team, key=lambda one: (one.role != Role.OWNER, one.person.name.casefold(), one.person.id))


async def lock_owners(session: AsyncSession) -> list[int]:
    """The people who are owners by their row, held until the transaction ends."""
    return list(await session.scalars(select(Person.id).where(_IS_OWNER).order_by(Person.id).with_for_update()))


async def exists(session: AsyncSession, person_id: int) -> bool:
    """Is that person still here?"""
    return await session.scalar(select(Person.id).where(Person.id == person_id)) is not None

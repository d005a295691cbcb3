"""A row with all that composing its message needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import BindParameter, Table, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address, Message
from bot.store import suggestions
from bot.store.beside import NOTHING, Beside, beside_all
from bot.store.outbox.rows import CARRIER
from bot.store.suggestions import WholeSuggestion
from bot.store.tables import Dose, Outgoing, Person, Resource, Subscription
from bot.store.taken import TakenDose, TakenResource, TakenRow, names_of

ROWS: BindParameter[int] = bindparam("rows", expanding=True)
STEP = 16
"""Statements name so many rows, or twice, three times … as many: one of a length that came before is prepared already."""
_ROW, _DOSE, _RESOURCE = (names_of(kind) for kind in (TakenRow, TakenDose, TakenResource))
_DOSE_AT, _RESOURCE_AT = len(_ROW), len(_ROW) + len(_DOSE)
_OUTBOX, _DOSES, _RESOURCES, _SUBSCRIPTIONS, _PEOPLE = (
    cast(Table, table.__table__) for table in (Outgoing, Dose, Resource, Subscription, Person)
)
# put together once: to put a statement together takes longer than to run it
_PARCELS = (
    select(
        *(_OUTBOX.c[name] for name in _ROW),
        *(_DOSES.c[name] for name in _DOSE),
        *(_RESOURCES.c[name] for name in _RESOURCE),
        _SUBSCRIPTIONS.c.trail,
        _PEOPLE.c.language,
    )
    .select_from(_OUTBOX)
    .outerjoin(_DOSES, _OUTBOX.c.dose_id == _DOSES.c.id)
    .outerjoin(_RESOURCES, _DOSES.c.resource_id == _RESOURCES.c.id)
    .outerjoin(_SUBSCRIPTIONS, _OUTBOX.c.subscription_id == _SUBSCRIPTIONS.c.id)
    .outerjoin(_PEOPLE, _OUTBOX.c.person_id == _PEOPLE.c.id)
    .where(_OUTBOX.c.id.in_(ROWS))
)


@dataclass(slots=True)
class Parcel:
    """A row taken for sending, with all that composing it needs: of the resource its facts, of the subscription the trail.

    `message` is what it says, where that is written already.
    """

    row: TakenRow
    dose: TakenDose | None
    resource: TakenResource | None
    trail: str | None
    language: str | None
    suggestion: WholeSuggestion | None = None
    beside: Beside = NOTHING
    message: Message | None = None

    @property
    def address(self) -> Address:
        """Where it goes."""
        return Address(self.row.platform, self.row.chat, self.row.thread)


async def load(session: AsyncSession, row_ids: Collection[int]) -> dict[int, Parcel]:
    """Rows with all that composing them needs, by number."""
    parcels = [_parcel(*found) for found in await session.execute(_PARCELS, {"rows": in_steps(row_ids)})]
    whose = [(one.dose, one.row.person_id) for one in parcels if one.dose and one.row.person_id]
    besides = await beside_all(session, whose)
    for parcel in parcels:
        if parcel.dose:
            parcel.beside = besides.get(parcel.dose.id, NOTHING)
        facts = parcel.row.facts or {}
        if about := facts.get("suggestion"):
            parcel.suggestion = await suggestions.see(session, int(about))
        if carrier := facts.get(CARRIER):
            parcel.row.facts = {**facts, "message": await _message_of(session, carrier)}
    return {parcel.row.id: parcel for parcel in parcels}


async def _message_of(session: AsyncSession, row_id: int) -> str | None:
    """As what message a row came to its person; None where it did not, or nobody knows."""
    return await session.scalar(select(Outgoing.message).where(Outgoing.id == row_id))


def in_steps(row_ids: Collection[int]) -> list[int]:
    """At least one number of a row, with one of them said again and again up to a full step."""
    said = list(row_ids)
    return said + said[-1:] * (-len(said) % STEP)


def _parcel(*found: Any) -> Parcel:
    """What was found of a row, in the order of the query; a dose without a number is none, and so is a resource without a title."""
    dose, resource, (trail, language) = found[_DOSE_AT:_RESOURCE_AT], found[_RESOURCE_AT:-2], found[-2:]
    return Parcel(
        TakenRow(*found[:_DOSE_AT]),
        TakenDose(*dose) if dose[0] is not None else None,
        TakenResource(*resource) if resource[0] is not None else None,
        trail,
        language,
    )


async def name_anew(session: AsyncSession, parcel: Parcel) -> None:
    """Have a parcel name those whose it is by now: while it was on its way, two accounts may have become one person."""
    row, dose = parcel.row, parcel.dose
    now = select(Outgoing.person_id, Outgoing.subscription_id, Dose.subscription_id).outerjoin(
        Dose, Outgoing.dose_id == Dose.id
    )
    found = (await session.execute(now.where(Outgoing.id == row.id))).one_or_none()
    if found is None:
        return  # it is forgotten, and so is whose it was
    row.person_id, row.subscription_id, whose_dose = found
    if dose and whose_dose is not None:
        dose.subscription_id = whose_dose

"""A row with all that composing its message needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from bot.chat import Address
from bot.store import suggestions
from bot.store.beside import NOTHING, Beside, beside_all
from bot.store.suggestions import WholeSuggestion
from bot.store.tables import Dose, Outgoing, Person, Resource, Subscription

ROWS: BindParameter[int] = bindparam("rows", expanding=True)
# put together once: to put a statement together takes longer than to run it
_PARCELS = (
    select(Outgoing, Dose, Resource, Subscription.trail, Person.language)
    .outerjoin(Dose, Outgoing.dose_id == Dose.id)
    .outerjoin(Resource, Dose.resource_id == Resource.id)
    .outerjoin(Subscription, Outgoing.subscription_id == Subscription.id)
    .outerjoin(Person, Outgoing.person_id == Person.id)
    .where(Outgoing.id.in_(ROWS))
    .options(defer(Resource.filed))  # all of an entry, which nobody reads here
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A row taken for sending, with all that composing it needs: of the resource its facts, of the subscription the trail."""

    row: Outgoing
    dose: Dose | None
    resource: Resource | None
    trail: str | None
    language: str | None
    suggestion: WholeSuggestion | None = None
    beside: Beside = NOTHING

    @property
    def address(self) -> Address:
        """Where it goes."""
        return Address(self.row.platform, self.row.chat, self.row.thread)


async def load(session: AsyncSession, row_ids: Collection[int]) -> dict[int, Parcel]:
    """Rows with all that composing them needs, by number."""
    rows = (await session.execute(_PARCELS, {"rows": list(row_ids)})).all()
    besides = await beside_all(session, [(dose, row.person_id) for row, dose, *_ in rows if dose and row.person_id])
    parcels = {}
    for row, dose, resource, trail, language in rows:
        about = (row.facts or {}).get("suggestion")
        parcels[row.id] = Parcel(
            row,
            dose,
            resource,
            trail,
            language,
            suggestion=await suggestions.see(session, int(about)) if about else None,
            beside=besides.get(dose.id, NOTHING) if dose else NOTHING,
        )
    return parcels


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

"""What waits to be said with the next dose: days we excused, milestones. It rides on a dose and is never sent on its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import Goal
from bot.store.completions import STANDS
from bot.store.tables import Completion, Dose, Subscription

PieceOfNews = dict[str, Any]
"""One thing to say: `kind`, and its facts.

`day` for late, lost, unsure and restored, `n` (and `drawing`) for a milestone, `title`, `part` and `of` for something long that is
retired, `n` and `title` for a link of theirs that helped so many; nothing for the first dose after a pause, which is “back”. `account`
for one that “refused” something before the doses went elsewhere: the row of the next one tells it, so it waits for a dose that has one.
"""
REFUSED = "refused"
RIDES = ("back", "milestone", "retired", "late", "lost", "unsure", "restored", "helped")
"""The kinds that ride on a dose. Any other one waits, for whoever knows it: a newer version, while two run side by side."""


def add(subscription: Subscription, piece: PieceOfNews) -> None:
    """Let a piece wait for the next dose; what waits already is not said twice."""
    waiting = subscription.news or []
    if _name(piece) not in map(_name, waiting):
        subscription.news = [*waiting, piece]


async def attach(session: AsyncSession, planned: Sequence[tuple[Subscription, Dose]]) -> None:
    """Put what waits for each onto their new dose.

    Nothing of it is for those who want no streak, nor an excuse for a day that was done after all.
    """
    told = [(subscription, dose) for subscription, dose in planned if subscription.news]
    if not told:
        return
    people = {subscription.person_id for subscription, _ in told}
    told_of = {
        date.fromisoformat(piece["day"]) for subscription, _ in told for piece in subscription.news if piece.get("day")
    }
    done: dict[int | None, set[str]] = defaultdict(set)
    for person_id, day in await session.execute(
        select(Completion.person_id, Completion.day).where(
            Completion.person_id.in_(people), Completion.day.in_(told_of), STANDS
        )
    ):
        done[person_id].add(day.isoformat())
    for subscription, dose in told:
        days = done[subscription.person_id]
        said = [piece for piece in subscription.news if piece["kind"] in RIDES]
        dose.news = [piece for piece in said if _still_true(piece, subscription.goal, days)]
        subscription.news = [piece for piece in subscription.news if piece["kind"] not in RIDES]


def add_refused(subscription: Subscription, account: str) -> None:
    """Let the next dose that comes by itself tell why it comes elsewhere: an account, such as “telegram:42”, refused something."""
    add(subscription, {"kind": REFUSED, "account": account})


def take_refused(subscription: Subscription, dose: Dose) -> list[str]:
    """The accounts that the row of a new dose is to tell of, without the one it goes to. The dose keeps them in case it is taken back."""
    pieces = [piece for piece in subscription.news or () if piece["kind"] == REFUSED]
    if pieces:
        subscription.news = [piece for piece in subscription.news if piece["kind"] != REFUSED]
        dose.news = [*(dose.news or ()), *pieces]
    here = f"{subscription.platform}:{subscription.chat}"
    return [piece["account"] for piece in pieces if piece["account"] != here]


def unsay_milestones(subscription: Subscription, beyond: int) -> None:
    """A milestone that is not reached any more, because what reached it was a slip, does not wait to be told."""
    waiting = subscription.news or []
    subscription.news = [piece for piece in waiting if piece["kind"] != "milestone" or piece["n"] <= beyond]


def take_back(subscription: Subscription, doses: Iterable[Dose]) -> None:
    """What rode on doses that nobody saw waits for the next one."""
    for piece in [piece for dose in doses for piece in dose.news]:
        add(subscription, piece)


def _name(piece: PieceOfNews) -> tuple[Any, ...]:
    return piece["kind"], piece.get("day"), piece.get("n"), piece.get("title"), piece.get("account")


def _still_true(piece: PieceOfNews, goal: Goal, done: set[str]) -> bool:
    if piece["kind"] in ("retired", "helped", "back"):
        return True
    if piece["kind"] == "milestone":
        return goal == Goal.STREAK
    return goal != Goal.OFF and piece.get("day") not in done

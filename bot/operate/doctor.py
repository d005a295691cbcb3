"""`trilha doctor`: whether everything in the database is as it must be, beside a running bot too; `--repair` mends what is safe.

Each check is a row of CHECKS: its name, a sentence for what it found, the query, and how to mend that, where it can be mended
without taking anything from anybody.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.delayed import delayed, next_doses
from bot.delivery.reactions import excuse_if_open
from bot.delivery.recover import recover
from bot.learning.recall import CorruptState, due_of
from bot.operate.folder import must_hold_a_database
from bot.operate.standing import served_by, standing
from bot.settings import Settings, tell_what_has_no_effect
from bot.store import invariants, outbox, soundness, subscriptions
from bot.store.database import Database, sqlite_file
from bot.store.migrate import is_newest

PLATFORMS = ("telegram", "discord", "terminal")
SHOWN = 10
"""How many rows a finding names."""
PAGE = 2_000
OTHERS = 8
"""The checks beside CHECKS: tables, file, zones, days, values, JSON, pointers, cards."""

Sift = Callable[[AsyncSession, list[int], datetime], Awaitable[list[int]]]
Mend = Callable[[AsyncSession, list[int], datetime], Awaitable[str]]


class Check(NamedTuple):
    """What must hold; `says` tells of the rows for which it does not.

    `sift`: the query names those of which only a look at more than the database can compare tells, a page of them at a time.
    `where_served`: only on platforms that are set up. Elsewhere it is nobody's fault, and ends when their token is back.
    """

    name: str
    says: str
    query: Callable[[datetime], invariants.Query]
    mend: Mend | None = None
    where_served: bool = False
    sift: Sift | None = None


class Finding(NamedTuple):
    """What did not hold, for which rows, and what was done about it."""

    name: str
    says: str
    rows: tuple[int | str, ...] = ()
    mended: str | None = None


async def _take_up(session: AsyncSession, ids: list[int], now: datetime) -> str:
    await recover(session, PLATFORMS, now, only=ids)
    return "they go once more, flagged as a possible copy"


async def _bury(session: AsyncSession, ids: list[int], now: datetime) -> str:
    buried = await invariants.bury(session, ids, "given up by doctor")
    for parcel in (await outbox.load(session, buried)).values():
        await excuse_if_open(session, parcel, now)
    return "given up"


async def _mark(session: AsyncSession, ids: list[int], now: datetime) -> str:
    await invariants.mark_done(session, ids)
    return "marked as done"


async def _recount(session: AsyncSession, ids: list[int], now: datetime) -> str:
    await invariants.recount(session, ids)
    return "counted again"


async def _plan_next(session: AsyncSession, ids: list[int], now: datetime) -> str:
    rows = await invariants.subscriptions_of(session, ids)
    should = await next_doses(session, rows, now)
    for row in rows:
        if row.id in should:
            subscriptions.set_due(row, should[row.id])
    return "their next dose is due at their next hour"


CHECKS = (
    Check("leases", "messages are on their way for longer than any call lasts", invariants.abandoned, _take_up),
    Check("gaps", "active subscriptions have no next dose", invariants.silent, _plan_next),
    Check(
        "delays",
        "active subscriptions have their next dose later than their timetable says",
        invariants.ahead,
        _plan_next,
        sift=delayed,
    ),
    Check(
        "overdue", "doses are due and nobody claims them; is the bot running?", invariants.overdue, where_served=True
    ),
    Check("doubles", "doses have more than one message", invariants.doubled),
    Check("orphans", "messages carry a dose that is not there", invariants.orphaned, _bury),
    Check("expired", "messages wait though their time is over", invariants.expired, _bury, where_served=True),
    Check("marks", "completions are not marked as done", invariants.unmarked, _mark),
    Check("completions", "doses say done and count for no day", invariants.unkept),
    Check("reviews", "cards do not count their reviews right", invariants.miscounted, _recount),
    Check("schedules", "subscriptions have no timetable", invariants.without_schedule),
)


async def examine(
    database: Database, now: datetime, *, repair: bool = False, served: Collection[str] = PLATFORMS
) -> list[Finding]:
    """Every check that found something, in order; all tables must be there. `served` are the platforms that are set up."""
    findings = [finding async for finding in _whole(database)]
    for check in CHECKS:
        rows = await _found(database, check, now, served)
        if rows and repair and check.mend:
            findings += await _mended(database, check, check.mend, now, rows)
        elif rows:
            findings.append(Finding(check.name, check.says, tuple(rows)))
    return findings


async def _found(database: Database, check: Check, now: datetime, served: Collection[str]) -> list[int]:
    """The rows for which a check does not hold."""
    if check.sift is None:
        async with database.read(patiently=True) as session:
            return await invariants.found(session, check.query(now), served if check.where_served else None)
    rows, last = list[int](), 0
    while True:
        async with database.read() as session:
            page = await invariants.page_of(session, check.query(now), last, PAGE)
            rows += await _still(session, check, now, page)
        if len(page) < PAGE:
            return rows
        last = page[-1]


async def _still(session: AsyncSession, check: Check, now: datetime, among: list[int]) -> list[int]:
    """Those of some rows for which a check does not hold now."""
    rows = await invariants.found(session, check.query(now), among=among)
    return await check.sift(session, rows, now) if check.sift else rows


async def _mended(database: Database, check: Check, mend: Mend, now: datetime, rows: list[int]) -> list[Finding]:
    """What a repair did, for those rows that are still so; and those for which it could do nothing, such as in a zone nobody knows.

    A page is a transaction: however many there are, a running bot waits for none of them long.
    """
    whole, left, done = list[int](), list[int](), ""
    for first in range(0, len(rows), PAGE):
        async with database.write() as session:
            page = await _still(session, check, now, rows[first : first + PAGE])
            if not page:
                continue  # mended by a running bot
            done = await mend(session, page, now)
            await session.flush()
            ill = set(await _still(session, check, now, page))
        whole += [row for row in page if row not in ill]
        left += [row for row in page if row in ill]
    found = (Finding(check.name, check.says, tuple(whole), done), Finding(check.name, check.says, tuple(left)))
    meanwhile = Finding(check.name, check.says, mended="mended meanwhile")
    return [finding for finding in found if finding.rows] or [meanwhile]


async def _missing(database: Database) -> list[Finding]:
    """The tables that are not there: without them nothing else can be looked at."""
    async with database.read() as session:
        missing = await soundness.missing_tables(session)
    says = f"there is no table {', '.join(missing)}; only a backup brings back what was in it"
    return [Finding("tables", says)] if missing else []


async def _whole(database: Database) -> AsyncIterator[Finding]:
    """What is wrong with the file as such, with single rows, and with what the scheduler of cards keeps."""
    async with database.read(patiently=True) as session:
        for line in await invariants.broken_pages(session):
            yield Finding("file", line)
        async for finding in _rows(session):
            yield finding
    unreadable, last = [], 0
    while True:
        async with database.read() as session:
            page = await invariants.card_states(session, last, PAGE)
        if not page:
            break
        last = page[-1][0]
        unreadable += [number for number, state in page if not _is_sound(state)]
    if unreadable:
        yield Finding(
            "cards", "cards hold what their scheduler cannot read; they are set aside when they come", tuple(unreadable)
        )


async def _rows(session: AsyncSession) -> AsyncIterator[Finding]:
    """Rows that make no sense. Nothing mends them by itself: what they should say only the person knows, or a backup."""
    async for place, zone, rows in soundness.unknown_zones(session):
        says = f"rows of {place} name a zone nobody knows, “{_brief(zone)}”; who lives there says where with /zone"
        yield Finding("zones", says, rows)
    async for place, days, rows in soundness.unknown_days(session):
        says = f"rows of {place} hold “{_brief(days)}”, which are no weekdays; the person chooses with /days"
        yield Finding("days", says, rows)
    async for place, value, rows in soundness.unknown_values(session):
        known = ", ".join(soundness.KNOWN[place])
        yield Finding("values", f"rows of {place} hold “{_brief(value)}”, which is none of {known}", rows)
    async for place, _, rows in soundness.unreadable_json(session):
        yield Finding("json", f"rows of {place} hold what is no JSON", rows)
    for place, parent, rows in await soundness.dangling(session):
        yield Finding("pointers", f"rows of {place} point to a row of {parent} that is not there", rows)


def _brief(value: str) -> str:
    """A value that may be anything, fit for a line."""
    return value[:40] if value.isprintable() else repr(value[:40])


def _is_sound(state: str) -> bool:
    try:
        due_of(state)
    except CorruptState:
        return False
    return True


async def doctor(settings: Settings, now: datetime, *, repair: bool = False) -> int:
    """Say how things stand, examine the database and say what was found; 0 if all is well or was mended, else 1.

    Raises SettingsError where there can be no database.
    """
    tell_what_has_no_effect(settings)
    must_hold_a_database(settings, make=False)
    file = sqlite_file(settings.database)
    if file and not file.exists():  # to look must not make it
        print(
            f"There is no database {file}. BOT_DATABASE_URL or BOT_DATA_DIR may name another; or run `trilha migrate` first."
        )
        return 1
    database = Database(settings.database)
    try:
        if not await is_newest(database):
            print("The database is not at the newest schema, or not made yet: run `trilha migrate` first.")
            return 1
        findings = await _missing(database)
        if not findings:
            print(*await standing(database, settings, now), sep="\n", end="\n\n")
            findings = await examine(database, now, repair=repair, served=served_by(settings))
    finally:
        await database.close()
    return _tell(findings, repair=repair)


def _tell(findings: Sequence[Finding], *, repair: bool) -> int:
    """Say what was found, and what can be done; 1 where something is left."""
    for finding in findings:
        print(sentence(finding))
    ill = [finding for finding in findings if finding.mended is None]
    if not findings:
        print(f"All is well: {len(CHECKS) + OTHERS} checks.")
    elif not repair and any(check.mend for check in CHECKS if check.name in {finding.name for finding in ill}):
        print("`trilha doctor --repair` mends what is safe to mend.")
    return 1 if ill else 0


def sentence(finding: Finding) -> str:
    """A finding in one line."""
    count = f"{len(finding.rows)} " if finding.rows else ""
    some = ", ".join(map(str, finding.rows[:SHOWN])) + (", …" if len(finding.rows) > SHOWN else "")
    rows = f" ({some})" if some else ""
    done = f": {finding.mended}" if finding.mended else ""
    return f"{finding.name}: {count}{finding.says}{rows}{done}."

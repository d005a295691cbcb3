"""The curators' room: a chat, or one thread of it, where new cards and the daily summary go. Being in it gives nobody the role."""

from __future__ import annotations

from datetime import time

from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.reading.hours import read_hour
from bot.curation.daily import next_summary
from bot.errors import UserMistake
from bot.i18n.showing import show_hour
from bot.learning.timetable import find_zone
from bot.store import audit, rooms, subscriptions
from bot.store.tables import Room

SUMMARY = time(9)
HERE = frozenset(["here", "aqui"])
OFF = frozenset(["off", "close", "fechar", "desligar", "nao", "não"])


async def room(ask: Ask) -> Answer:
    """`here` lets cards come to this chat, `off` ends that, an hour says when the summary comes; alone it tells how it is."""
    said = ask.rest.casefold()
    found = await rooms.at(ask.session, ask.incoming.address)
    if said in HERE:
        return await _open(ask, found.summary_at if found else SUMMARY)
    if said in OFF:
        return await _close(ask)
    if said:
        hour = read_hour(ask.rest)
        if found is None:
            raise UserMistake("room.none")
        return await _open(ask, hour)
    if found is None:
        raise UserMistake("room.none")
    return Answer(say=(ask.words.message("room.is_here", hour=show_hour(found.summary_at)),))


async def _open(ask: Ask, hour: time) -> Answer:
    subscription = await subscriptions.of_person(ask.session, ask.person.id)
    zone = subscription.zone if subscription else ask.settings.default_zone
    before = await rooms.at(ask.session, ask.incoming.address)
    row: Room = await rooms.open_at(
        ask.session,
        ask.incoming.address,
        person_id=ask.person.id if ask.incoming.private else None,
        language=ask.words.language,
        zone=zone,
        summary_at=hour,
        next_at=next_summary(hour, find_zone(zone), ask.now),
        now=ask.now,
    )
    did = {**_named(ask), "thread": row.thread, "hour": show_hour(hour)}
    await audit.write(ask.session, "room", "room", by=ask.person.id, now=ask.now, after=did)
    key = "room.hour_set" if before is not None and ask.rest.casefold() not in HERE else "room.opened"
    return Answer(say=(ask.words.message(key, hour=show_hour(hour)),))


async def _close(ask: Ask) -> Answer:
    if not await rooms.close(ask.session, ask.incoming.address):
        raise UserMistake("room.none")
    await audit.write(ask.session, "room_closed", "room", by=ask.person.id, now=ask.now, before=_named(ask))
    return Answer(say=(ask.words.message("room.closed"),))


def _named(ask: Ask) -> dict[str, str]:
    """The chat, for the log. Somebody's own is called as they are, and what is written there stays: it has no name."""
    return {} if ask.incoming.private else {"chat": ask.incoming.address.chat}

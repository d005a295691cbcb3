"""`/links`: what no longer opens, and its copy in the archive, swapped in by one press."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.links import Reported, Trouble, links_message, swapped_message
from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.desk.misfit import unfit
from bot.curation.links import archive_address
from bot.errors import CatalogError, UserMistake
from bot.states import LinkState
from bot.store import audit, entries, links
from bot.store.tables import Link, Resource

PAGE = 5


async def show_links(ask: Ask) -> Answer:
    """The dead ones first, then those in doubt; after the button, the next of them."""
    start = int(ask.rest) if ask.rest.isdecimal() and len(ask.rest) < 7 else 0
    found = await links.in_trouble(ask.session, start, PAGE + 1)
    counts = await links.counts(ask.session)
    reported = [] if start else await _reported(ask)
    if not found and not reported:
        key = "links.not_visited" if not counts else "links.all_well"
        return Answer(edit=ask.words.message(key, n=sum(counts.values())))
    message = links_message(
        ask.words,
        [_trouble(link, resource) for link, resource in found[:PAGE]],
        reported,
        ask.now,
        ask.settings.default_zone,
        dead=counts.get(LinkState.DEAD, 0),
        suspect=counts.get(LinkState.SUSPECT, 0),
        then=start + PAGE if len(found) > PAGE else None,
    )
    return Answer(edit=message)


def _trouble(link: Link, resource: Resource) -> Trouble:
    return Trouble(
        number=link.id,
        title=resource.title,
        url=link.url,
        archive=archive_address(link.url, link.opened_at or resource.added_at),
        state=link.state,
        since=link.since,
    )


async def _reported(ask: Ask) -> list[Reported]:
    """What learners could not open and we have not found out about."""
    rows = await links.reported(ask.session, PAGE)
    return [Reported(resource.title, resource.url, people, last) for resource, people, last in rows]


async def press_swap(ask: Ask) -> Answer:
    """Let the entry lead to the archive's copy; only while its address is the dead one, so a second press changes nothing."""
    link = await links.find(ask.session, int(ask.rest)) if ask.rest.isdecimal() and len(ask.rest) < 18 else None
    entry = ask.catalog.resource(link.resource_id) if link else None
    if link is None or entry is None or link.state != LinkState.DEAD or entry.url != link.url:
        raise UserMistake("links.settled")
    archive = archive_address(
        link.url, link.opened_at or await links.known_since(ask.session, link.resource_id, ask.now)
    )
    try:
        await entries.edit(ask.session, entry.id, {"url": archive}, by=ask.person.id, at=ask.now)
    except CatalogError as error:
        raise unfit(ask.words, error) from error
    await audit.write(
        ask.session,
        "edit",
        f"entry:{entry.id}",
        by=ask.person.id,
        now=ask.now,
        before={"url": link.url},
        after={"url": archive},
    )
    last = await audit.last_of(ask.session, ask.person.id, ("edit",))
    message = swapped_message(ask.words, entry.title, archive, f"undo:a{last.id}" if last else "queue")
    return replace(await show_links(replace(ask, rest="")), say=(message,))

"""Who looks after the catalog: owners name curators by a reply, a mention or a contact, and take the role back; see `invite.py` too."""

from __future__ import annotations

import re

from bot.cards.roles import curators_message
from bot.chat import Address, Answer, Button, Message, Notice, Sender
from bot.commands.ask import Ask
from bot.commands.desk.invite import LASTS, invite
from bot.errors import UserMistake
from bot.states import Role
from bot.store import desk, invitations, people
from bot.store.tables import Person

_INVITE = re.compile(
    r"(?:invite|convite|convidar)(?:\s+(\d{1,4}))?(?:\s+(\d{1,4})\s*(?:d|dias?|days?)?)?", re.IGNORECASE
)
_ADD = frozenset(["add", "adicionar", "incluir", "+"])
_REMOVE = frozenset(["remove", "remover", "tirar", "-"])


async def curators(ask: Ask) -> Answer:
    """The list; `add` (as a reply, with a mention or a contact), `remove NAME`, `invite [uses] [days]`."""
    word, _, rest = ask.rest.partition(" ")
    if found := _INVITE.fullmatch(ask.rest):
        return await invite(ask, int(found[1] or 1), int(found[2]) if found[2] else LASTS.days)
    if word.casefold() in _REMOVE:
        return await _remove(ask, await _somebody(ask, rest))
    if word.casefold() in _ADD or ask.incoming.names:
        return await _add(ask, rest)
    if ask.rest:
        raise UserMistake("roles.how")
    return Answer(say=(await _list(ask),))


async def press(ask: Ask) -> Answer:
    """The list's buttons: invite, revoke an invitation, remove somebody, take that back."""
    what, _, rest = ask.rest.partition(":")
    number = int(rest) if rest.isdecimal() and len(rest) < 18 else 0
    if what == "invite":
        return await invite(ask, 1, LASTS.days)
    if what == "revoke":
        await invitations.revoke(ask.session, number)
        return Answer(edit=await _list(ask), toast=ask.words.say("roles.revoked"))
    if what in ("remove", "again"):
        person = await people.get(ask.session, number)
        if person is None:
            raise UserMistake("mistake.stale_button")
        return await _remove(ask, person) if what == "remove" else await _make(ask, person)
    return Answer(edit=await _list(ask))


async def _list(ask: Ask) -> Message:
    team = await people.with_roles(ask.session, ask.settings.owners)
    return curators_message(ask.words, team, await invitations.open_ones(ask.session, ask.now))


# ---------------------------------------------------------------------------------------------------- add and remove


async def _add(ask: Ask, typed: str) -> Answer:
    named = [one for one in ask.incoming.names if one.id != ask.incoming.sender.id]
    if len(named) == 1:
        return await _make(ask, await _person_of(ask, named[0]))
    if typed.startswith("@") or not typed:
        raise UserMistake("roles.whom")
    return await _make(ask, await _somebody(ask, typed))


async def _person_of(ask: Ask, named: Sender) -> Person:
    """The person with that account, also if they never spoke to us."""
    platform = ask.incoming.address.platform
    found = await people.find(ask.session, platform, named.id)
    if found is not None:
        return found
    language = ask.settings.default_language
    return await people.add(ask.session, platform, named.id, name=named.name or "…", language=language, now=ask.now)


async def _somebody(ask: Ask, typed: str) -> Person:
    """One of the people who have a role, by name; or anybody we know, by `telegram:1234` as /about shows it."""
    platform, colon, number = typed.strip().partition(":")
    if colon and (found := await people.find(ask.session, platform.strip(), number.strip())):
        return found
    team = await people.with_roles(ask.session, ask.settings.owners)
    found_by_name = [one.person for one in team if one.person.name.casefold() == typed.strip().casefold()]
    if len(found_by_name) != 1:
        raise UserMistake("roles.nobody", typed=typed.strip()[:40] or "?")
    return found_by_name[0]


async def _make(ask: Ask, person: Person) -> Answer:
    if person.role != Role.LEARNER or await _is_named_owner(ask, person):
        raise UserMistake("roles.has_it", name=person.name)
    await desk.change_role(ask.session, person, Role.CURATOR, by=ask.person.id, now=ask.now)
    notices = [
        Notice(
            f"role:{person.id}:{ask.now.timestamp():.0f}",
            Address(one.platform, one.platform_id),
            "notice",
            {"says": "roles.you_are"},
            person.id,
        )
        for one in (await people.identities(ask.session, person.id))[:1]
    ]
    said = ask.words.message("roles.made", _remove_row(ask, person), name=person.name)
    return Answer(edit=said, also=tuple(notices))


def _remove_row(ask: Ask, person: Person) -> tuple[tuple[Button, ...], ...]:
    return ((Button(ask.words.say("button.remove"), f"curators:remove:{person.id}"),),)


async def _remove(ask: Ask, person: Person) -> Answer:
    if await _is_named_owner(ask, person):
        raise UserMistake("roles.in_settings", name=person.name)
    if person.role == Role.LEARNER:
        raise UserMistake("roles.has_none", name=person.name)
    if person.role == Role.OWNER and await _is_last_owner(ask, person):
        raise UserMistake("roles.last_owner")
    await desk.change_role(ask.session, person, Role.LEARNER, by=ask.person.id, now=ask.now)
    await invitations.revoke(ask.session, made_by=person.id)
    await desk.leave(ask.session, person.id)
    again = Button(ask.words.say("button.undo"), f"curators:again:{person.id}")
    return Answer(edit=ask.words.message("roles.removed", ((again,),), name=person.name))


async def _is_named_owner(ask: Ask, person: Person) -> bool:
    theirs = await people.identities(ask.session, person.id)
    return any((one.platform, one.platform_id) in ask.settings.owners for one in theirs)


async def _is_last_owner(ask: Ask, person: Person) -> bool:
    """Owners of the settings count as well; two who remove each other at once take turns on the owners' rows."""
    others = [one for one in await people.lock_owners(ask.session) if one != person.id]
    return not others and not ask.settings.owners

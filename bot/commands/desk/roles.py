"""Who looks after the catalog: owners name curators by a reply, a mention, a contact or an invitation, and take the role back."""

from __future__ import annotations

import re
from datetime import timedelta
from secrets import token_urlsafe

from bot.cards.roles import curators_message, invitation_message
from bot.chat import Address, Answer, Button, Message, Notice, Sender
from bot.commands.ask import Ask, Role
from bot.errors import UserMistake
from bot.store import audit, desk, invitations, people, remembered
from bot.store.tables import Person

OWNER_CODE, INVITE = "owner-", "cur-"
"""How secrets begin, so that nothing else that somebody enters costs a try."""
MOST_USES, MOST_DAYS = 50, 30
LASTS = timedelta(days=2)
_INVITE = re.compile(
    r"(?:invite|convite|convidar)(?:\s+(\d{1,4}))?(?:\s+(\d{1,4})\s*(?:d|dias?|days?)?)?", re.IGNORECASE
)
_ADD = frozenset(["add", "adicionar", "incluir", "+"])
_REMOVE = frozenset(["remove", "remover", "tirar", "-"])


async def curators(ask: Ask) -> Answer:
    """The list; `add` (as a reply, with a mention or a contact), `remove NAME`, `invite [uses] [days]`."""
    word, _, rest = ask.rest.partition(" ")
    if found := _INVITE.fullmatch(ask.rest):
        return await _invite(ask, int(found[1] or 1), int(found[2]) if found[2] else LASTS.days)
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
        return await _invite(ask, 1, LASTS.days)
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
    if person.role != "learner" or await _is_named_owner(ask, person):
        raise UserMistake("roles.has_it", name=person.name)
    await _give(ask, person, "curator", by=ask.person.id)
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
    if person.role == "learner":
        raise UserMistake("roles.has_none", name=person.name)
    if person.role == "owner" and await _is_last_owner(ask, person):
        raise UserMistake("roles.last_owner")
    await _give(ask, person, "learner", by=ask.person.id)
    await invitations.revoke(ask.session, made_by=person.id)
    await desk.leave(ask.session, person.id)
    again = Button(ask.words.say("button.undo"), f"curators:again:{person.id}")
    return Answer(edit=ask.words.message("roles.removed", ((again,),), name=person.name))


async def _give(ask: Ask, person: Person, role: str, *, by: int) -> None:
    before, person.role = person.role, role
    await audit.write(
        ask.session,
        "role",
        "person",
        by=by,
        now=ask.now,
        before={"role": before},
        after={"role": role},
        whom=person.id,
    )


async def _is_named_owner(ask: Ask, person: Person) -> bool:
    theirs = await people.identities(ask.session, person.id)
    return any((one.platform, one.platform_id) in ask.settings.owners for one in theirs)


async def _is_last_owner(ask: Ask, person: Person) -> bool:
    """Owners of the settings count as well; two who remove each other at once take turns on the owners' rows."""
    others = [one for one in await people.lock_owners(ask.session) if one != person.id]
    return not others and not ask.settings.owners


# -------------------------------------------------------------------------------------------------------- invitations


async def _invite(ask: Ask, uses: int, days: int) -> Answer:
    if not 1 <= uses <= MOST_USES or not 1 <= days <= MOST_DAYS:
        raise UserMistake("roles.invite_bounds", uses=str(MOST_USES), days=str(MOST_DAYS))
    if not ask.incoming.private:
        raise UserMistake("mistake.private_only")  # whoever reads it may use it
    secret = INVITE + token_urlsafe(16)
    until = ask.now + timedelta(days=days)
    row = await invitations.make(ask.session, secret, "curator", uses=uses, until=until, by=ask.person.id)
    after = {"role": "curator", "uses": uses, "until": until.isoformat()}
    await audit.write(ask.session, "invite", "person", by=ask.person.id, now=ask.now, after=after)
    bot = await remembered.recall(ask.session, f"{ask.incoming.address.platform}.username")
    return Answer(say=(invitation_message(ask.words, secret, bot, row.id, uses, days),))


async def claim(ask: Ask) -> Answer | None:
    """`/start CODE`: a code that gives a role; None where it is no such code. A wrong one is said, and its try stays counted."""
    if ask.rest.startswith(OWNER_CODE):
        return await _claim(ask, "owner", Role.OWNER)
    if ask.rest.startswith(INVITE):
        return await _claim(ask, "curator", Role.CURATOR)
    return None


async def _claim(ask: Ask, role: str, rank: Role) -> Answer:
    if ask.role >= rank:
        return Answer(say=(ask.words.message("roles.you_have_it"),))
    row = await invitations.use(ask.session, ask.rest, role, ask.now)
    if row is None:  # no UserMistake: that would take the counted try back
        return Answer(say=(ask.words.message("roles.bad_code"),))
    await _give(ask, ask.person, role, by=row.made_by or ask.person.id)
    key = "roles.now_owner" if role == "owner" else "roles.you_are"
    return Answer(say=(ask.words.message(key),))

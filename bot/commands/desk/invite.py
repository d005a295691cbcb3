"""Secrets that give a role: the invitation of an owner, and the code that a start prints."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe

from bot.cards.roles import invitation_message
from bot.chat import Answer
from bot.commands.ask import Ask
from bot.errors import UserMistake
from bot.states import Role
from bot.store import audit, desk, invitations, remembered

OWNER_CODE, INVITE = "owner-", "cur-"
"""How secrets begin, so that nothing else that somebody enters costs a try."""
MOST_USES, MOST_DAYS = 50, 30
LASTS = timedelta(days=2)


async def invite(ask: Ask, uses: int, days: int) -> Answer:
    """A secret that makes so many people curators, within so many days; told in private only."""
    if not 1 <= uses <= MOST_USES or not 1 <= days <= MOST_DAYS:
        raise UserMistake("roles.invite_bounds", uses=str(MOST_USES), days=str(MOST_DAYS))
    if not ask.incoming.private:
        raise UserMistake("mistake.private_only")  # whoever reads it may use it
    secret = INVITE + token_urlsafe(16)
    until = ask.now + timedelta(days=days)
    row = await invitations.make(ask.session, secret, Role.CURATOR, uses=uses, until=until, by=ask.person.id)
    after = {"role": Role.CURATOR, "uses": uses, "until": until.isoformat()}
    await audit.write(ask.session, "invite", "person", by=ask.person.id, now=ask.now, after=after)
    bot = await remembered.recall(ask.session, f"{ask.incoming.address.platform}.username")
    return Answer(say=(invitation_message(ask.words, secret, bot, row.id, uses, days),))


async def claim(ask: Ask) -> Answer | None:
    """`/start CODE`: a code that gives a role; None where it is no such code. A wrong one is said, and its try stays counted."""
    if ask.rest.startswith(OWNER_CODE):
        return await _claim(ask, Role.OWNER)
    if ask.rest.startswith(INVITE):
        return await _claim(ask, Role.CURATOR)
    return None


async def _claim(ask: Ask, role: Role) -> Answer:
    if ask.role >= role:
        return Answer(say=(ask.words.message("roles.you_have_it"),))
    row = await invitations.use(ask.session, ask.rest, role, ask.now)
    if row is None:  # no UserMistake: that would take the counted try back
        return Answer(say=(ask.words.message("roles.bad_code"),))
    await desk.change_role(ask.session, ask.person, role, by=row.made_by or ask.person.id, now=ask.now)
    key = "roles.now_owner" if role == Role.OWNER else "roles.you_are"
    return Answer(say=(ask.words.message(key),))

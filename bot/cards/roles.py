"""Who looks after the catalog, and an invitation to join them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import Button, Message, Span, lines, rows
from bot.i18n.words import Words
from bot.store.people import WithRole
from bot.store.tables import Invitation


def curators_message(words: Words, team: Sequence[WithRole], invitations: Sequence[Invitation]) -> Message:
    """Owners and curators by name; those who may be removed have a button, and so have open invitations."""
    told = [words.text(f"roles.line_{one.role}", name=one.person.name) for one in team]
    if invitations:
        told.append(words.text("roles.open_invitations", n=len(invitations)))
    remove = [
        Button(words.say("button.remove_name", name=one.person.name[:24]), f"curators:remove:{one.person.id}")
        for one in team
        if not one.by_settings
    ]
    revoke = [
        Button(words.say("button.revoke", number=str(one.id)), f"curators:revoke:{one.id}") for one in invitations[:6]
    ]
    invite = Button(words.say("button.invite"), "curators:invite")
    head = words.text("roles.head") if team else words.text("roles.none")
    return Message(lines(head, *told, (), words.text("roles.how")), (*rows(remove, 2), *rows(revoke, 2), (invite,)))


def invitation_message(words: Words, secret: str, bot: str | None, number: int, uses: int, days: int) -> Message:
    """The code, and where the platform has such links one that enters it."""
    link = f"https://t.me/{bot}?start={secret}" if bot else None
    revoke = Button(words.say("button.revoke", number=str(number)), f"curators:revoke:{number}")
    return Message(
        lines(
            words.text("roles.invitation", n=uses, days=str(days)),
            (Span(link, link=link),) if link else None,
            (Span(f"/start {secret}", code=True),),
        ),
        ((revoke,),),
    )

"""What somebody wants, from what they sent: the command of a word or a press, the reader of an open question, a note, a link.

presence, a moved chat, a place ─┐
a button's action ───────────────┼─▶ one function of the table ─▶ Answer
/command, free text ─────────────┘
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from rapidfuzz import process

from bot.chat import Answer
from bot.commands import note, start, suggest, zone
from bot.commands.ask import Ask
from bot.commands.desk.hand_in import is_handed_in, take_document
from bot.commands.dose import extra
from bot.commands.pausing.resume import come_back_if_blocked
from bot.commands.reading.sizes import time_in_hand
from bot.commands.table import BUTTONS, BY_NAME, READERS, Command, name_in
from bot.errors import UserMistake
from bot.states import Role, SubscriptionState
from bot.store import days_off, doses, news, outbox, people, prompts, subscriptions

LONGEST = 4096
"""Characters of a text that are read; nothing anybody types for us is longer."""
LINES = ("note", "note_offered", "where")
"""The questions that a line in somebody's own words answers, and that nobody need answer."""
ALIKE = 75
"""How alike (of 100) a command must be to what was typed to be named."""

_COMMAND = re.compile(r"/(\w+)(?:@\w+)?\s*(.*)", re.DOTALL)


async def route(ask: Ask) -> Answer:
    """Find what the person wants, and do it."""
    incoming = ask.incoming
    if incoming.presence:
        return await _come_or_go(ask)
    if incoming.moved_to:
        await outbox.move(ask.session, incoming.address, incoming.moved_to)
        return Answer()
    if incoming.location:
        return await zone.take_location(ask)
    if incoming.action is not None:
        return await _press(ask, incoming.action)
    if incoming.edited:
        return await note.follow_edit(replace(ask, rest=(incoming.text or "").strip()))
    text = (incoming.text or "").strip()
    if len(text) > LONGEST:
        raise UserMistake("mistake.too_long")
    if found := _COMMAND.fullmatch(text):
        await ask.close_question()
        return await _command(replace(ask, rest=found[2].strip()), found[1])
    return await _free_text(replace(ask, rest=text))


async def look(ask: Ask) -> Answer | None:
    """What a command that only looks answers whoever may say it, without a transaction that could be written; None for anything else."""
    found = _COMMAND.fullmatch((ask.incoming.text or "").strip())
    command = BY_NAME.get(_fold(found[1])) if found else None
    if command is None or not command.only_looks or command.who > ask.role:
        return None
    return await command.run(ask)


def is_command(text: str | None) -> bool:
    """Whether somebody says a command; then no question of before is open any more, also where the command ends in a mistake."""
    return bool(_COMMAND.fullmatch((text or "").strip()))


async def _press(ask: Ask, action: str) -> Answer:
    """A button: anybody may press it, and what it does depends on who presses it now. In a group a refusal is a passing word."""
    verb, _, rest = action.partition(":")
    pressed = BUTTONS.get(verb)
    if pressed is None:
        raise UserMistake("mistake.stale_button")
    if pressed.who > ask.role:
        refusal = "desk.not_yours" if pressed.who is Role.CURATOR else "desk.owners_only"
        return Answer(toast=ask.words.say(refusal)) if ask.incoming.on else Answer(say=(ask.words.message(refusal),))
    return await pressed.run(replace(ask, rest=rest))


async def _command(ask: Ask, typed: str) -> Answer:
    name = _fold(typed)
    command: Command | None = BY_NAME.get(name)
    if command is None and not ask.incoming.private:
        return Answer()  # in a group it may be meant for another bot
    if command and command.lesser and command.who > ask.role and ask.incoming.private:
        return await command.lesser(ask)
    if command is None or command.who > ask.role:
        raise _unknown(ask, typed, name)
    if not ask.incoming.private and not command.in_groups:
        raise UserMistake("mistake.private_only")
    return await command.run(ask)


def _unknown(ask: Ask, typed: str, name: str) -> UserMistake:
    """Nobody knows that command; one that is spelt nearly so is named, unless it would delete something."""
    known = {name_in(one, ask.words.language) for one in BY_NAME.values() if one.who <= ask.role and one.shown}
    near = process.extractOne(name, known - {name_in(BY_NAME["forget"], ask.words.language)}, score_cutoff=ALIKE)
    if near is None:
        return UserMistake("mistake.unknown_command", typed=f"/{typed[:40]}")
    return UserMistake("mistake.no_such_command", typed=f"/{typed[:40]}", near=f"/{near[0]}")


async def _free_text(ask: Ask) -> Answer:
    """Words without a command answer the open question, if there is one."""
    if is_handed_in(ask):
        return await take_document(ask)
    if about := await prompts.about(ask.session, ask.person.id, ask.incoming.reply_to):
        return await note.keep_reply(ask, about)
    question = await ask.open_question()
    waiting = READERS.get(question.kind) if question else None
    reader = waiting.run if waiting and waiting.who <= ask.role else None
    if ask.incoming.private and (minutes := _time_said(ask, question.kind if question else "")):
        return await extra.have_time(ask, minutes)
    if _is_bare_command(ask, question.kind if reader and question else ""):
        await ask.close_question()
        return await _command(replace(ask, rest=""), ask.rest)
    if reader is None and ask.incoming.private and ask.incoming.links:
        return await suggest.take_pasted(ask)
    if reader is None and ask.is_back:
        return Answer()  # “write anything” was all we asked for; they are welcomed
    if reader is None:
        return (await start.meet(ask) or await note.offer(ask)) if ask.incoming.private else Answer()
    try:
        async with ask.session.begin_nested():  # of an answer that was none nothing stays
            answer = await reader(ask)  # a mistake leaves the question open
    except UserMistake:
        if not ask.incoming.private or _fold(ask.rest) not in BY_NAME:
            raise
        await ask.close_question()  # no answer, but a command they know
        return await _command(replace(ask, rest=""), ask.rest)
    await ask.close_question()
    return answer


def _is_bare_command(ask: Ask, waiting: str) -> bool:
    """Whether a word alone is a command, such as “mais”. It is no line to remember, so a note that was asked for lets it pass."""
    return ask.incoming.private and _fold(ask.rest) in BY_NAME and waiting in ("", *LINES)


def _time_said(ask: Ask, waiting: str) -> int | None:
    """The minutes of “I have 5 minutes”. Where a note is waited for it takes the whole sentence; any other question comes first."""
    if ask.incoming.reply_to is not None or waiting not in ("", *LINES):
        return None
    return time_in_hand(ask.rest, bare=not waiting)


async def _come_or_go(ask: Ask) -> Answer:
    """They blocked us, or let us in again; nothing is said to somebody who is gone."""
    here, subscription = ask.incoming.address, await subscriptions.of_person(ask.session, ask.person.id)
    if subscription is None:
        return Answer()
    if ask.incoming.presence == "back" and subscription.is_paused:
        # wherever nothing got through last, they are here now
        return await come_back_if_blocked(ask, subscription)
    if (subscription.platform, subscription.chat) != (here.platform, here.chat):
        return Answer()  # their doses come elsewhere
    if ask.incoming.presence == "gone" and subscription.is_active and not await _has_another(ask):
        history = await ask.schedules(subscription)
        today = history.today(ask.now)
        news.take_back(
            subscription, await doses.take_back(ask.session, await outbox.withdraw(ask.session, subscription.id))
        )
        await days_off.begin_block(ask.session, subscription.id, today)
        subscription.state = SubscriptionState.PAUSED
        subscriptions.set_due(subscription, None)
    return Answer()


async def _has_another(ask: Ask) -> bool:
    """Whether they have linked an account on another platform: the next dose is refused here and goes there."""
    linked = await people.identities(ask.session, ask.person.id)
    return any(one.platform != ask.incoming.address.platform for one in linked)


def _fold(words: str) -> str:
    """Words without case and accents, as commands are written."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))

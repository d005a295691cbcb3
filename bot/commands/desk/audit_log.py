"""What the curators did: who, what, when, how it was before; of everything, of one suggestion, or of one entry."""

from __future__ import annotations

from bot.cards.audit import Reader, log_message
from bot.chat import Answer
from bot.commands.ask import Ask
from bot.errors import UserMistake
from bot.store import audit

PAGE = 10


async def show_log(ask: Ask) -> Answer:
    """`/log`, `/log 41`, `/log the-id-of-an-entry`."""
    which = ask.rest.lstrip("#")
    if not which:
        return await _page(ask, "", 0)
    about = f"suggestion:{which}" if which.isdecimal() else f"entry:{which.casefold()}"
    return await _page(ask, about, 0)


async def press(ask: Ask) -> Answer:
    """Earlier and later deeds."""
    page = int(ask.rest) if ask.rest.isdecimal() and len(ask.rest) < 6 else 0
    return await _page(ask, "", page)


async def _page(ask: Ask, about: str, page: int) -> Answer:
    deeds = await audit.newest(ask.session, page * PAGE, PAGE + 1, about=about or None)
    if not deeds:
        raise UserMistake("log.nothing")
    more = len(deeds) > PAGE and not about
    reader = Reader(ask.words, ask.catalog, ask.reasons, ask.settings.default_zone, ask.now)
    return Answer(edit=log_message(reader, deeds[:PAGE], page, more=more))

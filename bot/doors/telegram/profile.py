"""The command menu and the words of the profile, set only when they changed: Telegram floods such calls early.

The menu is set for everybody (scope Default) in English and again for each other language. A list for all private chats
without a language would hide Default's Portuguese one (core.telegram.org/bots/api, BotCommandScope), so lists of that kind
from an earlier life of the bot are removed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

import structlog
from telegram import BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.chat import Host, MenuEntry, Menus
from bot.doors.telegram.alerts import tell_owners
from bot.doors.telegram.library import TelegramBot
from bot.doors.telegram.render import clean

log = structlog.get_logger("doors.telegram")

EVERYBODYS = "en"
"""Whose words people see whose language we do not speak."""
DESCRIPTION_LIMIT = 512
ABOUT_LIMIT = 120
ENTRY_LIMIT = 256

Said = TypeVar("Said")


async def set_profile(bot: TelegramBot, host: Host, menus: Menus) -> None:
    """Set the menu and the words if they are not the ones set last. What fails is reported and tried at the next start."""
    set_last = await host.remembered("telegram.menu")
    wanted = fingerprint(bot.id, menus)
    if wanted == set_last:
        return
    try:
        await _set_commands(bot, menus)
        await _set_words(bot, menus)
    except TelegramError as error:
        log.warning("telegram.profile_not_set", reason=str(error))
        await tell_owners(host, "telegram.profile_not_set", reason=str(error))
        return
    await host.remember("telegram.menu", wanted)
    log.info("telegram.profile_set")


def fingerprint(bot_id: int, menus: Menus) -> str:
    """The same for the same words on the same account."""
    facts: list[Any] = [bot_id, asdict(menus)]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


async def _set_commands(bot: TelegramBot, menus: Menus) -> None:
    earlier: list[BotCommandScope] = [BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()]
    for scope in earlier:
        for code, _ in _by_code(menus.commands):
            await bot.delete_my_commands(scope=scope, language_code=code)
    for code, entries in _by_code(menus.commands):
        await bot.set_my_commands([_command(entry) for entry in entries], language_code=code)


async def _set_words(bot: TelegramBot, menus: Menus) -> None:
    for code, about in _by_code(menus.about):
        await bot.set_my_short_description(clean(about)[:ABOUT_LIMIT], language_code=code)
    for code, description in _by_code(menus.description):
        await bot.set_my_description(clean(description)[:DESCRIPTION_LIMIT], language_code=code)


def _by_code(said: Mapping[str, Said]) -> Iterator[tuple[str | None, Said]]:
    """Each language with Telegram's two letters for it, None for everybody's, which comes first."""
    for language in sorted(said, key=lambda language: language != EVERYBODYS):
        yield None if language == EVERYBODYS else language[:2], said[language]


def _command(entry: MenuEntry) -> BotCommand:
    return BotCommand(entry.name, clean(entry.description)[:ENTRY_LIMIT])

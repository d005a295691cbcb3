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
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import RetryAfter, TelegramError

from bot.contract import Host, MenuEntry, Menus
from bot.doors.telegram.alerts import tell_owners
from bot.doors.telegram.errors import seconds_to_wait
from bot.doors.telegram.library import TelegramBot
from bot.doors.telegram.render import clean

log = structlog.get_logger("doors.telegram")

EVERYBODYS = "en"
"""Whose words people see whose language we do not speak."""
DESCRIPTION_LIMIT = 512
ABOUT_LIMIT = 120
ENTRY_LIMIT = 256
MENUS_KNOWN = 10_000
"""Chats whose menu is known without asking the database."""

Said = TypeVar("Said")


async def set_profile(bot: TelegramBot, host: Host, menus: Menus) -> None:
    """Set the menu and the words if they are not the ones set last. What fails is reported and tried at the next start."""
    if await host.remembered("telegram.username") != bot.username:  # for links that open a chat with us
        await host.remember("telegram.username", bot.username)
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


class PersonalMenus:
    """The menus of those who see more than everybody: set in their own chat when their role changes, and not again.

    What a chat has is kept under a digest of its number, and no longer than it is more than everybody's: of who was forgotten nothing is.
    """

    def __init__(self, bot: TelegramBot, host: Host, menus: Menus) -> None:
        self._bot = bot
        self._host = host
        self._menus = menus
        self._known: dict[str, str] = {}
        self._silent_until: datetime | None = None

    async def keep(self, chat: str, role: str) -> None:
        """Let a private chat show the menu of a role; everybody's own where the role has none. What fails is tried again."""
        wanted = self._wanted(role)
        if self._known.get(chat) == wanted or (self._silent_until and self._host.now() < self._silent_until):
            return
        name = f"telegram.menu:{hashlib.blake2b(chat.encode(), digest_size=12).hexdigest()}"
        try:
            if (await self._host.remembered(name) or "") != wanted:
                await self._set(int(chat), role)
                await self._keep(name, wanted)
        except TelegramError as error:
            if isinstance(error, RetryAfter):
                self._silent_until = self._host.now() + timedelta(seconds=seconds_to_wait(error))
            log.warning("telegram.menu_not_set", reason=str(error))
            return
        if len(self._known) >= MENUS_KNOWN:
            self._known.clear()
        self._known[chat] = wanted

    async def _keep(self, name: str, wanted: str) -> None:
        if wanted:
            await self._host.remember(name, wanted)
        else:
            await self._host.forget(name)

    def _wanted(self, role: str) -> str:
        if role not in self._menus.of_role:
            return ""
        said = json.dumps([self._bot.id, asdict(self._menus)["of_role"][role]], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    async def _set(self, chat: int, role: str) -> None:
        scope = BotCommandScopeChat(chat)
        shown = self._menus.of_role.get(role)
        for code, entries in _by_code(shown or self._menus.commands):
            if shown:
                await self._bot.set_my_commands([_command(entry) for entry in entries], scope=scope, language_code=code)
            else:
                await self._bot.delete_my_commands(scope=scope, language_code=code)


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

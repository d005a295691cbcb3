"""The slash commands, from the house's table, set on Discord only when they changed.

Discord takes every command's name and description in several languages at once; a command with words after it has one option for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import discord
import structlog

from bot.chat import shorten
from bot.contract import Host, Menus, SlashCommand
from bot.languages import SPOKEN

log = structlog.get_logger("doors.discord")

DESCRIPTION_LIMIT = 100
GUILD, DIRECT = 0, 1
"""Contexts: in a server, alone with us (Discord's documentation, "Interaction Context Types")."""
FACT = "discord.commands"


async def set_commands(client: discord.Client, host: Host, menus: Menus) -> None:
    """Set the commands if they are not the ones set before. A refusal is told and stops nothing."""
    wanted = payloads(menus)
    digest = blake2b(json.dumps(wanted, sort_keys=True).encode(), digest_size=16).hexdigest()
    fact = f"{client.application_id}:{digest}"
    if await host.remembered(FACT) == fact:
        return
    try:
        await client.http.bulk_upsert_global_commands(client.application_id or 0, wanted)
    except discord.HTTPException as error:
        log.error("discord.commands_not_set", reason=str(error))
        await host.alert("discord.profile_not_set", reason=str(error))
        return
    await host.remember(FACT, fact)
    log.info("discord.commands_set", commands=len(wanted))


def payloads(menus: Menus) -> list[Any]:
    """Every command as Discord takes it."""
    return [_payload(command) for command in menus.slash]


def _payload(command: SlashCommand) -> dict[str, Any]:
    return {
        "type": discord.AppCommandType.chat_input.value,
        "name": command.name,
        "name_localizations": _localized(command.names),
        **_described(command.descriptions),
        "contexts": [GUILD] if command.in_groups and command.for_curators else [GUILD, DIRECT],
        "integration_types": [0],
        "options": list(_options(command)),
    }


def _options(command: SlashCommand) -> Iterator[dict[str, Any]]:
    """What may stand after it: words, a file."""
    if command.takes:
        yield {
            "type": discord.AppCommandOptionType.string.value,
            "name": "words",
            "name_localizations": _localized({language.tag: language.words for language in SPOKEN}),
            **_described(command.takes),
            "autocomplete": command.completes,
            "required": False,
        }
    if command.takes_file:
        yield {
            "type": discord.AppCommandOptionType.attachment.value,
            "name": "file",
            "name_localizations": _localized({language.tag: language.file for language in SPOKEN}),
            **_described(command.takes_file),
            "required": False,
        }


def _described(words: dict[str, str]) -> dict[str, Any]:
    """What it does, for everybody and in each language."""
    return {"description": _short(words["en"]), "description_localizations": _localized(words, _short)}


def _localized(words: dict[str, str], shape: Any = str) -> dict[str, str]:
    """What Discord shows to people of each of our languages; everybody else gets what has no locale, and that is English."""
    return {locale: shape(words[language.tag]) for language in SPOKEN for locale in language.locales}


def _short(words: str) -> str:
    return shorten(words, DESCRIPTION_LIMIT)

"""What Discord offers while somebody types the words after a command."""

from __future__ import annotations

from typing import Any

import aiohttp
import discord
import structlog

from bot.contract import Host
from bot.doors.discord.incoming import interaction_data

log = structlog.get_logger("doors.discord")

CHOICES = 25
CHOICE_LIMIT = 100
"""How many choices Discord shows, and how long each may be."""


async def complete(interaction: discord.Interaction[Any], host: Host) -> None:
    """Offer what the house would complete the words with. Nothing is lost when that fails: people go on typing."""
    data = interaction_data(interaction)
    typed = next((str(option.get("value", "")) for option in data.get("options", ()) if option.get("focused")), "")
    try:
        offered = await host.complete(str(data.get("name", "")), typed, interaction.locale.value)
        choices = [
            discord.app_commands.Choice(name=words[:CHOICE_LIMIT], value=words[:CHOICE_LIMIT]) for words in offered
        ]
        await interaction.response.autocomplete(choices[:CHOICES])
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:  # as a rule too late: they type on
        log.info("discord.not_completed", command=data.get("name"), reason=str(error))
    except Exception:
        log.exception("discord.not_completed", command=data.get("name"))

"""Discord: the only place that imports discord.py, an extra (`pip install trilha[discord]`) imported only when its token is set."""

from bot.doors.discord.door import DiscordDoor

__all__ = ["DiscordDoor"]

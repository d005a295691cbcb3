"""Our bot on Telegram and Discord for the benchmark: the App as `trilha run` builds it, discord.py pointed at a Discord on loopback.

python -m bench.platforms_bot PER_SECOND DISCORD_PORT, with the settings in the environment
"""

from __future__ import annotations

import asyncio
import sys

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bench.our_bot import main
from tests.rig.discord.rest import PREFIX

if __name__ == "__main__":
    port = int(sys.argv[2])
    Route.BASE = f"http://127.0.0.1:{port}{PREFIX}"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://127.0.0.1:{port}/gateway/")
    asyncio.run(main(float(sys.argv[1]), "aiohttp"))

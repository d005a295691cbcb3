"""`trilha` as a scenario starts it: the real one, pointed at a Discord on this machine, or with a mistake put into it (mutants.py)."""

from __future__ import annotations

import os
import sys

from bot.__main__ import main
from tests.chaos.mutants import MUTANT, MUTANTS, put
from tests.chaos.platforms import TO_DISCORD


def _point_at_discord(place: str) -> None:
    """discord.py knows one address only."""
    import yarl
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    from tests.rig.discord.rest import PREFIX

    Route.BASE = f"http://{place}{PREFIX}"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://{place}/gateway/")


if __name__ == "__main__":
    if place := os.environ.get(TO_DISCORD):
        _point_at_discord(place)
    if name := os.environ.get(MUTANT):
        MUTANTS[name].breed(put)
    sys.exit(main(sys.argv[1:]))

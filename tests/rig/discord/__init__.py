"""A Discord of our own on loopback: its REST interface and gateway as far as the bot uses them, with faults on order.

discord.py itself runs unchanged; only the two addresses it calls are pointed here (`DiscordServer.start`).
"""

from tests.rig.discord.faults import Answer, Drop, Fault, Slow, shut_out, too_many
from tests.rig.discord.people import Person, Press
from tests.rig.discord.server import DiscordServer
from tests.rig.discord.world import Channel, Posted

__all__ = [
    "Answer",
    "Channel",
    "DiscordServer",
    "Drop",
    "Fault",
    "Person",
    "Posted",
    "Press",
    "Slow",
    "shut_out",
    "too_many",
]

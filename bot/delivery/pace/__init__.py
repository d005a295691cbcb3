"""How fast we speak: a bulk message waits for its turn, a reply hardly ever, and a platform that asks for silence gets it.

    turns.py    who goes when: the turns of one platform, evenly spaced
    places.py   and never more than so many in any sliding second
    chats.py    nor too often to one chat, or too many a minute to a group
    quiet.py    nor at all, while the platform wants silence or is not there

python-telegram-bot's own limiter lets a burst through and lifts a flood pause early (measured: 59 sends in one second), hence ours.
"""

from bot.delivery.pace.turns import Pace, Turn

__all__ = ["Pace", "Turn"]

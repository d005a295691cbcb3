"""A Bot API server for tests: strict, scriptable, with people who write, press and look at their screens.

Start at `server.TelegramServer`; `faults` for what can go wrong; `process` to run it as its own process.
"""

from .clock import Clock
from .faults import DropAfter, DropBefore, Flood, Garbage, HtmlPage, Refuse, Slow, Trickle
from .limits import Limits
from .log import Call, most_within
from .messages import Button, Message
from .people import Person, Press, Toast
from .server import TelegramServer

__all__ = [
    "Button",
    "Call",
    "Clock",
    "DropAfter",
    "DropBefore",
    "Flood",
    "Garbage",
    "HtmlPage",
    "Limits",
    "Message",
    "Person",
    "Press",
    "Refuse",
    "Slow",
    "TelegramServer",
    "Toast",
    "Trickle",
    "most_within",
]

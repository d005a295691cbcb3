"""The door on a laptop: no account, no token, the same bot.

door.py      what the app opens, and every delivery test scripts: sends, edits, failures
screen.py    what each chat shows at this moment, and which button has which number
person.py    somebody who talks through this door: says, presses, replies, sees
prompt.py    the interactive prompt; colon.py holds its `:commands`, reader.py reads lines
paint.py     how it looks on a terminal; clean.py keeps hostile text from acting on it
tour.py      a short conversation that plays itself and checks itself
"""

from bot.doors.terminal.colon import is_name
from bot.doors.terminal.controls import Controls
from bot.doors.terminal.door import Sent, TerminalDoor
from bot.doors.terminal.person import NoSuchButton, Person
from bot.doors.terminal.prompt import converse
from bot.doors.terminal.reader import PipedReader
from bot.doors.terminal.screen import Screen, Shown
from bot.doors.terminal.tour import STEPS, Step, tour

__all__ = [
    "STEPS",
    "Controls",
    "NoSuchButton",
    "Person",
    "PipedReader",
    "Screen",
    "Sent",
    "Shown",
    "Step",
    "TerminalDoor",
    "converse",
    "is_name",
    "tour",
]

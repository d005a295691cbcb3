"""Everything people send takes this path.

    Incoming ─▶ seen before? ─▶ person, language, role ─▶ command ─▶ Answer ─▶ stored with the effects ─▶ commit ─▶ the door

    taking.py   one update takes effect, once, in one transaction with its answer
    heard.py    what somebody is answered, and besides what they should hear who come back to us
    shown.py    which of the messages on their screen change later, or are asked about
    sorry.py    what they hear where it went wrong

One transaction holds the key of the update, its effects and its answer: an update that a platform serves again takes effect once and is
answered again. An exception takes everything back, is logged with the key, and the person reads a short apology. Where the database is away
nothing is said: the door keeps the update and asks again.
"""

from bot.conversation.taking import Conversation

__all__ = ["Conversation"]

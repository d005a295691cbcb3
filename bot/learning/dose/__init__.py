"""Chooses a dose: values in, a resource and the true reason for it out (design, section 2). No I/O, no chance, no clock.

    catalog ──ground.py──▶ Way          the stops of a way, laid out once for a catalog
    rows    ──▶ Learner (learner.py)    what choosing needs to know of somebody
                   │
    choose.py: stop by stop ─▶ filters.py: what may come at all ─▶ rhythm.py: what it is the turn of
                   ─▶ weights.py: which of them ─▶ reasons.py: why ─▶ Choice, or NothingFits (nothing.py)

Hard rules are filters: language, dead links, prerequisites, what is done, known, dismissed, skipped or shelved, the minutes. Rhythm comes
next; the weights only choose among what is left. The same arguments always give the same dose.
"""

from __future__ import annotations

from bot.learning.dose.choose import choose
from bot.learning.dose.learner import Choice, Given, Learner, NothingFits, Sentence
from bot.learning.dose.unanswered import Waiting, waiting

__all__ = ["Choice", "Given", "Learner", "NothingFits", "Sentence", "Waiting", "choose", "waiting"]

"""A dose and its buttons, one file for each thing a learner does with it.

today.py      /today: the dose, now
done.py       Done and /done; what both they and Finished lead to is in finish.py, how it was in rating.py
slip.py       Undo under the answer to any of these: it was a slip
session.py    I worked on it, where they got to, Finished (setting aside: commands/shelf.py)
another.py    Another: something else in the same dose
chosen.py     Take it now: what they picked from a search or from what waits
later.py      Later: in two hours, this evening, tomorrow
options.py    More…: save, why this; passing.py: not for me, know it already, too long today, broken link
extra.py      /more: one more today; “I have 5 minutes”: another size today
small.py      the small thing beside it: ticking a step off (all checklists: commands/checklists.py)
card.py       the card as it stands now, and the dose a button belongs to
"""

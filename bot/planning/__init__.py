"""Makes a dose: from what a person met so far to the row that holds it, and what becomes of it.

slot.py       where a dose stands in somebody's days: its day, its hours, its minutes
learner.py    what the chooser needs of somebody, from the rows
choice.py     the chooser's answer and the small thing beside it, and the reason as the row keeps it
dose.py       the day's dose, or one that is asked for: chosen, stored, offered
offers.py     something else in the same dose, of their choice or ours
long.py       long things that go on; what nobody answered and what left the catalog is put away
presence.py   whether somebody is there: when to be quiet, and when to go on
lost.py       the days on which we failed them
"""

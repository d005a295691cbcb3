"""A dose and its buttons, one file for each thing a learner does with it.

today.py      /today: the dose, now
done.py       Done and /done
another.py    Another: something else in the same dose
later.py      Later: in two hours, this evening, tomorrow
card.py       the card as it stands now, and the dose a button belongs to
"""

"""Days without doses, one file for each thing a person does about them. The rules are in `bot/learning/pauses.py`.

pause.py      /pause: until a day, from a day to another, or for good; alone it asks for how long
move.py       Move: other days for one that is planned
resume.py     /resume and /start: coming back, also after a block; Call off: a planned one will not be
block.py      nothing gets through to them: what stands for that, its end, and what they hear of it
stop.py       /unsubscribe: no doses any more
said.py       how the days without doses are told
"""

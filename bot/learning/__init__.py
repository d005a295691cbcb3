"""The learner's rules, pure: values in, values out; no clock, no chance, no database.

    timetable.py   when a learning day begins, when its dose is due, which day an instant belongs to
    schedule.py    which timetable acts on which day, as people change their minds
    preferences.py minutes by weekday, languages in order
    dose.py        what today's dose holds, and why
    sessions.py    long things over days
    silence.py     when to be quiet
    small.py       the small thing beside the main one
    taste.py       what somebody likes, from what they pressed
    streak.py      what each day counted as, the streak, the weekly goal

Time and chance are arguments. An instant is an aware datetime (a naive one is refused); a day is a local learning day, a plain `date`.
"""

"""The rule of the streak once more, from the words of the design and as plainly as possible: slow, and that is its use.

"The streak is the number of done days in the longest run back from today in which any 14 of the person's own days
hold at most two misses; own days leave out rest, paused and excused days. A date closes at its end + 24 h. Moving
over the date line excuses the skipped date."
"""

from datetime import date, datetime, timedelta

from bot.learning.streak import History
from bot.learning.timetable import exists

DAY = timedelta(days=1)


def words_for_days(history: History, now: datetime) -> dict[date, str]:
    """What each day counts as, from the first that anything is known of to today."""
    begin: dict[date, datetime] = {}
    words: dict[date, str] = {}
    day = min([history.began_on, *(done.day for done in history.completions)])
    while day <= history.schedules.today(now):
        for other in (day, day + DAY, day + 2 * DAY, day + 3 * DAY):
            begin[other] = begin.get(other) or history.schedules.bounds(other)[0]
        end = min(begin[day + DAY], begin[day + 2 * DAY], begin[day + 3 * DAY])
        never_theirs = begin[day] >= end or not exists(day, history.schedules.on(day).zone)
        if any(done.day == day for done in history.completions):
            words[day] = "done"
        elif day.isoweekday() not in history.schedules.on(day).days:
            words[day] = "rest"
        elif day < history.began_on or any(
            pause.from_day <= day and (pause.to_day is None or day < pause.to_day) for pause in history.pauses
        ):
            words[day] = "paused"
        elif never_theirs or any(excuse.day == day for excuse in history.excuses):
            words[day] = "excused"
        else:
            words[day] = "open" if now < end + DAY else "missed"
        day += DAY
    return words


def length(words: list[str]) -> int:
    """The streak at the end of some days: go back while no 14 own days hold three misses."""
    own = [word for word in words if word in ("done", "open", "missed")]
    run = len(own)
    while run > 0 and own[run - 1 : run + 13].count("missed") <= 2:
        run -= 1
    return own[run:].count("done")


def best(words: list[str]) -> int:
    """The longest streak that any day of the past could show."""
    return max(length(words[: end + 1]) for end in range(len(words)))

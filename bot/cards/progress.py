"""Progress in words, and the facts of its picture: both from one value, so they cannot disagree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.cards.names import topic_name, trail_name
from bot.cards.picture import Drawing, Row
from bot.catalog.entry import Catalog
from bot.chat import Picture, Text, lines
from bot.i18n.showing import show_minutes
from bot.i18n.words import Words
from bot.learning.progress import Progress, TopicProgress
from bot.learning.standing import Standing
from bot.learning.streak import MISSES, Day, Status
from bot.learning.timetable import DAY
from bot.states import Goal
from bot.store.tables import Subscription

BAR = 10
WEEKS = 52
"""How many weeks before this one the calendar shows."""
ROWS = 10
"""How many topics fit a picture that is read on a phone."""
TOLD = 8
"""How many topics the words tell."""
_LETTERS = {
    Status.OPEN: "o", Status.REST: ".", Status.PAUSED: "p", Status.EXCUSED: "x", Status.FORGIVEN: "f", Status.MISSED: "m"
}  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- words


def progress_text(words: Words, catalog: Catalog, subscription: Subscription, progress: Progress) -> Text:
    """The trail, its topics begun and the next one, how much in all, this week, and the streak of those who keep one."""
    goal, week = subscription.goal, progress.standing.week
    total = words.text("progress.total", n=progress.things)
    if goal == Goal.STREAK:
        total += words.text("progress.streak", n=progress.standing.streak.length)
    this_week = (
        words.text("progress.week_goal", n=week.done, of=week.goal)
        if goal == Goal.WEEK
        else words.text("progress.week", n=week.done)
    )
    return lines(*_way(words, catalog, subscription, progress), (), total, this_week)


def _way(words: Words, catalog: Catalog, subscription: Subscription, progress: Progress) -> list[Text]:
    if progress.topics is None:
        return [words.text("progress.no_trail", trail=subscription.trail)]
    name = trail_name(catalog, words, subscription.trail)
    told = _most_telling(progress.topics, TOLD)
    head = words.text("progress.trail", trail=name, done=progress.done, of=progress.of)
    return [
        head,
        *(_bar_line(words, catalog, topic) for topic in told if topic.done or topic is _next(progress.topics)),
        *([words.text("progress.passed_by", n=progress.passed_by)] if progress.passed_by else []),
    ]


def _bar_line(words: Words, catalog: Catalog, topic: TopicProgress) -> Text:
    filled = round(BAR * topic.done / topic.of)
    bar = "▰" * filled + "▱" * (BAR - filled)
    return words.text(
        "progress.topic", bar=bar, topic=topic_name(catalog, words, topic.id), done=topic.done, of=topic.of
    )


# ----------------------------------------------------------------------------------------------------------- picture


def progress_picture(words: Words, catalog: Catalog, subscription: Subscription, progress: Progress) -> Picture:
    """The picture, not drawn yet, with words for those who cannot see it."""
    drawing = drawing_of(words, catalog, subscription, progress)
    alt = words.say(
        "picture.alt",
        title=drawing.title,
        done=progress.done,
        of=progress.of,
        days=progress.standing.days_done,
        n=progress.standing.week.done,
    )
    return Picture(b"", alt, drawing.dump())


def drawing_of(words: Words, catalog: Catalog, subscription: Subscription, progress: Progress) -> Drawing:
    """Every fact and every word of the picture."""
    standing, goal = progress.standing, subscription.goal
    topics = progress.topics or ()
    shown = _most_telling(topics, ROWS)
    left = [topic for topic in topics if topic not in shown]
    finished = sum(topic.done == topic.of for topic in left)
    monday = standing.week.monday
    first = monday - WEEKS * 7 * DAY
    days = [day for day in standing.told(goal) if goal != Goal.OFF or day.status not in MISSES]
    number, under, beside = _in_large(words, goal, standing)
    return Drawing(
        language=words.language,
        dark=subscription.picture == "dark",
        title=_capital(trail_name(catalog, words, subscription.trail)),
        subtitle=words.say("picture.subtitle", done=progress.done, of=progress.of, n=progress.things),
        number=number,
        under=under,
        beside=beside,
        week=_cells(days, progress, monday, 7),
        week_words=_week_words(words, goal, standing),
        first=first,
        days=_cells(days, progress, first, (standing.today - first).days + 1),
        legend=tuple(
            words.say(f"picture.legend_{name}") if name != "missed" or goal != Goal.OFF else ""
            for name in ("less", "more", "missed", "off")
        ),
        rows=tuple(_row(words, catalog, topic) for topic in shown),
        more=_more(words, len(left), finished),
        fresh="" if standing.days_done else words.say("picture.fresh"),
    )


def _in_large(words: Words, goal: Goal, standing: Standing) -> tuple[str, str, str]:
    """The number that stands large, what is said under it, and beside it: the streak of those who keep one, else days done."""
    if goal == Goal.STREAK:
        length, best = standing.streak.length, words.say("picture.best", best=standing.streak.best)
        return str(length), words.say("picture.streak_one" if length == 1 else "picture.streak"), best
    done = standing.days_done
    return str(done), words.say("picture.days_one" if done == 1 else "picture.days"), ""


def _week_words(words: Words, goal: Goal, standing: Standing) -> str:
    if goal == Goal.WEEK:
        return words.say("picture.week_goal", n=standing.week.done, of=standing.week.goal)
    return words.say("picture.week", n=standing.week.done)


def _row(words: Words, catalog: Catalog, topic: TopicProgress) -> Row:
    took = show_minutes(topic.minutes) if topic.minutes else ""
    return Row(topic_name(catalog, words, topic.id), topic.done, topic.of, took)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _more(words: Words, left: int, finished: int) -> str:
    if not left:
        return ""
    key = "picture.more_finished" if finished else "picture.more_topics"
    return words.say(key, n=left, done=finished)


def _cells(days: Sequence[Day], progress: Progress, first: date, count: int) -> str:
    """A letter for each date: how often something was done (1 to 3), else what the day counted as; a blank before they began."""
    known = {day.date: day for day in days}
    letters = []
    for ahead in range(count):
        day = known.get(first + ahead * DAY)
        if day is None or getattr(day.because, "why", "") == "before":
            letters.append(" ")
        elif day.status is Status.DONE:
            letters.append(str(min(3, progress.per_day.get(day.date, 1))))
        else:
            letters.append(_LETTERS[day.status])
    return "".join(letters)


def _next(topics: Sequence[TopicProgress]) -> TopicProgress | None:
    """The first topic with something left."""
    return next((topic for topic in topics if topic.done < topic.of), None)


def _most_telling(topics: Sequence[TopicProgress], room: int) -> list[TopicProgress]:
    """As many as there is room for, in the order of the way: those begun, the newest finished ones, and what comes next."""
    places = range(len(topics))
    begun = [place for place in places if 0 < topics[place].done < topics[place].of]
    finished = [place for place in reversed(places) if topics[place].done == topics[place].of]
    ahead = [place for place in places if not topics[place].done]
    kept = begun[:room]
    kept += finished[: min(room // 3, room - len(kept))]
    kept += ahead[: room - len(kept)]
    kept += [place for place in finished if place not in kept][: room - len(kept)]
    return [topics[place] for place in sorted(kept)]

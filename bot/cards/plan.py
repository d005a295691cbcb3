"""The weeks ahead in words that fit a phone, and as a document of one's own: learnt, doing, next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from bot.cards.dose import facts_line
from bot.cards.journal import escaped, month_heading, months
from bot.cards.names import topic_name
from bot.catalog.entry import Catalog, Resource
from bot.chat import Button, Message, Text, lines, plain
from bot.i18n.showing import show_date, show_dates, show_minutes, show_month
from bot.i18n.words import Words
from bot.learning.pauses import Pause
from bot.learning.plan import Plan, Stretch, day_at
from bot.learning.sessions import Thread
from bot.learning.timetable import DAY
from bot.store.journal import Entry

TOLD = 6
"""Topics that a phone shows without scrolling."""
NEAR = timedelta(weeks=8)
"""Up to here a date is told by its day, further on by its month."""

LONG, NOTABLE = 52, 13
"""Weeks from which on it is said what a larger dose would change, and how many it must save."""
WEEKS_OF_MONTH = 365.25 / 7 / 12
WEEKS_TOLD, MONTHS_TOLD = 10, 24
"""Up to so many weeks are told as weeks, and up to so many months as months."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A plan with what its telling needs: the way's name, the minutes of a dose, and the day it is counted from.

    `start` is None during a pause without an end; then weeks are told and no dates. `waits_until` is the end of a pause that has one,
    `breaks` are pauses still to come. With doses of `longer` minutes it would take `longer_weeks`. `varies`: not every day has the same
    minutes, so these are an average.
    """

    plan: Plan
    way: str
    minutes: int
    today: date
    start: date | None
    waits_until: date | None
    longer: int
    longer_weeks: float
    varies: bool = False
    breaks: tuple[Pause, ...] = ()


def plan_message(words: Words, catalog: Catalog, ahead: Ahead) -> Message:
    """The pace, the topics ahead with when each ends, and when all of it does."""
    plan = ahead.plan
    head = words.text("plan.head", way=ahead.way)
    if not plan.stretches:
        buttons = (Button(words.say("button.trails"), "trails"), Button(words.say("button.plan_md"), "plan:md"))
        return Message(lines(head, words.text("plan.finished")), (buttons,))
    told = [_stretch(words, catalog, ahead, stretch) for stretch in plan.stretches[:TOLD]]
    more = len(plan.stretches) - TOLD
    return Message(
        lines(
            head,
            pace_line(words, ahead),
            *_pause(words, ahead),
            (),
            *told,
            words.text("plan.more", n=more) if more > 0 else None,
            words.text("plan.whole", when=when(words, ahead, plan.weeks)) if len(plan.stretches) > 1 else None,
            _longer(words, ahead),
        ),
        ((Button(words.say("button.plan_md"), "plan:md"), Button(words.say("button.trails"), "trails")),),
    )


def pace_line(words: Words, ahead: Ahead) -> Text:
    """What the plan counts with: how they really went, or, honestly, what they set out to do."""
    pace = ahead.plan.pace
    doses = max(1, round(pace.doses))
    if not pace.measured:
        key = "plan.wished_on_average" if ahead.varies else "plan.wished"
        return words.text(key, n=doses, minutes=show_minutes(ahead.minutes))
    weeks = max(1, round(pace.days / 7))
    over = words.say("plan.over", n=weeks)
    return words.text("plan.pace", n=doses, minutes=show_minutes(round(pace.minutes)), over=over)


def _pause(words: Words, ahead: Ahead) -> list[Text]:
    if ahead.start is None:
        return [words.text("plan.paused")]
    if ahead.waits_until:
        day = show_date(ahead.waits_until, words.language, today=ahead.today)
        return [words.text("plan.paused_until", day=day)]
    return [
        words.text(
            "plan.break_ahead", days=show_dates(one.from_day, one.to_day - DAY, words.language, today=ahead.today)
        )
        for one in ahead.breaks[:1]
        if one.to_day
    ]


def _longer(words: Words, ahead: Ahead) -> Text | None:
    """What a larger dose would change, where that is years and not days."""
    if ahead.plan.weeks < LONG or ahead.longer_weeks > ahead.plan.weeks - NOTABLE:
        return None
    return words.text("plan.longer", minutes=show_minutes(ahead.longer), when=when(words, ahead, ahead.longer_weeks))


def _stretch(words: Words, catalog: Catalog, ahead: Ahead, stretch: Stretch) -> Text:
    topic = topic_name(catalog, words, stretch.topic)
    return words.text("plan.topic", n=len(stretch.entries), topic=topic, when=when(words, ahead, stretch.ends))


def when(words: Words, ahead: Ahead, weeks: float) -> str:
    """“by 20 March”, “by about May 2027”, or “3 weeks in” where nobody knows when they come back."""
    if ahead.start is None:
        return _span(words, weeks)
    day = day_at(ahead.start, weeks, ahead.breaks)
    if day is None:
        return words.say("plan.far")
    if day - ahead.today <= NEAR:
        return words.say("plan.by", day=show_date(day, words.language, today=ahead.today))
    return words.say("plan.about", month=show_month(day, words.language, today=ahead.today))


def _span(words: Words, weeks: float) -> str:
    if weeks <= WEEKS_TOLD:
        return words.say("plan.weeks", n=max(1, round(weeks)))
    months = round(weeks / WEEKS_OF_MONTH)
    return words.say("plan.months", n=months) if months < MONTHS_TOLD else words.say("plan.years", n=round(months / 12))


# ------------------------------------------------------------------------------------------------------- the document


@dataclass(frozen=True, slots=True)
class Doing:
    """Something under way: the resource, its title and address, and how far they are if it is long."""

    id: str
    title: str
    url: str
    thread: Thread | None = None


def plan_markdown(
    words: Words, catalog: Catalog, ahead: Ahead, name: str, learnt: Sequence[Entry], doing: Sequence[Doing]
) -> str:
    """The whole document. Titles and notes stay text, whatever they hold."""
    parts = [
        f"# {words.say('plan.title', name=escaped(name))}",
        f"{escaped(ahead.way)} · {show_date(ahead.today, words.language, today=date.min)}",
        plain(pace_line(words, ahead)),
        f"## {words.say('plan.learnt')}",
        *(months(words, catalog, learnt, "###") or [words.say("journal.empty")]),
        f"## {words.say('plan.doing')}",
        "\n".join(_doing(words, one) for one in doing) or words.say("plan.nothing_open"),
        f"## {words.say('plan.next')}",
        *(_next(words, catalog, ahead, {one.id for one in doing}) or [plain(words.text("plan.finished"))]),
    ]
    return "\n\n".join(parts) + "\n"


def _doing(words: Words, one: Doing) -> str:
    line = f"- [{escaped(one.title)}](<{one.url}>)"
    if one.thread is None:
        return line
    line += f" · {words.say('plan.far_along', part=one.thread.part, of=one.thread.of)}"
    return f"{line}\n  > {escaped(one.thread.note)}" if one.thread.note else line


def _next(words: Words, catalog: Catalog, ahead: Ahead, doing: Collection[str]) -> list[str]:
    """Topic by topic what is left, without what stands under “doing” already."""
    parts: list[str] = []
    for heading, stretches in groupby(ahead.plan.stretches, key=lambda stretch: _beginning(words, ahead, stretch)):
        parts.append(f"### {heading}")
        for stretch in stretches:
            told = [f"**{escaped(topic_name(catalog, words, stretch.topic))}**, {when(words, ahead, stretch.ends)}"]
            left = [_entry(words, entry) for entry in stretch.entries if entry.id not in doing]
            parts.append("\n".join([*told, "", *left] if left else told))
    return parts


def _beginning(words: Words, ahead: Ahead, stretch: Stretch) -> str:
    """The month in which a topic begins."""
    if ahead.start is None:
        return words.say("plan.after_the_pause")
    day = day_at(ahead.start, stretch.begins, ahead.breaks)
    return month_heading(day, words.language) if day else words.say("plan.far_heading")


def _entry(words: Words, entry: Resource) -> str:
    return f"- [{escaped(entry.title)}](<{entry.url}>) · {escaped(plain(facts_line(words, entry)))}"

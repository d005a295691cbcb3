"""A session of something long: how far they are, where they stopped, and where they got to this time."""

from __future__ import annotations

from dataclasses import fields

from bot.cards.names import short_name
from bot.catalog.entry import Resource
from bot.chat import Button, Rows, Span, Text, rows
from bot.i18n.showing import show_minutes
from bot.i18n.words import Words
from bot.learning.schedule import DAY
from bot.learning.sessions import SHORTEST, Session, Thread
from bot.store.taken import AnyDose

AHEAD = 5
"""How many parts ahead can be pressed as an answer to “where did you get to?”."""
QUOTED = 200
PARTED = 2
"""Of so many parts is what is at most twice as long as a dose."""
LITTLE_LONGER = 1.5
"""Times the minutes they have: what takes no longer may as well be done in one go."""
_KNOWN = tuple(field.name for field in fields(Session))


def session_line(words: Words, dose: AnyDose, entry: Resource | None) -> Text:
    """“competition · day 3 of 10 · 30 min today”, with the name of the part where a list gives one."""
    session = session_in(dose)
    parts = [words.one_of("kind", entry.kind)] if entry and session.part > 1 else []
    parts += [place_said(words, entry, session), words.say("session.today", minutes=show_minutes(session.minutes))]
    if whole := _in_one_go(dose, entry, session):
        parts.append(words.say("session.in_one_go", minutes=show_minutes(whole)))
    line = " · ".join(parts)
    name = part_name(words, entry, session.part)
    begin = Span(f"{line[:1].upper()}{line[1:]}" if session.part == 1 else line)
    return (begin, Span(f" · {name}", italic=True)) if name else (begin,)


def _in_one_go(dose: AnyDose, entry: Resource | None, session: Session) -> int | None:
    """The minutes of all of it, where it was parted only because it is a little longer than the minutes they have."""
    if entry is None or session.part > 1 or session.of != PARTED or len(entry.parts) > 1 or entry.days is not None:
        return None
    have = dose.minutes or session.minutes
    return entry.minutes if have < entry.minutes <= LITTLE_LONGER * have else None


def place_said(words: Words, entry: Resource | None, session: Session) -> str:
    """“day 3 of 10”, “part 4 of 8”, “parts 4–6 of 40”."""
    if session.of == 1:
        return words.say("session.some")
    if is_by_day(entry):
        return words.say("session.day", part=session.part, of=session.of)
    if session.until > session.part:
        return words.say("session.parts", part=session.part, until=session.until, of=session.of)
    return words.say("session.part", part=session.part, of=session.of)


def is_by_day(entry: Resource | None) -> bool:
    """Whether its parts are the days that a list recommends, and no list names any."""
    return entry is not None and entry.days is not None and len(entry.parts) < 2


def session_in(dose: AnyDose) -> Session:
    """What the dose takes of something long, as it was planned."""
    planned = dose.why.get("session")
    part = dose.part or 1
    # a newer version may say more of it
    known = {name: planned[name] for name in _KNOWN if name in planned} if planned else None
    return Session(**known) if known else Session(part, part, part, dose.minutes or SHORTEST)


def part_name(words: Words, entry: Resource | None, part: int) -> str:
    """What a list calls that part; nothing where it does not."""
    named = entry.parts if entry and len(entry.parts) > 1 else ()
    return named[part - 1].in_(words.language) if 0 < part <= len(named) else ""


def stopped_line(words: Words, dose: AnyDose, thread: Thread | None) -> Text | None:
    """“Yesterday you stopped at: …”, in their own words."""
    if thread is None or not thread.note or dose.outcome:
        return None
    key = "session.stopped_yesterday" if thread.last_on == dose.day - DAY else "session.stopped"
    return words.text(key, note=thread.note[:QUOTED])


def where_rows(words: Words, dose: AnyDose, entry: Resource | None) -> Rows:
    """Quick answers to “where did you get to?”: the end of one of the parts ahead, still there, or through with all of it."""
    session = session_in(dose)
    still_said = "button.still_on_day" if is_by_day(entry) else "button.still_there"
    still = Button(words.say(still_said, n=session.part), f"got:{dose.id}:{session.part - 1}")
    finished = Button(words.say("button.finished"), f"finish:{dose.id}")
    if session.of == 1:
        return ((finished,),)
    if is_by_day(entry):
        return ((still, finished),)
    ends = range(session.part, min(session.of - 1, session.part + AHEAD - 1) + 1)
    done = [Button(_end_label(words, entry, part), f"got:{dose.id}:{part}") for part in ends]
    return (*rows(done, 1 if entry and len(entry.parts) > 1 else AHEAD), (still, finished))


def _end_label(words: Words, entry: Resource | None, part: int) -> str:
    name = part_name(words, entry, part)
    return f"{part} · {short_name(name)}" if name else str(part)

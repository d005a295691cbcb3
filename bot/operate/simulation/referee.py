"""Reads the log of a life and counts the rules it breaks, from the catalog and the log alone: none of the chooser's code is used here.

The rules, as the design (section 2) and `bot/learning/dose/rhythm.py` have them:

    repeat        what was done, dismissed, shelved or came three times unanswered comes again, as far as forty doses back;
                  or what was passed over today
    wish          something else comes first, though what they put off until now fits
    prerequisite  a topic comes before one that it builds on, where that is on the trail and not passed
    budget        a dose asks for more minutes than there are
    theory        a third theory dose of a topic in a row (within a month) while there is something to build in it today
    opening       a topic does not open with something short to watch though it has that
    leaving       another topic begins, though nothing was built in the one before that had something to build
    near          less was asked for, and what comes is neither of that topic nor of one beside it, though something there fits
    paused        a dose comes on a day of a pause that was planned
    stretch       something harder than their level, twice within five doses, though something of that kind was not
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.catalog.entry import Catalog, Resource
from bot.catalog.kinds import Manner, Use
from bot.operate.simulation.life import Life, Turn

RULES = ("repeat", "wish", "prerequisite", "budget", "theory", "opening", "leaving", "stretch", "near", "paused")
RHYTHM = ("theory", "opening", "leaving", "stretch")
WAITS = (*RHYTHM, "near")
"""What does not hold of that which comes first whatever else there is."""
LOOKED_AT = 40
"""So many doses back the program looks for what stayed unanswered; what is before that is forgotten."""
WEEK, MONTH = timedelta(days=7), timedelta(days=30)


@dataclass
class _Seen:
    """What has happened so far."""

    gone: set[str] = field(default_factory=set)
    ignored: dict[str, list[date]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    shelved: set[str] = field(default_factory=set)
    held: list[tuple[date, str]] = field(default_factory=list)
    wished: dict[str, date] = field(default_factory=dict)
    today: tuple[date, set[str]] = (date.min, set())
    given: list[Resource] = field(default_factory=list)
    given_on: list[date] = field(default_factory=list)
    last: tuple[str, bool] | None = None
    passed: str = ""


def broken_rules(catalog: Catalog, life: Life) -> Counter[str]:
    """How often each rule is broken in a life; a rule that holds is not in it."""
    return Referee(catalog, life).judge()


class Referee:
    """Goes through one life."""

    def __init__(self, catalog: Catalog, life: Life) -> None:
        trail = catalog.trail(life.who.trail)
        assert trail is not None, "people are drawn from the catalog's trails"
        self.life = life
        self.profile = life.who.profile
        self.stops = {
            stop.id: [
                entry
                for entry in catalog.of_topic(stop.id, stop.lists, stop.order)
                if entry.use is Use.DOSE and entry.language.value in (*self.profile.languages, "mul")
            ]
            for stop in trail.topics
        }
        self.by_date = {stop.id for stop in trail.topics if stop.order == "published"}
        self.after = {topic.id: [name for name in topic.after if name in self.stops] for topic in catalog.topics}
        self.seen = _Seen()
        self.broken: Counter[str] = Counter()

    def judge(self) -> Counter[str]:
        """Look at each dose as it came, then at what became of it."""
        for turn in self.life.turns:
            if turn.gift is None:
                continue
            self._put_away(turn.day)
            if turn.took_up:
                self.seen.shelved.discard(turn.took_up)
                self.seen.begun.add(turn.took_up)
            entry = turn.gift.entry
            again = self.seen.last == (entry.id, False)
            comes_first = again or entry.id in self.seen.wished
            for rule in RULES:
                if not (comes_first and rule in WAITS) and getattr(self, f"_breaks_{rule}")(turn, entry):
                    self.broken[rule] += 1
            self._remember(turn, entry, again)
        return self.broken

    # ------------------------------------------------------------------------------------------------ what happened

    def _remember(self, turn: Turn, entry: Resource, again: bool) -> None:
        seen = self.seen
        seen.wished.pop(entry.id, None)
        if not turn.is_last:
            seen.passed = entry.topic
            seen.today[1].add(entry.id)
            if turn.outcome in ("dismissed", "shelved"):
                (seen.gone if turn.outcome == "dismissed" else seen.shelved).add(entry.id)
                seen.begun.discard(entry.id)
            return
        seen.held.append((turn.day, entry.id))
        if not again:
            seen.given.append(entry)
            seen.given_on.append(turn.day)
        seen.last = (entry.id, turn.outcome is not None)
        if turn.outcome is None:
            days = seen.ignored.setdefault(entry.id, [])
            if turn.day not in days:
                days.append(turn.day)
            return
        seen.ignored.pop(entry.id, None)
        if turn.outcome == "put_off":
            seen.wished[entry.id] = turn.day
            seen.today[1].add(entry.id)
        elif turn.outcome == "worked":
            seen.begun.add(entry.id)
        else:
            seen.gone.add(entry.id)
            seen.begun.discard(entry.id)

    def _put_away(self, today: date) -> None:
        """What came three times unanswered goes to Saved; so does what came twice and found no room for three weeks. Wishes end then."""
        if self.seen.today[0] != today:
            self.seen.today = (today, set())
        looked_at = set(self.seen.held[-LOOKED_AT:])
        for name, days in list(self.seen.ignored.items()):
            days[:] = [day for day in days if (day, name) in looked_at]
            times = len([day for day in days if day < today])
            if times >= 3 or (times == 2 and today - days[-1] >= 3 * WEEK):
                self.seen.gone.add(name)
                self.seen.begun.discard(name)
                del self.seen.ignored[name]
        self.seen.wished = {name: since for name, since in self.seen.wished.items() if today - since < 3 * WEEK}

    # ------------------------------------------------------------------------------------------- what could have come

    def _is_left(self, entry: Resource, turn: Turn) -> bool:
        """Whether it could still come today."""
        days = self.seen.ignored.get(entry.id, [])
        rests = len(days) == 2 and turn.day - days[-1] < WEEK
        is_away = entry.id in self.seen.gone or entry.id in self.seen.shelved or entry.id in self.seen.today[1]
        return not is_away and not rests and turn.day not in days

    def _fits(self, entry: Resource, turn: Turn) -> bool:
        if entry.minutes <= turn.budget and (entry.days or 1) == 1:
            return True
        if turn.budget < 5 or (turn.whole and entry.minutes > turn.budget):
            return False
        builds = entry.manner is Manner.BUILD
        if entry.id in self.seen.begun:
            return True
        others = [other for other in self._all() if other.id in self.seen.begun]
        going = [other for other in others if len(self.seen.ignored.get(other.id, [])) < 2]
        return len(others) < 2 and not any((other.manner is Manner.BUILD) == builds for other in going)

    def _all(self) -> list[Resource]:
        return [entry for entries in self.stops.values() for entry in entries]

    def _possible(self, topic: str, turn: Turn) -> list[Resource]:
        return [entry for entry in self.stops[topic] if self._is_left(entry, turn) and self._fits(entry, turn)]

    def _is_passed(self, topic: str) -> bool:
        return all(
            entry.id in self.seen.gone or entry.id in self.seen.shelved or len(self.seen.ignored.get(entry.id, [])) >= 2
            for entry in self.stops[topic]
            if entry.core
        )

    # --------------------------------------------------------------------------------------------------- the rules

    def _breaks_repeat(self, turn: Turn, entry: Resource) -> bool:
        return entry.id in self.seen.gone or entry.id in self.seen.shelved or entry.id in self.seen.today[1]

    def _breaks_wish(self, turn: Turn, entry: Resource) -> bool:
        """Only what may come at all counts: a wish waits for a day that has the minutes, and for the prerequisites."""
        wished = [
            one
            for one in self._all()
            if one.id in self.seen.wished and self.seen.wished[one.id] < turn.day and self._is_left(one, turn)
        ]
        return entry not in wished and any(self._fits(one, turn) for one in wished)

    def _breaks_prerequisite(self, turn: Turn, entry: Resource) -> bool:
        return not all(self._is_passed(topic) for topic in self.after[entry.topic])

    def _breaks_budget(self, turn: Turn, entry: Resource) -> bool:
        assert turn.gift is not None, "judged is what was given"
        return turn.gift.minutes > turn.budget

    def _breaks_theory(self, turn: Turn, entry: Resource) -> bool:
        if entry.manner is Manner.BUILD:
            return False
        run = 0
        for before, day in zip(reversed(self.seen.given), reversed(self.seen.given_on), strict=True):
            if before.manner is Manner.BUILD or run >= 2 or turn.day - day > MONTH:
                break
            run += before.topic == entry.topic
        return run >= 2 and any(other.manner is Manner.BUILD for other in self._possible(entry.topic, turn))

    def _breaks_opening(self, turn: Turn, entry: Resource) -> bool:
        core = [one for one in self.stops[entry.topic] if one.core]
        met = {one.id for one in self.seen.given} | self.seen.gone
        if entry.topic in self.by_date or not entry.core or any(one.id in met for one in core):
            return False
        most = self.profile.level + (not self._stretched())
        short = [
            one
            for one in core
            if one.manner is Manner.WATCH
            and (one.days or 1) == 1
            and one.minutes <= min(30, turn.budget)
            and one.difficulty <= most
            and self._is_left(one, turn)
        ]
        return bool(short) and entry not in short

    def _breaks_leaving(self, turn: Turn, entry: Resource) -> bool:
        """A topic begins: was anything built in the one they came from, if it is passed and had something to build?"""
        if any(one.topic == entry.topic for one in self.seen.given) or not self.seen.given:
            return False
        before = self.seen.given[-1].topic
        builds = [one for one in self.stops.get(before, []) if one.manner is Manner.BUILD]
        built = {one.id for one in self.seen.given} | self.seen.gone
        if not self._is_passed(before) or any(one.id in built for one in builds):
            return False
        return any(one in builds for one in self._possible(before, turn))

    def _breaks_near(self, turn: Turn, entry: Resource) -> bool:
        """Asked is what belongs to the way and may come now; what a topic has beside that is for those who want more of it."""
        if turn.after not in ("too_long", "my_time"):
            return False
        way, at_all = list(self.stops), replace(turn, whole=False)
        near = [topic for topic in way if abs(way.index(topic) - way.index(self.seen.passed)) <= 1]
        return entry.topic not in near and any(
            one.core
            for topic in near
            if all(self._is_passed(before) for before in self.after[topic])
            for one in self._possible(topic, at_all)
        )

    def _breaks_paused(self, turn: Turn, entry: Resource) -> bool:
        """What was asked for within a planned pause took its place."""
        holds = [
            (first, again)
            for at, (first, again) in enumerate(self.life.planned)
            if not any(first <= one and end <= again for one, end in self.life.planned[at + 1 :])
        ]
        return any(first <= turn.day < again for first, again in holds)

    def _stretched(self) -> bool:
        return any(one.difficulty > self.profile.level for one in self.seen.given[-4:])

    def _breaks_stretch(self, turn: Turn, entry: Resource) -> bool:
        level = self.profile.level
        if entry.difficulty <= level or entry.id in self.seen.begun:
            return False
        return self._stretched() and any(
            one.core and one.difficulty <= level and one.manner is entry.manner
            for one in self._possible(entry.topic, turn)
        )

"""What linking two accounts would do, before it is done; a code; and which accounts are linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.names import trail_name
from bot.catalog.entry import Catalog
from bot.chat import Button, Message, Rows, Span, Text, lines
from bot.i18n.showing import show_hour
from bot.i18n.words import Words
from bot.store.tables import Identity, Subscription

HERE, THERE = "here", "there"
"""Whose subscription stays: the one of the account that is asked, or the one that made the code."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of two people: `done` and `notes` of both together, the `streak` of their days (None where none is shown).

    `name` is who made the code and `made_in` their account, or accounts, on the platform where they did; `accounts` are all of both. Of
    the subscriptions one `stays` and the other `ends`; `may_choose` where both give doses. `language` is the one we would speak, as
    “pt”, where it is another than there. The dose that stays `comes_here` where nothing got through to its own chat.
    """

    number: int
    name: str
    made_in: Sequence[Identity]
    accounts: Sequence[Identity]
    done: int
    notes: int
    streak: int | None = None
    stays: Subscription | None = None
    ends: Subscription | None = None
    stays_here: bool = True
    may_choose: bool = False
    language: str | None = None
    comes_here: bool = False


def plan_message(words: Words, catalog: Catalog, plan: Plan) -> Message:
    """Link or not, and which subscription stays."""
    language = words.one_of("language", plan.language) if plan.language else ""
    said = lines(
        words.text("linking.ask", name=plan.name, platform=named(words, plan.made_in, plan.accounts)),
        _together(words, plan),
        _dose(words, catalog, plan),
        words.text("linking.language", language=language) if language else None,
        words.text("linking.only_yours", platforms=named(words, plan.accounts)),
    )
    return Message(said, _buttons(words, plan))


def _together(words: Words, plan: Plan) -> Text | None:
    """What there is of both, where there is anything yet."""
    counted = (("linking.done_things", plan.done), ("linking.notes", plan.notes), ("linking.streak", plan.streak))
    there = [words.say(key, n=count) for key, count in counted if count]
    return words.text("linking.together", all=", ".join(there)) if there else None


def _dose(words: Words, catalog: Catalog, plan: Plan) -> Text | None:
    if plan.stays is None or plan.stays.is_draft:
        return None
    told = _told(words, catalog, plan.stays)
    ends = plan.ends is not None and plan.ends.gives_doses
    return lines(
        words.text(
            "linking.dose_comes_here" if plan.comes_here else "linking.dose",
            platform=place_of(plan.stays, plan.accounts),
            **told,
        ),
        words.text("linking.dose_ends", platform=place_of(plan.ends, plan.accounts)) if plan.ends and ends else None,
    )


def _told(words: Words, catalog: Catalog, subscription: Subscription) -> dict[str, str]:
    return {
        "trail": trail_name(catalog, words, subscription.trail),
        "hour": show_hour(subscription.hour),
        "minutes": str(subscription.minutes),
    }


def _buttons(words: Words, plan: Plan) -> Rows:
    stays, other = (HERE, THERE) if plan.stays_here else (THERE, HERE)
    yes = Button(words.say("button.link"), f"link:yes:{plan.number}:{stays}")
    no = Button(words.say("button.not_now"), "link:no")
    if not plan.may_choose or plan.ends is None:
        return ((yes, no),)
    instead = words.say("button.dose_instead", platform=place_of(plan.ends, plan.accounts))
    return ((yes, no), (Button(instead, f"link:see:{plan.number}:{other}"),))


def code_message(
    words: Words, code: str, where: str | None, linked: Sequence[Identity], *, dose_elsewhere: bool
) -> Message:
    """A code and what to do with it; for whoever is linked already also with whom, and a way to bring the dose here."""
    head = words.text("linking.linked", platforms=named(words, linked)) if len(linked) > 1 else None
    elsewhere = words.say("linking.there", platform=shown(where)) if where else words.say("linking.elsewhere")
    here = ((Button(words.say("button.dose_here"), "link:here"),),) if dose_elsewhere else ()
    said = lines(head, words.text("linking.code", where=elsewhere), (Span(f"/link {code}", code=True),))
    return Message(lines(said, words.text("linking.keep_it")), here)


def unlink_message(words: Words, linked: Sequence[Identity]) -> Message:
    """Which accounts are linked, each with a button that takes it out."""
    buttons = tuple(
        (
            Button(
                words.say("button.unlink", platform=label(one, linked)), f"unlink:ask:{one.platform}:{one.platform_id}"
            ),
        )
        for one in linked
    )
    return words.message("linking.which_to_part", buttons, platforms=named(words, linked))


def part_message(
    words: Words, leaves: Identity, linked: Sequence[Identity], *, dose_moves_to: Identity | None
) -> Message:
    """What taking an account out would do."""
    rest = [one for one in linked if one is not leaves]
    buttons = (
        (
            Button(words.say("button.part"), f"unlink:yes:{leaves.platform}:{leaves.platform_id}"),
            Button(words.say("button.stay_linked"), "unlink:no"),
        ),
    )
    moves = words.text("linking.dose_moves", platform=label(dose_moves_to, linked)) if dose_moves_to else None
    sure = words.text("linking.part_sure", platform=label(leaves, linked), rest=named(words, rest, linked))
    return Message(lines(sure, moves), buttons)


def named(words: Words, some: Sequence[Identity], among: Sequence[Identity] = ()) -> str:
    """“Discord and Telegram”; where they are only some of those the talk is of, called as `among` all of these."""
    labels = [label(one, among or some) for one in some]
    if len(labels) < 2:
        return "".join(labels)
    return words.say("linking.and", first=", ".join(labels[:-1]), last=labels[-1])


def place_of(subscription: Subscription, accounts: Sequence[Identity]) -> str:
    """Where its doses come, called as that account is."""
    place = (subscription.platform, subscription.chat)
    account = next((one for one in accounts if (one.platform, one.platform_id) == place), None)
    return label(account, accounts) if account else shown(subscription.platform)


def label(one: Identity, linked: Sequence[Identity]) -> str:
    """The platform's name; with the id where somebody has two accounts on it."""
    several = sum(other.platform == one.platform for other in linked) > 1
    return f"{shown(one.platform)} ({one.platform_id})" if several else shown(one.platform)


def shown(platform: str) -> str:
    """A platform as its people write it."""
    return platform.capitalize()

"""`/link`: the same person on another platform. A code from the one, shown to the other; what it would do; a press that does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from secrets import choice

from bot.cards.linking import code_message, named, plan_message
from bot.chat import Address, Answer, Message, Notice, Text, lines
from bot.commands.ask import Ask
from bot.commands.linking.uniting import plan_of, unite
from bot.commands.pausing.resume import come_back_if_blocked
from bot.commands.schedule import day_said
from bot.errors import UserMistake
from bot.i18n.showing import show_hour
from bot.i18n.words import words_in
from bot.states import Goal
from bot.store import link_codes, outbox, people, subscriptions
from bot.store.tables import Identity, Person, Subscription

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of which codes are made: none that is taken for another."""
LENGTH = 8
_PLATFORMS = ("telegram", "discord")


async def link(ask: Ask) -> Answer:
    """A code for the other platform; with a code, what it would do."""
    return await _take_code(ask) if ask.rest else await _give_code(ask)


async def press(ask: Ask) -> Answer:
    """Link, the other subscription instead, not now; or let the dose come to this chat."""
    what, _, rest = ask.rest.partition(":")
    if not ask.incoming.private:
        raise UserMistake("mistake.private_only")
    if what == "no":
        return Answer(edit=ask.words.message("linking.left"))
    if what == "here":
        return await _bring_dose_here(ask)
    number, _, wanted = rest.partition(":")
    if what not in ("yes", "see") or not number.isdecimal() or len(number) > 18:
        raise UserMistake("mistake.stale_button")
    return await (_link if what == "yes" else _see)(ask, int(number), wanted)


# ------------------------------------------------------------------------------------------------------------- the code


async def _give_code(ask: Ask) -> Answer:
    letters = "".join(choice(LETTERS) for _ in range(LENGTH))
    here = ask.incoming.address
    await link_codes.make(ask.session, letters, ask.person.id, here.platform, ask.now)
    found = await subscriptions.of_person(ask.session, ask.person.id)
    linked = await people.identities(ask.session, ask.person.id)
    elsewhere = found is not None and found.gives_doses and (found.platform, found.chat) != (here.platform, here.chat)
    code = f"{letters[: LENGTH // 2]}-{letters[LENGTH // 2 :]}"
    where = _other_platform(ask)
    return Answer(say=(code_message(ask.words, code, where, linked, dose_elsewhere=elsewhere and len(linked) > 1),))


def _other_platform(ask: Ask) -> str | None:
    """Where else this bot listens, where that is one place."""
    tokens = (ask.settings.telegram_token, ask.settings.discord_token)
    served = [name for name, token in zip(_PLATFORMS, tokens, strict=True) if token]
    others = [name for name in served if name != ask.incoming.address.platform]
    return others[0] if len(others) == 1 else None


async def _take_code(ask: Ask) -> Answer:
    """Show whoever enters a code what it would do. A wrong one is no UserMistake: that would take the counted try back."""
    if not await link_codes.may_try(ask.session, ask.person.id, ask.now):
        return Answer(say=(ask.words.message("linking.too_often"),))
    code = await link_codes.find(ask.session, _letters(ask.rest))
    if code is None:
        await link_codes.note_wrong(ask.session, ask.person.id, ask.now)
        return Answer(say=(ask.words.message("linking.wrong"),))
    if code.used_at:
        return Answer(say=(ask.words.message("linking.used"),))
    if code.until <= ask.now:
        return Answer(say=(ask.words.message("linking.over"),))
    if code.person_id == ask.person.id:
        return Answer(say=(ask.words.message("linking.own"),))
    code.shown_to = ask.person.id
    await ask.session.flush()
    return Answer(say=(await _plan(ask, code.id, ""),))


def _letters(typed: str) -> str:
    """A code as it is kept, however it was typed."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


# ----------------------------------------------------------------------------------------------------------- the presses


async def _see(ask: Ask, number: int, wanted: str) -> Answer:
    return Answer(edit=await _plan(ask, number, wanted))


async def _plan(ask: Ask, number: int, wanted: str) -> Message:
    code = await link_codes.get(ask.session, number, ask.person.id)
    other = await people.get(ask.session, code.person_id) if code else None
    if code is None or other is None or code.used_at or code.until <= ask.now:
        raise UserMistake("linking.over")
    return plan_message(ask.words, ask.catalog, await plan_of(ask, code, other, wanted))


async def _link(ask: Ask, number: int, wanted: str) -> Answer:
    """Do it. The code dies with it, so of two presses at once one does."""
    code = await link_codes.get(ask.session, number, ask.person.id)
    if code is None or (other := await people.hold(ask.session, code.person_id)) is None:
        raise UserMistake("linking.over")
    if other.id == ask.person.id:
        return Answer(toast=ask.words.say("linking.used"))
    if not await link_codes.use(ask.session, number, ask.person.id, ask.now):
        raise UserMistake("linking.over")
    mine = await people.identities(ask.session, ask.person.id)
    theirs = await people.identities(ask.session, other.id)
    standing = await unite(ask, other, wanted)
    words = words_in(ask.person.language)
    linked = await people.identities(ask.session, ask.person.id)
    found = await subscriptions.of_person(ask.session, ask.person.id, lock=False)
    keeps = standing is not None and standing.streak.length > 0 and found is not None and found.goal == Goal.STREAK
    streak = words.text("linking.streak_now", n=standing.streak.length) if standing and keeps else ()
    done = words.text("linking.done", platforms=named(words, linked), streak=streak)
    comes = _next_said(replace(ask, words=words), found) if found and found.is_active else None
    return Answer(
        edit=Message(lines(done, comes)), also=_notices(number, theirs, named(words, mine, linked), ask.person)
    )


def _next_said(ask: Ask, subscription: Subscription) -> Text | None:
    """When the one dose a day comes next."""
    if subscription.next_day is None:
        return None
    when = day_said(ask, subscription.next_day, subscription.zone)
    return ask.words.text("linking.next", when=when, hour=show_hour(subscription.hour))


def _notices(number: int, theirs: Sequence[Identity], with_whom: str, person: Person) -> tuple[Notice, ...]:
    """Whoever made the code hears on each of their accounts that it was used: should it not have been they, that is how they know."""
    facts = {"says": "linking.told", "platforms": with_whom}
    return tuple(
        Notice(f"{link_codes.USED}{number}:{place}", Address(one.platform, one.platform_id), "notice", facts, person.id)
        for place, one in enumerate(theirs)
    )


async def _bring_dose_here(ask: Ask) -> Answer:
    """From now on doses come to this chat; one that waits follows. They come again where they had stopped for a block elsewhere."""
    subscription = await ask.subscription()
    here = ask.incoming.address
    subscription.platform, subscription.chat, subscription.thread = here.platform, here.chat, here.thread
    await outbox.send_to(ask.session, subscription.id, here)
    back = await come_back_if_blocked(ask, subscription)
    return back if back.edit else Answer(edit=ask.words.message("linking.comes_here"))

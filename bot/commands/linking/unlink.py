"""`/unlink`: an account becomes somebody of its own again. Nothing is copied; all there is stays with the others."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.linking import label, named, part_message, unlink_message
from bot.chat import Address, Answer, Notice
from bot.commands.ask import Ask
from bot.errors import UserMistake
from bot.store import parting, people, subscriptions
from bot.store.tables import Identity


async def unlink(ask: Ask) -> Answer:
    """The accounts that are linked, each with a button."""
    linked = await people.identities(ask.session, ask.person.id)
    if len(linked) < 2:
        return Answer(say=(ask.words.message("linking.nothing_linked"),))
    return Answer(say=(unlink_message(ask.words, linked),))


async def press(ask: Ask) -> Answer:
    """Which account; asked once more; done."""
    what, _, named_one = ask.rest.partition(":")
    if not ask.incoming.private:
        raise UserMistake("mistake.private_only")
    if what == "no":
        return Answer(edit=ask.words.message("linking.left"))
    linked = await people.identities(ask.session, ask.person.id)
    platform, _, number = named_one.partition(":")
    leaves = next((one for one in linked if (one.platform, one.platform_id) == (platform, number)), None)
    if leaves is None or len(linked) < 2 or what not in ("ask", "yes"):
        raise UserMistake("mistake.stale_button")
    rest = [one for one in linked if one is not leaves]
    if what == "ask":
        moves_to = rest[0] if await _gets_the_dose(ask, leaves, rest) else None
        return Answer(edit=part_message(ask.words, leaves, linked, dose_moves_to=moves_to))
    anew = await parting.part(ask.session, ask.person, leaves, rest, ask.now)
    stays_with = named(ask.words, rest, linked)
    here = next(one for one in linked if (one.platform, one.platform_id) == _here(ask))
    if here is leaves:
        return Answer(edit=ask.words.message("linking.parted_here", rest=stays_with))
    facts = {"says": "linking.told_parted", "platform": label(here, linked), "rest": stays_with}
    told = Notice(f"parted:{anew.id}", Address(leaves.platform, leaves.platform_id), "notice", facts, anew.id)
    return Answer(edit=ask.words.message("linking.parted", platform=label(leaves, linked)), also=(told,))


def _here(ask: Ask) -> tuple[str, str]:
    """The account that speaks."""
    return ask.incoming.address.platform, ask.incoming.sender.id


async def _gets_the_dose(ask: Ask, leaves: Identity, rest: Sequence[Identity]) -> bool:
    found = await subscriptions.of_person(ask.session, ask.person.id, lock=False)
    return found is not None and found.gives_doses and parting.takes_along(found, leaves, rest)

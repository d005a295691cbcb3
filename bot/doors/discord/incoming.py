"""A native event as an Incoming: who, where, what; None for what is not meant for us.

Somebody who uses a command in a server is alone with us all the same: only they see the answer, and their doses come by direct
message. Only commands that are said before others (`in_groups`), buttons under what we posted in a channel, and the words that such a
button asked for belong to that channel.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

import discord

from bot.chat import Address, Incoming, MessageRef, Sender
from bot.doors.discord.components import ASK_HERE, action_of
from bot.doors.discord.documents import attached, document_of
from bot.doors.discord.places import PLATFORM, at_channel, at_person
from bot.doors.discord.render import clean

_MENTION = re.compile(r"<@!?(\d{1,20})>")
_LINK = re.compile(r"https?://[^\s<>()\[\]]+")


def of_interaction(
    interaction: discord.Interaction[Any], me: int, before_others: Collection[str], now: datetime
) -> Incoming | None:
    """A command, a press or a filled-in box."""
    text, action = _said(interaction)
    if text is None and action is None:
        return None
    place, private = _place(interaction, interaction_data(interaction).get("name") in before_others)
    return Incoming(
        key=f"{PLATFORM}:{me}:interaction:{interaction.id}",
        address=place,
        sender=_sender(interaction.user, interaction.locale.value),
        at=now,
        text=text,
        action=action,
        on=MessageRef(place, str(interaction.message.id)) if interaction.message and action is not None else None,
        private=private,
        links=_links(text or ""),
        names=tuple(Sender(number, f"<@{number}>") for number in dict.fromkeys(_MENTION.findall(text or ""))),
        document=document_of(attached(interaction)),
    )


def of_message(message: discord.Message, me: int, now: datetime) -> Incoming | None:
    """Words somebody wrote to us alone, or other ones in their place. What is said in servers is not ours to read."""
    forwarded = [snapshot.content for snapshot in message.message_snapshots]
    text = clean("\n".join(words for words in (message.content, *forwarded) if words))
    passed_on = [one for snapshot in message.message_snapshots for one in snapshot.attachments]
    document = document_of([*message.attachments, *passed_on])
    if message.guild is not None or message.author.bot or not (text or document):
        return None
    person = at_person(message.author.id)
    changed = f":edit:{message.edited_at.timestamp():.0f}" if message.edited_at else ""
    answered = message.reference.message_id if message.reference and not forwarded else None
    return Incoming(
        key=f"{PLATFORM}:{me}:message:{message.id}{changed}",
        address=person,
        sender=_sender(message.author, None),
        at=now,
        text=text,
        reply_to=MessageRef(person, str(answered)) if answered else None,
        links=_links(text),
        forwarded=bool(forwarded),
        document=document,
        said=MessageRef(person, str(message.id)),
        edited=bool(changed),
    )


def _links(text: str) -> tuple[str, ...]:
    """The addresses in a text, those behind words among them, in their order and once each."""
    return tuple(dict.fromkeys(found.rstrip(".,;:!?") for found in _LINK.findall(text)))


def is_hidden(interaction: discord.Interaction[Any], incoming: Incoming) -> bool:
    """Whether only the person may see the answer: they are alone with us, but the place is not."""
    spoken = interaction.type is discord.InteractionType.application_command
    return interaction.guild_id is not None and (incoming.private or not spoken)


def interaction_data(interaction: discord.Interaction[Any]) -> dict[str, Any]:
    """What Discord sent with it; its shape depends on the kind."""
    return dict(interaction.data or {})


def _said(interaction: discord.Interaction[Any]) -> tuple[str | None, str | None]:
    data = interaction_data(interaction)
    match interaction.type:
        case discord.InteractionType.application_command:
            words = " ".join(str(option.get("value", "")) for option in data.get("options", ()) if _is_typed(option))
            return clean(f"/{data.get('name', '')} {words}".strip()), None
        case discord.InteractionType.component:
            return None, action_of(clean(str(data.get("custom_id", ""))))
        case discord.InteractionType.modal_submit:
            return clean("\n".join(_typed(data.get("components", ())))), None
    return None, None


def _is_typed(option: dict[str, Any]) -> bool:
    return option.get("type") == discord.AppCommandOptionType.string.value


def _typed(components: Any) -> list[str]:
    """The words in a box, wherever it stands in what Discord sends: in a row or under a label."""
    found: list[str] = []
    for component in components:
        if "value" in component:
            found.append(str(component["value"]))
        found += _typed(component.get("components", ()))
        if "component" in component:
            found += _typed([component["component"]])
    return found


def _place(interaction: discord.Interaction[Any], before_others: bool) -> tuple[Address, bool]:
    """Where it was said, and whether they are alone with us there."""
    channel = interaction.channel_id
    if interaction.guild_id is None or channel is None:
        return at_person(interaction.user.id), True
    if interaction.type is discord.InteractionType.modal_submit:
        asked_here = interaction_data(interaction).get("custom_id") == ASK_HERE
        return (at_channel(channel), False) if asked_here else (at_person(interaction.user.id), True)
    on_ours = interaction.message is not None and not interaction.message.flags.ephemeral
    if before_others or on_ours:
        return at_channel(channel), False
    return at_person(interaction.user.id), True


def _sender(user: discord.abc.User, language: str | None) -> Sender:
    return Sender(str(user.id), clean(user.display_name), language)

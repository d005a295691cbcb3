"""A native update as an Incoming: who, where, what; None for what is not meant for us.

Other words in an old message are told as such, for they may be a note. An edited command is left alone: it was answered, would act a
second time, and nobody expects it to.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.chat import Address, Incoming, Location, MessageRef, Sender
from bot.doors.telegram.documents import document_of
from bot.doors.telegram.render import clean, web_link

PLATFORM = "telegram"
KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]
"""The kinds of update we ask for."""

_COMMAND = re.compile(r"/\w{1,64}(?:\s|\Z)")


class Me(NamedTuple):
    """Our own account: number and name without @."""

    id: int
    username: str


def understand(update: Update, me: Me, now: datetime) -> Incoming | None:
    """What somebody did, in the house's words.

    The key names the thing, not the delivery: a press by its own id, a message by chat and number. So it is the same from another
    Bot API server or by webhook, whose update numbers differ, and those restart at random after a quiet week (Bot API, Update).
    Our own number goes in front, because a new bot counts its messages from 1 again in the same private chats.
    """
    if update.callback_query:
        return _press(update.callback_query, me, now)
    if update.message:
        return _message(update.message, me, now)
    if update.edited_message:
        return _edit(update.edited_message, me, now)
    if update.my_chat_member:
        return _presence(update, update.my_chat_member, me, now)
    return None


def lanes_of(update: Update) -> tuple[str, ...]:
    """Whose order the update belongs to: its chat's, so that a screen changes in order, and its person's."""
    chat, person = update.effective_chat, update.effective_user
    return tuple(f"{kind}{of.id}" for kind, of in (("chat", chat), ("person", person)) if of)


def _press(press: CallbackQuery, me: Me, now: datetime) -> Incoming | None:
    """A button; its message may be inaccessible (deleted or too old: only chat and number are left)."""
    on = press.message
    if on is None or press.data is None:
        return None
    address = _address(on) if isinstance(on, Message) else _chat_address(on.chat)
    return Incoming(
        key=f"{PLATFORM}:{me.id}:press:{press.id}",
        address=address,
        sender=_sender(press.from_user),
        at=now,
        action=clean(press.data),
        on=MessageRef(address, str(on.message_id)),
        private=on.chat.type == ChatType.PRIVATE,
    )


def _message(message: Message, me: Me, now: datetime) -> Incoming | None:
    if message.migrate_to_chat_id and message.from_user:
        return _migration(message, message.migrate_to_chat_id, message.from_user, me, now)
    if not _is_from_a_person(message) or message.from_user is None:
        return None
    private = message.chat.type == ChatType.PRIVATE
    text = _without_our_name(_text(message), me)
    place = message.venue.location if message.venue else message.location
    names = _names(message, me)
    document = document_of(message)
    if not (text or place or message.contact or document) or not (private or _is_for_us(message, text, me)):
        return None
    return Incoming(
        key=_message_key(message, me),
        address=_address(message),
        sender=_sender(message.from_user),
        at=now,
        text=text or (None if place else ""),
        location=Location(place.latitude, place.longitude) if place and not text else None,
        reply_to=_reply_to(message),
        private=private,
        links=_links(message),
        forwarded=message.forward_origin is not None,
        names=names,
        said=MessageRef(_address(message), str(message.message_id)),
        document=document,
    )


def _edit(message: Message, me: Me, now: datetime) -> Incoming | None:
    """Other words in a message of theirs, in private; each change is an update of its own."""
    incoming = _message(message, me, now)
    if incoming is None or not incoming.private or not incoming.text or incoming.text.startswith("/"):
        return None
    changed = int(message.edit_date.timestamp()) if message.edit_date else 0
    return replace(incoming, key=f"{incoming.key}:edit:{changed}", edited=True)


def _migration(message: Message, to: int, by: User, me: Me, now: datetime) -> Incoming:
    """The group became a supergroup with another number. The twin of this message in the new chat is left alone."""
    return Incoming(
        key=_message_key(message, me),
        address=_chat_address(message.chat),
        sender=_sender(by),
        at=now,
        moved_to=Address(PLATFORM, str(to)),
        private=False,
    )


def _presence(update: Update, change: ChatMemberUpdated, me: Me, now: datetime) -> Incoming | None:
    """Somebody blocked us or let us in again. In groups the refusal of the next send says it."""
    if change.chat.type != ChatType.PRIVATE:
        return None
    gone = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    return Incoming(
        # the change has no id of its own; the update's number tells two in one second apart, the date two far apart in time
        key=f"{PLATFORM}:{me.id}:presence:{change.chat.id}:{int(change.date.timestamp())}:{update.update_id}",
        address=_chat_address(change.chat),
        sender=_sender(change.from_user),
        at=now,
        presence="gone" if gone else "back",
    )


def _is_from_a_person(message: Message) -> bool:
    """Not from a bot, a channel, or an administrator who hides behind the group: all of those share one account."""
    person = message.from_user
    hidden = message.sender_chat or message.is_automatic_forward or message.chat.type == ChatType.CHANNEL
    return bool(person and not person.is_bot and not hidden)


def _text(message: Message) -> str:
    """Text or caption; addresses that hide behind words are put below, as a forwarded recommendation often has them."""
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities
    hidden = [e.url for e in entities if e.type == MessageEntity.TEXT_LINK and e.url and web_link(e.url)]
    fresh = [url for url in dict.fromkeys(hidden) if url not in text]
    return clean("\n".join([text, *fresh]))


def _links(message: Message) -> tuple[str, ...]:
    """The addresses in a message, those in plain sight and those behind words, in their order and once each."""
    marks = message.parse_entities([MessageEntity.URL, MessageEntity.TEXT_LINK])
    marks |= message.parse_caption_entities([MessageEntity.URL, MessageEntity.TEXT_LINK])
    found = (mark.url or seen for mark, seen in sorted(marks.items(), key=lambda item: item[0].offset))
    return tuple(dict.fromkeys(clean(link) for link in found))


def _names(message: Message, me: Me) -> tuple[Sender, ...]:
    """The people a message names with an account: whom it answers, who is mentioned, whose contact it is, who wrote it first."""
    people: list[User | None] = [
        mark.user for mark in message.entities or () if mark.type == MessageEntity.TEXT_MENTION
    ]
    answered = message.reply_to_message
    if answered and not answered.forum_topic_created and not answered.sender_chat:
        people.append(answered.from_user)
    people.append(getattr(message.forward_origin, "sender_user", None))
    named = [_sender(one) for one in people if one and not one.is_bot and one.id != me.id]
    if message.contact and message.contact.user_id:
        named.append(Sender(str(message.contact.user_id), clean(message.contact.first_name)))
    return tuple({one.id: one for one in named}.values())


def _without_our_name(text: str, me: Me) -> str:
    """`/today@OurBot now` is `/today now`; `@OurBot today` is `today`."""
    name = re.escape(me.username)
    text = re.sub(rf"\A@{name}(?!\w)[\s,:]*", "", text, flags=re.IGNORECASE)
    return re.sub(rf"\A(/\w+)@{name}(?!\w)", r"\1", text, flags=re.IGNORECASE)


def _is_for_us(message: Message, text: str, me: Me) -> bool:
    """In a group: a command (of no other bot), a mention of us, a reply to us."""
    if text.startswith("/"):
        return _COMMAND.match(text) is not None
    answered = message.reply_to_message
    is_reply = answered and answered.from_user and answered.from_user.id == me.id and not answered.forum_topic_created
    return bool(is_reply) or _mentions(message, me)


def _mentions(message: Message, me: Me) -> bool:
    marks = message.parse_entities([MessageEntity.MENTION]) | message.parse_caption_entities([MessageEntity.MENTION])
    return f"@{me.username}".lower() in (name.lower() for name in marks.values())


def _reply_to(message: Message) -> MessageRef | None:
    """What it answers. In a topic every message "replies" to the one that opened the topic; that is none."""
    answered = message.reply_to_message
    if answered is None or answered.forum_topic_created:
        return None
    return MessageRef(_address(message), str(answered.message_id))


def _message_key(message: Message, me: Me) -> str:
    return f"{PLATFORM}:{me.id}:message:{message.chat.id}:{message.message_id}"


def _address(message: Message) -> Address:
    """The chat and, in a forum, the topic. Other threads of a group are mere chains of replies and no place to write to."""
    thread = message.message_thread_id if message.is_topic_message else None
    return Address(PLATFORM, str(message.chat.id), str(thread) if thread else None)


def _chat_address(chat: Chat) -> Address:
    return Address(PLATFORM, str(chat.id))


def _sender(person: User) -> Sender:
    return Sender(str(person.id), clean(person.first_name), person.language_code)

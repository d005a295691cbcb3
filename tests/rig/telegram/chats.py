"""Chats: who is in them, which messages they hold, and when they are closed to the bot."""

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .html import JSON
from .messages import Message
from .refusal import Refused, forbidden, moved

if TYPE_CHECKING:
    from .people import Person
    from .world import World

ADMINISTRATOR_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
)


class Chat:
    """What private chats and groups share.

    `topics` are the threads of a forum. A `refusal` that a test sets answers every send here.
    """

    kind = "private"

    def __init__(self, world: "World", chat_id: int, ids: Iterator[int]) -> None:
        self.id = chat_id
        self.messages: dict[int, Message] = {}
        self.topics: set[int] = set()
        self.refusal: Refused | None = None
        self._world = world
        self._ids = ids
        self._json: JSON | None = None

    @property
    def is_private(self) -> bool:
        return self.kind == "private"

    @property
    def bot_may_delete(self) -> bool:
        """Whether the bot may take away what people wrote."""
        return True

    def check_open(self) -> None:
        """Raise `Refused` if the bot may not act here."""
        if self.refusal:
            raise self.refusal

    def as_json(self) -> JSON:
        """The Bot API's Chat."""
        if self._json is None:
            self._json = self._describe()
        return self._json

    def renamed(self) -> None:
        """Describe the chat afresh after its name changed."""
        self._json = None

    def add(self, message: Message) -> Message:
        self.messages[message.id] = message
        return message

    def next_id(self) -> int:
        return next(self._ids)

    def shown(self) -> list[Message]:
        """The bot's messages that are on the screen, oldest first, in their present state."""
        return [message for message in self.messages.values() if message.by_bot and not message.deleted]

    def member(self, user_id: int) -> JSON | None:
        """The Bot API's ChatMember; None for somebody the chat never saw."""
        raise NotImplementedError

    def _describe(self) -> JSON:
        raise NotImplementedError


class PrivateChat(Chat):
    """The chat of one person with the bot; its id is the person's."""

    def __init__(self, world: "World", person: "Person") -> None:
        super().__init__(world, person.id, world.private_ids)
        self.person = person

    def check_open(self) -> None:
        super().check_open()
        if self.person.deactivated:
            raise forbidden("user is deactivated")
        if self.person.has_blocked:
            raise forbidden("bot was blocked by the user")
        if not self.person.started:
            raise forbidden("bot can't initiate conversation with a user")

    def member(self, user_id: int) -> JSON | None:
        known = {self.id: self.person.as_json(), self._world.me["id"]: self._world.me}
        return {"status": "member", "user": known[user_id]} if user_id in known else None

    def _describe(self) -> JSON:
        person = self.person.as_json()
        names: JSON = {key: person[key] for key in ("first_name", "username") if key in person}
        return {"id": self.id, "type": self.kind, **names}


class Group(Chat):
    """A group with several people. Its bot is a plain member until the test says otherwise.

    Privacy mode is on, as it is for every bot unless its owner turned it off: a bot that is no
    administrator hears only commands, replies to itself, mentions of itself and service messages.
    """

    def __init__(self, world: "World", chat_id: int, title: str, kind: str) -> None:
        super().__init__(world, chat_id, itertools.count(1) if kind == "supergroup" else world.private_ids)
        self.kind = kind
        self.title = title
        self.people: dict[int, Person] = {}
        self.status: dict[int, str] = {}
        self.bot_status = "member"
        self.exists = True
        self.moved_to: int | None = None

    def check_open(self) -> None:
        super().check_open()
        if self.moved_to is not None:
            raise moved(self.moved_to)
        if not self.exists:
            raise forbidden("the group chat was deleted")
        name = "supergroup chat" if self.kind == "supergroup" else "group chat"
        if self.bot_status == "kicked":
            raise forbidden(f"bot was kicked from the {name}")
        if self.bot_status == "left":
            raise forbidden(f"bot is not a member of the {name}")

    @property
    def bot_may_delete(self) -> bool:
        return self.bot_status == "administrator"

    def adds(self, person: "Person", status: str = "member") -> None:
        """Somebody joins; `status` may be `administrator` or `creator`."""
        self.people[person.id] = person
        self.status[person.id] = status
        self._tell(person, {"new_chat_members": [person.as_json()]})

    def promotes(self, person: "Person") -> None:
        self.status[person.id] = "administrator"

    def removes(self, person: "Person") -> None:
        self.status[person.id] = "left"
        self._tell(person, {"left_chat_member": person.as_json()})

    def adds_bot(self, by: "Person", status: str = "member") -> None:
        """The bot joins, or becomes `administrator`."""
        self._change_bot(by, status)

    def kicks_bot(self, by: "Person") -> None:
        self._change_bot(by, "kicked")

    def is_deleted(self) -> None:
        self.exists = False

    def migrates(self, new_id: int) -> "Group":
        """The group becomes a supergroup with another id; the old one answers with `migrate_to_chat_id`."""
        new = self._world.group(new_id, self.title, [*self.people.values()], kind="supergroup")
        new.status.update(self.status)
        new.bot_status = self.bot_status
        anybody = next(iter(self.people.values()))
        self._tell(anybody, {"migrate_to_chat_id": new_id})
        new._tell(anybody, {"migrate_from_chat_id": self.id})
        self.moved_to = new_id
        return new

    def is_admin(self, user_id: int) -> bool:
        return self.status.get(user_id) in ("administrator", "creator")

    def bot_hears(self, message: Message) -> bool:
        """Whether privacy mode lets the bot have that message."""
        if self.bot_status not in ("member", "administrator") or self.moved_to or not self.exists:
            return False
        if message.service or self.bot_status == "administrator" or self._world.reads_all_group_messages:
            return True
        return bool(message.reply_to and message.reply_to.by_bot) or self._is_meant(message)

    def member(self, user_id: int) -> JSON | None:
        if user_id == self._world.me["id"]:
            return member_json(self._world.me, self.bot_status)
        if user_id not in self.status:
            return None
        return member_json(self.people[user_id].as_json(), self.status[user_id])

    def _is_meant(self, message: Message) -> bool:
        """A command for this bot or for any, or a mention of this bot."""
        own = f"@{self._world.me['username']}".lower()
        for command in message.marked("bot_command"):
            _, at, name = command.partition("@")
            if not at or f"@{name.lower()}" == own:
                return True
        return own in (mention.lower() for mention in message.marked("mention"))

    def _change_bot(self, by: "Person", status: str) -> None:
        old, self.bot_status = self.bot_status, status
        self._world.bot_moved(self, by, old, status)

    def _tell(self, person: "Person", service: JSON) -> None:
        now = self._world.unix_time()
        self._world.received(self.add(Message(self.next_id(), self, person.as_json(), False, now, service=service)))

    def _describe(self) -> JSON:
        return {"id": self.id, "type": self.kind, "title": self.title}


def member_json(user: JSON, status: str) -> JSON:
    """The Bot API's ChatMember."""
    member: JSON = {"status": status, "user": user}
    if status == "administrator":
        rights = dict.fromkeys(ADMINISTRATOR_RIGHTS, True)
        return {**member, "can_be_edited": False, "is_anonymous": False, **rights}
    if status == "creator":
        return {**member, "is_anonymous": False}
    return {**member, "until_date": 0} if status == "kicked" else member

"""Telegram's side without HTTP: the bot's account, people, chats, files, updates."""

import itertools
from typing import Any

from tests.rig.bell import Bell

from .chats import Chat, Group, PrivateChat, member_json
from .clock import Clock, TimeSource
from .files import Files
from .html import JSON
from .menu import Menu
from .messages import Button, Message
from .people import Person, Press
from .refusal import STALE_QUERY, bad_request
from .updates import PRESS_LIFETIME, Updates


class World:
    """Everything that exists on Telegram's side. One bot lives in it.

    `welcomes_strangers`: anybody may be written to without having started the bot, as benchmarks want it.
    `reads_all_group_messages`: privacy mode is off.
    """

    def __init__(
        self,
        token: str,
        *,
        clock: TimeSource | None = None,
        username: str = "trilha_bot",
        welcomes_strangers: bool = False,
        reads_all_group_messages: bool = False,
        quick: bool = True,
    ) -> None:
        self.token = token
        self.clock = clock or Clock()
        self.welcomes_strangers = welcomes_strangers
        self.reads_all_group_messages = reads_all_group_messages
        self.me: JSON = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Trilha",
            "username": username,
        }
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.private_ids = itertools.count(1)
        self.files = Files()
        self.updates = Updates(self.clock, quick=quick)
        self.menu = Menu()
        self.about: dict[tuple[str, str], str] = {}
        self.presses: dict[str, Press] = {}
        self.bell = Bell()
        self.changes = 0

    def person(self, user_id: int, name: str, language_code: str | None = None, *, started: bool = False) -> Person:
        """Somebody new. Before they wrote, the bot may not write to them, unless they have `started` it."""
        person = Person(self, user_id, name, language_code)
        person.started = started
        self.people[user_id] = person
        self.chats[user_id] = person.chat
        return person

    def group(self, chat_id: int, title: str, members: list[Person], *, kind: str = "group") -> Group:
        """A group or `supergroup` with the bot in it, made without an update; the first member created it."""
        group = Group(self, chat_id, title, kind)
        self.chats[chat_id] = group
        for person in members:
            group.people[person.id] = person
            group.status[person.id] = "member" if group.status else "creator"
        return group

    def find_chat(self, chat_id: Any) -> Chat:
        """The chat with that id. Raises `Refused` (400) if there is none."""
        chat = self.chats.get(chat_id)
        if chat is None and self.welcomes_strangers and isinstance(chat_id, int) and chat_id > 0:
            chat = self.person(chat_id, f"Person {chat_id}", started=True).chat
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def menu_for(self, person: Person, chat: Chat | None = None) -> dict[str, str]:
        """The command menu that they see in that chat (by default their private one): description by name."""
        return {c["command"]: c["description"] for c in self.menu.shown_to(person, chat or person.chat)}

    def forward(self, seconds: float) -> None:
        """Let time pass on the server. Raises `TypeError` if the test brought a clock of its own."""
        if not isinstance(self.clock, Clock):
            raise TypeError("this server goes by the test's clock")
        self.clock.forward(seconds)

    def unix_time(self) -> int:
        return int(self.clock.now().timestamp())

    def show(self, message: Message) -> Message:
        """Something of the bot's appeared or changed on a screen."""
        self.changes += 1
        message.changed = self.changes
        self.bell.ring()
        return message

    def received(self, message: Message, kind: str = "message") -> None:
        """A person's message reaches the bot, unless privacy mode keeps it away."""
        chat = message.chat
        if isinstance(chat, PrivateChat) or (isinstance(chat, Group) and chat.bot_hears(message)):
            self.updates.push(kind, message.as_json(), ("message", chat.id))

    def pressed(self, person: Person, message: Message, button: Button) -> Press:
        """A person's press reaches the bot."""
        press_id = str(4_000_000_000_000 + len(self.presses))
        press = Press(press_id, person, message, button, self.clock.now().timestamp())
        self.presses[press_id] = press
        body = {
            "id": press_id,
            "from": person.as_json(),
            "chat_instance": f"{message.chat.id}",
            "data": button.data,
        }
        body["message"] = message.as_inaccessible() if message.deleted else message.as_json()
        self.updates.push("callback_query", body, ("press", person.id), PRESS_LIFETIME)
        return press

    def find_press(self, press_id: str) -> Press:
        """The press that a bot answers. Raises `Refused` (400) if it is unknown or too old."""
        press = self.presses.get(press_id)
        if press is None or self.clock.now().timestamp() > press.at + PRESS_LIFETIME:
            raise bad_request(STALE_QUERY)
        return press

    def bot_moved(self, chat: Chat, by: Person, old: str, new: str) -> None:
        """The bot was blocked, unblocked, added, kicked or promoted."""
        change: JSON = {"chat": chat.as_json(), "from": by.as_json(), "date": self.unix_time()}
        change |= {"old_chat_member": member_json(self.me, old), "new_chat_member": member_json(self.me, new)}
        self.updates.push("my_chat_member", change, ("member", chat.id))

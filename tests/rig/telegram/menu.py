"""The command menu: what the bot set for which scope and language, and which list a person sees."""

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from .chats import Group
from .html import JSON
from .refusal import bad_request

if TYPE_CHECKING:
    from .chats import Chat
    from .people import Person

COMMANDS_MAX = 100
NAME = re.compile(r"[a-z0-9_]{1,32}\Z")
DESCRIPTION_MAX = 256
WHOLE = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
OF_A_CHAT = ("chat", "chat_administrators", "chat_member")


class Scope(NamedTuple):
    """For whom a list of commands is; `chat` and `user` are 0 where they do not apply."""

    kind: str = "default"
    chat: int = 0
    user: int = 0


class Menu:
    """Every list of commands that was set, by scope and language (two letters, or empty for any).

    Setting an empty list is the same as deleting it.
    """

    def __init__(self) -> None:
        self._lists: dict[tuple[Scope, str], list[JSON]] = {}

    def set(self, scope: Scope, language: str, commands: list[JSON]) -> None:
        self._lists[scope, language] = commands

    def delete(self, scope: Scope, language: str) -> None:
        self._lists.pop((scope, language), None)

    def get(self, scope: Scope, language: str) -> list[JSON]:
        return self._lists.get((scope, language), [])

    def shown_to(self, person: "Person", chat: "Chat") -> list[JSON]:
        """The first list that is set, in the order of the Bot API's "Determining list of commands"."""
        language = (person.language_code or "")[:2].lower()
        for scope in _order(person, chat):
            for spoken in (language, ""):
                if commands := self.get(scope, spoken):
                    return commands
        return []


def read_scope(scope: Any) -> Scope:
    """A BotCommandScope; its `chat_id` must be a number here. Raises `Refused` (400)."""
    if scope is None:
        return Scope()
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in WHOLE:
        return Scope(kind)
    if kind not in OF_A_CHAT:
        raise _bad_scope("Unsupported type specified")
    if not scope.get("chat_id"):
        raise _bad_scope("Empty chat_id specified")
    if kind == "chat_member" and not _number(scope.get("user_id")) > 0:
        raise _bad_scope("Invalid user_id specified")
    return Scope(kind, _number(scope["chat_id"]), _number(scope.get("user_id")) if kind == "chat_member" else 0)


def read_language(code: str) -> str:
    """Two lower-case letters or nothing: `pt-br` is refused."""
    if code and not re.fullmatch("[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code


def read_commands(commands: Any) -> list[JSON]:
    """The list for `setMyCommands`. Raises `Refused` (400)."""
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > COMMANDS_MAX:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_read_command(command) for command in commands]


def _read_command(command: Any) -> JSON:
    for name in ("command", "description"):
        if not isinstance(command, dict) or not isinstance(command.get(name), str):
            raise bad_request(f"can't parse BotCommand: Can't find field \"{name}\"")
    name, description = command["command"].strip().removeprefix("/"), command["description"].strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > DESCRIPTION_MAX:
        raise bad_request(f"command description length must not exceed {DESCRIPTION_MAX}")
    if not NAME.match(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def _order(person: "Person", chat: "Chat") -> list[Scope]:
    if not isinstance(chat, Group):
        return [Scope("chat", chat.id), Scope("all_private_chats"), Scope()]
    admin = chat.is_admin(person.id)
    scopes = [Scope("chat_member", chat.id, person.id)]
    scopes += [Scope("chat_administrators", chat.id)] * admin
    scopes += [Scope("chat", chat.id)]
    scopes += [Scope("all_chat_administrators")] * admin
    return [*scopes, Scope("all_group_chats"), Scope()]


def _bad_scope(why: str) -> Exception:
    return bad_request(f"can't parse BotCommandScope: {why}")


def _number(value: Any) -> int:
    return int(value) if re.fullmatch(r"-?\d+", str(value)) else 0

"""The methods about the bot's own account, its menu, and what it may ask about chats, people and files."""

from typing import Any

from .chats import Chat, Group
from .html import JSON
from .menu import Scope, read_commands, read_language, read_scope
from .refusal import bad_request
from .sending import Lost, Params
from .world import World

DESCRIPTION_MAX = {"description": 512, "short_description": 120}


def get_me(world: World, params: Params, lost: Lost) -> JSON:
    abilities = {"can_join_groups": True, "supports_inline_queries": False}
    return world.me | abilities | {"can_read_all_group_messages": world.reads_all_group_messages}


def leave(world: World, params: Params, lost: Lost) -> bool:
    """`logOut` and `close`, which matter only to bots that move between servers."""
    return True


def set_my_commands(world: World, params: Params, lost: Lost) -> bool:
    world.menu.set(*_scope(world, params), read_commands(params["commands"]))
    return True


def get_my_commands(world: World, params: Params, lost: Lost) -> list[JSON]:
    return world.menu.get(*_scope(world, params))


def delete_my_commands(world: World, params: Params, lost: Lost) -> bool:
    world.menu.delete(*_scope(world, params))
    return True


def _scope(world: World, params: Params) -> tuple[Scope, str]:
    scope = read_scope(params.get("scope"))
    if scope.chat:
        world.find_chat(scope.chat)
    return scope, read_language(params.get("language_code", ""))


def set_my_description(world: World, params: Params, lost: Lost) -> bool:
    return _describe(world, params, "description")


def set_my_short_description(world: World, params: Params, lost: Lost) -> bool:
    return _describe(world, params, "short_description")


def get_my_description(world: World, params: Params, lost: Lost) -> JSON:
    return {"description": _description(world, params, "description")}


def get_my_short_description(world: World, params: Params, lost: Lost) -> JSON:
    return {"short_description": _description(world, params, "short_description")}


def _describe(world: World, params: Params, which: str) -> bool:
    said = params.get(which, "")
    if len(said) > DESCRIPTION_MAX[which]:
        raise bad_request(f"{which} is too long")
    world.about[which, read_language(params.get("language_code", ""))] = said
    return True


def _description(world: World, params: Params, which: str) -> str:
    language = read_language(params.get("language_code", ""))
    return world.about.get((which, language)) or world.about.get((which, ""), "")


def get_chat(world: World, params: Params, lost: Lost) -> JSON:
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    full = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    return _readable(world, params).as_json() | full


def get_chat_member(world: World, params: Params, lost: Lost) -> JSON:
    member = _readable(world, params).member(params["user_id"])
    if member is not None:
        return member
    person = world.people.get(params["user_id"])
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return {"status": "left", "user": person.as_json()}


def get_chat_administrators(world: World, params: Params, lost: Lost) -> list[JSON]:
    chat = _readable(world, params)
    if not isinstance(chat, Group):
        raise bad_request("there are no administrators in the private chat")
    members: list[Any] = [chat.member(user_id) for user_id in chat.status if chat.is_admin(user_id)]
    return members


def _readable(world: World, params: Params) -> Chat:
    """A chat that the bot may look at: that of a person who blocked it, but no group that threw it out."""
    chat = world.find_chat(params["chat_id"])
    if isinstance(chat, Group):
        chat.check_open()
    return chat


def get_file(world: World, params: Params, lost: Lost) -> JSON:
    file = world.files.to_download(params["file_id"])
    return {**file.as_json(), "file_path": file.path}

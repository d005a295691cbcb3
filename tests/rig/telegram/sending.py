"""The methods that put messages on screens, change them, take them away, and answer presses.

Each takes the world, the parameters (read by `methods.read_params`) and a list to which it adds what the
real server would drop without a word; it returns the `result` or raises `Refused`.
"""

from typing import Any

from .chats import Chat
from .entities import Formatted, read_caption, read_text
from .files import StoredFile
from .html import JSON
from .keyboards import NONE, Keyboard, read_keyboard
from .messages import Message
from .people import Toast
from .refusal import NOT_MODIFIED, bad_request
from .world import World

Params = dict[str, Any]
Lost = list[str]

TOAST_MAX = 200
DELETABLE_FOR = 48 * 3600
CHAT_ACTIONS = {
    "cancel",
    "typing",
    "record_video",
    "upload_video",
    "record_audio",
    "record_voice",
    "upload_audio",
    "upload_voice",
    "upload_photo",
    "upload_document",
    "choose_sticker",
    "pick_up_location",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def send_message(world: World, params: Params, lost: Lost) -> JSON:
    written = read_text(params["text"], params.get("parse_mode", ""), params.get("entities"))
    return _post(world, params, lost, written)


def send_photo(world: World, params: Params, lost: Lost) -> JSON:
    written = _caption(params)
    return _post(world, params, lost, written, file=world.files.read(params["photo"], "photos"), is_photo=True)


def send_document(world: World, params: Params, lost: Lost) -> JSON:
    written = _caption(params)
    return _post(world, params, lost, written, file=world.files.read(params["document"], "documents"))


def send_location(world: World, params: Params, lost: Lost) -> JSON:
    place = {name: params[name] for name in ("latitude", "longitude")}
    if abs(place["latitude"]) > 90 or abs(place["longitude"]) > 180:
        raise bad_request("wrong location specified")
    return _post(world, params, lost, Formatted("", [], []), location=place)


def _caption(params: Params) -> Formatted:
    return read_caption(params.get("caption", ""), params.get("parse_mode", ""), params.get("caption_entities"))


def _post(
    world: World,
    params: Params,
    lost: Lost,
    written: Formatted,
    *,
    file: StoredFile | None = None,
    is_photo: bool = False,
    location: JSON | None = None,
) -> JSON:
    """Put a new message of the bot on the screens of its chat."""
    chat = world.find_chat(params["chat_id"])
    keyboard = NONE
    if "reply_markup" in params:
        keyboard = read_keyboard(params["reply_markup"], is_private=chat.is_private)
    chat.check_open()
    lost += written.lost
    lost += keyboard.lost
    message = Message(chat.next_id(), chat, world.me, True, world.unix_time(), written.text, written.entities)
    message.markup, message.file, message.is_photo, message.location = (
        keyboard.markup,
        file,
        is_photo,
        location,
    )
    message.silent = params.get("disable_notification", False)
    message.thread = params.get("message_thread_id")
    if message.thread and message.thread not in chat.topics:
        raise bad_request("message thread not found")
    if "reply_parameters" in params:
        message.reply_to = _replied(chat, params["reply_parameters"])
    return world.show(chat.add(message)).as_json()


def _replied(chat: Chat, parameters: Any) -> Message | None:
    """The message that is replied to; None where the bot said that it may be missing."""
    if not isinstance(parameters, dict) or not isinstance(parameters.get("message_id"), int):
        raise bad_request("object expected as reply parameters")
    message = chat.messages.get(parameters["message_id"])
    if message and not message.deleted:
        return message
    if parameters.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def edit_message_text(world: World, params: Params, lost: Lost) -> JSON:
    written = read_text(params["text"], params.get("parse_mode", ""), params.get("entities"))
    message = _message(world, params, "message to edit")
    if message.file or message.location:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, message, written, params, lost)


def edit_message_caption(world: World, params: Params, lost: Lost) -> JSON:
    written = _caption(params)
    message = _message(world, params, "message to edit")
    if not message.file:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, message, written, params, lost)


def edit_message_reply_markup(world: World, params: Params, lost: Lost) -> JSON:
    message = _message(world, params, "message to edit")
    return _edit(world, message, Formatted(message.text, message.entities, []), params, lost)


def _message(world: World, params: Params, what: str) -> Message:
    """The message that a call is about. Raises `Refused` where the bot may not touch it."""
    if "chat_id" not in params:
        raise bad_request("chat_id is empty" if "message_id" in params else "message identifier is not specified")
    chat = world.find_chat(params["chat_id"])
    chat.check_open()
    message = chat.messages.get(params.get("message_id", 0))
    if message is None or message.deleted:
        raise bad_request(f"{what} not found")
    return message


def _edit(world: World, message: Message, written: Formatted, params: Params, lost: Lost) -> JSON:
    """Change text and keyboard together: an edit without `reply_markup` takes the buttons away."""
    if not message.by_bot or (message.markup and "inline_keyboard" not in message.markup):
        raise bad_request("message can't be edited")
    keyboard: Keyboard = read_keyboard(params.get("reply_markup"), is_private=message.chat.is_private, inline_only=True)
    if (written.text, written.entities, keyboard.markup) == (message.text, message.entities, message.markup):
        raise bad_request(NOT_MODIFIED)
    lost += written.lost
    lost += keyboard.lost
    message.text, message.entities, message.markup = written.text, written.entities, keyboard.markup
    message.edited = world.unix_time()
    return world.show(message).as_json()


def delete_message(world: World, params: Params, lost: Lost) -> bool:
    message = _message(world, params, "message to delete")
    if world.unix_time() - message.date > DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    if not message.by_bot and not message.chat.bot_may_delete:
        raise bad_request("message can't be deleted")
    message.deleted = True
    world.show(message)
    return True


def answer_callback_query(world: World, params: Params, lost: Lost) -> bool:
    """Stop the button from spinning. What a second answer gets is documented nowhere; here it is taken."""
    toast = Toast(params.get("text", ""), params.get("show_alert", False))
    if len(toast.text) > TOAST_MAX:
        raise bad_request("MESSAGE_TOO_LONG")
    world.find_press(params["callback_query_id"]).answers.append(toast)
    world.bell.ring()
    return True


def send_chat_action(world: World, params: Params, lost: Lost) -> bool:
    if params["action"] not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.find_chat(params["chat_id"]).check_open()
    return True

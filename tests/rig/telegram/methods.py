"""The table of the methods that the server knows.

For each: what carries it out, its fields and their types (Bot API 10.1), and what the server says when a
required one is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import account, collecting, sending
from .fields import Reader, chat, file, flag, integer, number, structure, text
from .refusal import STALE_QUERY

Handler = Callable[[Any, dict[str, Any], list[str]], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """One method.

    `answer` takes the server, the parameters, and a list for what the real server would drop silently; it
    returns the result, may be asynchronous, and raises `Refused`. `required` holds the complaint about each
    missing field. `sends` marks what counts against the flood limits.
    """

    name: str
    answer: Handler
    fields: Mapping[str, Reader]
    required: Mapping[str, str] = field(default_factory=dict)
    sends: bool = False


CHAT_NEEDED = {"chat_id": "chat_id is empty"}
DELIVERY: dict[str, Reader] = {
    "business_connection_id": text,
    "chat_id": chat,
    "message_thread_id": integer,
    "direct_messages_topic_id": integer,
    "disable_notification": flag,
    "protect_content": flag,
    "allow_paid_broadcast": flag,
    "message_effect_id": text,
    "suggested_post_parameters": structure,
    "reply_parameters": structure,
    "reply_markup": structure,
}
CAPTION: dict[str, Reader] = {"caption": text, "parse_mode": text, "caption_entities": structure}
TARGET: dict[str, Reader] = {
    "business_connection_id": text,
    "chat_id": chat,
    "message_id": integer,
    "inline_message_id": text,
    "reply_markup": structure,
}
WRITTEN: dict[str, Reader] = {
    "text": text,
    "parse_mode": text,
    "entities": structure,
    "link_preview_options": structure,
}
PLACE: dict[str, Reader] = {
    "latitude": number,
    "longitude": number,
    "horizontal_accuracy": number,
    "live_period": integer,
    "heading": integer,
    "proximity_alert_radius": integer,
}
WEBHOOK: dict[str, Reader] = {
    "url": text,
    "certificate": file,
    "ip_address": text,
    "max_connections": integer,
    "allowed_updates": structure,
    "drop_pending_updates": flag,
    "secret_token": text,
}
SCOPED: dict[str, Reader] = {"scope": structure, "language_code": text}
NEED_PLACE = {"latitude": "latitude is empty", "longitude": "longitude is empty"}
ABOVE: dict[str, Reader] = {"show_caption_above_media": flag}

_TABLE = [
    Method("getMe", account.get_me, {}),
    Method("logOut", account.leave, {}),
    Method("close", account.leave, {}),
    Method(
        "getUpdates",
        collecting.get_updates,
        {"offset": integer, "limit": integer, "timeout": integer, "allowed_updates": structure},
    ),
    Method("setWebhook", collecting.set_webhook, WEBHOOK),
    Method("deleteWebhook", collecting.delete_webhook, {"drop_pending_updates": flag}),
    Method("getWebhookInfo", collecting.get_webhook_info, {}),
    Method(
        "sendMessage",
        sending.send_message,
        DELIVERY | WRITTEN,
        CHAT_NEEDED | {"text": "message text is empty"},
        sends=True,
    ),
    Method(
        "sendPhoto",
        sending.send_photo,
        DELIVERY | CAPTION | ABOVE | {"photo": file, "has_spoiler": flag},
        CHAT_NEEDED | {"photo": "there is no photo in the request"},
        sends=True,
    ),
    Method(
        "sendDocument",
        sending.send_document,
        DELIVERY | CAPTION | {"document": file, "thumbnail": file, "disable_content_type_detection": flag},
        CHAT_NEEDED | {"document": "there is no document in the request"},
        sends=True,
    ),
    Method("sendLocation", sending.send_location, DELIVERY | PLACE, CHAT_NEEDED | NEED_PLACE, sends=True),
    Method("editMessageText", sending.edit_message_text, TARGET | WRITTEN, {"text": "message text is empty"}),
    Method("editMessageCaption", sending.edit_message_caption, TARGET | CAPTION | ABOVE),
    Method("editMessageReplyMarkup", sending.edit_message_reply_markup, TARGET),
    Method(
        "deleteMessage",
        sending.delete_message,
        {"chat_id": chat, "message_id": integer},
        {"chat_id": "chat identifier is not specified", "message_id": "message identifier is not specified"},
    ),
    Method(
        "answerCallbackQuery",
        sending.answer_callback_query,
        {"callback_query_id": text, "text": text, "show_alert": flag, "url": text, "cache_time": integer},
        {"callback_query_id": STALE_QUERY},
    ),
    Method(
        "sendChatAction",
        sending.send_chat_action,
        {"business_connection_id": text, "chat_id": chat, "message_thread_id": integer, "action": text},
        CHAT_NEEDED | {"action": "wrong parameter action in request"},
    ),
    Method(
        "setMyCommands",
        account.set_my_commands,
        SCOPED | {"commands": structure},
        {"commands": "expected an Array of BotCommand"},
    ),
    Method("getMyCommands", account.get_my_commands, SCOPED),
    Method("deleteMyCommands", account.delete_my_commands, SCOPED),
    Method("setMyDescription", account.set_my_description, {"description": text, "language_code": text}),
    Method("getMyDescription", account.get_my_description, {"language_code": text}),
    Method(
        "setMyShortDescription",
        account.set_my_short_description,
        {"short_description": text, "language_code": text},
    ),
    Method("getMyShortDescription", account.get_my_short_description, {"language_code": text}),
    Method("getChat", account.get_chat, {"chat_id": chat}, CHAT_NEEDED),
    Method(
        "getChatMember",
        account.get_chat_member,
        {"chat_id": chat, "user_id": integer},
        CHAT_NEEDED | {"user_id": "invalid user_id specified"},
    ),
    Method(
        "getChatAdministrators",
        account.get_chat_administrators,
        {"chat_id": chat, "return_bots": flag},
        CHAT_NEEDED,
    ),
    Method("getFile", account.get_file, {"file_id": text}, {"file_id": "file_id not specified"}),
]

METHODS = {method.name.lower(): method for method in _TABLE}
"""By name in lower case, as the real server does not mind capitals."""

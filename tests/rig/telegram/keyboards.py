"""The keyboards under messages: what the server accepts (Client.cpp; tdlib/td, ReplyMarkup.cpp)."""

from typing import Any, NamedTuple

from .html import JSON
from .links import BadLink, check_link, mentioned_user
from .refusal import bad_request

BUTTONS_MAX = 100
ROW_MAX = 8
DATA_MAX = 64
PLACEHOLDER_MAX = 64
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
REQUESTS = ("request_contact", "request_location", "request_poll", "request_users", "request_chat", "web_app")


class Keyboard(NamedTuple):
    """A reply markup as the server stores it (None: none), and what it dropped without a word."""

    markup: JSON | None
    lost: list[str]


NONE = Keyboard(None, [])


def read_keyboard(markup: Any, *, is_private: bool, inline_only: bool = False) -> Keyboard:
    """The `reply_markup` of a call. Raises `Refused` (400) if the server would.

    More than eight buttons in a row or a hundred in all are refused: the limits are not in the documents, but
    clients and server cut or refuse them.
    """
    if not markup:
        return NONE
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _read_inline(markup["inline_keyboard"])
    if inline_only:
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        return _read_reply_keyboard(markup, is_private)
    if markup.get("remove_keyboard") is True or markup.get("force_reply") is True:
        _check_placeholder(markup)
        return Keyboard(markup, [])
    return Keyboard(None, [f"a reply_markup with none of the known fields: {sorted(markup)}"])


def _read_inline(rows: Any) -> Keyboard:
    lost: list[str] = []
    stored = [[_read_inline_button(button) for button in row] for row in _rows(rows, "inline_keyboard")]
    filled = [row for row in stored if row]
    if len(filled) < len(stored):
        lost.append("an empty row of buttons")
    _check_size(filled)
    return Keyboard({"inline_keyboard": filled} if filled else None, lost)


def _read_inline_button(button: Any) -> JSON:
    if not isinstance(button, dict):
        raise _bad_inline("InlineKeyboardButton must be an Object")
    label = button.get("text")
    if not isinstance(label, str):
        raise _bad_inline('Can\'t find field "text"')
    if not label.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    action = next((name for name in ACTIONS if button.get(name)), None)
    if action is None:
        raise _bad_inline("Text buttons are unallowed in the inline keyboard")
    if action == "callback_data":
        return _read_data_button(button)
    return _read_url_button(button) if action == "url" else button


def _read_data_button(button: JSON) -> JSON:
    data = button["callback_data"]
    if not isinstance(data, str):
        raise _bad_inline('Field "callback_data" must be of type String')
    if len(data) > DATA_MAX or len(data.encode()) > DATA_MAX:
        raise bad_request("BUTTON_DATA_INVALID")
    return button


def _read_url_button(button: JSON) -> JSON:
    if not isinstance(button["url"], str):
        raise _bad_inline('Field "url" must be of type String')
    if mentioned_user(button["url"]) is not None:
        return button
    try:
        return {**button, "url": check_link(button["url"])}
    except BadLink as bad:
        raise bad_request(f"inline keyboard button {bad}") from None


def _bad_inline(why: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {why}")


def _read_reply_keyboard(markup: JSON, is_private: bool) -> Keyboard:
    _check_placeholder(markup)
    rows = [[_read_reply_button(button, is_private) for button in row] for row in _rows(markup["keyboard"], "keyboard")]
    filled = [row for row in rows if row]
    _check_size(filled)
    if not filled:
        return Keyboard(None, ["a keyboard without buttons"])
    return Keyboard({**markup, "keyboard": filled}, [])


def _read_reply_button(button: Any, is_private: bool) -> JSON:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    asked = next((name for name in REQUESTS if button.get(name)), None)
    if asked and not is_private:
        what = {"request_contact": "phone number", "request_location": "location"}.get(asked, "this")
        raise bad_request(f"{what} can be requested in private chats only")
    return button


def _rows(rows: Any, field: str) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise bad_request(f'field "{field}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        of = " of the InlineKeyboardMarkup" if field == "inline_keyboard" else ""
        raise bad_request(f'field "{field}"{of} must be an Array of Arrays')
    return rows


def _check_size(rows: list[list[JSON]]) -> None:
    if sum(map(len, rows)) > BUTTONS_MAX or any(len(row) > ROW_MAX for row in rows):
        raise bad_request("reply markup is too long")


def _check_placeholder(markup: JSON) -> None:
    if len(str(markup.get("input_field_placeholder") or "")) > PLACEHOLDER_MAX:
        raise bad_request("PLACEHOLDER_TOO_LONG")

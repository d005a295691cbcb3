"""The people on the other side: they write, press, block, and look at their screens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from .chats import Chat, PrivateChat
from .entities import TEXT_MAX, find_entities
from .files import StoredFile, Upload
from .html import JSON
from .messages import Button, Message

if TYPE_CHECKING:
    from .world import World

Matching = str | Callable[[Message], bool] | None


class Toast(NamedTuple):
    """What `answerCallbackQuery` shows: a line on top of the chat, or an alert to be closed."""

    text: str
    is_alert: bool


@dataclass(slots=True, eq=False)
class Press:
    """A press on a button. The button spins until the bot answered; `answers` holds every answer it gave."""

    id: str
    person: "Person"
    message: Message
    button: Button
    at: float
    answers: list[Toast] = field(default_factory=list)

    async def answered(self, within: float = 5.0) -> Toast:
        """The first answer. Raises `AssertionError` if none came in time."""
        answer = await self.person.world.bell.until(lambda: self.answers[0] if self.answers else None, within)
        if answer is None:
            raise AssertionError(f"“{self.button.label}” still spins for {self.person.name} after {within:g} s")
        return answer


class Person:
    """Somebody with a Telegram account. Made by `World.person`.

    Actions are plain calls; each returns the message it made. `sees_something` looks only at what appeared
    or changed since the person's last action, so that an old screen is never taken for an answer.
    """

    def __init__(self, world: "World", user_id: int, name: str, language_code: str | None) -> None:
        self.id = user_id
        self.name = name
        self.language_code = language_code
        self.username: str | None = None
        self.started = False
        self.has_blocked = False
        self.deactivated = False
        self.world = world
        self._acted = 0
        self.chat = PrivateChat(world, self)

    # what they do

    def says(self, text: str, chat: Chat | None = None, thread: int | None = None) -> Message:
        """Write a message, in a topic of a forum if `thread` names one.

        A long one goes in pieces, as clients send it; returns the last.
        """
        if not text.strip():
            raise ValueError("a client sends no empty message")
        pieces = [text[start : start + TEXT_MAX] for start in range(0, len(text), TEXT_MAX)]
        return [self._send(chat, text=piece, thread=thread) for piece in pieces][-1]

    def replies_to(self, message: Message, text: str) -> Message:
        return self._send(message.chat, text=text, reply_to=message)

    def edits(self, message: Message, text: str) -> Message:
        """Change a message of their own."""
        message.text, message.entities, message.edited = text, find_entities(text), self.world.unix_time()
        self._act()
        self.world.received(message, "edited_message")
        return message

    def forwards(self, text: str, origin: str = "Somebody", chat: Chat | None = None) -> Message:
        """Pass on what somebody with a hidden account wrote."""
        hidden = {"type": "hidden_user", "date": self.world.unix_time(), "sender_user_name": origin}
        return self._send(chat, text=text, origin=hidden)

    def sends_location(self, latitude: float, longitude: float, chat: Chat | None = None) -> Message:
        """Share a place. With or without a button that asks for it."""
        return self._send(chat, location={"latitude": latitude, "longitude": longitude})

    def sends_file(
        self,
        name: str,
        data: bytes,
        caption: str = "",
        mime: str = "application/octet-stream",
        chat: Chat | None = None,
    ) -> Message:
        """Send a document, which the bot may fetch with `getFile`."""
        file = self.world.files.keep(Upload(name, data, mime), "documents")
        return self._send(chat, file=file, text=caption)

    def presses(self, wanted: str, message: Message | None = None, chat: Chat | None = None) -> Press:
        """Press the button with that label or data: on `message`, else on the newest one that has it.

        A message that the bot deleted may be pressed as well (a client that has not heard yet); the update
        then carries an inaccessible message. Raises `LookupError` when there is no such button or it is a
        link.
        """
        on = message or self._message_with(wanted, chat or self.chat)
        button = on.button(wanted)
        if button is None:
            raise LookupError(f"no button “{wanted}” under message {on.id}: {on.buttons}")
        if button.data is None:
            raise LookupError(f"“{wanted}” is a link to {button.url}; the bot hears nothing of it")
        self._act()
        return self.world.pressed(self, on, button)

    def taps(self, label: str) -> Message:
        """Tap a button of the reply keyboard, which says its label. Raises `LookupError` when there is none such."""
        if label not in (button for row in self.keyboard for button in row):
            raise LookupError(f"no “{label}” on the keyboard: {self.keyboard}")
        return self.says(label)

    def blocks(self) -> None:
        """Block the bot: sends are refused from now on, and the bot is told."""
        self.has_blocked = True
        self._act()
        self.world.bot_moved(self.chat, self, "member", "kicked")

    def unblocks(self) -> None:
        self.has_blocked = False
        self._act()
        self.world.bot_moved(self.chat, self, "kicked", "member")

    def deletes_account(self) -> None:
        self.deactivated = True

    # what they see

    def sees(self, chat: Chat | None = None) -> list[Message]:
        """The bot's messages on their screen, oldest first, as they are now (edited; without the deleted)."""
        return (chat or self.chat).shown()

    async def sees_something(self, matching: Matching = None, within: float = 5.0, chat: Chat | None = None) -> Message:
        """The newest fitting message among those new or changed since their last action; waits for it.

        `matching` is a part of the text, a test of the message, or None for any. Raises `AssertionError`
        with what was on the screen if nothing came within that many seconds.
        """
        place = chat or self.chat

        def look() -> Message | None:
            fresh = (message for message in reversed(place.shown()) if message.changed > self._acted)
            return next((message for message in fresh if _fits(message, matching)), None)

        message = await self.world.bell.until(look, within)
        if message is None:
            raise AssertionError(self._missed(matching, within, place))
        return message

    @property
    def keyboard(self) -> list[list[str]]:
        """The labels of the reply keyboard in the private chat, row by row; empty when there is none."""
        for message in reversed(self.sees()):
            if message.markup and "keyboard" in message.markup:
                return [[button["text"] for button in row] for row in message.markup["keyboard"]]
            if message.markup and message.markup.get("remove_keyboard"):
                break
        return []

    def as_json(self) -> JSON:
        """The Bot API's User."""
        user = {"id": self.id, "is_bot": False, "first_name": self.name}
        if self.username:
            user["username"] = self.username
        return {**user, "language_code": self.language_code} if self.language_code else user

    # how it is done

    def _send(
        self,
        chat: Chat | None,
        *,
        text: str = "",
        file: StoredFile | None = None,
        location: JSON | None = None,
        origin: JSON | None = None,
        reply_to: Message | None = None,
        thread: int | None = None,
    ) -> Message:
        if self.has_blocked and chat in (None, self.chat):
            raise RuntimeError(f"{self.name} blocked the bot; first `unblocks()`")
        place = chat or self.chat
        self.started = self.started or place.is_private
        message = Message(place.next_id(), place, self.as_json(), False, self.world.unix_time(), text)
        message.entities, message.file, message.location = find_entities(text), file, location
        message.origin, message.reply_to, message.thread = origin, reply_to, thread
        self._act()
        self.world.received(place.add(message))
        return message

    def _act(self) -> None:
        self._acted = self.world.changes

    def _message_with(self, wanted: str, chat: Chat) -> Message:
        for message in reversed(chat.shown()):
            if message.button(wanted):
                return message
        on_screen = [label for message in chat.shown() for row in message.buttons for label in row]
        raise LookupError(f"{self.name} finds no button “{wanted}”, only {on_screen}")

    def _missed(self, matching: Matching, within: float, place: Chat) -> str:
        wanted = f"“{matching}”" if isinstance(matching, str) else "what was asked for" if matching else "anything"
        screen = "\n".join(f"  [{m.id}] {m.text!r} {m.buttons or ''}" for m in place.shown()[-5:]) or "  nothing"
        return f"{self.name} did not see {wanted} within {within:g} s; on the screen:\n{screen}"


def _fits(message: Message, matching: Matching) -> bool:
    if matching is None:
        return True
    return matching in message if isinstance(matching, str) else matching(message)

"""A message on the server: what its readers see on the screen, and how the Bot API writes it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from .files import StoredFile
from .html import JSON

if TYPE_CHECKING:
    from .chats import Chat


class Button(NamedTuple):
    """A button under a message: its label and either callback data or an address."""

    label: str
    data: str | None
    url: str | None


@dataclass(slots=True, eq=False)
class Message:
    """One message in its present state: edits change it, deleting marks it.

    `sender` is the Bot API's User, `by_bot` says whether that is the bot. `text` is the caption where there
    is a file. `date` and `edited` are Unix seconds. `changed` is the server's count of changes when this
    one last changed.
    """

    id: int
    chat: "Chat"
    sender: JSON
    by_bot: bool
    date: int
    text: str = ""
    entities: list[JSON] = field(default_factory=list)
    markup: JSON | None = None
    file: StoredFile | None = None
    is_photo: bool = False
    location: JSON | None = None
    reply_to: "Message | None" = None
    origin: JSON | None = None
    service: JSON | None = None
    thread: int | None = None
    silent: bool = False
    edited: int | None = None
    deleted: bool = False
    changed: int = 0

    def __contains__(self, text: str) -> bool:
        return text in self.text

    @property
    def buttons(self) -> list[list[str]]:
        """The labels of the buttons under the message, row by row."""
        return [[button["text"] for button in row] for row in self._rows()]

    @property
    def photo(self) -> bytes | None:
        return self.file.data if self.file and self.is_photo else None

    @property
    def document(self) -> StoredFile | None:
        return self.file if not self.is_photo else None

    @property
    def links(self) -> dict[str, str]:
        """Address by linked words."""
        return {self._part(e): e["url"] for e in self.entities if e["type"] == "text_link"}

    def marked(self, kind: str) -> list[str]:
        """The pieces of text with that entity, such as `bold`."""
        return [self._part(entity) for entity in self.entities if entity["type"] == kind]

    def button(self, wanted: str) -> Button | None:
        """The first button whose label or callback data is `wanted`."""
        return next((button for button in self._buttons() if wanted in (button.label, button.data)), None)

    def _rows(self) -> list[list[JSON]]:
        rows: list[list[JSON]] = (self.markup or {}).get("inline_keyboard", [])
        return rows

    def _buttons(self) -> Iterator[Button]:
        for row in self._rows():
            for button in row:
                yield Button(button["text"], button.get("callback_data"), button.get("url"))

    def _part(self, entity: JSON) -> str:
        units = self.text.encode("utf-16-le")
        begin, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        return units[begin:end].decode("utf-16-le")

    def as_json(self, *, with_reply: bool = True) -> JSON:
        """The Bot API's Message."""
        message: JSON = {
            "message_id": self.id,
            "from": self.sender,
            "chat": self.chat.as_json(),
            "date": self.date,
        }
        if self.file is None:
            if self.text:
                message["text"] = self.text
            if self.entities:
                message["entities"] = self.entities
        else:
            message |= self._file_json(self.file)
        if self.markup and "inline_keyboard" in self.markup:
            message["reply_markup"] = self.markup
        if self.edited:
            message["edit_date"] = self.edited
        return message | self._rare(with_reply)

    def as_inaccessible(self) -> JSON:
        """What a press on a deleted message carries instead of it: date 0 and no content."""
        return {"message_id": self.id, "chat": self.chat.as_json(), "date": 0}

    def _file_json(self, file: StoredFile) -> JSON:
        content: JSON = {"photo": file.as_photo()} if self.is_photo else {"document": file.as_document()}
        if self.text:
            content["caption"] = self.text
        if self.entities:
            content["caption_entities"] = self.entities
        return content

    def _rare(self, with_reply: bool) -> JSON:
        rare: JSON = {}
        if self.thread:
            rare |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.location:
            rare["location"] = self.location
        if self.origin:
            rare["forward_origin"] = self.origin
        if self.service:
            rare |= self.service
        if self.reply_to and with_reply and not self.reply_to.deleted:
            rare["reply_to_message"] = self.reply_to.as_json(with_reply=False)
        return rare

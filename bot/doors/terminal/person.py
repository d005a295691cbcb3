"""Somebody who talks to the bot through the terminal: the prompt speaks as one, and so does every conversation test.

ana = door.person("ana", language="en")
await ana.says("/start")
await ana.presses("trail:data-science")
assert "08:00" in ana.sees()
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.chat import Address, Button, Document, Incoming, Location, MessageRef, Sender
from bot.doors.terminal.screen import Entry, Screen, Shown

if TYPE_CHECKING:
    from bot.doors.terminal.door import TerminalDoor

Wanted = str | int
_LINK = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)


class NoSuchButton(AssertionError):
    """The person looked for a button that is not on their screen; the sentence lists those that are."""


class Person:
    """One person in one chat. `opened` lists the addresses of the link buttons they pressed, `role` tells whose menu they see."""

    def __init__(self, door: TerminalDoor, sender: Sender, address: Address, *, private: bool) -> None:
        self.sender = sender
        self.address = address
        self.private = private
        self.opened: list[str] = []
        self.role = "learner"
        self._door = door
        self._looked = 0
        self._last: Incoming | None = None
        self._own: dict[str, MessageRef] = {}

    # ------------------------------------------------------------------------------------------------ what they do

    async def says(self, text: str) -> None:
        """Type a line."""
        self._on_screen(text)
        await self._do(replace(self._event(text=text), said=self._own_message(text)))

    async def edits(self, before: str, text: str) -> None:
        """Change a line they typed: the newest that says exactly `before`."""
        ref = self._own[text] = self._own[before]
        self._on_screen(text)
        await self._do(replace(self._event(text=text), said=ref, edited=True))

    async def forwards(self, text: str) -> None:
        """Pass on what somebody else wrote."""
        self._on_screen(text)
        await self._do(replace(self._event(text=text), forwarded=True))

    async def says_about(self, other: Person, text: str) -> None:
        """Type a line that names somebody with their account: a reply to their words, a mention, a contact."""
        self._on_screen(text)
        await self._do(replace(self._event(text=text), names=(other.sender,)))

    async def replies(self, to: Shown | MessageRef | str, text: str) -> None:
        """Answer one message of the bot: the message, its reference, or words that stand in it (the newest counts)."""
        ref = self._message_with(to).ref if isinstance(to, str) else to
        self._on_screen(text)
        reply = self._event(text=text, reply_to=ref.ref if isinstance(ref, Shown) else ref)
        await self._do(replace(reply, said=self._own_message(text)))

    async def presses(self, wanted: Wanted, *, on: Shown | None = None) -> None:
        """Press a button: by its number, its label, its action (`done:18`) or the beginning of one (`done`).

        The newest message that has it counts, or only `on`. A link button opens nothing here: it is added to `opened`.
        """
        shown, button = self._button(wanted, on)
        self._on_screen(f"[ {button.label} ]")
        if button.action is None:
            self.opened.append(button.url or "")
        else:
            await self._do(self._event(action=button.action, on=shown.ref))

    async def presses_twice_at_once(self, wanted: Wanted) -> None:
        """Press the same button twice before any answer came: two events with keys of their own."""
        shown, button = self._button(wanted, None)
        self._on_screen(f"[ {button.label} ]")
        events = [self._event(action=button.action, on=shown.ref) for _ in range(2)]
        await asyncio.gather(*(self._do(event) for event in events))

    async def forges(self, action: str, *, on: Shown | None = None) -> None:
        """Send an action that no button here offers: a stale one, or a guess."""
        self._on_screen(f"[ {action} ]")
        await self._do(self._event(action=action, on=on.ref if on else None))

    async def sends_file(self, name: str, content: bytes, beside: str = "") -> None:
        """Send a file, with words beside it perhaps."""

        async def fetch() -> bytes:
            return content

        self._on_screen(f"{name} {beside}".strip())
        await self._do(replace(self._event(text=beside), document=Document(name, len(content), fetch)))

    async def sends_location(self, latitude: float, longitude: float) -> None:
        """Share a place, in degrees."""
        self._on_screen(f"{latitude}, {longitude}")
        await self._do(self._event(location=Location(latitude, longitude)))

    async def blocks(self, *, silently: bool = False) -> None:
        """Block the bot: sends raise Unreachable from now on. `silently`: the platform does not tell, the next send finds out."""
        self._door.blocked.add(self.address)
        if not silently:
            await self._do(self._event(presence="gone"))

    async def returns(self) -> None:
        """Let the bot in again."""
        self._door.blocked.discard(self.address)
        await self._do(self._event(presence="back"))

    async def moves_to(self, chat: str) -> None:
        """The whole chat gets a new address, as a Telegram group does when it grows: sends to the old one raise Moved."""
        old, new = self.address, replace(self.address, chat=chat)
        self._door.moved[old] = new
        await self._do(self._event(moved_to=new))
        for person in self._door.people:
            if person.address == old:
                person.address, person._looked = new, 0

    async def again(self) -> None:
        """The platform serves this person's last event once more, under the same key."""
        if self._last is None:
            raise AssertionError(f"{self.sender.name} did nothing yet that could be served again")
        await self._door.hear(replace(self._last, at=self._door.now()))

    def speaks(self, language: str | None) -> None:
        """Their client is set to another language from now on."""
        self.sender = replace(self.sender, language=language)

    # ----------------------------------------------------------------------------------------------- what they see

    def sees(self) -> str:
        """The text of everything the bot showed since they last looked: messages as they are now, toasts, prompts."""
        return "\n".join(entry.text for entry in self.news())

    def news(self) -> tuple[Entry, ...]:
        """The same as entries of the screen; they count as seen from now on."""
        new = self.their_screen.news(self.sender.id, self._looked)
        self._looked = self.their_screen.changed
        return new

    @property
    def unread(self) -> int:
        """How many messages wait for their eyes."""
        return sum(isinstance(entry, Shown) for entry in self.their_screen.news(self.sender.id, self._looked))

    def is_new(self, entry: Entry) -> bool:
        """True where they did not look since it appeared or changed."""
        return entry.changed > self._looked

    @property
    def screen(self) -> str:
        """The text of all the bot's messages in their chat, as they are now."""
        return "\n".join(shown.text for shown in self.messages)

    @property
    def messages(self) -> tuple[Shown, ...]:
        """All the bot's messages in their chat, oldest first, as they are now."""
        return self.their_screen.messages

    def buttons(self) -> tuple[str, ...]:
        """The labels of the newest screenful, in the order of their numbers."""
        return tuple(button.label for _, button in self.their_screen.numbered.values())

    def actions(self) -> tuple[str, ...]:
        """The actions of the newest screenful, in the order of their numbers; link buttons have none."""
        held = (button.action for _, button in self.their_screen.numbered.values())
        return tuple(action for action in held if action is not None)

    @property
    def their_screen(self) -> Screen:
        """The chat they are in."""
        return self._door.screen(self.address)

    # ------------------------------------------------------------------------------------------------------ inside

    def _event(
        self,
        *,
        text: str | None = None,
        action: str | None = None,
        location: Location | None = None,
        presence: str | None = None,
        moved_to: Address | None = None,
        on: MessageRef | None = None,
        reply_to: MessageRef | None = None,
    ) -> Incoming:
        return Incoming(
            key=self._door.new_key(),
            address=self.address,
            sender=self.sender,
            at=self._door.now(),
            text=text,
            action=action,
            location=location,
            presence=presence,
            moved_to=moved_to,
            on=on,
            reply_to=reply_to,
            private=self.private,
            links=tuple(dict.fromkeys(_LINK.findall(text or ""))),
        )

    def _own_message(self, text: str) -> MessageRef:
        """A reference for what they type, other than all before."""
        ref = self._own[text] = MessageRef(self.address, f"own:{len(self.their_screen.entries)}")
        return ref

    async def _do(self, event: Incoming) -> None:
        self._last = event
        await self._door.hear(event)

    def _on_screen(self, text: str) -> None:
        self.their_screen.heard(self.sender, text, self._door.now())

    def _message_with(self, words: str) -> Shown:
        for shown in self.their_screen.newest_first():
            if words in shown.text:
                return shown
        raise AssertionError(f"{self.sender.name} sees no message with {words!r}; there is: {self.screen!r}")

    def _button(self, wanted: Wanted, on: Shown | None) -> tuple[Shown, Button]:
        if isinstance(wanted, int) and wanted in self.their_screen.numbered:
            return self.their_screen.numbered[wanted]
        for shown in [on] if on else self.their_screen.newest_first():
            for button in shown.buttons:
                if isinstance(wanted, str) and answers_to(button, wanted):
                    return shown, button
        raise NoSuchButton(f"{self.sender.name} finds no button {wanted!r}; {self._all_buttons()}")

    def _all_buttons(self) -> str:
        listed = [
            f"[{number}] {button.label} ({button.action or button.url})"
            for number, (_, button) in self.their_screen.numbered.items()
        ]
        older = [
            f"{button.label} ({button.action or button.url})"
            for shown in self.their_screen.newest_first()
            for button in shown.buttons
            if (shown, button) not in self.their_screen.numbered.values()
        ]
        earlier = f"; on earlier messages: {', '.join(older)}" if older else ""
        return f"there are: {'  '.join(listed) or 'none'}{earlier}"


def answers_to(button: Button, wanted: str) -> bool:
    """True where it is that button: by its label, its action, or the beginning of its action up to a colon."""
    if button.label == wanted:
        return True
    return button.action is not None and f"{button.action}:".startswith(f"{wanted.rstrip(':')}:")

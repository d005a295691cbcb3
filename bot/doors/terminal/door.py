"""The terminal as a door: every chat is a screen in memory, and what a platform might do to a send can be scripted.

person ──Incoming──▶ host.answer ──Answer──▶ screen ──▶ host.rendered
delivery ──send / edit──▶ screen, or the failure that a test asked for
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from bot.chat import Address, Answer, Incoming, Message, MessageRef, Sender, plain
from bot.contract import Host, Menus
from bot.doors.terminal.person import Person
from bot.doors.terminal.screen import Screen
from bot.errors import DatabaseAway, DeliveryError, Moved, NotSent, Rejected, Unreachable

PLATFORM = "terminal"


@dataclass(frozen=True, slots=True)
class Sent:
    """One unasked send: when, where, what; `ref` is None where it never arrived, `error` what the caller was told."""

    at: datetime
    to: Address
    message: Message
    nonce: str
    plainly: bool = False
    ref: MessageRef | None = None
    error: DeliveryError | None = None


@dataclass(frozen=True, slots=True)
class _Failure:
    error: DeliveryError
    arrives: bool


class TerminalDoor:
    """A bot.contract.Door whose platform is this process.

    `session` makes keys and message ids unique over restarts of the process. With `honours_nonce` a repeated nonce returns
    the earlier message and shows nothing, as Discord does; without it every send is a new message, as on Telegram.
    """

    platform = PLATFORM
    listens_alone = False
    trouble: str | None = None

    def __init__(self, *, session: str | None = None, honours_nonce: bool = True) -> None:
        self.session = session or uuid4().hex[:8]
        self.honours_nonce = honours_nonce
        self.menus = Menus({}, {}, {})
        self.sent: list[Sent] = []
        self.refused: list[Sent] = []
        self.nonces: dict[str, MessageRef] = {}
        self.blocked: set[Address] = set()
        self.moved: dict[Address, Address] = {}
        self.watchers: list[Callable[[Screen], None]] = []
        self._host: Host | None = None
        self._reached = False
        self._listening = False
        self._screens: dict[Address, Screen] = {}
        self._people: dict[tuple[str, Address], Person] = {}
        self._failures: deque[_Failure] = deque()
        self._answers_to_lose = 0
        self._waiting: deque[Incoming] = deque()
        self._taken: set[asyncio.Future[None]] = set()
        self._serving: asyncio.Task[None] | None = None
        self._count = 0

    # ------------------------------------------------------------------------------------------------- the contract

    def per_minute(self, to: Address) -> int | None:
        """As many as anybody likes."""
        return None

    async def refusal(self) -> str | None:
        """A terminal takes anybody."""
        return None

    async def open(self, host: Host, menus: Menus, *, listen: bool = True) -> None:
        """Show screens, and begin to listen unless that comes later."""
        self._host, self.menus = host, menus
        self._reached = True
        if listen:
            await self.listen()

    async def listen(self) -> None:
        """Begin to listen; what people did while nobody did is served in its order, in the background."""
        if not self._listening:
            self._listening = True
            self._serving = asyncio.create_task(self._serve_waiting())

    async def send(self, to: Address, message: Message, *, nonce: str, plainly: bool = False) -> MessageRef:
        """Put one message on the addressed screen.

        Raises what `fails_next` scripted, Unreachable where the person blocked the bot, Moved where the chat went elsewhere,
        NotSent while the door is shut.
        """
        attempt = Sent(self.now(), to, message, nonce, plainly)
        failure = self._next_failure(attempt)
        if to in self.blocked:
            raise self._refuse(attempt, Unreachable("the person blocked the bot"))
        if to in self.moved:
            raise self._refuse(attempt, Moved("the chat has a new address", self.moved[to]))
        ref = self.nonces.get(nonce) if self.honours_nonce else None
        if ref is None:
            ref = self.nonces[nonce] = self._put(to, message, plainly)
            error = failure.error if failure else None
            self.sent.append(Sent(attempt.at, to, message, nonce, plainly, ref, error))
        if failure:
            raise failure.error
        return ref

    async def edit(self, ref: MessageRef, message: Message, *, plainly: bool = False, anew: bool = True) -> MessageRef:
        """Replace a message. Where no screen holds it (as after a restart), raises Rejected, unless it need not be said `anew`."""
        attempt = Sent(self.now(), ref.address, message, nonce="", plainly=plainly, ref=ref)
        failure = self._next_failure(attempt)
        screen = self.screen(ref.address)
        shown = screen.find(ref)
        if ref.address in self.blocked:
            raise Unreachable("the person blocked the bot")
        if shown is None and not anew:
            return ref
        if shown is None:
            raise Rejected("the message to edit is not there")
        if not anew:
            message = replace(message, picture=shown.message.picture)
        screen.replace(shown, message, attempt.at, plainly=plainly)
        self._tell(screen)
        if failure:
            raise failure.error
        return ref

    async def knock(self) -> None:
        """Somebody is there while the door is open. Raises NotSent."""
        if not self._reached:
            raise NotSent("the terminal is shut")

    async def stop_listening(self) -> None:
        """Take nothing new in: it waits for the next `open`. Returns when what was taken is answered."""
        self._listening = False
        await self.settled()

    async def close(self) -> None:
        """Finish what was taken; the screens stay, so that a test can open the door again with another host."""
        await self.stop_listening()
        self._reached = False

    # ---------------------------------------------------------------------------------------------------- the people

    def person(
        self, who: str, *, name: str | None = None, language: str | None = "pt-BR", chat: str | None = None
    ) -> Person:
        """The person of that id, alone with the bot or in the group `chat`; the same object each time."""
        address = Address(self.platform, chat or who)
        known = self._people.get((who, address))
        if known is None:
            sender = Sender(who, name or who.capitalize(), language)
            known = self._people[who, address] = Person(self, sender, address, private=chat is None)
        return known

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who was ever here, in the order they came."""
        return tuple(self._people.values())

    def screen(self, address: Address) -> Screen:
        """What is shown at that address."""
        return self._screens.setdefault(address, Screen(address))

    def new_key(self) -> str:
        """A name for one event, never given twice."""
        self._count += 1
        return f"{self.platform}:{self.session}:{self._count}"

    def now(self) -> datetime:
        """The clock of the host, or of the last one while the door is shut. Raises NotSent before the first `open`."""
        return self._known_host().now()

    async def hear(self, incoming: Incoming) -> None:
        """Bring one event to the host and show the answer; while nobody listens it waits."""
        if not self._listening:
            self._waiting.append(incoming)
            return
        with self._in_hand():
            await self._serve(incoming)

    async def settled(self) -> None:
        """Returns when everything that was taken in is answered."""
        if self._serving and self._serving is not asyncio.current_task():
            await self._serving
        while self._taken:
            await asyncio.wait(set(self._taken))

    # ---------------------------------------------------------------------------------- what tests do to the platform

    def fails_next(self, error: DeliveryError, *, times: int = 1, arrives: bool = False) -> None:
        """The next `times` unasked sends or edits raise `error`.

        With `arrives` the message is shown all the same: only the platform's answer was lost on its way back.
        """
        self._failures.extend([_Failure(error, arrives)] * times)

    def loses_next_answer(self) -> None:
        """The next answer is made but never shown, as if the process died in between; `person.again()` serves it again."""
        self._answers_to_lose += 1

    # -------------------------------------------------------------------------------------------------------- inside

    async def _serve(self, incoming: Incoming) -> None:
        host = self._known_host()
        try:
            answer = await host.answer(incoming)
        except DatabaseAway:  # who sits here sees it at once, and can do it again
            answer = await host.not_taken(incoming)
        if answer is None:
            return
        if self._answers_to_lose:
            self._answers_to_lose -= 1
            return
        self._take_role(incoming, answer)
        refs = () if incoming.address in self.blocked else await self._show(host, incoming, answer)
        await host.rendered(incoming, refs)

    def _take_role(self, incoming: Incoming, answer: Answer) -> None:
        if person := self._people.get((incoming.sender.id, incoming.address)):
            person.role = answer.menu

    async def _show(self, host: Host, incoming: Incoming, answer: Answer) -> tuple[MessageRef, ...]:
        screen = self.screen(incoming.address)
        refs = []
        if answer.edit:
            await host.reply_turn(incoming.address)
            refs.append(self._replace_or_put(screen, incoming.on, answer.edit))
        for message in answer.say:
            await host.reply_turn(incoming.address)
            refs.append(self._put(incoming.address, message))
        self._whisper(screen, incoming.sender.id, answer)
        self._tell(screen)
        return tuple(refs)

    def _whisper(self, screen: Screen, whom: str, answer: Answer) -> None:
        if answer.toast:
            screen.whisper(whom, answer.toast, self.now())
        if answer.ask:
            screen.asked.add(whom)
        said = "\n".join(plain(message.text) for message in (answer.edit, *answer.say) if message)
        if (
            answer.ask and answer.ask.prompt not in said
        ):  # a box has a label; on a page the same words stand there already
            screen.whisper(whom, answer.ask.prompt, self.now(), asks=True)

    def _replace_or_put(self, screen: Screen, on: MessageRef | None, message: Message) -> MessageRef:
        shown = screen.find(on) if on else None
        if shown is None:
            return self._put(screen.address, message)
        screen.replace(shown, message, self.now())
        return shown.ref

    def _put(self, to: Address, message: Message, plainly: bool = False) -> MessageRef:
        screen = self.screen(to)
        ref = MessageRef(to, self.new_key())
        screen.put(ref, message, self.now(), plainly=plainly)
        self._tell(screen)
        return ref

    async def _serve_waiting(self) -> None:
        while self._waiting and self._listening:
            await self._serve(replace(self._waiting.popleft(), at=self.now()))

    def _next_failure(self, attempt: Sent) -> _Failure | None:
        """The failure that was scripted; raises at once where the message never arrives."""
        if not self._reached:
            raise self._refuse(attempt, NotSent("the terminal is shut"))
        failure = self._failures.popleft() if self._failures else None
        if failure and not failure.arrives:
            raise self._refuse(attempt, failure.error)
        return failure

    def _refuse(self, attempt: Sent, error: DeliveryError) -> DeliveryError:
        self.refused.append(Sent(attempt.at, attempt.to, attempt.message, attempt.nonce, attempt.plainly, error=error))
        return error

    @contextmanager
    def _in_hand(self) -> Iterator[None]:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._taken.add(done)
        try:
            yield
        finally:
            self._taken.discard(done)
            done.set_result(None)

    def _tell(self, screen: Screen) -> None:
        for watcher in self.watchers:
            watcher(screen)

    def _known_host(self) -> Host:
        if self._host is None:
            raise NotSent("the terminal was never opened")
        return self._host

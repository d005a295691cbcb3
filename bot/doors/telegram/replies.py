"""An answer on the screen: toast, edit, messages, in this order, and what is done when Telegram does not take one.

Somebody waits here, so a reply is tried again for half a minute; a lost answer to one call is risked once more, for a doubled
reply is better than none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.chat import Address, Answer, Incoming, Message, MessageRef
from bot.contract import Host
from bot.doors.telegram.alerts import tell_owners
from bot.doors.telegram.speaker import Asked, Speaker, is_private
from bot.errors import Failing, Moved, NotSent, Rejected, SlowDown, Uncertain

log = structlog.get_logger("doors.telegram")

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds between the tries of one reply."""

Say = Callable[[Address, bool], Awaitable[MessageRef]]
"""Sends one message to that address, plainly or not."""


class Replies:
    """Shows answers to the people who wait for them."""

    def __init__(self, speaker: Speaker, host: Host) -> None:
        self._speaker = speaker
        self._host = host

    async def show(self, incoming: Incoming, answer: Answer, message_id: int | None) -> tuple[MessageRef, ...]:
        """Put all of the answer on the screen. `message_id` is the message it replies to in a group.

        Raises a DeliveryError for the first message that could not be brought there; what comes after it is left out.
        """
        to = incoming.address
        if incoming.location:
            self._speaker.shared_location(to)
        offered_before = self._speaker.offers_location(to)
        sent: list[MessageRef] = []
        if answer.edit:
            sent.append(await self._insist(incoming, self._edit(incoming.on, answer.edit)))
        for number, message in enumerate(answer.say):
            asked = _asked(answer, number, message_id) if not is_private(to) else None
            sent.append(await self._insist(incoming, self._send(message, asked)))
        offers_anew = any(message.location_label for message in (answer.edit, *answer.say) if message)
        if offered_before and not offers_anew:
            await self._speaker.put_keyboard_away(to)
        return tuple(sent)

    def _send(self, message: Message, asked: Asked | None = None) -> Say:
        return lambda to, plainly: self._speaker.send(to, message, plainly=plainly, asked=asked)

    def _edit(self, on: MessageRef | None, message: Message) -> Say:
        """What replaces the pressed message, or is said anew where there is none or the chat moved away from it."""

        def say(to: Address, plainly: bool) -> Awaitable[MessageRef]:
            if on and on.address.chat == to.chat:
                return self._speaker.edit(on, message, plainly=plainly)
            return self._speaker.send(to, message, plainly=plainly)

        return say

    async def _insist(self, incoming: Incoming, say: Say) -> MessageRef:
        """Send one message, again where that may help. Raises the DeliveryError that ended it."""
        to, plainly, doubts = incoming.address, False, 0
        for pause in PAUSES:
            await self._host.reply_turn(to)
            try:
                if doubts:
                    await self._knock()
                return await say(to, plainly)
            except SlowDown as error:
                # the host lets nobody pass before the silence is over
                log.info("telegram.reply_waits", key=incoming.key, seconds=error.retry_after)
            except Moved as error:
                to = error.address
            except Rejected as error:
                if plainly:
                    raise
                plainly = True
                log.error("telegram.reply_rejected", key=incoming.key, reason=error.reason)
                await tell_owners(self._host, "telegram.reply_rejected", key=incoming.key, reason=error.reason)
            except Uncertain:
                if doubts:
                    raise
                doubts = 1
                await asyncio.sleep(pause)
            except (NotSent, Failing) as error:
                log.info("telegram.reply_delayed", key=incoming.key, reason=error.reason)
                await asyncio.sleep(pause)
        await self._host.reply_turn(to)
        return await say(to, plainly)

    async def _knock(self) -> None:
        """Ask whether anybody is there: the one copy that is left does not go into a silence. Raises NotSent."""
        try:
            await self._speaker.knock()
        except (Uncertain, Failing) as error:
            raise NotSent(f"nobody answers: {error.reason}") from error


def _asked(answer: Answer, number: int, message_id: int | None) -> Asked | None:
    """In a group the first message replies to the one it answers, the last one opens the box for a question's answer.

    After a press there is no message of theirs to reply to, so it opens for everybody who is there: words that are no reply reach no bot.
    """
    last = number == len(answer.say) - 1
    hint = answer.ask.prompt if answer.ask and last else None
    return Asked(message_id, hint) if hint or (number == 0 and message_id is not None) else None

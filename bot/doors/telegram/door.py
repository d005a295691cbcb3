"""TelegramDoor: opens, takes updates in and lets messages out, closes.

getUpdates, or a post ─▶ lanes ─▶ take: understand ─▶ hearing ─▶ toast ─▶ replies ─▶ host.rendered ─▶ confirmed
                                                                    │
                                      delivery ─▶ send, edit ─▶ speaker ─▶ Telegram
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import structlog
from telegram import Update
from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder, CallbackContext, TypeHandler

from bot.chat import Address, Answer, Incoming, Message, MessageRef
from bot.contract import Host, Menus
from bot.doors.telegram.alerts import tell_owners
from bot.doors.telegram.errors import seconds_to_wait
from bot.doors.telegram.hearing import POST_WAITS, Hearing
from bot.doors.telegram.incoming import PLATFORM, Me, lanes_of, understand
from bot.doors.telegram.lanes import Lanes
from bot.doors.telegram.library import CONNECTIONS, FREE_CONNECTION_WITHIN, Http, TelegramBot, silence_libraries
from bot.doors.telegram.polling import SLOW, Backoff, Polling
from bot.doors.telegram.profile import PersonalMenus, set_profile
from bot.doors.telegram.replies import Replies
from bot.doors.telegram.speaker import Speaker, is_private
from bot.doors.telegram.watch import EVERY, SURELY, Watch
from bot.doors.telegram.webhook import Webhook, WebhookPlace, set_webhook
from bot.ending import end
from bot.errors import DatabaseAway, DeliveryError, Moved, Rejected, Unauthorized, Unreachable

log = structlog.get_logger("doors.telegram")

TELEGRAM = "https://api.telegram.org"
ANSWER_WITHIN = 30.0
"""Seconds for one answer; a slower one is given up, undone and confirmed, or it would hold up the confirming for ever."""
SCREEN_WITHIN = 10.0
"""Seconds that an update stays unconfirmed for its screen's sake; the answer is committed, and goes on trying."""
GROUP_PER_MINUTE = 20
ASKED_WITHIN = 5.0
"""Seconds for the question whether the token is known."""
UNKNOWN_TOKEN = "Telegram does not know this token; @BotFather shows the right one"
PROFILE = ("setMy", "deleteMy")
"""How the methods begin that set menus and the words of the profile."""
COMMON_FLOOD = 60.0
"""Seconds of the longest silence that everybody is asked for as a rule."""
LAST_ANSWERS, LAST_CONFIRMATION, LAST_SCREENS = 3.0, 1.0, 2.0
"""Seconds that stopping gives to each of its steps."""


class TelegramDoor:
    """A bot.contract.Door to Telegram, or to any Bot API server at `api_url`.

    `poll_wait` is how many seconds one getUpdates waits for something to happen (at most 50), `connections` how many calls
    can be on their way at once, `free_connection_within` how many seconds one waits for that. An answer has `answer_within`
    seconds; after `screen_within` more its update is confirmed even if its screen still waits, and after `slow` of them it is set aside
    where many wait behind it. While the database is away a post waits `post_waits` seconds for it, and what was polled until it is there.
    With a `webhook` Telegram posts updates to us, in any number of processes, and every `look_every` seconds
    (`look_surely` to be sure of trouble) we ask whether that goes well; without one a single process polls. `http` is the library that
    carries the calls. Where it is `paid` for, what delivery sends may go past the free pace; replies are never charged.
    """

    platform = PLATFORM

    def __init__(
        self,
        token: str,
        api_url: str | None = None,
        *,
        webhook: WebhookPlace | None = None,
        poll_wait: int = 30,
        connections: int = CONNECTIONS,
        free_connection_within: float = FREE_CONNECTION_WITHIN,
        answer_within: float = ANSWER_WITHIN,
        screen_within: float = SCREEN_WITHIN,
        post_waits: float = POST_WAITS,
        slow: float = SLOW,
        http: Http = "aiohttp",
        paid: bool = False,
        look_every: float = EVERY,
        look_surely: float = SURELY,
    ) -> None:
        silence_libraries()
        self._bot = TelegramBot(token, api_url or TELEGRAM, connections, free_connection_within, http)
        self._app = _application(self._bot, self.take)
        self._paid = paid
        self.listens_alone = webhook is None
        self.honours_nonce = False
        self._place = webhook
        self._webhook: Webhook | None = None
        self._watch: Watch | None = None
        self._watching: asyncio.Task[None] | None = None
        self._look_every, self._look_surely = look_every, look_surely
        self._poll_wait, self._slow = poll_wait, slow
        self._answer_within, self._screen_within = answer_within, screen_within
        self._post_waits = post_waits
        self._lanes = Lanes()
        self._screens = Lanes()
        self._refused: set[int] = set()
        self._listening: asyncio.Task[None] | None = None
        self._is_open = False
        self._unreached: str | None = None

    @property
    def trouble(self) -> str | None:
        """What keeps us from hearing anybody, also while we still open, in the platform's or the network's words."""
        if self._unreached:
            return self._unreached
        if self._watch:
            return self._watch.trouble
        return self._polling.trouble if self._listening else None

    def per_minute(self, to: Address) -> int | None:
        """Groups and channels take twenty (Telegram's FAQ)."""
        return None if is_private(to) else GROUP_PER_MINUTE

    async def refusal(self) -> str | None:
        """Whether Telegram knows our token, if it answers within a moment."""
        try:
            async with asyncio.timeout(ASKED_WITHIN):
                await self._app.initialize()
        except InvalidToken:
            return UNKNOWN_TOKEN
        except (TelegramError, TimeoutError):
            return None
        return None

    async def open(self, host: Host, menus: Menus, *, listen: bool = True) -> None:
        """Reach Telegram, however long that takes; set menu and profile if they changed; begin to listen, unless that comes later.

        Raises Unauthorized if the token is not known.
        """
        self._host = host
        self._bot.tell_floods(self._heed)
        self._speaker = Speaker(self._bot, host)
        self._replies = Replies(self._speaker, host)
        self._hearing = Hearing(host, self._answer_within, self._post_waits if self._place else None)
        await self._patiently(self._app.initialize)
        self._me = Me(self._bot.id, self._bot.username)
        await set_profile(self._bot, host, menus)
        self._personal = PersonalMenus(self._bot, host, menus)
        if listen:
            await self.listen()
        self._is_open = True
        log.info("telegram.open", bot=self._me.username)

    async def listen(self) -> None:
        """Begin to poll, or to take posts. Raises OSError where the webhook's port is taken."""
        if self._place:
            await self._listen_for_posts(self._place)
        elif self._listening is None:
            self._polling = Polling(self._bot, self._host, self._begin, wait=self._poll_wait, slow=self._slow)
            self._listening = asyncio.create_task(self._poll(self._polling))

    async def _listen_for_posts(self, place: WebhookPlace) -> None:
        if self._webhook is None:
            self._webhook = Webhook(self._bot, place, self._begin)
            await self._webhook.start()
            await self._patiently(partial(set_webhook, self._bot, self._host, place))
            self._watch = Watch(self._bot, self._host, place.url, self._look_every, self._look_surely)
            self._watching = asyncio.create_task(self._watch.run())

    async def _poll(self, polling: Polling) -> None:
        """Poll for ever, once a webhook of an earlier life is gone."""
        try:
            await self._patiently(self._end_webhook)
        except Unauthorized as error:
            await tell_owners(self._host, "telegram.unauthorized", reason=error.reason)
        await polling.run()

    async def send(self, to: Address, message: Message, *, nonce: str, plainly: bool = False) -> MessageRef:
        """Put one message there. Raises a DeliveryError. Telegram cannot tell a repeat, so `nonce` goes nowhere."""
        return await self._speaker.send(to, message, plainly=plainly, paid=self._paid)

    async def edit(self, ref: MessageRef, message: Message, *, plainly: bool = False, anew: bool = True) -> MessageRef:
        """Replace a message. Where that cannot be done, say it `anew`, or nothing. Raises a DeliveryError."""
        return await self._speaker.edit(ref, message, plainly=plainly, anew=anew)

    async def knock(self) -> None:
        """Ask who we are. Raises a DeliveryError."""
        await self._speaker.knock()

    async def take(self, update: Update) -> None:
        """One update, from polling or from a webhook: heard once, answered, shown. Returns when it may be confirmed, or must be refused."""
        incoming = understand(update, self._me, self._host.now())
        try:
            answer = await self._hearing.hear(incoming) if incoming else None
        except DatabaseAway:
            self._refused.add(update.update_id)  # the library keeps errors to itself
            return
        if press := update.callback_query:
            person = Address(PLATFORM, str(press.from_user.id))
            await self._speaker.toast(person, press.id, answer.toast if answer else None)
        if incoming and answer:
            message_id = update.message.message_id if update.message else None
            show = partial(self._show, incoming, answer, message_id)
            await asyncio.wait([self._screens.begin(lanes_of(update), show)], timeout=self._screen_within)

    async def stop_listening(self) -> None:
        """Take nothing new in; what was taken is answered, or left unconfirmed for the next start."""
        if self._watching:
            await end(self._watching)
            self._watch = self._watching = None
        if self._webhook:
            self._webhook.close()
            await self._lanes.finish(LAST_ANSWERS)
            await self._webhook.stop()
            self._webhook = None
        if self._listening is None:
            return
        await end(self._listening)
        self._listening = None
        await self._lanes.finish(LAST_ANSWERS)
        await self._polling.confirm(LAST_CONFIRMATION)

    async def close(self) -> None:
        """Finish what is on its way to a screen and disconnect."""
        await self.stop_listening()
        await self._screens.finish(LAST_SCREENS)
        await self._app.shutdown()
        await self._bot.shutdown()  # also when it was never reached
        if self._is_open:
            log.info("telegram.closed")

    def _begin(self, update: Update) -> asyncio.Task[None]:
        return self._lanes.begin(lanes_of(update), partial(self._handle, update))

    async def _handle(self, update: Update) -> None:
        """Take an update. Raises DatabaseAway where Telegram should offer it again."""
        await self._app.process_update(update)
        if update.update_id in self._refused:
            self._refused.remove(update.update_id)
            raise DatabaseAway("it did not come back in time")

    async def _show(self, incoming: Incoming, answer: Answer, message_id: int | None) -> None:
        """Bring the answer to the screen; one that can never get there need not be kept either."""
        try:
            try:
                sent = await self._replies.show(incoming, answer, message_id)
            except (Rejected, Unreachable, Moved) as error:
                log.warning("telegram.reply_given_up", key=incoming.key, reason=error.reason)
                sent = ()
            await self._host.rendered(incoming, sent)
            if incoming.private:
                await self._personal.keep(incoming.address.chat, answer.menu)
        except DeliveryError as error:
            log.error("telegram.reply_lost", key=incoming.key, reason=error.reason)
            if isinstance(error, Unauthorized):
                await tell_owners(self._host, "telegram.unauthorized", reason=error.reason)
        except Exception:
            log.exception("telegram.reply_failed", key=incoming.key)

    def _heed(self, method: str, seconds: float) -> None:
        """Telegram wants silence. It holds for everybody, whatever was asked.

        What our own profile says has a limit of its own beside that, of hours at times, and nobody's dose waits for it: should a silence so
        long have meant them as well, the next of them hears so.
        """
        log.warning("telegram.flooded", method=method, seconds=seconds)
        if seconds <= COMMON_FLOOD or not method.startswith(PROFILE):
            self._host.slow_down(PLATFORM, seconds)

    async def _end_webhook(self) -> None:
        """Polling is refused while a webhook is set. What waits for it stays."""
        info = await self._bot.get_webhook_info()
        if info.url:
            log.warning("telegram.webhook_removed", waiting=info.pending_update_count)
            await self._bot.delete_webhook(drop_pending_updates=False)

    async def _patiently(self, step: Callable[[], Awaitable[None]]) -> None:
        """Take a step of the opening until it succeeds, so that the bot may start before the network does."""
        backoff = Backoff(0.5, 30)
        while True:
            try:
                await step()
            except InvalidToken:
                # the library's own words hold the token, and so would a chain to them
                raise Unauthorized(UNKNOWN_TOKEN) from None
            except TelegramError as error:
                self._unreached = str(error)
                wait = seconds_to_wait(error) if isinstance(error, RetryAfter) else backoff.failed(0)
                log.warning("telegram.unreachable", reason=self._unreached, again_in=wait)
            else:
                self._unreached = None
                return
            await asyncio.sleep(wait)


def _application(bot: TelegramBot, take: Any) -> Application[Any, Any, Any, Any, Any, Any]:
    """The library's application without its updater and job queue: one handler for everything, one for what it raises."""
    app = ApplicationBuilder().bot(bot).updater(None).job_queue(None).build()

    async def handle(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
        await take(update)

    app.add_handler(TypeHandler(Update, handle))
    app.add_error_handler(_report)
    return app


async def _report(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """An update that the door itself could not take: it is passed over, the person's next one is served."""
    number = update.update_id if isinstance(update, Update) else None
    log.error("telegram.update_not_taken", update=number, exc_info=context.error)

"""`trilha run`: serve the platforms whose tokens are set, until a signal or a refused token."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence

import structlog

from bot.app import App
from bot.contract import Door
from bot.ending import end
from bot.errors import SettingsError
from bot.logs import set_up
from bot.operate.command_line import MISFIT, MISFITS
from bot.operate.ear import Ear
from bot.operate.folder import DATA_DIR, unfit, unfit_for_a_database
from bot.operate.health import Health
from bot.operate.memory import keep_for_good
from bot.operate.owner import invite_an_owner
from bot.settings import Settings, no_catalog, place_of, without_effect

log = structlog.get_logger("app")

LAST_STEPS = 3.0
"""Seconds for a start that is broken off; then the rest is stopped all the same."""


def _by_itself(code: int) -> None:
    """Nobody sees to it that the process ends in time."""


def open_doors(settings: Settings) -> list[Door]:
    """The doors whose tokens are set. A library is imported only for its own door."""
    doors: list[Door] = []
    if settings.telegram_token:
        from bot.doors.telegram import TelegramDoor, WebhookPlace

        webhook = None
        if settings.webhook_url:
            secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
            webhook = WebhookPlace(settings.webhook_url, *place_of(settings.webhook_listen), secret)
        token = settings.telegram_token.get_secret_value()
        doors.append(TelegramDoor(token, settings.telegram_api_url, webhook=webhook, paid=settings.paid_broadcast))
    if settings.discord_token:
        try:
            from bot.doors.discord import DiscordDoor
        except ImportError:
            raise SettingsError(
                ("BOT_DISCORD_TOKEN: Discord's library is not installed. `pip install 'trilha[discord]'` brings it.",)
            ) from None
        doors.append(DiscordDoor(settings.discord_token.get_secret_value()))
    return doors


async def misfits(settings: Settings, doors: Sequence[Door]) -> tuple[str, ...]:
    """Everything that only a look around shows: a catalog or a data folder that cannot be used, tokens that no platform knows.

    Before anything is touched; only the folder is made.
    """
    refused = await asyncio.gather(*(door.refusal() for door in doors))
    problems = [
        f"BOT_{door.platform.upper()}_TOKEN: {reason}." for door, reason in zip(doors, refused, strict=True) if reason
    ]
    if not settings.catalog.is_file():
        problems.append(no_catalog(settings.catalog))
    if unusable := unfit_for_a_database(settings, make=True):
        problems.append(unusable)
    if problems:
        await asyncio.gather(*(door.close() for door in doors))
    return tuple(problems)


async def _start(app: App) -> None:
    """Prepare, and only then be heard: nothing that takes the loop for long is left for later."""
    await app.prepare()
    keep_for_good()
    await app.open()
    await invite_an_owner(app.database, app.settings, app.now())


async def run(settings: Settings, ends_with: Callable[[int], object] = _by_itself) -> int:
    """Serve; 0 after SIGTERM or SIGINT. SIGHUP reads the catalog again.

    `ends_with` hears of the end as it begins, and with what code; at once where that is a signal, also while the loop hangs.
    """
    set_up(settings)
    for strange in without_effect(settings):
        log.warning("settings.without_effect", problem=strange)
    doors = open_doors(settings)
    if not doors:
        raise SettingsError(
            (
                "BOT_TELEGRAM_TOKEN, BOT_DISCORD_TOKEN: no platform is set. README tells where to get a token; "
                "`trilha chat` needs none.",
            )
        )
    app = App(settings, doors)
    with Ear() as ear:
        for number in (signal.SIGTERM, signal.SIGINT):
            ear.on(number, app.stopping.set, at_once=lambda: ends_with(0))
        if problems := await misfits(settings, doors):
            raise SettingsError(problems)
        if folder := unfit(settings.data_dir, DATA_DIR):  # the database is elsewhere
            log.warning("settings.folder", problem=f"{folder} Until then a backup put back by hand is not noticed.")
        await _serve_and_stop(app, ear, ends_with)
    if app.failure:
        raise app.failure
    return 0


async def _serve_and_stop(app: App, ear: Ear, ends_with: Callable[[int], object]) -> None:
    settings, code = app.settings, 1
    health = Health(app, place_of(settings.health_listen)) if settings.health_listen != "off" else None
    try:
        app.database.reserve()  # before anything is opened: a second `run` says that it is one, and nothing else
        if health:
            await health.start()
        await _serve(app, ear)
    except MISFITS:
        code = MISFIT
        raise
    finally:
        ends_with(code)  # unless a signal came first
        await app.stop()
        if health:
            await health.stop()


async def _serve(app: App, ear: Ear) -> None:
    """Start, and stay until something stops us."""
    starting = asyncio.create_task(_start(app))
    stopping = asyncio.create_task(app.stopping.wait())
    reloads: set[asyncio.Task[bool]] = set()  # a task nobody holds may vanish before it ends
    try:
        # a platform that cannot be reached holds the start up for as long as it takes; a signal ends that too
        await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting
            _reload_on_hangup(app, ear, reloads)
            await stopping
    finally:
        app.hurry()  # what starts may wait for a database that is silent
        await end(starting, stopping, *reloads, within=LAST_STEPS)
        for task in (starting, stopping, *reloads):  # what the first of them failed with was raised
            if task.done() and not task.cancelled():
                task.exception()


def _reload_on_hangup(app: App, ear: Ear, reloads: set[asyncio.Task[bool]]) -> None:
    def reload() -> None:
        task = asyncio.create_task(app.reload())
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    ear.on(signal.SIGHUP, reload)

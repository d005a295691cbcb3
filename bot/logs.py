"""The log: one line an event, for people on a terminal, as JSON elsewhere; secrets never stand in it."""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b, sha256
from secrets import token_bytes

import structlog
from structlog.typing import EventDict

from bot.errors import DatabaseUnwritable
from bot.settings import SECRETS, Settings

QUIET = ("alembic", "httpx", "httpcore", "apscheduler", "aiosqlite", "asyncio", "discord", "telegram")
"""Libraries that would fill the log; httpx even writes the address with the bot's token at INFO."""
NAMING = ("telegram", "discord")
"""How the key of an update begins that names its person; the keys of the outbox name nobody."""


troubles: Counter[str] = Counter()
"""How often each of our events was a warning or an error since the process began; `/metrics` tells."""


class Redacting(logging.Formatter):
    """Writes what another formatter makes of a record, with every secret struck out, tracebacks included."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


class Veil:
    """Lets nobody read in the log who spoke: what names a person there is a word that says nothing to whoever has no token of ours.

    It is the same word in every process and after a restart, so that lines about one can be found. Where there is no token, as in a
    terminal, it is another one each time.
    """

    def __init__(self, settings: Settings) -> None:
        tokens = [token.get_secret_value() for token in (settings.telegram_token, settings.discord_token) if token]
        self._secret = sha256("\n".join(tokens).encode()).digest() if tokens else token_bytes()

    def __call__(self, _: object, __: str, event: EventDict) -> EventDict:
        """Put the words in their place."""
        if isinstance(key := event.get("key"), str) and key.partition(":")[0] in NAMING:
            event["key"] = f"{key.partition(':')[0]}:{self._word(key)}"
        if isinstance(chat := event.get("chat"), str):
            event["chat"] = self._word(chat)
        return event

    def _word(self, said: str) -> str:
        return blake2b(said.encode(), key=self._secret, digest_size=8).hexdigest()


def set_up(settings: Settings) -> None:
    """Send every record to standard error, at the settings' level and in their format."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            _count_trouble,
            structlog.stdlib.filter_by_level,  # before what costs something: each message says that it went
            _say_plainly,
            Veil(settings),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    render: list[structlog.typing.Processor] = (
        [
            # plain tracebacks: a rich one would print the values of every variable, tokens among them
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
        if is_text(settings)
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting(formatter, secrets_of(settings)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def is_text(settings: Settings) -> bool:
    """Whether people read the log as it comes, and no machine does."""
    return settings.log_format == "text" or (settings.log_format is None and sys.stderr.isatty())


def _count_trouble(_: object, method: str, event: EventDict) -> EventDict:
    if method in ("warning", "error", "exception", "critical"):
        troubles[str(event["event"])] += 1
    return event


def _say_plainly(_: object, __: str, event: EventDict) -> EventDict:
    """What the log was told in full already needs no traceback of each who stumbles over it."""
    given = event.get("exc_info")
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, DatabaseUnwritable):
        del event["exc_info"]
        event["reason"] = str(error)
    return event


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """What must never be written down: tokens whole, and the password of the database's address."""
    values = [secret.get_secret_value() for name in SECRETS if (secret := getattr(settings, name))]
    passwords = [value.partition("//")[2].partition("@")[0].partition(":")[2] for value in values if "@" in value]
    return tuple(secret for secret in (*passwords, *values) if len(secret) > 3)

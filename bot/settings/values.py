"""Kinds of values: how each is read as it is written, and what was expected where it does not fit (a ValueError's words)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple
from unicodedata import normalize
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from bot.languages import EITHER, LANGUAGES
from bot.settings.nearest import nearest

# -------------------------------------------------------------------------------------------------------- who and where


class PlatformId(NamedTuple):
    """A person as a platform names them, such as telegram:1234."""

    platform: str
    id: str


class Place(NamedTuple):
    """Where to listen, such as 127.0.0.1:8080."""

    host: str
    port: int


def _split_owners(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value.strip(", "):
        raise ValueError("names nobody; expected telegram:1234 or discord:5678")
    return tuple(_platform_id(part.strip()) for part in value.split(",") if part.strip())


def _platform_id(words: str) -> PlatformId:
    platform, _, number = words.partition(":")
    if platform not in ("telegram", "discord", "terminal") or not number:
        raise ValueError(f"“{words}” is not like telegram:1234")
    if platform != "terminal" and not (number.isascii() and number.isdecimal()):  # else nobody would own the bot
        raise ValueError(f"“{words}” names no number; /about shows it to whom it belongs")
    return PlatformId(platform, number)


def place_of(words: str) -> Place:
    """Read "127.0.0.1:8080", "[::1]:8080" or ":8080" (everywhere). Raises ValueError."""
    host, colon, port = words.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"“{words}” is not like 127.0.0.1:8080")
    return Place(host.removeprefix("[").removesuffix("]") or "0.0.0.0", int(port))


def _be_a_place(value: str) -> str:
    place_of(value)
    return value


def _be_a_place_or_off(value: str) -> str:
    return value if value == "off" else _be_a_place(value)


Owners = Annotated[tuple[PlatformId, ...], NoDecode, BeforeValidator(_split_owners)]
Listen = Annotated[str, AfterValidator(_be_a_place)]
ListenOrOff = Annotated[str, AfterValidator(_be_a_place_or_off)]

# ------------------------------------------------------------------------------------------------------------ addresses

KEPT = r"postgresql:.*|sqlite:///(?!.*(:memory:|mode=memory))[^?].*"
"""A database of which something stays: to SQLite no name means one in memory, and a URI can ask for one."""
SERVED = r"sqlite:.*|postgresql://(.*@)?(\[[^]]*\]|[^/:?]*)(:(?P<port>[0-9]{1,5}))?([/?].*)?"
"""An address whose port is a number; a password may hold anything."""


def _be_a_server(value: str) -> str:
    if not (value.startswith(("http://", "https://")) and _has_a_host(value)):
        raise ValueError("expected an address such as http://127.0.0.1:8081")
    return value.rstrip("/")


def _be_reached_by_telegram(value: str) -> str:
    at_home = value.startswith(("http://127.0.0.1", "http://localhost"))
    if not at_home and not value.startswith("https://"):
        raise ValueError("expected an https address, which is all that Telegram posts to")
    if not _has_a_host(value):
        raise ValueError("expected an address such as https://bot.example.org/telegram")
    return value


def _has_a_host(address: str) -> bool:
    """Whether an address names a host, and no port that is none."""
    try:
        return bool(urlsplit(address).hostname) and urlsplit(address).port != 0
    except ValueError:
        return False


def _fit_a_header(value: str) -> str:
    if not (value.isascii() and value.isprintable() and not set(value) & set("()<> ")):
        raise ValueError("expected an address such as https://example.org/about or mailto:me@example.org")
    return value


def _be_a_database(value: SecretStr) -> SecretStr:
    address = value.get_secret_value()
    if not address.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("expected sqlite:///… or postgresql://…")
    if not re.fullmatch(KEPT, address):
        raise ValueError("expected a file, such as sqlite:///data/trilha.sqlite; nothing else is there after a restart")
    served = re.fullmatch(SERVED, address)
    if not (served and 1 <= int(served["port"] or 1) <= 65535):
        raise ValueError("expected an address such as postgresql://trilha:secret@localhost:5432/trilha")
    return value


Server = Annotated[str, AfterValidator(_be_a_server)]
WebhookAddress = Annotated[str, AfterValidator(_be_reached_by_telegram)]
Contact = Annotated[str, AfterValidator(_fit_a_header)]
DatabaseAddress = Annotated[SecretStr, AfterValidator(_be_a_database)]

# -------------------------------------------------------------------------------------------------------------- secrets


def _be_as_botfather_gives_it(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value.get_secret_value()):
        raise ValueError("expected a number, a colon and letters, as @BotFather gives it")
    return value


def _fit_telegrams_header(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
        raise ValueError("expected up to 256 letters, digits, _ and -")
    return value


TelegramToken = Annotated[SecretStr, AfterValidator(_be_as_botfather_gives_it)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_fit_telegrams_header)]

# --------------------------------------------------------------------------------------------------- languages and zones


def _be_spoken_here(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(f"expected {EITHER}")
    return value


@cache
def _zones() -> frozenset[str]:
    """All there are; they are looked for in hundreds of folders and files."""
    return frozenset(available_timezones())


def _be_a_zone(value: str) -> str:
    if value not in _zones():
        near = _zone_meant(value, _zones())
        raise ValueError(
            f"no such time zone; did you mean {near}?"
            if near
            else "no such time zone; expected a name such as America/Sao_Paulo"
        )
    return value


def _zone_meant(words: str, zones: Iterable[str]) -> str | None:
    """The zone somebody may have meant, by its whole name or its city. `Etc/GMT-3` is never offered: it lies east of Greenwich."""
    places = {zone: _letters(zone) for zone in sorted(zones) if "/" in zone and not zone.startswith("Etc/")}
    cities = {zone: _letters(zone.rpartition("/")[2]) for zone in places}
    return nearest(_letters(words), places) or nearest(_letters(words), cities)


def _letters(words: str) -> str:
    """Words without accents, spaces and capitals."""
    return re.sub(r"[^a-z0-9/]", "", normalize("NFKD", words).lower())


Language = Annotated[str, AfterValidator(_be_spoken_here)]
Zone = Annotated[str, AfterValidator(_be_a_zone)]

# ---------------------------------------------------------------------------------------------------------------- the rest


def _have_a_name(value: Path) -> Path:
    if not str(value).strip():
        raise ValueError("expected a name, not a blank")
    return value


def _in_capitals(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


NamedPath = Annotated[Path, AfterValidator(_have_a_name)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_in_capitals)]

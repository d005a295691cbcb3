"""The settings: read once, checked together, never changed afterwards.

Each comes from the environment or a `.env` file in the working folder, with the prefix `BOT_`; a secret may also be given as the
name of a file (`BOT_TELEGRAM_TOKEN_FILE`), as container platforms do. The README's table is checked against this class by a test.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from unicodedata import normalize
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from rapidfuzz import fuzz, process

from bot.errors import SettingsError
from bot.languages import EITHER, LANGUAGES

PREFIX = "BOT_"
ENCODING = "utf-8-sig"
"""UTF-8, with or without the mark that some editors put before it: with it the first name would be another one."""
NEAR = 85
"""How alike, of 100, two spellings are that mean the same."""
PAID = 1000
"""Messages a second that Telegram takes from a bot that pays for them (Bot API, `allow_paid_broadcast`)."""


KEPT = r"postgresql:.*|sqlite:///(?!.*(:memory:|mode=memory))[^?].*"
"""A database of which something stays: to SQLite no name means one in memory, and a URI can ask for one."""
SERVED = r"sqlite:.*|postgresql://(.*@)?(\[[^]]*\]|[^/:?]*)(:(?P<port>[0-9]{1,5}))?([/?].*)?"
"""An address whose port is a number; a password may hold anything."""


class PlatformId(NamedTuple):
    """A person as a platform names them, such as telegram:1234."""

    platform: str
    id: str


class Place(NamedTuple):
    """Where to listen, such as 127.0.0.1:8080."""

    host: str
    port: int


class Settings(BaseSettings):
    """Everything an operator can decide. The description of each field is the README's text for it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    telegram_token: SecretStr | None = Field(None, description="turns the Telegram door on; BotFather gives it")
    telegram_api_url: str = Field(
        "https://api.telegram.org", description="base of any Bot API server; the bot appends `/bot<token>`"
    )
    discord_token: SecretStr | None = Field(
        None, description="turns the Discord door on; the developer portal gives it"
    )
    database_url: SecretStr | None = Field(
        None, description="`sqlite:///…` or `postgresql://…`; by default SQLite in the data folder"
    )
    data_dir: Path = Field(Path("data"), description="the folder of the database and of what is kept beside it")
    catalog: Path = Field(Path("catalog.yaml"), description="the catalog file")
    owners: Annotated[tuple[PlatformId, ...], NoDecode] = Field(
        (), description="who owns the bot: `telegram:1234,discord:5678`; /about shows a person's own id"
    )
    default_language: str = Field("pt-BR", description="where a client says no language we speak")
    default_zone: str = Field("America/Sao_Paulo", description="the time zone offered where nothing better is known")
    bulk_per_second: int = Field(
        25, ge=1, le=25, description="pace of doses; Telegram allows 30 in any second, and bursts need room"
    )
    paid_broadcast: bool = Field(
        False, description="`1`: up to 1,000 doses a second on Telegram, which takes the bot's Stars for each beyond 30"
    )
    contact: str | None = Field(
        None, description="a page or mail address that sites we fetch from find in our `User-Agent`"
    )
    webhook_url: str | None = Field(
        None, description="the public https address to which Telegram posts updates; without it the bot polls"
    )
    webhook_secret: SecretStr | None = Field(
        None, description="what every post must carry (letters, digits, `_`, `-`); by default derived from the token"
    )
    webhook_listen: str = Field(
        "127.0.0.1:8443", description="where the bot listens for the posts, behind a proxy that passes them on"
    )
    health_listen: str = Field(
        "127.0.0.1:8080", description="where `trilha run` tells `/health` and `/metrics`; `off` for nowhere"
    )
    suggestions_per_day: int = Field(5, ge=0, le=1000, description="links one person may have waiting a day")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="how much the log says")
    log_format: Literal["text", "json"] | None = Field(
        None, description="`text` or `json`; by default text on a terminal and JSON elsewhere"
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("owners", mode="before")
    @classmethod
    def _split_owners(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if not value.strip(", "):
            raise ValueError("names nobody; expected telegram:1234 or discord:5678")
        return tuple(_platform_id(part.strip()) for part in value.split(",") if part.strip())

    @field_validator("data_dir", "catalog")
    @classmethod
    def _have_a_name(cls, value: Path) -> Path:
        if not str(value).strip():
            raise ValueError("expected a name, not a blank")
        return value

    @field_validator("default_language")
    @classmethod
    def _know_language(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(f"expected {EITHER}")
        return value

    @field_validator("default_zone")
    @classmethod
    def _know_zone(cls, value: str) -> str:
        zones = available_timezones()
        if value not in zones:
            near = _zone_meant(value, zones)
            raise ValueError(
                f"no such time zone; did you mean {near}?"
                if near
                else "no such time zone; expected a name such as America/Sao_Paulo"
            )
        return value

    @field_validator("contact")
    @classmethod
    def _fit_a_header(cls, value: str | None) -> str | None:
        if value and not (value.isascii() and value.isprintable() and not set(value) & set("()<> ")):
            raise ValueError("expected an address such as https://example.org/about or mailto:me@example.org")
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _trim_address(cls, value: str) -> str:
        if not (value.startswith(("http://", "https://")) and _has_a_host(value)):
            raise ValueError("expected an address such as http://127.0.0.1:8081")
        return value.rstrip("/")

    @field_validator("telegram_token")
    @classmethod
    def _know_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value.get_secret_value()):
            raise ValueError("expected a number, a colon and letters, as @BotFather gives it")
        return value

    @field_validator("webhook_url")
    @classmethod
    def _know_webhook(cls, value: str | None) -> str | None:
        at_home = value and value.startswith(("http://127.0.0.1", "http://localhost"))
        if value and not at_home and not value.startswith("https://"):
            raise ValueError("expected an https address, which is all that Telegram posts to")
        if value and not _has_a_host(value):
            raise ValueError("expected an address such as https://bot.example.org/telegram")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _know_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("expected up to 256 letters, digits, _ and -")
        return value

    @field_validator("webhook_listen", "health_listen")
    @classmethod
    def _know_place(cls, value: str, checked: ValidationInfo) -> str:
        if not (checked.field_name == "health_listen" and value == "off"):
            place_of(value)
        return value

    @field_validator("database_url")
    @classmethod
    def _know_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("sqlite:///", "postgresql://")):
            raise ValueError("expected sqlite:///… or postgresql://…")
        if value and not re.fullmatch(KEPT, value.get_secret_value()):
            raise ValueError(
                "expected a file, such as sqlite:///data/trilha.sqlite; nothing else is there after a restart"
            )
        served = re.fullmatch(SERVED, value.get_secret_value()) if value else None
        if value and not (served and 1 <= int(served["port"] or 1) <= 65535):
            raise ValueError("expected an address such as postgresql://trilha:secret@localhost:5432/trilha")
        return value

    def pace_of(self, platform: str) -> int:
        """How many doses a second may go to people on a platform."""
        return PAID if self.paid_broadcast and platform == "telegram" else self.bulk_per_second

    @property
    def database(self) -> str:
        """Where the database is, SQLite in the data folder unless said."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'trilha.sqlite'}"


def _has_a_host(address: str) -> bool:
    """Whether an address names a host, and no port that is none."""
    try:
        return bool(urlsplit(address).hostname) and urlsplit(address).port != 0
    except ValueError:
        return False


def place_of(words: str) -> Place:
    """Read "127.0.0.1:8080", "[::1]:8080" or ":8080" (everywhere). Raises ValueError."""
    host, colon, port = words.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"“{words}” is not like 127.0.0.1:8080")
    return Place(host.removeprefix("[").removesuffix("]") or "0.0.0.0", int(port))


SECRETS = tuple(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))
"""The fields that may also come from a file."""


OUTSIDE = (
    *SECRETS,
    *("telegram_api_url", "webhook_url", "webhook_listen", "health_listen", "bulk_per_second", "paid_broadcast"),
    *("owners", "data_dir"),
)
"""What concerns platforms and the database: nothing to a bot in a scratch folder."""


def read_settings(env_file: Path | None = Path(".env"), *, alone: bool = False, **given: Any) -> Settings:
    """Read the settings, or raise SettingsError with every problem. What is `given` wins over everything.

    A bot that is `alone` speaks to no platform and keeps nothing: what concerns these is not even read.
    """
    if alone:
        given = {name: Settings.model_fields[name].default for name in OUTSIDE} | given
    logging.getLogger("dotenv.main").setLevel(logging.ERROR)  # its warning names no file: what it means is said below
    try:
        secrets, unread = ({}, ()) if alone else _read_secret_files(env_file)
        problems = [*_lines_nobody_can_read(env_file), *unread]
        settings = Settings(_env_file=env_file, _env_file_encoding=ENCODING, **{**secrets, **given})
    except ValidationError as error:
        named = [*map(_sentence, error.errors()), *_missing_catalog(env_file)]
        raise SettingsError((*problems, *named)) from None
    except UnicodeDecodeError:
        raise SettingsError((f"{env_file}: is not UTF-8 text; save it as UTF-8.",)) from None
    if problems:
        raise SettingsError((*problems, *_missing_catalog(env_file)))
    return settings


def _lines_nobody_can_read(env_file: Path | None) -> Iterator[str]:
    """Say which lines of the file are no settings at all, or that it is no file."""
    if env_file and env_file.is_dir():
        yield f"{env_file}: is a folder; the settings are a file of that name."
    if env_file and env_file.is_file():
        with env_file.open(encoding=ENCODING) as stream:
            for found in parse_stream(stream):
                is_setting = found.key and found.key.upper().startswith(PREFIX)
                if found.error or (is_setting and found.value is None):
                    yield f"{env_file}: line {found.original.line} is not like NAME=value."


def names_given(env_file: Path | None) -> dict[str, str | None]:
    """Everything that stands in the file or in the environment, which wins, by its name in capitals."""
    in_file = dotenv_values(env_file, encoding=ENCODING) if env_file else {}
    return {name.upper(): value for name, value in (*in_file.items(), *os.environ.items())}


def _missing_catalog(env_file: Path | None) -> Iterator[str]:
    """Where other settings do not fit, say in the same breath that the catalog they name is not there."""
    path = names_given(env_file).get(f"{PREFIX}CATALOG")
    if path and not Path(path).is_file():
        yield no_catalog(path)


def no_catalog(path: Path | str) -> str:
    """The sentence for a catalog that is not there."""
    return f"{PREFIX}CATALOG: there is no file {path}. Name yours there, or start in its folder."


def _read_secret_files(env_file: Path | None) -> tuple[dict[str, str], tuple[str, ...]]:
    """What stands in the files that `BOT_<SECRET>_FILE` names, and what could not be read."""
    named = names_given(env_file)
    found: dict[str, str] = {}
    problems: list[str] = []
    for field in SECRETS:
        variable = f"{PREFIX}{field.upper()}_FILE"
        if path := named.get(variable):
            try:
                found[field] = Path(path).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{variable}: cannot read {path} ({type(error).__name__}).")
            if found.get(field) == "":  # without it, something else would be taken and nobody would know
                problems.append(f"{variable}: there is nothing in {path}.")
    return found, tuple(problems)


def unknown_names(environment: Mapping[str, str | None]) -> tuple[str, ...]:
    """Say which `BOT_…` variables mean nothing here, each with the nearest name that does."""
    known = [f"{PREFIX}{name}".upper() for name in (*Settings.model_fields, *(f"{secret}_file" for secret in SECRETS))]
    strange = [name for name in environment if name.startswith(PREFIX) and name not in known]
    meant = {
        name: _nearest(name.removeprefix(PREFIX), {one: one.removeprefix(PREFIX) for one in known}) for name in strange
    }
    # others may well have an OWNERS or a CATALOG of their own; these tokens are ours
    meant |= {name: f"{PREFIX}{name}" for name in environment if name in ("TELEGRAM_TOKEN", "DISCORD_TOKEN")}
    return tuple(
        f"{name} is no setting" + (f"; did you mean {near}?" if near else "; the README lists them all.")
        for name, near in meant.items()
    )


def _zone_meant(words: str, zones: Iterable[str]) -> str | None:
    """The zone somebody may have meant, by its whole name or its city. `Etc/GMT-3` is never offered: it lies east of Greenwich."""
    places = {zone: _letters(zone) for zone in sorted(zones) if "/" in zone and not zone.startswith("Etc/")}
    cities = {zone: _letters(zone.rpartition("/")[2]) for zone in places}
    return _nearest(_letters(words), places) or _nearest(_letters(words), cities)


def _letters(words: str) -> str:
    """Words without accents, spaces and capitals."""
    return re.sub(r"[^a-z0-9/]", "", normalize("NFKD", words).lower())


def _nearest(words: str, names: Mapping[str, str]) -> str | None:
    """The one that is spelt nearly so, if any is."""
    found = process.extractOne(words, names, scorer=fuzz.ratio, score_cutoff=NEAR)
    return found[2] if found else None


def _platform_id(words: str) -> PlatformId:
    platform, _, number = words.partition(":")
    if platform not in ("telegram", "discord", "terminal") or not number:
        raise ValueError(f"“{words}” is not like telegram:1234")
    if platform != "terminal" and not (number.isascii() and number.isdecimal()):  # else nobody would own the bot
        raise ValueError(f"“{words}” names no number; /about shows it to whom it belongs")
    return PlatformId(platform, number)


def _sentence(problem: Any) -> str:
    """One problem in one line; the value is never repeated, for it may be a secret."""
    name = f"{PREFIX}{problem['loc'][0]}".upper() if problem["loc"] else PREFIX
    facts = problem.get("ctx", {})
    expected = {
        "bool_parsing": "expected 1 or 0",
        "int_parsing": "expected a whole number",
        "literal_error": f"expected {facts.get('expected', '')}".replace("'", ""),
        "greater_than_equal": f"expected {facts.get('ge')} or more",
        "less_than_equal": f"expected {facts.get('le')} or less",
    }
    said = expected.get(problem["type"]) or problem["msg"].removeprefix("Value error, ")
    end = "" if said.endswith("?") else "."
    return f"{name}: {said[0].lower()}{said[1:]}{end}"

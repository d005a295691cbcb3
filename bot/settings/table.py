"""THE table of what an operator can decide. The README's table and `docker-compose.yml` are checked against it by tests."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.settings.values import (
    Contact,
    DatabaseAddress,
    Language,
    Listen,
    ListenOrOff,
    LogLevel,
    NamedPath,
    Owners,
    Server,
    TelegramToken,
    WebhookAddress,
    WebhookSecret,
    Zone,
)

PREFIX = "BOT_"
PAID = 1000
"""Messages a second that Telegram takes from a bot that pays for them (Bot API, `allow_paid_broadcast`)."""


class Settings(BaseSettings):
    """Everything an operator can decide. The description of each field is the README's text for it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    telegram_token: TelegramToken | None = Field(None, description="turns the Telegram door on; BotFather gives it")
    telegram_api_url: Server = Field(
        "https://api.telegram.org", description="base of any Bot API server; the bot appends `/bot<token>`"
    )
    discord_token: SecretStr | None = Field(
        None, description="turns the Discord door on; the developer portal gives it"
    )
    database_url: DatabaseAddress | None = Field(
        None, description="`sqlite:///…` or `postgresql://…`; by default SQLite in the data folder"
    )
    data_dir: NamedPath = Field(Path("data"), description="the folder of the database and of what is kept beside it")
    catalog: NamedPath = Field(Path("catalog.yaml"), description="the catalog file")
    owners: Owners = Field(
        (), description="who owns the bot: `telegram:1234,discord:5678`; /about shows a person's own id"
    )
    default_language: Language = Field("pt-BR", description="where a client says no language we speak")
    default_zone: Zone = Field("America/Sao_Paulo", description="the time zone offered where nothing better is known")
    bulk_per_second: int = Field(
        25, ge=1, le=25, description="pace of doses; Telegram allows 30 in any second, and bursts need room"
    )
    paid_broadcast: bool = Field(
        False, description="`1`: up to 1,000 doses a second on Telegram, which takes the bot's Stars for each beyond 30"
    )
    contact: Contact | None = Field(
        None, description="a page or mail address that sites we fetch from find in our `User-Agent`"
    )
    webhook_url: WebhookAddress | None = Field(
        None, description="the public https address to which Telegram posts updates; without it the bot polls"
    )
    webhook_secret: WebhookSecret | None = Field(
        None, description="what every post must carry (letters, digits, `_`, `-`); by default derived from the token"
    )
    webhook_listen: Listen = Field(
        "127.0.0.1:8443", description="where the bot listens for the posts, behind a proxy that passes them on"
    )
    health_listen: ListenOrOff = Field(
        "127.0.0.1:8080", description="where `trilha run` tells `/health` and `/metrics`; `off` for nowhere"
    )
    suggestions_per_day: int = Field(5, ge=0, le=1000, description="links one person may have waiting a day")
    log_level: LogLevel = Field("INFO", description="how much the log says")
    log_format: Literal["text", "json"] | None = Field(
        None, description="`text` or `json`; by default text on a terminal and JSON elsewhere"
    )

    def pace_of(self, platform: str) -> int:
        """How many doses a second may go to people on a platform."""
        return PAID if self.paid_broadcast and platform == "telegram" else self.bulk_per_second

    @property
    def database(self) -> str:
        """Where the database is, SQLite in the data folder unless said."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'trilha.sqlite'}"


SECRETS = tuple(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))
"""The fields that may also come from a file."""
OUTSIDE = (
    *SECRETS,
    *("telegram_api_url", "webhook_url", "webhook_listen", "health_listen", "bulk_per_second", "paid_broadcast"),
    *("owners", "data_dir"),
)
"""What concerns platforms and the database: nothing to a bot in a scratch folder."""

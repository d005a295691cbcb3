"""What stands among the settings and nothing takes: each is named at the start, so that no wrong one vanishes without a trail."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dotenv.parser import parse_stream

from bot.settings.misspelt import unknown_names
from bot.settings.read import ENCODING, names_given
from bot.settings.table import PREFIX, SECRETS, Settings

NEEDS = {
    "webhook_secret": "webhook_url",
    "webhook_url": "telegram_token",
    "telegram_api_url": "telegram_token",
    "paid_broadcast": "telegram_token",
}
"""What means nothing without another. (`docker-compose.yml` always says where to listen for webhooks.)"""


def without_effect(settings: Settings, env_file: Path = Path(".env")) -> tuple[str, ...]:
    """A sentence for each: what is misspelt, stands there twice, or needs another setting that is not there."""
    given = names_given(env_file)
    return (*unknown_names(given), *_written_twice(env_file), *_also_in_a_file(given), *_alone(settings))


def tell_what_has_no_effect(settings: Settings) -> None:
    """The same on a terminal, beside what a command says."""
    for strange in without_effect(settings):
        print(strange, file=sys.stderr)


def _written_twice(env_file: Path) -> Iterator[str]:
    if env_file.is_file():
        with env_file.open(encoding=ENCODING) as stream:
            names = Counter(found.key.upper() for found in parse_stream(stream) if found.key)
        for name, times in names.items():
            if times > 1 and name.startswith(PREFIX):
                yield f"{name} stands in {env_file} {times} times; the last one counts."


def _also_in_a_file(given: dict[str, str | None]) -> Iterator[str]:
    for name in (f"{PREFIX}{secret.upper()}" for secret in SECRETS):
        if given.get(name) and given.get(f"{name}_FILE"):
            yield f"{name} and {name}_FILE are both set; what is in the file counts."


def _alone(settings: Settings) -> Iterator[str]:
    for name, needed in NEEDS.items():
        if name in settings.model_fields_set and getattr(settings, name) and not getattr(settings, needed):
            yield f"{PREFIX}{name.upper()} does nothing without {PREFIX}{needed.upper()}."
    for platform in dict.fromkeys(owner.platform for owner in settings.owners):
        if platform != "terminal" and not getattr(settings, f"{platform}_token"):
            token = f"{PREFIX}{platform.upper()}_TOKEN"
            yield f"{PREFIX}OWNERS names somebody on {platform}, which does nothing without {token}."

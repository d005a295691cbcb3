"""Names that mean nothing here, each said with the setting that was meant."""

from __future__ import annotations

from collections.abc import Mapping

from bot.settings.nearest import nearest
from bot.settings.table import PREFIX, SECRETS, Settings

NAMES = tuple(f"{PREFIX}{name}".upper() for name in (*Settings.model_fields, *(f"{secret}_file" for secret in SECRETS)))
"""Every name that means something."""


def unknown_names(environment: Mapping[str, str | None]) -> tuple[str, ...]:
    """Say which `BOT_…` variables mean nothing here, each with the nearest name that does."""
    bare = {name: name.removeprefix(PREFIX) for name in NAMES}
    strange = [name for name in environment if name.startswith(PREFIX) and name not in NAMES]
    meant = {name: nearest(name.removeprefix(PREFIX), bare) for name in strange}
    # others may well have an OWNERS or a CATALOG of their own; these tokens are ours
    meant |= {name: f"{PREFIX}{name}" for name in environment if name in ("TELEGRAM_TOKEN", "DISCORD_TOKEN")}
    return tuple(
        f"{name} is no setting" + (f"; did you mean {near}?" if near else "; the README lists them all.")
        for name, near in meant.items()
    )

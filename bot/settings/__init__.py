"""The settings: read once, checked together, never changed afterwards.

table.py           THE table: what an operator can decide, with its default and its line in the README
values.py          how each kind of value is read, and what is said where it does not fit
read.py            where they come from: the environment, a `.env` file, files that hold a secret
misspelt.py        a name that means nothing here, and the one that was meant
nearest.py         which of several names is spelt nearly so
without_effect.py  what stands among them and nothing takes
"""

from bot.settings.misspelt import unknown_names
from bot.settings.read import no_catalog, read_settings
from bot.settings.table import PAID, PREFIX, SECRETS, Settings
from bot.settings.values import Place, PlatformId, place_of
from bot.settings.without_effect import tell_what_has_no_effect, without_effect

__all__ = [
    "PAID",
    "PREFIX",
    "SECRETS",
    "Place",
    "PlatformId",
    "Settings",
    "no_catalog",
    "place_of",
    "read_settings",
    "tell_what_has_no_effect",
    "unknown_names",
    "without_effect",
]

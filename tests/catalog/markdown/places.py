"""Where the lists are that the tests read: our own in `lists/`, and the five seeds where a folder with them is at hand."""

import os
from pathlib import Path

HERE = Path(__file__).parent / "lists"
CHECKOUT = Path(__file__).parents[3]


def own_lists() -> list[Path]:
    """The made-up lists, by name."""
    return sorted(HERE.glob("*.md"))


def seeds() -> list[Path]:
    """The five lists the catalog started from, by name; empty where no folder has them.

    The folder is that of the environment variable `TRILHA_SEEDS`, else `../shared/seeds` beside the checkout.
    """
    folder = Path(os.environ.get("TRILHA_SEEDS") or CHECKOUT.parent / "shared" / "seeds")
    return sorted(folder.glob("00[0-4]_*.txt"))


def broken(text: str, encoding: str = "mac_roman") -> str:
    """The text as it looks after its UTF-8 was read in another encoding."""
    return text.encode().decode(encoding)

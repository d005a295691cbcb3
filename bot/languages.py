"""The languages the bot speaks: one row each, and everything else asks here. CONTRIBUTING tells what else a new one needs."""

from __future__ import annotations

from typing import NamedTuple


class Language(NamedTuple):
    """A language that people are spoken to in."""

    tag: str
    """As clients name it and settings hold it (BCP 47). Its sentences are in the folder of `bot/i18n/` that is called so, with _ for -."""
    names: str
    """The words, without accents, by which people ask for it; with * at its end one stands for all that begin so."""
    locales: tuple[str, ...]
    """What Discord calls it."""
    words: str
    file: str
    """What Discord names the box for the words after a command, and the one for a file: one small word each."""

    def is_called(self, word: str) -> bool:
        """Whether somebody means it who writes such a word (small letters, no accents)."""
        return any(word.startswith(name[:-1]) if name.endswith("*") else word == name for name in self.names.split())


SPOKEN = (
    Language("pt-BR", "pt br port bras braz portug* brasil* brazil*", ("pt-BR",), "palavras", "arquivo"),
    Language("en", "en eng ing engl* ingl*", ("en-US", "en-GB"), "words", "file"),
)
LANGUAGES = tuple(language.tag for language in SPOKEN)
FOR_EVERYBODY = "en"
"""What they get who speak none of these."""
EITHER = " or ".join(LANGUAGES)
"""All of them, for a sentence to an operator."""

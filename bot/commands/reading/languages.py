"""Languages: the one we speak with somebody, and those they take resources in, in the order they name them.

"inglês" ──▶ "en"                                              "primeiro português, depois inglês" ──▶ ("pt", "en")
"""

from __future__ import annotations

from bot.catalog.kinds import Language
from bot.commands.reading.typed import LONGEST, mistake_about
from bot.i18n.words import words_in
from bot.languages import LANGUAGES, SPOKEN
from bot.learning.cities import fold


def read_language(words: str) -> str:
    """The language of ours somebody names ("pt", "português", "brasileiro", "en", "english", "inglês"), as `pt-BR` or `en`.

    Raises UserMistake("reading.no_such_language", typed=…).
    """
    mistake = mistake_about("language", words)
    first = (fold(words if len(words) <= LONGEST else "").split() or [""])[0]
    for language in SPOKEN:
        if language.is_called(first):
            return language.tag
    raise mistake


_OWN_NAMES = {
    "pt": "portugues br brasileiro ptbr port portuguese",
    "en": "ingles english eng ing",
    "es": "espanhol castelhano spanish espanol",
    "fr": "frances french francais",
    "de": "alemao german deutsch",
    "it": "italiano italian",
}
_AROUND_LANGUAGES = (
    "e ou and or then after also depois tambem primeiro first second segundo so somente apenas only just em in prefiro prefer i de o a"
    " mas but se nao houver if there is none otherwise senao please por favor idioma lingua language languages idiomas linguas recursos"
    " resources"
)
_BETWEEN_LANGUAGES = frozenset(_AROUND_LANGUAGES.split())


def read_languages(words: str) -> tuple[str, ...]:
    """The languages of resources somebody names, the one they named first preferred, as ISO 639-1 codes.

    "pt, en", "primeiro português, depois inglês", "only English". Raises UserMistake("reading.no_such_languages", typed=…).
    """
    mistake = mistake_about("languages", words)
    if len(words) > LONGEST:
        raise mistake
    found: list[str] = []
    for word in fold(words.replace("pt-BR", "pt").replace("pt-br", "pt")).split():
        if word in _NAMES:
            found.append(_NAMES[word])
        elif word not in _BETWEEN_LANGUAGES:
            raise mistake
    if not found:
        raise mistake
    return tuple(dict.fromkeys(found))


def _names() -> dict[str, str]:
    """What each language of the catalog is called, by its code and in the languages we speak."""
    names = {word: code for code, said in _OWN_NAMES.items() for word in said.split()}
    for language in Language:
        if language is not Language.MUL:
            names[language.value] = language.value
            for ours in LANGUAGES:
                names[fold(words_in(ours).one_of("language", language))] = language.value
    return names


_NAMES = _names()

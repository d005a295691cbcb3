"""The language a resource is probably in; a list's title for it may be in another one."""

from __future__ import annotations

import re
from urllib.parse import unquote

from bot.catalog.kinds import Kind, Language

PORTUGUESE = re.compile(
    r"[ãõ]|\b(?:de|do|da|dos|das|para|com|que|não|uma|um|como|sobre|em|na|no|nas|nos|por|é|são|aulas?|cursos?|artigos?"
    r"|vídeos?|aprendizado|dados|saúde|análise|ciência|conceitos?|básicos?|prática|teoria|guia|livro|redes|neurais|máquina"
    r"|inteligência|sistemas|arquitetura|modelos|exemplos?|usando|resolvendo|mulheres|comunidade|viés)\b",
    re.IGNORECASE,
)
ENGLISH = re.compile(r"\b(?:the|of|and|to|for|with|how|what|is|an?|in|on|from|your|by|using|learning)\b", re.IGNORECASE)
SCRIPTS: tuple[tuple[Language, re.Pattern[str]], ...] = (
    (Language.JA, re.compile("[\u3040-\u30ff]")),
    (Language.ZH, re.compile("[\u4e00-\u9fff]")),
    (Language.KO, re.compile("[\uac00-\ud7af]")),
    (Language.RU, re.compile("[\u0400-\u04ff]")),
    (Language.FA, re.compile("[\u067e\u0686\u0698\u06a9\u06af\u06cc]")),
    (Language.AR, re.compile("[\u0600-\u06ff]")),
    (Language.HE, re.compile("[\u0590-\u05ff]")),
    (Language.HI, re.compile("[\u0900-\u097f]")),
)
COUNTRY_LANGUAGES = {
    "br": Language.PT, "pt": Language.PT, "ir": Language.FA, "es": Language.ES, "fr": Language.FR, "de": Language.DE,
    "it": Language.IT, "jp": Language.JA, "cn": Language.ZH, "ru": Language.RU, "kr": Language.KO, "pl": Language.PL,
}  # fmt: skip
PORTUGUESE_PATH = re.compile(r"(?:^|[/.=_-])pt(?:-|_)?br(?:[/.&_-]|$)|/pt/", re.IGNORECASE)
FOREIGN_KINDS = frozenset(
    {Kind.PAPER, Kind.NOTEBOOK, Kind.THREAD, Kind.PROFILE, Kind.REPO, Kind.DOCS, Kind.PLAYLIST, Kind.TOOL}
)
"""Kinds that are mostly English even where a Portuguese list gives them a Portuguese title."""


def language_of(title: str, url: str, kind: Kind) -> tuple[Language, bool]:
    """Return the likely language of a resource and whether there is more than the title to go by.

    A list's title may be in another language than the resource: the words in the address count more.
    """
    address = unquote(url).lower()
    host = re.sub(r"^https?://", "", address).partition("/")[0].partition(":")[0]
    for language, letters in SCRIPTS:
        if letters.search(address) or letters.search(title):
            return language, True
    ending = host.rpartition(".")[2]
    if PORTUGUESE_PATH.search(address):
        return Language.PT, True
    words_of_address = re.sub(r"[^\w]+", " ", address.partition("//")[2].partition("/")[2].partition("?")[0])
    in_address = leaning(words_of_address)
    if in_address > 1 or (ending == "br" and in_address >= 0):
        return Language.PT, True
    if ending in COUNTRY_LANGUAGES and ending != "br" and in_address >= 0:
        return COUNTRY_LANGUAGES[ending], True
    in_title = leaning(re.sub(r"^blog d[oae]\b", "", title, flags=re.IGNORECASE))
    if in_title <= 0:
        return Language.EN, True
    if in_address > 0:
        return Language.PT, True
    if kind is Kind.PROFILE:
        return Language.EN, True
    if in_address < 0 or kind in FOREIGN_KINDS or len(words_of_address.split()) >= 5:
        return Language.EN, False
    return Language.PT, False


def leaning(text: str) -> int:
    """Return how many more Portuguese than English words a text holds."""
    return len(PORTUGUESE.findall(text)) - len(ENGLISH.findall(text))

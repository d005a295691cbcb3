"""One table of languages: each has all that it needs, what a new one lacks is named, and one that is added by the recipe is spoken."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel import Locale, UnknownLocaleError

from bot.commands.reading.languages import read_language
from bot.i18n import showing
from bot.i18n.words import sentences
from bot.languages import SPOKEN, Language
from tests.house import SMALL_CATALOG

BOT = Path(__file__).parents[2] / "bot"
SPANISH = Language("es", "es espanol* castellano*", ("es-ES", "es-419"), "palabras", "archivo")
DISCORDS = frozenset(
    "bg cs da de el en-GB en-US es-419 es-ES fi fr hi hr hu id it ja ko lt nl no pl pt-BR ro ru sv-SE th tr uk vi zh-CN zh-TW".split()  # noqa: SIM905
)
"""Discord's documentation, "Locales"."""


def lacks(language: Language) -> list[str]:
    """All that a row of the table needs besides and does not have."""
    found = []
    folder = BOT / "i18n" / language.tag.replace("-", "_")
    if not folder.is_dir():
        found.append(f"bot/i18n/{folder.name}/: there is no such folder")
    elif missing := set(sentences("en")) - set(sentences(language.tag)):
        found.append(f"bot/i18n/{folder.name}/: there is no {', '.join(sorted(missing)[:5])}")
    elif strange := set(sentences(language.tag)) - set(sentences("en")):
        found.append(f"bot/i18n/{folder.name}/: nobody asks for {', '.join(sorted(strange)[:5])}")
    if language.tag not in showing._MANNERS:
        found.append("bot/i18n/showing.py: its little words are not there")
    try:
        Locale.parse(language.tag, sep="-")
    except (UnknownLocaleError, ValueError):
        found.append("bot/languages.py: CLDR knows no such language")
    found += [f"bot/languages.py: Discord has no {locale}" for locale in language.locales if locale not in DISCORDS]
    taken = [
        word
        for word in re.findall(r"\w+", language.names)
        for other in SPOKEN
        if other.tag != language.tag and other.is_called(word)
    ]
    found += [f"bot/languages.py: “{word}” means another language already" for word in taken]
    return found


@pytest.mark.parametrize("language", SPOKEN, ids=lambda language: language.tag)
def test_a_language_has_all_that_it_needs(language: Language) -> None:
    assert lacks(language) == []


def test_what_a_new_language_lacks_is_named() -> None:
    assert lacks(SPANISH) == [
        "bot/i18n/es/: there is no such folder",
        "bot/i18n/showing.py: its little words are not there",
    ]
    assert lacks(Language("xx-YY", "pt brasil*", ("xx",), "w", "f"))[2:] == [
        "bot/languages.py: CLDR knows no such language",
        "bot/languages.py: Discord has no xx",
        "bot/languages.py: “pt” means another language already",
        "bot/languages.py: “brasil” means another language already",
    ]


@pytest.mark.parametrize("language", SPOKEN, ids=lambda language: language.tag)
def test_a_language_is_found_by_each_of_its_names(language: Language) -> None:
    for name in language.names.split():
        assert read_language(name.removesuffix("*")) == language.tag


def add_spanish(root: Path) -> None:
    """The recipe of CONTRIBUTING, in a copy of the bot; of its sentences only a few are translated."""
    bot = root / "bot"
    shutil.copytree(BOT, bot, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(BOT.parent / "migrations", root / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    _insert(bot / "languages.py", "SPOKEN = (\n", f"    {SPANISH!r},\n")
    _insert(
        bot / "i18n" / "showing.py",
        "_MANNERS = {\n",
        """    "es": _Manner("todos los días", " a ", " y ", "d 'de' MMMM", "EEE d MMM", "d", " 'de' y", "ES"),\n""",
    )
    shutil.copytree(bot / "i18n" / "en", bot / "i18n" / "es")
    for file in (bot / "i18n" / "es").iterdir():
        said = file.read_text("utf-8")
        said = re.sub(r"^(  own_name: ).*$", r"\1Español", said, flags=re.MULTILINE)
        said = said.replace("every day", "cada día").replace("Every day", "Cada día")
        file.write_text(said, "utf-8")


def _insert(file: Path, after: str, lines: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(after) == 1
    file.write_text(text.replace(after, after + lines), "utf-8")


def trilha(root: Path, *arguments: str, lines: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    environment |= {
        "PYTHONPATH": str(root),
        "BOT_CATALOG": str(SMALL_CATALOG),
        "BOT_DATA_DIR": str(root / "data"),
        **settings,
    }
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, env=environment, cwd=root, input=lines, capture_output=True, text=True, check=False)


def test_a_language_added_by_the_recipe_is_spoken(tmp_path: Path) -> None:
    add_spanish(tmp_path)
    spoken = trilha(
        tmp_path, "chat", "--lang", "es", lines="/start\n1\n1\n/settings\n/language\n:lang en\n/language español\n"
    )
    assert spoken.returncode == 0, spoken.stderr
    assert "todos los días" in spoken.stdout
    assert "Español" in spoken.stdout
    refused = trilha(tmp_path, "run", BOT_DEFAULT_LANGUAGE="fr")
    assert "BOT_DEFAULT_LANGUAGE: expected es or pt-BR or en." in refused.stderr
    assert "'es-ES'" in python(tmp_path, "from bot.commands.menus import menus; print(payloads(menus())[0])")


def python(root: Path, what: str) -> str:
    """What the copy prints."""
    program = f"from bot.doors.discord.commands import payloads; {what}"
    environment = {**os.environ, "PYTHONPATH": str(root)}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, cwd=root, capture_output=True, check=True)
    return ended.stdout.decode()

"""The table of commands as platforms show it in their menus, in each language."""

from __future__ import annotations

from bot.commands.completing import COMPLETES
from bot.commands.table import COMMANDS, Command, name_in
from bot.contract import MenuEntry, Menus, SlashCommand
from bot.i18n.words import words_in
from bot.languages import LANGUAGES
from bot.states import Role


def menus() -> Menus:
    """What the platforms' menus show to everybody, in each language."""
    return Menus(
        commands={language: _menu(language, Role.LEARNER) for language in LANGUAGES},
        of_role={
            str(role): {language: _menu(language, role) for language in LANGUAGES}
            for role in (Role.CURATOR, Role.OWNER)
        },
        about={language: words_in(language).say("profile.about") for language in LANGUAGES},
        description={language: words_in(language).say("profile.description") for language in LANGUAGES},
        slash=tuple(map(_slash, COMMANDS)),
    )


def _menu(language: str, role: Role) -> tuple[MenuEntry, ...]:
    """What somebody of a role sees: what is theirs alone comes first, for that is what they open the menu for."""
    shown = [command for command in COMMANDS if command.shown and command.who <= role]
    return tuple(
        MenuEntry(name_in(command, language), words_in(language).one_of("menu", command.name))
        for command in sorted(shown, key=lambda command: command.who == Role.LEARNER)
    )


def _slash(command: Command) -> SlashCommand:
    return SlashCommand(
        command.name,
        {language: name_in(command, language) for language in LANGUAGES},
        {language: words_in(language).one_of("menu", command.name) for language in LANGUAGES},
        _where_said(f"takes.{command.name}"),
        _where_said(f"takes_file.{command.name}"),
        completes=command.name in COMPLETES,
        in_groups=command.in_groups,
        for_curators=command.who > Role.LEARNER,
    )


def _where_said(key: str) -> dict[str, str]:
    """A sentence in each language, if there is one."""
    return {language: words_in(language).say(key) for language in LANGUAGES if words_in(language).has(key)}

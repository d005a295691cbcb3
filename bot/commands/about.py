"""What this is, what one can say to it, and in which language it answers."""

from __future__ import annotations

from importlib.metadata import version

from bot.cards.choices import language_choice
from bot.chat import Answer, Button, Message, Span, lines
from bot.commands.ask import Ask
from bot.commands.reading.languages import read_language
from bot.errors import UserMistake
from bot.i18n.words import words_in
from bot.languages import LANGUAGES
from bot.states import Role

FIRST = ("today", "done", "more", "progress", "streak", "recall", "search", "suggest", "settings", "pause")
"""What /help tells of at once: as many lines as a phone shows. The rest is a press away."""
EVERY = frozenset(["all", "tudo", "todos"])


async def help_(ask: Ask) -> Answer:
    """What they can say: the little that a day needs, and for curators their own; `all` brings the rest.

    Before others it is only what may be said there.
    """
    from bot.commands.table import COMMANDS, name_in  # the table lists this function

    before_others = not ask.incoming.private
    every = before_others or ask.rest.casefold() in EVERY
    told = [
        (Span(f"/{name_in(command, ask.words.language)}"), Span(" · " + ask.words.one_of("menu", command.name)))
        for command in COMMANDS
        if command.shown
        and command.who <= ask.role
        and (every or command.who > Role.LEARNER or command.name in FIRST)
        and (command.in_groups or not before_others)
    ]
    rest = () if every else ((Button(ask.words.say("button.every_command"), "help:all"),),)
    alone = ask.words.text("help.alone") if before_others else None
    said = Message(lines(ask.words.text("help.head"), *told, alone), rest)
    return ask.show(said)


async def about(ask: Ask) -> Answer:
    """What this is, and the person's own id, which an owner needs to name them."""
    return Answer(
        say=(
            ask.words.message(
                "about.text",
                version=version("trilha"),
                id=f"{ask.incoming.address.platform}:{ask.incoming.sender.id}",
                n=len(ask.catalog.resources),
            ),
        )
    )


async def privacy(ask: Ask) -> Answer:
    """What is kept of them, who sees it, and how they get it or have it deleted."""
    return Answer(say=(ask.words.message("privacy.text"),))


async def set_language(ask: Ask) -> Answer:
    """Change the language of the conversation."""
    if not ask.rest:
        names = [(code, words_in(code).say("language.own_name")) for code in LANGUAGES]
        return Answer(say=(language_choice(ask.words, names),))
    try:
        ask.person.language = ask.rest if ask.rest in LANGUAGES else read_language(ask.rest)
    except UserMistake as mistake:
        names = [(code, words_in(code).say("language.own_name")) for code in LANGUAGES]
        mistake.again = language_choice(ask.words, names)
        raise
    ask.person.language_chosen = True
    said = words_in(ask.person.language).message("language.set")
    return ask.show(said)

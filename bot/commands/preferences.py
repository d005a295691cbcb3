"""What somebody wishes of their doses: minutes by weekday, level, languages of the resources. It acts from the next dose on."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.foreign import narrow_line
from bot.cards.preferences import (
    AS_WE_SPEAK,
    WEEKEND,
    languages_choice,
    level_choice,
    minutes_choice,
    show_languages,
    show_sizes,
    weekend_choice,
)
from bot.chat import Answer, Button, Message, Question, lines
from bot.commands.ask import Ask
from bot.commands.dose.card import today_row
from bot.commands.reading.languages import read_languages
from bot.commands.reading.sizes import read_level, read_sizes, said_sizes
from bot.commands.schedule import answer_or_proposal, on_the_way_again, theirs
from bot.errors import UserMistake
from bot.i18n.showing import show_days
from bot.learning.preferences import languages_for, with_sizes
from bot.store.tables import Subscription

AUTO = frozenset([AS_WE_SPEAK, "auto", "default", "padrao", "padrão"])

# --------------------------------------------------------------------------------------------------------------- minutes


async def set_minutes(ask: Ask) -> Answer:
    """Change the size of a dose, of every day or of some weekdays: “15”, “15 on weekdays, 60 on Saturday”."""
    question = Question("minutes", ask.words.say("minutes.prompt"))
    if not ask.rest:
        return _asked(ask, minutes_choice(ask.words), question)
    if ask.rest == WEEKEND:
        return Answer(edit=weekend_choice(ask.words), ask=question)
    try:
        sizes = read_sizes(ask.rest)
    except UserMistake as mistake:
        mistake.again, mistake.asks = minutes_choice(ask.words), question
        raise
    subscription = await theirs(ask)
    usual, by_weekday = with_sizes(subscription.minutes, subscription.minutes_on, sizes)
    subscription.minutes, subscription.minutes_on = usual, by_weekday
    exact = ask.incoming.action is not None or sizes == said_sizes(ask.rest)
    said = _minutes_said(ask, subscription, sizes, exact=exact)
    return await answer_or_proposal(ask, subscription, await _with_today(ask, subscription, said))


def _minutes_said(ask: Ask, subscription: Subscription, sizes: dict[int, int], *, exact: bool) -> Message:
    """What holds now; and a word where a size was given to a day without doses."""
    shown = show_sizes(ask.words, subscription.minutes, subscription.minutes_on)
    said = ask.words.text("minutes.set" if exact else "minutes.nearest", sizes=shown)
    idle = frozenset(sizes) - frozenset(map(int, subscription.days)) if len(sizes) < 7 else frozenset()
    if not idle:
        return Message(said)
    days = show_days(idle, ask.words.language)
    button = Button(ask.words.say("button.days"), "ask:days")
    return Message(lines(said, ask.words.text("minutes.idle", days=days)), ((button,),))


# ----------------------------------------------------------------------------------------------------------------- level


async def set_level(ask: Ask) -> Answer:
    """Change how hard the resources may be, 1 to 3."""
    subscription = await ask.subscription()
    question = Question("level", ask.words.say("level_wish.prompt"))
    if not ask.rest:
        return _asked(ask, level_choice(ask.words, subscription.level), question)
    try:
        subscription.level = read_level(ask.rest)
    except UserMistake as mistake:
        mistake.again, mistake.asks = level_choice(ask.words, subscription.level), question
        raise
    said = ask.words.message("level_wish.set", level=ask.words.one_of("depth", str(subscription.level)))
    return ask.show(said)


# ------------------------------------------------------------------------------------------------------------- languages


async def set_languages(ask: Ask) -> Answer:
    """Change the languages of the resources, the preferred one first; the language we speak is another matter (/language)."""
    subscription = await ask.subscription()
    question = Question("languages", ask.words.say("languages.prompt"))
    choice = languages_choice(ask.words, subscription.resource_languages)
    if not ask.rest:
        return _asked(ask, choice, question)
    try:
        wanted = None if ask.rest.casefold() in AUTO else _held(ask, read_languages(ask.rest))
    except UserMistake as mistake:
        mistake.again, mistake.asks = choice, question
        raise
    subscription.resource_languages = wanted
    first, *rest = languages_for(wanted, ask.person.language)
    chosen = ask.words.text(
        "languages.set" if rest else "languages.set_only",
        first=show_languages(ask.words, [first]),
        rest=show_languages(ask.words, rest),
    )
    said = Message(lines(chosen, narrow_line(ask.words, ask.catalog, subscription)))
    return ask.show(await _with_today(ask, subscription, said))


def _held(ask: Ask, wanted: tuple[str, ...]) -> list[str]:
    """The languages, if the catalog has something in one of them. Raises UserMistake where it has not."""
    if not any(entry.language.value in wanted for entry in ask.catalog.resources):
        raise UserMistake("languages.nothing_in", languages=show_languages(ask.words, wanted))
    return list(wanted)


async def _with_today(ask: Ask, subscription: Subscription, said: Message) -> Message:
    """Where nothing was left for them until now, doses come again, and one is a press away."""
    again = await on_the_way_again(ask, subscription)
    return replace(said, buttons=(*said.buttons, *today_row(ask))) if again else said


def _asked(ask: Ask, choice: Message, question: Question) -> Answer:
    return ask.show(choice, question)

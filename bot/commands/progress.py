"""How far somebody is: one picture, and the same facts in words under it."""

from __future__ import annotations

from bot.cards.progress import progress_picture, progress_text
from bot.chat import Answer, Button, Message, Picture
from bot.commands.ask import Ask
from bot.commands.reading.typed import mistake_about
from bot.learning.progress import Progress, progress_of
from bot.learning.way import stops_of, without_known
from bot.states import Marked
from bot.store import marks
from bot.store.history import history_of
from bot.store.tables import Subscription

_THEMES = {
    **dict.fromkeys(["dark", "escuro", "escura", "night", "noite"], "dark"),
    **dict.fromkeys(["light", "claro", "clara", "day", "dia"], "light"),
}


async def show_progress(ask: Ask) -> Answer:
    """The picture, light or dark as they last asked for it, and the words."""
    subscription = await ask.subscription(stopped=True)
    if ask.rest:
        theme = _THEMES.get(ask.rest.casefold())
        if theme is None:
            raise mistake_about("theme", ask.rest)
        subscription.picture = theme
    progress = await progress_in(ask, subscription)
    other = "light" if subscription.picture == "dark" else "dark"
    button = Button(ask.words.say(f"button.{other}"), f"progress:{other}")
    return Answer(
        say=(
            Message(
                progress_text(ask.words, ask.catalog, subscription, progress),
                ((button,),),
                progress_picture(ask.words, ask.catalog, subscription, progress),
            ),
        )
    )


async def progress_in(ask: Ask, subscription: Subscription) -> Progress:
    """Everything that is shown of a person's progress, from one reading of the rows."""
    marked = await marks.by_name(ask.session, ask.person.id)
    return progress_of(
        await history_of(ask.session, subscription, ask.now),
        ask.now,
        subscription.weekly,
        ask.catalog,
        without_known(stops_of(ask.catalog, subscription.trail, subscription.topics), subscription.known_topics),
        marked.get(Marked.DONE, frozenset()),
        marks.settled_in(marked),
        marks.unanswered_in(marked),
    )


async def picture_now(ask: Ask, subscription: Subscription) -> Picture:
    """The picture as it stands at this moment, not drawn yet."""
    return progress_picture(ask.words, ask.catalog, subscription, await progress_in(ask, subscription))

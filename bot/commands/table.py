"""THE table of what a person can do: commands with their aliases, buttons by their verb, questions that wait for text.

The menus, /help, the reference in the README and the tests derive from it. A command's line in the menu is `menu.<name>` in i18n.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat import Answer
from bot.commands import (
    about,
    card,
    checklists,
    digest,
    goal,
    history,
    my_data,
    note,
    nudge,
    plan,
    preferences,
    progress,
    recall,
    resource,
    saved,
    schedule,
    search,
    settings,
    shelf,
    start,
    streak,
    suggest,
    taste,
    topics,
    zone,
)
from bot.commands.ask import Ask
from bot.commands.desk import (
    approve,
    audit_log,
    feeds,
    follow,
    health,
    links,
    mend,
    queue,
    reject,
    roles,
    room,
    told,
    undo,
)
from bot.commands.dose import another, chosen, done, extra, later, options, passing, rating, session, slip, small, today
from bot.commands.linking import link, unlink
from bot.commands.pausing import move, pause, resume, stop
from bot.states import Role

Run = Callable[[Ask], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to say with a slash: its English name, its Portuguese one, who may, and where.

    `shown` says whether menus list it, `in_groups` whether it may be said before others; `also` are other words people try. `lesser` is
    what it does, in private, for those who may not do what it is for; without it they are told that nobody knows it. `only_looks` says
    that it changes nothing, so that it is answered where nothing can be written down either.
    """

    name: str
    alias: str
    run: Run
    who: Role = Role.LEARNER
    shown: bool = True
    in_groups: bool = False
    also: tuple[str, ...] = ()
    lesser: Run | None = None
    only_looks: bool = False


COMMANDS = (
    Command("start", "comecar", start.start, shown=False),
    Command("today", "hoje", today.today),
    Command("more", "mais", extra.more),
    Command("done", "feito", done.done),
    Command("streak", "sequencia", streak.show_streak),
    Command("progress", "progresso", progress.show_progress),
    Command("plan", "plano", plan.show_plan),
    Command("recall", "revisar", recall.recall),
    Command("note", "nota", note.note),
    Command("search", "buscar", search.search, also=("busca", "find", "procurar")),
    Command("saved", "salvos", saved.show_saved),
    Command("history", "historico", history.show_history),
    Command("subscribe", "assinar", start.subscribe, shown=False),
    Command("trail", "trilha", start.subscribe),
    Command("topics", "topicos", topics.show_way),
    Command("shelf", "estante", shelf.show_shelf),
    Command("checklists", "checklists", checklists.show_checklists),
    Command("suggest", "sugerir", suggest.suggest),
    Command("suggestions", "sugestoes", suggest.show_mine),
    Command("settings", "ajustes", settings.show_settings, also=("config", "configuracoes")),
    Command("time", "hora", schedule.set_hour),
    Command("minutes", "minutos", preferences.set_minutes),
    Command("days", "dias", schedule.set_days),
    Command("level", "nivel", preferences.set_level),
    Command("languages", "idiomas", preferences.set_languages),
    Command("taste", "gosto", taste.show_taste),
    Command("zone", "fuso", zone.set_zone),
    Command("nudge", "lembrete", nudge.set_nudge),
    Command("digest", "resumo", digest.set_digest),
    Command("pause", "pausa", pause.pause),
    Command("resume", "voltar", resume.resume),
    Command("language", "idioma", about.set_language),
    Command("mydata", "meusdados", my_data.give),
    Command("export", "exportar", my_data.give, shown=False),
    Command("forget", "esquecer", my_data.forget, also=("delete", "apagar")),
    Command("link", "vincular", link.link, also=("ligar", "connect")),
    Command("unlink", "desvincular", unlink.unlink, also=("desligar", "disconnect")),
    Command("privacy", "privacidade", about.privacy, in_groups=True),
    Command("unsubscribe", "cancelar", stop.unsubscribe, also=("stop", "parar")),
    Command("about", "sobre", about.about, in_groups=True),
    Command("help", "ajuda", about.help_, in_groups=True),
    Command("queue", "fila", queue.show_queue, Role.CURATOR, in_groups=True),
    Command("stats", "numeros", queue.show_stats, Role.CURATOR, in_groups=True),
    Command("approve", "aprovar", approve.approve, Role.CURATOR, in_groups=True),
    Command("reject", "rejeitar", reject.reject, Role.CURATOR, in_groups=True, also=("recusar",)),
    Command("edit", "editar", mend.edit, Role.CURATOR, in_groups=True),
    Command("retire", "retirar", mend.retire, Role.CURATOR, in_groups=True),
    Command("undo", "desfazer", undo.undo, Role.CURATOR, in_groups=True, lesser=slip.undo_last),
    Command("links", "links", links.show_links, Role.CURATOR),
    Command("log", "registro", audit_log.show_log, Role.CURATOR, in_groups=True),
    Command("follow", "seguir", follow.follow, Role.CURATOR, in_groups=True),
    Command("feeds", "feeds", feeds.show_feeds, Role.CURATOR, in_groups=True),
    Command("feed", "feed", feeds.feed, Role.CURATOR, in_groups=True),
    Command("room", "sala", room.room, Role.CURATOR, in_groups=True),
    Command("curators", "curadores", roles.curators, Role.OWNER, in_groups=True),
    Command("health", "saude", health.show_health, Role.OWNER, in_groups=True, only_looks=True),
)

BY_NAME = {name: command for command in COMMANDS for name in (command.name, command.alias, *command.also)}

ACTIONS: dict[str, Run] = {
    "trail": start.press_trail,
    "trails": start.show_trails,
    "topics": topics.show_topics,
    "topic": topics.press_topic,
    "picked": topics.press_chosen,
    "way": topics.press_way,
    "groundwork": topics.press_groundwork,
    "begin": start.begin,
    "goal": goal.press_goal,
    "ask": settings.press_ask,
    "hour": schedule.set_hour,
    "minutes": preferences.set_minutes,
    "days": schedule.set_days,
    "level": preferences.set_level,
    "languages": preferences.set_languages,
    "clock": zone.press_clock,
    "zone": zone.press_zone,
    "pause": pause.pause,
    "move": move.press_move,
    "resume": resume.resume,
    "stop": stop.stop,
    "today": today.today,
    "more": extra.more,
    "done": done.press_done,
    "another": another.press_another,
    "later": later.press_later,
    "snooze": later.press_snooze,
    "options": options.press_options,
    "face": options.press_face,
    "keep": options.press_keep,
    "unkeep": options.press_unkeep,
    "whythis": options.press_why,
    "pass": passing.press_pass,
    "unpass": passing.press_unpass,
    "size": extra.press_size,
    "rate": rating.press_rating,
    "slip": slip.press_slip,
    "work": session.press_work,
    "got": session.press_got,
    "finish": session.press_finish,
    "shelve": shelf.press_shelve,
    "shelf": shelf.press,
    "tick": small.press_tick,
    "untick": small.press_untick,
    "checklists": checklists.show_checklists,
    "checklist": checklists.press_checklist,
    "step": checklists.press_step,
    "taste": taste.press,
    "streak": streak.press,
    "nudge": nudge.set_nudge,
    "digest": digest.set_digest,
    "progress": progress.show_progress,
    "recall": recall.press,
    "note": note.press_note,
    "card": card.press,
    "found": search.press_found,
    "see": resource.press_see,
    "put": resource.press_put,
    "out": resource.press_out,
    "get": chosen.press_get,
    "suggest": suggest.press,
    "saved": saved.show_saved,
    "history": history.show_history,
    "past": history.press_past,
    "settings": settings.press_settings,
    "plan": plan.show_plan,
    "language": about.set_language,
    "link": link.press,
    "unlink": unlink.press,
    "forget": my_data.press_forget,
    "help": about.help_,
}
"""What a button's action, such as `done:1842`, calls; whose it is, is decided there, at the moment of the press."""

CURATORS_ACTIONS: dict[str, Run] = {
    "queue": queue.press,
    "suggestion": queue.show_card,
    "putoff": queue.put_off,
    "approve": approve.press,
    "anyway": approve.press_anyway,
    "long": told.press_long,
    "refuse": reject.press_refuse,
    "reject": reject.press,
    "undo": undo.press,
    "mend": mend.press_mend,
    "retire": mend.press_retire,
    "links": links.show_links,
    "swap": links.press_swap,
    "log": audit_log.press,
    "follow": follow.press_follow,
    "feeds": feeds.show_feeds,
    "feed": feeds.press_feed,
}
"""The same for curators: what anybody else presses stops before it is called."""

OWNERS_ACTIONS: dict[str, Run] = {
    "curators": roles.press,
    "health": health.show_health,
}
"""The same for owners."""

QUESTIONS: dict[str, Run] = {
    "hour": schedule.set_hour,
    "minutes": preferences.set_minutes,
    "days": schedule.set_days,
    "level": preferences.set_level,
    "languages": preferences.set_languages,
    "city": zone.read_city,
    "nudge": nudge.set_nudge,
    "digest": digest.set_digest,
    "pause": pause.pause,
    "search": search.search,
    "where": session.read_where,
    "follow": follow.follow,
    "feed_filter": feeds.read_filter_answer,
    "feed_topic": feeds.read_topic_answer,
    "note": note.read_note,
    "note_offered": note.offer,
    "rewrite": card.rewrite,
    "suggest": suggest.suggest,
}
"""What reads the text that an open question waits for."""

CURATORS_QUESTIONS: dict[str, Run] = {
    "reject_words": reject.read_words,
    "called": told.read_called,
    "long": told.read_long,
    "mend": mend.read_field,
}
"""The same for questions that only curators are asked; who lost the role meanwhile is not heard."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A function, and the least role that reaches it."""

    run: Run
    who: Role


BUTTONS = {
    verb: Reach(run, who)
    for who, verbs in (
        (Role.LEARNER, ACTIONS),
        (Role.CURATOR, CURATORS_ACTIONS),
        (Role.OWNER, OWNERS_ACTIONS),
    )
    for verb, run in verbs.items()
}
"""Every button by its verb."""

READERS = {
    kind: Reach(run, who)
    for who, kinds in ((Role.LEARNER, QUESTIONS), (Role.CURATOR, CURATORS_QUESTIONS))
    for kind, run in kinds.items()
}
"""Every reader of free text by the kind of its question."""


def name_in(command: Command, language: str) -> str:
    """A command's name in a language."""
    return command.alias if language.startswith("pt") else command.name

"""The weekly digest and the learning journal."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.cards.journal import escaped
from bot.doors.terminal import Person
from tests.house import House, subscribed


async def test_the_week_comes_on_the_day_and_hour_they_chose(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/resumo domingo 19h")
    assert "Sua semana chega: dom, às 19:00." in ana.sees()
    await house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    await ana.says("dados são fatos com forma")
    await house.forward_to("2026-03-08 18:59")
    ana.sees()
    await house.forward_to("2026-03-08 19:00")
    seen = ana.sees()
    assert "Sua semana: 1 dia com algo aprendido." in seen
    assert "· What is data?" in seen
    assert "“dados são fatos com forma”" in seen
    assert "O que vem agora: Noções básicas." in seen
    await house.forward_to("2026-03-10 12:00")
    await ana.says("/ajuda")  # she is there, or we would be quiet before the week is over
    await house.forward_to("2026-03-15 19:00")
    assert "Sua semana foi tranquila, e tudo bem." in ana.sees()


async def test_a_pause_is_quiet_and_the_digest_comes_back_after_it(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/resumo")
    await ana.presses("digest:1:08:00")
    await ana.forges("pause")
    ana.sees()
    await house.forward_to("2026-03-12 12:00")
    assert ana.sees() == ""
    await ana.says("/voltar")
    await house.forward_to("2026-03-16 08:00")
    assert "Sua semana" in ana.sees()


async def test_the_digest_can_be_turned_off(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/resumo domingo")
    assert "às 18:00" in ana.sees()
    await ana.says("/resumo não")
    assert "Sem resumo da semana." in ana.sees()
    await house.forward_to("2026-03-09 12:00")
    assert "Sua semana" not in ana.sees()


@pytest.mark.parametrize("typed", ["seg a sex 18h", "domingo 25h", "talvez", "8:18:00", "🦜"])
async def test_a_digest_nobody_understands_is_said_back_with_the_choice(ana: Person, typed: str) -> None:
    await subscribed(ana)
    await ana.says(f"/resumo {typed}")
    assert "“" in ana.sees()
    assert "digest:off" in ana.actions()


async def test_the_journal_tells_month_by_month_what_where_and_the_line(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    await ana.says("*não* é [um link](y)\nsegunda linha")
    await house.forward_to("2026-04-01 08:00")
    await ana.presses("Feito")
    await ana.says("/nota O que é uma média? A soma dividida pelo número")
    await ana.says("/meusdados md")
    file = ana.messages[-1].message.file
    assert file
    assert file.name == "trilha.md"
    journal = file.content.decode()
    assert journal.startswith(
        "# Diário de aprendizado de Ana\n\n## Março 2026\n\n- 3 de março: [What is data?](<https://example.org/what-is-data>)"
    )
    assert "## Abril 2026" in journal
    assert "O que é uma média? A soma dividida pelo número" in journal
    shown = MarkdownIt().render(journal)
    assert "*não* é [um link](y)" in shown
    assert "segunda linha" in shown


@pytest.mark.parametrize("before", ["> ", "# ", "- "])
@given(said=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip))
@example(said="---")
@example(said="- b")
@example(said="1. c")
@example(said="# d #")
@example(said="&copy; &amp; ~~no~~ `x` **y** <b>")
@example(said="[a]: https://example.org")
def test_whatever_is_written_stays_text_in_the_journal(before: str, said: str) -> None:
    read = MarkdownIt("commonmark").enable(["strikethrough", "table"]).parse(f"{before}{escaped(said)}\n")
    inline = [token for token in read if token.type == "inline"]
    assert len(inline) == 1
    assert {part.type for part in inline[0].children or []} == {"text"}
    assert "".join(part.content for part in inline[0].children or []) == " ".join(said.split())


async def test_a_journal_of_somebody_new_says_so(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/mydata md")
    file = ana.messages[-1].message.file
    assert file
    assert "Nada ainda." in file.content.decode()


async def test_what_comes_next_is_in_a_language_of_theirs(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/resumo domingo 19h")
    await ana.says("/idiomas só português")
    await ana.forges("get:data-in-words")
    await ana.presses("Feito")
    await house.forward_to("2026-03-08 19:00")
    seen = ana.sees()
    assert "Sua semana: 1 dia" in seen
    assert "O que vem agora" not in seen


async def test_what_was_only_worked_on_is_not_told_as_done(study: House, caio: Person) -> None:
    await caio.says("/resumo domingo 19h")
    await caio.presses("Avancei hoje")
    await study.forward_to("2026-03-08 19:00")
    seen = caio.sees()
    assert "Sua semana: 1 dia com algo aprendido." in seen
    assert "Você avançou em: Deep course." in seen
    assert "· Deep course" not in seen.split("Sua semana")[1]

"""Every command of `trilha` explains itself, and what does not fit is answered with what to do next."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import main, parser
from bot.operate.command_line import CommandParser


def commands(group: CommandParser) -> Iterator[CommandParser]:
    """A group and everything below it."""
    yield group
    for action in group._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from commands(command)


EVERY = {command.prog: command for command in commands(parser())}
GROUPS = {"trilha", "trilha catalog", "trilha feeds", "trilha links"}


@pytest.fixture(autouse=True)
def an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("BOT_CATALOG", "BOT_DATA_DIR", "BOT_DATABASE_URL", "BOT_TELEGRAM_TOKEN", "BOT_DISCORD_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", EVERY)
def test_every_command_says_what_it_does_and_what_it_takes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = EVERY[name]
    assert command.description
    for action in command._actions:
        assert action.help or isinstance(action, argparse._SubParsersAction), f"{name} does not explain {action.dest}"
    with pytest.raises(SystemExit, match="0"):
        main([*name.split()[1:], "--help"])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 100


@pytest.mark.parametrize("name", EVERY.keys() - GROUPS)
def test_every_example_is_one_that_the_command_takes(name: str) -> None:
    shown = (EVERY[name].epilog or "").splitlines()[1:]
    assert shown, f"{name} has no example"
    for example in shown:
        words = shlex.split(example)
        begins = words.index("trilha")
        given = words[begins + 1 :]
        for mark in (">", "|"):
            given = given[: given.index(mark)] if mark in given else given
        assert parser().read(given).parser.prog == name


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_alone_shows_what_is_in_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(name.split()[1:])
    assert "commands:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nonsense", "trilha: there is no command “nonsense”; it is one of run, chat, "),
        ("catalog chek", "trilha catalog: there is no command “chek”; did you mean check?\n"),
        ("doctor --repiar", "trilha doctor: “--repiar” means nothing here; did you mean --repair?\n"),
        ("doctor now", "trilha doctor: “now” means nothing here.\n"),
        ("catalog publish --lang fr", "trilha catalog publish: --lang cannot be “fr”; it is one of pt-BR, en.\n"),
        ("simulate --days x", "trilha simulate: argument --days: 'x' is not a number from 1 to 100000.\n"),
        (
            "simulate --chart nowhere/x.png",
            "trilha simulate: argument --chart: 'nowhere/x.png' is no name of a file in a folder that is there.\n",
        ),
        (
            "catalog export --commit --dry-run",
            "trilha catalog export: argument --dry-run: not allowed with argument --commit.\n",
        ),
        ("catalog import", "trilha catalog import: the following arguments are required: FILE.md.\n"),
    ],
)
def test_a_slip_says_what_was_meant_and_where_more_is_told(
    typed: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(typed.split())
    told = capsys.readouterr().err
    assert told.startswith(said)
    assert told.endswith(" --help` tells more.\n")


@pytest.mark.parametrize(
    "typed",
    [
        "chat --scratch",
        "simulate",
        "catalog check",
        "catalog stats",
        "catalog publish",
        "catalog export",
        "catalog conflicts",
        "catalog reload",
        "feeds export",
        "feeds import feeds.opml",
        "links check",
    ],
)
def test_without_a_catalog_one_sentence_tells_the_way_on(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(typed.split()) == 2
    said = "BOT_CATALOG: there is no file catalog.yaml. Name yours there, or start in its folder.\n"
    assert capsys.readouterr().err == said


def test_before_the_first_run_a_code_is_made_and_an_empty_log_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 1
    assert "There is no database data/trilha.sqlite." in capsys.readouterr().out
    assert not Path("data").exists(), "to look makes nothing"
    assert main(["owner"]) == 0
    assert "/start owner-" in capsys.readouterr().out
    assert main(["log"]) == 0
    assert capsys.readouterr().err == "Nobody decided anything yet.\n"
    assert main(["doctor"]) == 0


@pytest.mark.parametrize("typed", ["run", "chat --scratch", "owner", "log", "migrate", "doctor", "catalog stats"])
def test_with_a_broken_env_file_nothing_is_touched(
    typed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text("BOT_DEFAULT_ZONE=Mars\nBOT_LOG_LEVEL=LOUD\n'what is this\n", "utf-8")
    assert main(typed.split()) == 2
    told = capsys.readouterr().err
    assert [line.partition(":")[0] for line in told.splitlines()] == [".env", "BOT_DEFAULT_ZONE", "BOT_LOG_LEVEL"]
    assert list(tmp_path.iterdir()) == [tmp_path / ".env"]

"""Where settings come from, and every problem with them told at once.

Each comes from the environment or a `.env` file in the working folder, with the prefix `BOT_`; a secret may also be given as the
name of a file (`BOT_TELEGRAM_TOKEN_FILE`), as container platforms do.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import ValidationError

from bot.errors import SettingsError
from bot.settings.table import OUTSIDE, PREFIX, SECRETS, Settings

ENCODING = "utf-8-sig"
"""UTF-8, with or without the mark that some editors put before it: with it the first name would be another one."""


def read_settings(env_file: Path | None = Path(".env"), *, alone: bool = False, **given: Any) -> Settings:
    """Read the settings, or raise SettingsError with every problem. What is `given` wins over everything.

    A bot that is `alone` speaks to no platform and keeps nothing: what concerns these is not even read.
    """
    if alone:
        given = {name: Settings.model_fields[name].default for name in OUTSIDE} | given
    logging.getLogger("dotenv.main").setLevel(logging.ERROR)  # its warning names no file: what it means is said below
    try:
        secrets, unread = ({}, ()) if alone else _read_secret_files(env_file)
        problems = [*_lines_nobody_can_read(env_file), *unread]
        settings = Settings(_env_file=env_file, _env_file_encoding=ENCODING, **{**secrets, **given})
    except ValidationError as error:
        named = [*map(_sentence, error.errors()), *_missing_catalog(env_file)]
        raise SettingsError((*problems, *named)) from None
    except UnicodeDecodeError:
        raise SettingsError((f"{env_file}: is not UTF-8 text; save it as UTF-8.",)) from None
    if problems:
        raise SettingsError((*problems, *_missing_catalog(env_file)))
    return settings


def _lines_nobody_can_read(env_file: Path | None) -> Iterator[str]:
    """Say which lines of the file are no settings at all, or that it is no file."""
    if env_file and env_file.is_dir():
        yield f"{env_file}: is a folder; the settings are a file of that name."
    if env_file and env_file.is_file():
        with env_file.open(encoding=ENCODING) as stream:
            for found in parse_stream(stream):
                is_setting = found.key and found.key.upper().startswith(PREFIX)
                if found.error or (is_setting and found.value is None):
                    yield f"{env_file}: line {found.original.line} is not like NAME=value."


def names_given(env_file: Path | None) -> dict[str, str | None]:
    """Everything that stands in the file or in the environment, which wins, by its name in capitals."""
    in_file = dotenv_values(env_file, encoding=ENCODING) if env_file else {}
    return {name.upper(): value for name, value in (*in_file.items(), *os.environ.items())}


def _missing_catalog(env_file: Path | None) -> Iterator[str]:
    """Where other settings do not fit, say in the same breath that the catalog they name is not there."""
    path = names_given(env_file).get(f"{PREFIX}CATALOG")
    if path and not Path(path).is_file():
        yield no_catalog(path)


def no_catalog(path: Path | str) -> str:
    """The sentence for a catalog that is not there."""
    return f"{PREFIX}CATALOG: there is no file {path}. Name yours there, or start in its folder."


def _read_secret_files(env_file: Path | None) -> tuple[dict[str, str], tuple[str, ...]]:
    """What stands in the files that `BOT_<SECRET>_FILE` names, and what could not be read."""
    named = names_given(env_file)
    found: dict[str, str] = {}
    problems: list[str] = []
    for field in SECRETS:
        variable = f"{PREFIX}{field.upper()}_FILE"
        if path := named.get(variable):
            try:
                secret = Path(path).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{variable}: cannot read {path} ({type(error).__name__}).")
                continue
            if secret:
                found[field] = secret
            else:  # without it, something else would be taken and nobody would know
                problems.append(f"{variable}: there is nothing in {path}.")
    return found, tuple(problems)


def _sentence(problem: Any) -> str:
    """One problem in one line; the value is never repeated, for it may be a secret."""
    name = f"{PREFIX}{problem['loc'][0]}".upper() if problem["loc"] else PREFIX
    facts = problem.get("ctx", {})
    expected = {
        "bool_parsing": "expected 1 or 0",
        "int_parsing": "expected a whole number",
        "literal_error": f"expected {facts.get('expected', '')}".replace("'", ""),
        "greater_than_equal": f"expected {facts.get('ge')} or more",
        "less_than_equal": f"expected {facts.get('le')} or less",
    }
    said = expected.get(problem["type"]) or problem["msg"].removeprefix("Value error, ")
    end = "" if said.endswith("?") else "."
    return f"{name}: {said[0].lower()}{said[1:]}{end}"

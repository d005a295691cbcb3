"""`trilha catalog …`: what a curator does with the file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bot.catalog.file import check_file, read_catalog
from bot.catalog.schema import catalog_schema
from bot.settings import read_settings


def add_commands(parser: argparse.ArgumentParser) -> None:
    """The subcommands of `trilha catalog`."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="find every problem of the file, each with its line")
    check.set_defaults(run=_check)
    schema = commands.add_parser(
        "schema", help="print the JSON Schema with which editors complete and validate the file"
    )
    schema.set_defaults(run=_schema)
    for command in (check,):
        command.add_argument("file", nargs="?", type=Path, help="the catalog (the one of the settings)")


def _file_of(given: argparse.Namespace) -> Path:
    return given.file or read_settings().catalog


def _check(given: argparse.Namespace) -> int:
    file = _file_of(given)
    problems = check_file(file)
    for problem in problems:
        print(problem)
    if not problems:
        catalog = read_catalog(file)
        print(f"{file}: {len(catalog.resources)} resources, {len(catalog.topics)} topics, no problem.")
    return 1 if problems else 0


def _schema(_: argparse.Namespace) -> int:
    json.dump(catalog_schema(), sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0

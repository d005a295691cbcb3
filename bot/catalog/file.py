"""The catalog file: `read_catalog` gives the catalog, or all that is wrong with the file, each with its line."""

import re
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from bot.catalog.check import SECTIONS_WITH_IDS, LineOf, check_catalog, find_errors
from bot.catalog.document import LARGEST_FILE, Path, YamlDocument, read_document
from bot.catalog.entry import Catalog
from bot.catalog.explain import explain_all
from bot.catalog.misspelt import read_as_meant
from bot.catalog.problem import Problem, in_line_order
from bot.errors import CatalogError


def read_catalog(path: FilePath) -> Catalog:
    """Read and check a catalog file.

    Raises CatalogError with every error in the order of the lines; warnings do not stop a file (see `check_file`).
    """
    return parse_catalog(_read(path), path.name)


def parse_catalog(content: str | bytes, name: str = "catalog.yaml") -> Catalog:
    """Read and check a catalog from YAML text; bytes are taken as UTF-8. `name` stands for the file in problems.

    Raises CatalogError like `read_catalog`.
    """
    document = read_document(content)
    catalog, problems = _load(document, name)
    if catalog is None or problems:
        raise CatalogError(in_line_order(problems), name)
    return catalog


def check_file(path: FilePath) -> list[Problem]:
    """Return all errors and warnings of a catalog file, in the order of the lines; empty if there is nothing to say.

    While there are errors, warnings are left out: most of them would only follow. Raises nothing: a file that cannot
    be read is a problem too.
    """
    try:
        document = read_document(_read(path))
    except CatalogError as error:
        return list(error.problems)
    catalog, problems = _load(document, path.name)
    if catalog is None or problems:
        return list(in_line_order(problems))
    return check_catalog(catalog, document.line_of)


def _read(path: FilePath) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            text = f"the file has {size / 1e6:.1f} MB, more than {LARGEST_FILE // 1_000_000}"
            raise CatalogError((Problem(None, path.name, text),))
        return path.read_bytes()
    except OSError as error:
        raise CatalogError((Problem(None, path.name, f"cannot be read: {error.strerror}"),)) from error


def _load(document: YamlDocument, name: str) -> tuple[Catalog | None, list[Problem]]:
    """Return the catalog, or as much of it as has the right form, and all errors."""
    if not isinstance(document.data, dict):
        text = "a catalog begins with `version: 1` and its sections, this is something else"
        return None, document.problems or [Problem(1, name, text)]
    problems = list(document.problems)
    while True:
        try:
            catalog = Catalog.model_validate(document.data)
        except ValidationError as error:
            if misspelt := read_as_meant(error, document):
                problems += misspelt
                continue
            return None, problems + explain_all(error, document) + _find_errors_in_the_rest(document, error)
        return catalog, problems + find_errors(catalog, document.line_of, unread=_unread(document))


def _find_errors_in_the_rest(document: YamlDocument, error: ValidationError) -> list[Problem]:
    """Check what remains without the entries that have a wrong form, so that one reading reports everything."""
    bad = {refusal["loc"][:2] for refusal in error.errors()}
    rest: dict[str, Any] = {"version": 1}
    kept: dict[str, list[int]] = {}
    also_known: dict[str, set[str]] = {}
    for section in (*SECTIONS_WITH_IDS, "feeds"):
        entries = document.data.get(section)
        entries = entries if isinstance(entries, list) else []
        kept[section] = [index for index in range(len(entries)) if (section, index) not in bad]
        rest[section] = [entries[index] for index in kept[section]]
        ids = [str(entry.get("id")) for entry in entries if isinstance(entry, dict)]
        also_known[section] = {*ids, *map(_as_an_id, ids)}
    lines = _lines_of_the_rest(document, kept)
    return find_errors(Catalog.model_validate(rest), lines, also_known, _unread(document))


def _as_an_id(word: str) -> str:
    """What somebody meant who wrote an id as `Deep Learning`: others name it rightly."""
    return re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")


def _unread(document: YamlDocument) -> set[str]:
    """The sections of which nobody knows what they hold: of what is missing there, nothing can be said."""
    given = document.data
    elsewhere = document.broken is not None or any(key not in Catalog.model_fields for key in given)
    return {
        section
        for section in SECTIONS_WITH_IDS
        if not isinstance(given.get(section), list | None)
        or (elsewhere and section not in given)
        or (document.broken or ())[:1] == (section,)
    }


def _lines_of_the_rest(document: YamlDocument, kept: dict[str, list[int]]) -> LineOf:
    def line_of(path: Path) -> int | None:
        section, index, *more = path
        return document.line_of((section, kept[str(section)][int(index)], *more))

    return line_of

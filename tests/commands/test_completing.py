"""What is offered while somebody types the words after a command."""

from __future__ import annotations

import pytest

from bot.catalog.entry import Catalog
from bot.catalog.file import read_catalog
from bot.commands.completing import COMPLETES, MOST, complete
from bot.commands.table import BY_NAME
from bot.i18n.words import words_in
from tests.test_documents import ROOT


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog(ROOT / "catalog.yaml")


def test_trails_are_offered_in_the_persons_language(catalog: Catalog) -> None:
    assert complete(catalog, words_in("pt-BR"), "trail", "ciencia de dados")[0].startswith("Ciência de dados")
    assert complete(catalog, words_in("en"), "trail", "")[0].startswith("Data science")


def test_a_search_is_completed_by_titles(catalog: Catalog) -> None:
    assert "Attention Is All You Need" in complete(catalog, words_in("en"), "search", "attention is")


def test_an_entry_is_completed_by_its_id(catalog: Catalog) -> None:
    assert "attention-is-all-you-need" in complete(catalog, words_in("en"), "edit", "attention")


@pytest.mark.parametrize("typed", ["", " ", "zzzzzz", "🦆", "a" * 5000, "kind:"])
@pytest.mark.parametrize("command", [*COMPLETES, "start", "nonsense"])
def test_whatever_is_typed_a_few_words_or_none_are_offered(catalog: Catalog, command: str, typed: str) -> None:
    assert len(complete(catalog, words_in("en"), command, typed)) <= MOST


def test_what_can_be_completed_takes_words() -> None:
    assert set(COMPLETES) <= set(BY_NAME)
    assert all(words_in("en").has(f"takes.{command}") for command in COMPLETES)

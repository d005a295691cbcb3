"""Why a link is not taken: one table, which a file in the data folder replaces at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.chat import plain
from bot.curation.reasons import OTHER, find_reason, reason_of, reasons_in

THEIRS = """
reasons:
  - id: too-old
    button: {en: "Too old", pt: "Antigo"}
    says: {en: "*{title}* is from before; a newer one is welcome.", pt: "*{title}* é de antes; um mais novo é bem-vindo."}
"""


def write(folder: Path, text: str, at: int) -> None:
    """Put a table there, changed at a second of its own."""
    (folder / "reasons.yaml").write_text(text, encoding="utf-8")
    os.utime(folder / "reasons.yaml", (at, at))


def test_a_file_in_the_data_folder_takes_the_place_of_ours_without_a_restart(tmp_path: Path) -> None:
    assert "paywall" in reasons_in(tmp_path)
    write(tmp_path, THEIRS, 1)
    assert list(reasons_in(tmp_path)) == ["too-old", OTHER]
    write(tmp_path, THEIRS.replace("too-old", "ancient"), 2)
    assert list(reasons_in(tmp_path)) == ["ancient", OTHER]


@pytest.mark.parametrize("broken", ["", "reasons: 7", "{", THEIRS.replace("{title}", "{price}"), "\x00"])
def test_a_file_that_makes_no_sense_is_passed_over(tmp_path: Path, broken: str) -> None:
    write(tmp_path, broken, 1)
    assert "paywall" in reasons_in(tmp_path)


def test_a_reason_that_left_the_table_still_has_its_sentence(tmp_path: Path) -> None:
    write(tmp_path, THEIRS, 1)
    assert reason_of(reasons_in(tmp_path), "paywall").id == OTHER


def test_a_reason_is_found_by_its_id_or_its_words_in_either_language(tmp_path: Path) -> None:
    write(tmp_path, THEIRS, 1)
    found = [find_reason(reasons_in(tmp_path), word) for word in ("too-old", "Too Old", "ANTIGO", "new")]
    assert [one.id if one else None for one in found] == ["too-old", "too-old", "too-old", None]
    assert found[0] is not None
    assert plain(found[0].sentence("pt-BR", "Um *título*")) == "Um *título* é de antes; um mais novo é bem-vindo."

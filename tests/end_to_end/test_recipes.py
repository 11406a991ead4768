"""A recipe of the window, replayed by the command line in another process, gives the same PNG (ux.md, check 13)."""

import os
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from sni_desktop.document import Document
from sni_engine.api.pictures import encode_png
from sni_engine.api.recipes import Recipe, write_recipe
from sni_engine.api.selection import parse_cells

from .conftest import settle

ROOT = Path(__file__).parents[2]


def edit(document: Document, qtbot: QtBot) -> Recipe:
    """Change the mouth, lock it, restyle the rest by half, as a drag of the amount."""
    grid = document.snapshot.grid
    assert grid is not None
    mouth = parse_cells("5:7,3:5", grid)
    document.set_cells(mouth)
    document.resample()
    settle(qtbot, document)
    document.set_locks(mouth)
    document.select_all()
    document.set_levels(["style", "local"])
    document.set_amount(0.3)
    document.drag_amount(0.5)
    document.release_amount(0.5)
    settle(qtbot, document)
    history = document.snapshot.history
    assert history is not None
    recipe = document.take_recipe(history.current_id)
    assert recipe is not None
    assert len(recipe.steps) == 2
    return recipe


def run_sni(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "sni_engine.cli", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )


def test_the_command_line_makes_the_picture_of_the_window(document: Document, qtbot: QtBot, tmp_path: Path) -> None:
    write_recipe(edit(document, qtbot), tmp_path / "r.json")
    assert document.snapshot.picture is not None
    words = ("replay", "r.json", "--seeds", "7", "--pictures", "--device", "cpu")
    done = run_sni(tmp_path, *words, "--out", "made")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "made" / "seed-7.png").read_bytes() == encode_png(document.snapshot.picture)

    text = (tmp_path / "r.json").read_text(encoding="utf-8")
    digest = document.snapshot.card.digest if document.snapshot.card else ""
    (tmp_path / "r.json").write_text(text.replace(digest, "0" * len(digest)), encoding="utf-8")
    refused = run_sni(tmp_path, *words, "--out", "refused")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "is not here" in refused.stderr
    assert "--model" in refused.stderr
    assert not (tmp_path / "refused").exists()
    asked = run_sni(
        tmp_path, *words, "--out", "asked", "--model", document.snapshot.card.name if document.snapshot.card else ""
    )
    assert asked.returncode == 0
    assert (tmp_path / "asked" / "seed-7.png").read_bytes() == (tmp_path / "made" / "seed-7.png").read_bytes()

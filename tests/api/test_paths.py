"""Where things are kept: under one variable when it is set, in the system's places otherwise."""

from pathlib import Path

import pytest

from sni_engine.api import paths

FOLDERS = (paths.data_folder, paths.cache_folder, paths.config_folder, paths.state_folder)


def test_one_variable_moves_everything(private_home: Path) -> None:
    assert [folder().parent for folder in FOLDERS] == [private_home] * 4
    assert len({folder() for folder in FOLDERS}) == 4


def test_without_it_the_system_decides(private_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SNI_HOME")
    for folder in FOLDERS:
        assert paths.APP in folder().parts or paths.APP in str(folder())
        assert private_home in folder().parents
        assert not folder().exists()  # asking makes nothing


def test_shipped_models_are_in_the_tree() -> None:
    assert paths.shipped_models() == Path(__file__).parents[2] / "resources" / "models"

"""Writing files whole or not at all."""

import os
from pathlib import Path

import pytest

from sni_engine.api.errors import EngineError
from sni_engine.api.files import read_bytes, replace_file


def names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


def test_a_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    with replace_file(path) as stream:
        stream.write(b"one")
        assert not path.exists()
    assert path.read_bytes() == b"one"
    assert names(tmp_path) == ["a.bin"]


def test_a_block_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), replace_file(path) as stream:  # noqa: PT012 - it fails in the block
        stream.write(b"new")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.bin"]


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with pytest.raises(EngineError, match="No space left") as caught, replace_file(path):
        raise OSError(28, "No space left on device")
    assert "unchanged" in caught.value.hint
    assert path.read_bytes() == b"old"


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="could not be written"), replace_file(tmp_path / "no" / "a.bin"):
        pass


class BusyError(PermissionError):
    """What Windows says while somebody reads the file."""

    winerror = 32


def test_a_file_that_is_being_read_is_replaced_a_moment_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, refused = os.replace, []

    def refuse_twice(source: str, target: Path) -> None:
        if len(refused) < 2:
            refused.append(target)
            raise BusyError(13, "in use")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse_twice)
    with replace_file(tmp_path / "a.bin") as stream:
        stream.write(b"one")
    assert (tmp_path / "a.bin").read_bytes() == b"one"
    assert len(refused) == 2


def test_what_is_no_ordinary_file_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="a folder"):
        read_bytes(tmp_path)
    if Path("/dev/zero").exists():
        with pytest.raises(EngineError, match="no ordinary file"):
            read_bytes(Path("/dev/zero"))


def test_a_folder_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.bin").mkdir()
    with pytest.raises(EngineError, match="could not be written"), replace_file(tmp_path / "a.bin") as stream:
        stream.write(b"x")
    assert names(tmp_path) == ["a.bin"]


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_permissions_are_the_old_files_or_the_usual_ones(tmp_path: Path) -> None:
    old, new, usual = tmp_path / "old", tmp_path / "new", tmp_path / "usual"
    old.write_bytes(b"")
    old.chmod(0o640)
    usual.write_bytes(b"")
    for path in (old, new):
        with replace_file(path) as stream:
            stream.write(b"x")
    assert old.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode == usual.stat().st_mode


def test_a_bare_name_is_written_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with replace_file(Path("a.bin")) as stream:
        stream.write(b"x")
    assert names(tmp_path) == ["a.bin"]


def test_a_link_is_not_followed_out_of_its_folder(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"old")
    (tmp_path / "link").symlink_to(target)
    with replace_file(tmp_path / "link") as stream:
        stream.write(b"new")
    assert (tmp_path / "link").read_bytes() == b"new"


def test_reading_has_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"12345")
    assert read_bytes(path, 5) == b"12345"
    with pytest.raises(EngineError, match="larger than"):
        read_bytes(path, 4)


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(EngineError, match="could not be read"):
            read_bytes(path)

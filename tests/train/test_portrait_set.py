"""A stored portrait set: drawn once, resumed, checked, converted, read without filling memory; endless portraits."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from sni_engine.api.errors import EngineError
from sni_engine.api.train_presets import PRESETS
from sni_engine.api.training import PortraitSpec
from sni_engine.networks.features import AttributeNetwork
from sni_engine.train import attributes, disk, portrait_set
from sni_engine.train.array_file import ArrayFile
from sni_engine.train.attributes import AttributeTraining
from sni_engine.train.dataset import Labelled, PictureSet
from sni_engine.train.feed import choose_feed, feed_from_map, fits_device
from sni_engine.train.live_portraits import LivePortraits
from sni_engine.train.portrait_set import count_missing, count_missing_bytes, draw_portrait_set, open_portrait_set

SPEC = PortraitSpec(count=6, size_px=16)
NAMES = ("pictures.npy", "masks.npy", "factors.npy")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set in blocks of two, drawn once for all tests."""
    folder = tmp_path_factory.mktemp("whole") / "set"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(portrait_set, "BLOCK", 2)
        assert list(draw_portrait_set(SPEC, folder)) == [2, 4, 6]
    return folder


@pytest.fixture
def stored(whole: Path, tmp_path: Path, drawn: list[int]) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "set"))


@pytest.fixture
def drawn(whole: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The first portrait of every block that is drawn from now on; copies spare the renderer's time."""
    starts: list[int] = []
    monkeypatch.setattr(portrait_set, "BLOCK", 2)
    pictures, masks, factors = read_all(whole)

    def draw(stored: portrait_set.StoredSet, start: int, device: str) -> Labelled:
        starts.append(start)
        return Labelled(*(part[start : start + 2] for part in (pictures, masks, factors)))

    monkeypatch.setattr(portrait_set, "_draw", draw)
    return starts


def read_all(folder: Path) -> list[np.ndarray]:
    data = open_portrait_set(SPEC, folder)
    return [np.array(part) for part in (data.pictures, data.masks, data.factors)]


def test_a_set_is_drawn_once(stored: Path, drawn: list[int]) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in stored.iterdir()}
    assert list(draw_portrait_set(SPEC, stored)) == [2, 4, 6]
    assert drawn == []
    assert {path.name: path.stat().st_mtime_ns for path in stored.iterdir()} == before
    assert count_missing(SPEC, stored) == count_missing_bytes(SPEC, stored) == 0
    pictures, masks, factors = read_all(stored)
    assert pictures.shape == (6, 16, 16, 3)
    assert masks.shape == (6, 16, 16)
    assert len(factors) == 6


def test_a_set_that_was_stopped_goes_on(stored: Path, tmp_path: Path, drawn: list[int]) -> None:
    drawing = draw_portrait_set(SPEC, tmp_path / "other")
    assert next(drawing) == 2
    drawing.close()
    assert count_missing(SPEC, tmp_path / "other") == 4
    with pytest.raises(EngineError, match="lacks portraits 2 to 3"):
        open_portrait_set(SPEC, tmp_path / "other")
    list(draw_portrait_set(SPEC, tmp_path / "other"))
    assert drawn == [0, 2, 4], "the first block was not drawn twice"
    assert all(np.array_equal(a, b) for a, b in zip(read_all(stored), read_all(tmp_path / "other")))


def test_two_runs_that_start_at_once_draw_a_set_once(stored: Path, tmp_path: Path, drawn: list[int]) -> None:
    first, second = (draw_portrait_set(SPEC, tmp_path / "other") for _ in range(2))
    assert next(first) == 2
    assert next(second) == 2, "it waits, and tells how far the first is"
    assert list(first) == [4, 6]
    assert list(second) == [2, 4, 6]
    assert drawn == [0, 2, 4]
    assert all(np.array_equal(a, b) for a, b in zip(read_all(stored), read_all(tmp_path / "other")))
    assert not list((tmp_path / "other").glob(".*"))


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_block_is_found_and_drawn_again(stored: Path, drawn: list[int], name: str) -> None:
    right = read_all(stored)
    data = bytearray((stored / name).read_bytes())
    middle = 128 + (len(data) - 128) // 2  # in the second of three blocks
    data[middle] ^= 0xFF
    (stored / name).write_bytes(data)
    list(draw_portrait_set(SPEC, stored))
    assert drawn == [2]
    assert all(np.array_equal(a, b) for a, b in zip(right, read_all(stored)))


def confuse(data: bytes) -> bytes:
    """Let the header be what makes Python's tokenizer fail, which is no ValueError."""
    return data[:10] + b"'''" + data[13:]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"", lambda data: b"PK" + data[2:], confuse])
def test_a_damaged_file_is_refused_then_made_again(stored: Path, name: str, damage: object) -> None:
    right = read_all(stored)
    (stored / name).write_bytes(damage((stored / name).read_bytes()))  # type: ignore[operator]
    with pytest.raises(EngineError, match=rf"{name} is missing or damaged"):
        open_portrait_set(SPEC, stored)
    list(draw_portrait_set(SPEC, stored))
    assert all(np.array_equal(a, b) for a, b in zip(right, read_all(stored)))


def test_a_damaged_list_of_blocks_costs_a_redraw_not_a_traceback(stored: Path) -> None:
    right = read_all(stored)
    (stored / "blocks.json").write_text("{")
    list(draw_portrait_set(SPEC, stored))
    assert all(np.array_equal(a, b) for a, b in zip(right, read_all(stored)))


def test_another_set_in_the_folder_is_refused(stored: Path) -> None:
    with pytest.raises(EngineError, match="another portrait set"):
        list(draw_portrait_set(PortraitSpec(count=3, size_px=16), stored))


def test_blocks_of_the_older_format_are_taken_over(stored: Path, tmp_path: Path, drawn: list[int]) -> None:
    right = read_all(stored)
    old = tmp_path / "old"
    old.mkdir()
    shutil.copy(stored / "set.json", old)
    for start in (0, 2, 4):
        rows = [part[start : start + 2] for part in right]
        np.savez(old / f"{start:06d}.npz", **dict(zip(("pictures", "masks", "factors"), rows)))
    (old / "000002.npz").write_bytes(b"PK")
    assert count_missing(SPEC, old) == 0
    list(draw_portrait_set(SPEC, old))
    assert drawn == [2], "only the damaged block is drawn"
    assert all(np.array_equal(a, b) for a, b in zip(right, read_all(old)))
    assert not list(old.glob("*.npz"))


def test_a_full_disk_is_told_before_anything_is_drawn(
    tmp_path: Path, drawn: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "count_free_bytes", lambda path: 1000)
    with pytest.raises(EngineError, match="no room for the portraits"):
        list(draw_portrait_set(SPEC, tmp_path / "set"))
    assert drawn == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process's peak includes its parent's")
def test_reading_a_map_does_not_fill_memory(tmp_path: Path) -> None:
    file = ArrayFile(tmp_path / "pictures.npy", (8192, 64, 64, 3), np.dtype(np.uint8))  # 96 MiB
    file.reserve()
    source = (
        "import numpy as np; from pathlib import Path; from sni_engine.train.memory import read_peak_bytes\n"
        "from sni_engine.train.array_file import ArrayFile; from sni_engine.train.dataset import PictureSet\n"
        f"data = PictureSet(ArrayFile(Path({str(file.path)!r}), {file.shape}, np.dtype(np.uint8)).map())\n"
        "data.read(np.arange(16)); before = read_peak_bytes()\n"
        "for first in range(0, len(data), 16): data.read(np.arange(first, first + 16))\n"
        "print((read_peak_bytes() - before) / 2**20)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    words = [sys.executable, "-c", source]
    grown_mib = float(subprocess.run(words, env=environment, capture_output=True, check=True).stdout)
    assert grown_mib < 16, "reading 96 MiB through the map"


def test_every_feed_gives_the_same_pictures(stored: Path) -> None:
    data, rows, cpu = open_portrait_set(SPEC, stored), torch.tensor([4, 0, 0, 3]), torch.device("cpu")
    assert not fits_device(data, cpu)
    assert fits_device(data, cpu, free_bytes=6 * 16 * 16 * 3 * 4 + 4)
    assert not fits_device(data, cpu, free_bytes=6 * 16 * 16 * 3 * 4)
    held, mapped = choose_feed(data, cpu, free_bytes=2**30), feed_from_map(data, cpu)
    live = choose_feed(LivePortraits(SPEC, cpu), cpu)
    assert torch.equal(held(rows), mapped(rows))
    assert torch.equal(live(rows), mapped(rows)), "the portrait of a number is the same, stored or drawn on the spot"
    assert torch.equal(mapped(rows), torch.from_numpy(np.array(data.pictures))[rows])


def test_labels_belong_to_their_pictures(stored: Path) -> None:
    rows = np.array([5, 2])
    live = LivePortraits(SPEC, torch.device("cpu")).read_labelled(rows)
    kept = open_portrait_set(SPEC, stored).read_labelled(rows)
    for name in ("pictures", "masks", "factors"):
        assert np.array_equal(getattr(live, name), getattr(kept, name))


def test_the_attribute_network_learns_from_endless_portraits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attributes, "_MEASURED", 64)
    config = PRESETS["portraits-64"]
    network = AttributeNetwork(attributes.features_config(16, (8, 8, 8)))
    before = [weight.clone() for weight in network.parameters()]
    live = LivePortraits(replace(config.portrait_spec, count=0, size_px=16), torch.device("cpu"))
    told = list(attributes.train_attributes(network, live, AttributeTraining(images=8, batch=4), "cpu"))
    assert [seen for seen, _ in told] == [4, 8]
    assert all(np.isfinite(loss) for _, losses in told for loss in losses.values())
    assert not any(torch.equal(a, b) for a, b in zip(before, network.parameters()) if a.ndim > 1)


def test_sets_in_memory_are_read_alike() -> None:
    data = PictureSet(np.arange(2 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 4, 4, 3))
    assert np.array_equal(data.read(np.array([1])), data.pictures[1:])

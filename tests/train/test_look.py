"""A first look at a run's pictures: crops beside originals, sizes of all files, broken ones named, portraits drawn."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sni_engine.api.forecast import Forecast
from sni_engine.api.messages import Event, Failed, Progress
from sni_engine.api.plain import dump_json, from_plain
from sni_engine.api.train_requests import (
    CheckPictures,
    Devices,
    ListDevices,
    LookAtPictures,
    PicturesChecked,
    PicturesSeen,
)
from sni_engine.api.training import TrainConfig, TrainWishes
from sni_engine.engine import Engine
from sni_engine.train import look
from sni_engine.train.forecast_process import main


def make_picture(width: int, height: int) -> Image.Image:
    """Red on the left or at the top, blue on the other side, green in the middle square."""
    image = Image.new("RGB", (width, height), (0, 255, 0))
    side = min(width, height)
    if width > height:
        image.paste((255, 0, 0), (0, 0, (width - side) // 2, height))
        image.paste((0, 0, 255), ((width + side) // 2, 0, width, height))
    else:
        image.paste((255, 0, 0), (0, 0, width, (height - side) // 2))
        image.paste((0, 0, 255), (0, (height + side) // 2, width, height))
    return image


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Twelve good pictures, a small one, a broken one, a tiny one, a lie, and a file of another kind."""
    folder = tmp_path / "mixed é中"
    folder.mkdir()
    for number in range(12):
        make_picture(90, 60).save(folder / f"good{number:02}.png")
    make_picture(24, 24).save(folder / "small.png")
    make_picture(8, 8).save(folder / "tiny.png")
    (folder / "broken.png").write_bytes((folder / "good00.png").read_bytes()[:20])
    (folder / "lie.jpg").write_text("import os; os.abort()")
    (folder / "notes.txt").write_text("words")
    return folder


def ask(request: object, engine: Engine | None = None) -> Event:
    """Return the answer of an engine without a model."""
    return list((engine or Engine("no such model")).run(request))[-1]  # type: ignore[arg-type]


@pytest.mark.parametrize(("fit", "corner"), [("crop", (0, 255, 0)), ("pad", (255, 255, 255))])
def test_a_look_shows_what_the_run_will_see(mixed: Path, fit: str, corner: tuple[int, ...]) -> None:
    seen = ask(LookAtPictures(1, str(mixed), fit, 32))  # type: ignore[arg-type]
    assert isinstance(seen, PicturesSeen)
    assert seen.pictures.shape == (8, 32, 32, 3) and seen.files == 16
    assert len({original.name for original in seen.originals}) == 8
    for picture, original in zip(seen.pictures, seen.originals, strict=True):
        assert max(original.small.shape) <= 192
        if original.width > original.height:
            np.testing.assert_allclose(picture[1, 1], corner, atol=8)
            left, top, across, down = original.square
            assert (left, across) == pytest.approx((1 / 6, 2 / 3) if fit == "crop" else (0, 1))
            assert (top, down) == pytest.approx((0, 1) if fit == "crop" else (-0.25, 1.5))


@pytest.mark.parametrize("is_zip", [False, True])
def test_pictures_that_go_between_two_questions_are_a_sentence(tmp_path: Path, is_zip: bool) -> None:
    source, engine = tmp_path / "pictures", Engine("no such model")
    source.mkdir()
    make_picture(90, 60).save(source / "a.png")
    if is_zip:
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.write(source / "a.png", "a.png")
        source = tmp_path / "a.zip"
    assert isinstance(ask(LookAtPictures(1, str(source), "crop", 32), engine), PicturesSeen)
    source.rename(tmp_path / "elsewhere")
    assert isinstance(ask(CheckPictures(2, str(source), "crop", 32), engine), Failed)


def test_turned_photos_are_seen_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter
    make_picture(90, 60).save(tmp_path / "turned.jpg", exif=exif)
    seen = ask(LookAtPictures(1, str(tmp_path), "crop", 32))
    assert isinstance(seen, PicturesSeen)
    (original,) = seen.originals
    assert (original.width, original.height) == (60, 90)
    assert original.small.shape[0] > original.small.shape[1]


@pytest.mark.parametrize(
    ("name", "options"), [("a.png", {}), ("a.jpg", {}), ("a.gif", {}), ("a.webp", {"lossless": True})]
)
def test_a_file_that_was_cut_short_is_named_and_one_with_more_at_its_end_is_not(
    tmp_path: Path, name: str, options: dict[str, bool]
) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (90, 90, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / name, **options)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / f"long-{name}").write_bytes(whole + b"bytes that a phone adds")
    (tmp_path / f"short-{name}").write_bytes(whole[: len(whole) * 2 // 3])
    checked = ask(CheckPictures(1, str(tmp_path), "crop", 32))
    assert isinstance(checked, PicturesChecked)
    assert [line.split(":")[0] for line in checked.skipped] == [f"short-{name}"]
    assert checked.usable == 2


def test_every_file_that_cannot_serve_is_named(mixed: Path) -> None:
    checked = ask(CheckPictures(2, str(mixed), "crop", 32))
    assert isinstance(checked, PicturesChecked)
    assert checked.usable == 13 and not checked.problems
    named = {line.split(":")[0]: line for line in checked.skipped}
    assert sorted(named) == ["broken.png", "lie.jpg", "tiny.png"]
    assert "too small for 32" in named["tiny.png"] and "not a picture" in named["lie.jpg"]
    assert [note.split()[0] for note in checked.notes] == ["13", "1", "1"]  # few, blown up, other kinds


def test_another_resolution_is_judged_without_reading_again(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine("no such model")
    ask(CheckPictures(1, str(mixed), "crop", 32), engine)
    monkeypatch.setattr(look, "measure_picture", lambda stream: pytest.fail("read again"))
    checked = ask(CheckPictures(2, str(mixed), "crop", 128), engine)
    assert isinstance(checked, PicturesChecked)
    assert checked.usable == 0 and "None of the pictures" in checked.problems[0]


def test_a_check_that_was_broken_off_goes_on(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, read = Engine("no such model"), []
    measure = look.measure_picture
    monkeypatch.setattr(look, "measure_picture", lambda stream: read.append(1) or measure(stream))
    monkeypatch.setattr(look, "_TOLD_EVERY", 4)
    events: Iterator[Event] = engine.run(CheckPictures(1, str(mixed), "crop", 32))
    assert isinstance(next(events), Progress)
    events.close()  # type: ignore[attr-defined]
    before = len(read)
    assert isinstance(ask(CheckPictures(1, str(mixed), "crop", 32), engine), PicturesChecked)
    assert 0 < before < 16 and len(read) == 16


@pytest.mark.parametrize("place", ["nowhere", "file.txt", "bad.zip"])
def test_what_is_no_source_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "file.txt").write_text("words")
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 and then nothing")
    for kind in (LookAtPictures, CheckPictures):
        failed = ask(kind(1, str(tmp_path / place), "crop", 32))
        assert isinstance(failed, Failed) and place in failed.title and failed.hint


def test_empty_folders_and_archives_are_told(tmp_path: Path) -> None:
    checked = ask(CheckPictures(1, str(tmp_path), "crop", 32))
    assert isinstance(checked, PicturesChecked) and "holds no pictures" in checked.problems[0]
    stream = io.BytesIO()
    make_picture(64, 64).save(stream, "PNG")
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("a/one.png", stream.getvalue())
    checked = ask(CheckPictures(1, str(tmp_path / "one.zip"), "crop", 32))
    assert isinstance(checked, PicturesChecked) and "One picture" in checked.problems[0]
    seen = ask(LookAtPictures(2, str(tmp_path / "one.zip"), "crop", 32))
    assert isinstance(seen, PicturesSeen) and len(seen.pictures) == 1


def test_portraits_follow_variety_and_size() -> None:
    alike, varied, large = (
        ask(LookAtPictures(1, "", "crop", size, variety, 2)) for size, variety in ((16, 0.0), (16, 1.0), (32, 1.0))
    )
    assert isinstance(alike, PicturesSeen) and isinstance(varied, PicturesSeen) and isinstance(large, PicturesSeen)
    assert alike.pictures.shape == (2, 16, 16, 3) and large.pictures.shape == (2, 32, 32, 3)
    assert not np.array_equal(alike.pictures, varied.pictures)
    spread = [np.abs(np.diff(seen.pictures.astype(float), axis=0)).mean() for seen in (alike, varied)]
    assert spread[0] < spread[1]


def test_devices_are_listed_with_reasons() -> None:
    told = ask(ListDevices(3))
    assert isinstance(told, Devices)
    by_name = {device.name: device for device in told.devices}
    assert {"cpu", "cuda", "mps"} <= set(by_name)
    assert told.best in by_name and not by_name[told.best].problem
    assert not by_name["cpu"].problem
    assert all(device.problem.endswith(".") or device.name == "cpu" or device.total for device in told.devices)


def test_a_process_of_its_own_tells_events_and_then_the_forecast(tiny: TrainConfig, tmp_path: Path) -> None:
    wishes = TrainWishes(**{**vars(tiny), "device": "quantum"})  # nothing is measured then
    told = io.StringIO()
    assert main([str(tmp_path / "run")], io.StringIO(dump_json(wishes)), told) == 0
    lines = [json.loads(line) for line in told.getvalue().splitlines()]
    forecast = from_plain(Forecast, lines[-1]["forecast"])
    assert "quantum" in forecast.problems[0]
    assert main([str(tmp_path)], io.StringIO("{}x"), told) == 1 and '"failed"' in told.getvalue()
    assert main([], io.StringIO(""), told) == 2


@pytest.mark.parametrize("stays", [True, False])
def test_a_process_of_a_window_that_is_gone_ends(tiny: TrainConfig, tmp_path: Path, stays: bool) -> None:
    """It would go on measuring, and hold its memory, until its next line."""
    wishes = TrainWishes(**{**vars(tiny), "device": "quantum"})
    words = [sys.executable, "-m", "sni_engine.train.forecast_process", str(tmp_path / "run"), "--attached"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdin is not None and child.stdout is not None and child.stderr is not None
        child.stdin.write(" ".join(dump_json(wishes).splitlines()).encode() + b"\n")
        child.stdin.flush() if stays else child.stdin.close()
        told, said = child.stdout.read(), child.stderr.read()
    assert said == b""
    assert child.returncode == 0 or sys.platform == "win32"  # where a process can only be killed
    assert (b'"forecast"' in told) == stays

"""Moving pictures: readable by others, frame for frame, as long as asked for; nothing is left when they are stopped."""

import errno
import io
import os
import stat
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sni_engine.api import animations, video
from sni_engine.api.animations import Animation, Picture, check_animation, write_animation
from sni_engine.api.codec import Project, encode_project, read_project
from sni_engine.api.errors import EngineError
from sni_engine.api.pictures import PictureForm

STREAMS = [".gif", ".webp", ".apng", ".png"]


def make_pictures(count: int, size: int = 16) -> list[Picture]:
    """Gradients that move, each for one frame and the last for three."""
    ramp = np.linspace(0, 200, size, dtype=np.uint8)
    pictures = [np.stack([np.roll(ramp, i)[:, None].repeat(size, 1)] * 3, -1) for i in range(count)]
    return [(picture, 3 if i == count - 1 else 1) for i, picture in enumerate(pictures)]


def read_frames(path: Path) -> tuple[list[np.ndarray], list[float]]:
    with Image.open(path) as image:
        frames, durations = [], []
        for index in range(image.n_frames):
            image.seek(index)
            frames.append(np.asarray(image.convert("RGB")))
            durations.append(float(image.info["duration"]))
        assert image.info.get("loop", 0) == 0
    return frames, durations


def write(path: Path, pictures: list[Picture], fps: float = 24, form: PictureForm | None = None) -> list[int]:
    return list(write_animation(path, iter(pictures), Animation(len(pictures), fps, form or PictureForm())))


@pytest.mark.parametrize("suffix", STREAMS)
@pytest.mark.parametrize("size", [16, 33])
def test_frames_size_and_length_are_right(tmp_path: Path, suffix: str, size: int) -> None:
    path, pictures = tmp_path / f"a{suffix}", make_pictures(7)
    assert write(path, pictures, 24, PictureForm(size, "sharp", 100)) == [1, 2, 3, 4, 5, 6, 7]
    frames, durations = read_frames(path)
    assert len(frames) == 7
    assert all(frame.shape == (size, size, 3) for frame in frames)
    assert sum(durations) == pytest.approx(9 / 24 * 1000, abs=10)
    assert durations[-1] == pytest.approx(125, abs=10)
    if size == 16:
        worst = [np.abs(a.astype(int) - b[0]).max() for a, b in zip(frames, pictures, strict=True)]
        assert max(worst) <= (2 if suffix == ".gif" else 0)


def test_roundings_do_not_add_up(tmp_path: Path) -> None:
    pictures = [(picture, 1) for picture, _ in make_pictures(29)]
    write(tmp_path / "a.gif", pictures, 29)
    assert sum(read_frames(tmp_path / "a.gif")[1]) == 1000


def test_a_folder_holds_every_frame(tmp_path: Path) -> None:
    (tmp_path / "frames").mkdir()  # an empty one may be there
    pictures = make_pictures(3)
    write(tmp_path / "frames", pictures)
    names = sorted(item.name for item in (tmp_path / "frames").iterdir())
    assert names == [f"frame-{number:05d}.png" for number in range(1, 6)]
    for name, (picture, _) in zip(names, [*pictures, pictures[-1], pictures[-1]], strict=True):
        assert np.array_equal(np.asarray(Image.open(tmp_path / "frames" / name)), picture)
    assert [item.name for item in tmp_path.iterdir()] == ["frames"]


def test_an_animated_png_carries_the_project(tmp_path: Path, project: Project) -> None:
    path = tmp_path / "a.apng"
    list(write_animation(path, make_pictures(2), Animation(2, 24, state=encode_project(project))))
    assert read_project(path) == project
    assert len(read_frames(path)[0]) == 2


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.apng", "frames", "a.mp4"])
def test_stopping_half_way_leaves_nothing(tmp_path: Path, fake_ffmpeg: Path, name: str) -> None:
    writing = write_animation(tmp_path / name, make_pictures(6), Animation(6, 24))
    assert [next(writing), next(writing), next(writing)] == [1, 2, 3]
    assert list(tmp_path.iterdir()) != [fake_ffmpeg]
    writing.close()
    assert [item.name for item in tmp_path.iterdir()] == ["ffmpeg"]


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.apng", "frames"])
def test_what_was_there_outlives_a_failure(tmp_path: Path, name: str) -> None:
    before = b"precious"
    if name != "frames":
        (tmp_path / name).write_bytes(before)

    def fail() -> Iterator[Picture]:
        yield from make_pictures(2)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(EngineError, match=f"{name} could not be written: No space left") as caught:
        list(write_animation(tmp_path / name, fail(), Animation(6, 24)))
    assert caught.value.hint
    assert [item.name for item in tmp_path.iterdir()] == ([] if name == "frames" else [name])
    if name != "frames":
        assert (tmp_path / name).read_bytes() == before


def test_a_full_disk_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(EngineError, match="No space left"):
        write(tmp_path / "a.webp", make_pictures(2))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "fps", "why"),
    [
        ("a.avi", 24, "kind of sequence"),
        ("a.gif", 60, "at most 50"),
        ("full", 24, "not empty"),
        ("file", 24, "is a file"),
    ],
)
def test_what_cannot_be_is_known_before_anything_is_drawn(tmp_path: Path, name: str, fps: float, why: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(EngineError, match=why) as caught:
        check_animation(tmp_path / name, Animation(2, fps))
    assert caught.value.hint


def test_a_missing_place_is_a_sentence(tmp_path: Path) -> None:
    for name in ("a.gif", "frames"):
        with pytest.raises(EngineError, match="could not be written"):
            write(tmp_path / "nowhere" / name, make_pictures(2))


# -- MP4: a stand-in for ffmpeg that writes down what it was given, and the real one where there is one

STAND_IN = """#!{python}
import sys
if "-encoders" in sys.argv:
    print(" V....D libx264  H.264")
    sys.exit()
if "{fail}":
    print("made.mp4: No space left on device", file=sys.stderr)
    sys.exit(1)
data = sys.stdin.buffer.read()
open(sys.argv[-1], "wb").write(" ".join(sys.argv[1:]).encode() + b"\\n" + data)
"""


def put_ffmpeg(folder: Path, fail: str = "") -> Path:
    path = folder / "ffmpeg"
    path.write_text(STAND_IN.replace("{python}", sys.executable).replace("{fail}", fail))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def fake_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if os.name != "posix":
        pytest.skip("the stand-in is a script")
    path = put_ffmpeg(tmp_path)
    monkeypatch.setattr(video, "find_ffmpeg", lambda: str(path))
    return path


def test_ffmpeg_gets_every_frame(tmp_path: Path, fake_ffmpeg: Path) -> None:
    write(tmp_path / "a.mp4", make_pictures(3), 30)
    words, _, pixels = (tmp_path / "a.mp4").read_bytes().partition(b"\n")
    assert b"-s 16x16 -r 30 " in words
    assert b"libx264" in words
    assert len(pixels) == 5 * 16 * 16 * 3


def test_a_long_stay_takes_no_memory_and_can_be_stopped(tmp_path: Path, fake_ffmpeg: Path) -> None:
    still, moving = (picture for picture, _ in make_pictures(2, 64))
    tracemalloc.start()
    told = write(tmp_path / "a.mp4", [(still, 2000), (moving, 1)])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2000 * still.nbytes / 10
    assert (told[0], told[-2:]) == (0, [1, 2])
    assert told == sorted(told)
    assert (tmp_path / "a.mp4").read_bytes().partition(b"\n")[2] == still.tobytes() * 2000 + moving.tobytes()
    writing = write_animation(tmp_path / "b.mp4", iter([(still, 2000)]), Animation(1, 24))
    assert next(writing) == 0
    writing.close()
    assert {item.name for item in tmp_path.iterdir()} == {"ffmpeg", "a.mp4"}


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.apng", "frames", "a.mp4"])
def test_pictures_of_two_sizes_are_no_sequence(tmp_path: Path, fake_ffmpeg: Path, name: str) -> None:
    with pytest.raises(EngineError, match="16 x 16 and 32 x 32") as caught:
        write(tmp_path / name, [*make_pictures(2), *make_pictures(1, 32)])
    assert caught.value.hint
    assert [item.name for item in tmp_path.iterdir()] == ["ffmpeg"]
    form = PictureForm(24)
    assert write(tmp_path / name, [*make_pictures(2), *make_pictures(1, 32)], form=form)[-1] == 3


def test_a_webp_that_grows_too_large_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(animations, "_WEBP_BYTES", 300)
    with pytest.raises(EngineError, match="no more than"):
        write(tmp_path / "a.webp", make_pictures(9))
    assert list(tmp_path.iterdir()) == []


def test_ffmpegs_last_words_are_told(tmp_path: Path, fake_ffmpeg: Path) -> None:
    put_ffmpeg(tmp_path, "yes")
    with pytest.raises(EngineError, match="No space left on device"):
        write(tmp_path / "a.mp4", make_pictures(3, 512))
    assert [item.name for item in tmp_path.iterdir()] == ["ffmpeg"]


def test_an_odd_number_of_pixels_is_refused(tmp_path: Path, fake_ffmpeg: Path) -> None:
    with pytest.raises(EngineError, match="even number of pixels"):
        write(tmp_path / "a.mp4", make_pictures(3), 30, PictureForm(33))


def test_without_an_encoder_the_others_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="no video encoder") as caught:
        write(tmp_path / "a.mp4", make_pictures(3))
    assert "imageio-ffmpeg" in caught.value.hint
    assert ".webp" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(video.find_ffmpeg() is None, reason="needs an ffmpeg")
def test_a_real_mp4_begins_as_one(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", make_pictures(5, 32))
    assert (tmp_path / "a.mp4").read_bytes()[4:8] == b"ftyp"
    assert io.BytesIO((tmp_path / "a.mp4").read_bytes()).getbuffer().nbytes > 500

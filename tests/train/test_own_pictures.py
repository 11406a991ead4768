"""A person's own pictures: any file of any kind and shape, from folder or zip; what cannot be used is named."""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import EpsImagePlugin, Image

from sni_engine.api.errors import EngineError
from sni_engine.api.generators import drain
from sni_engine.api.training import Fit
from sni_engine.train import decode, disk, own_pictures
from sni_engine.train.dataset import PictureSet
from sni_engine.train.own_pictures import open_pictures
from sni_engine.train.prepare import PictureOrder


def open_all(root: Path, size_px: int = 16, fit: Fit = "crop", cache: Path | None = None) -> PictureSet:
    reading = open_pictures(root, size_px, fit, cache or Path(os.environ["SNI_HOME"]) / "cache")
    return drain(reading, lambda counts: None)


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def make_bomb() -> bytes:
    """A PNG of 20000 x 20000 black pixels in a few kilobytes."""
    data = bytearray(encode(Image.new("1", (20000, 20000)), "PNG"))
    return bytes(data)


def make_animation() -> bytes:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    return encode(frames[0], "GIF", save_all=True, append_images=frames[1:])


def make_palette() -> bytes:
    image = Image.new("P", (20, 20), 1)
    image.putpalette([0, 0, 0, 255, 0, 0] + [0] * 762)
    return encode(image, "PNG", transparency=0)


HALF = np.full((20, 30), 128, np.uint8)
GOOD: dict[str, tuple[bytes, tuple[int, int, int]]] = {
    "alpha.png": (encode(Image.new("RGBA", (40, 40), (255, 0, 0, 0)), "PNG"), (255, 255, 255)),
    "animated.gif": (make_animation(), (255, 0, 0)),
    "bits.png": (encode(Image.new("1", (20, 20), 1), "PNG"), (255, 255, 255)),
    "cmyk.JPEG": (encode(Image.new("CMYK", (40, 40), (255, 0, 0, 0)), "JPEG"), (0, 255, 255)),
    "deep.png": (encode(Image.fromarray(HALF.astype(np.uint16) * 257), "PNG"), (128, 128, 128)),
    "deep.tif": (encode(Image.fromarray(HALF.astype(np.uint16) * 257), "TIFF"), (128, 128, 128)),
    "float.tif": (encode(Image.fromarray((HALF / 255).astype(np.float32)), "TIFF"), (128, 128, 128)),
    "grey.jpg": (encode(Image.fromarray(HALF), "JPEG"), (128, 128, 128)),
    "grey_alpha.png": (encode(Image.new("LA", (20, 20), (7, 255)), "PNG"), (7, 7, 7)),
    "palette.png": (make_palette(), (255, 0, 0)),
    "plain.bmp": (encode(Image.new("RGB", (100, 9), (1, 2, 3)), "BMP"), (1, 2, 3)),
    "web.webp": (encode(Image.new("RGB", (20, 20), (9, 9, 9)), "WEBP", lossless=True), (9, 9, 9)),
}
BAD: dict[str, tuple[bytes, str]] = {
    "bomb.png": (make_bomb(), "trap"),
    "cut.jpg": (encode(Image.effect_noise((200, 200), 50), "JPEG")[:3000], "cut short"),
    "cut.png": (encode(Image.effect_noise((50, 50), 50), "PNG")[:900], "cut short"),
    "empty.png": (b"", "known kind"),
    "iphone.heic": (b"\0\0\0\x18ftypheic" + bytes(40), "HEIC, which needs converting"),
    "nan.tif": (encode(Image.fromarray(np.full((20, 20), np.nan, np.float32)), "TIFF"), "not all numbers"),
    "small.png": (encode(Image.new("RGB", (20, 3)), "PNG"), "20 x 3 pixels, too small"),
    "text.png": (b"not a picture", "known kind"),
}


@pytest.fixture(params=["folder", "zip"])
def pack(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[dict[str, bytes]], Path]:
    """Put files into a folder, or into a zip archive."""

    def into_folder(files: dict[str, bytes]) -> Path:
        for name, data in files.items():
            (tmp_path / "pictures" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "pictures" / name).write_bytes(data)
        return tmp_path / "pictures"

    def into_zip(files: dict[str, bytes]) -> Path:
        with zipfile.ZipFile(tmp_path / "pictures.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return tmp_path / "pictures.zip"

    return into_folder if request.param == "folder" else into_zip


def test_files_of_every_kind_are_read_and_bad_ones_are_named(pack: Callable[[dict[str, bytes]], Path]) -> None:
    files = {f"in/{name}": data for name, (data, _) in GOOD.items()} | {name: data for name, (data, _) in BAD.items()}
    others = {"notes.txt": b"hello", ".hidden.png": b"x", "__MACOSX/in/._grey.jpg": b"x", "masks/a.png": b"x"}
    data = open_all(pack({**files, **others}))
    assert data.pictures.shape == (len(GOOD), 16, 16, 3)
    for picture, (name, (_, colour)) in zip(data.pictures, sorted(GOOD.items())):
        assert np.abs(picture.astype(int) - colour).max() <= 2, name
    assert len(data.skipped) == len(BAD)
    for line, (name, (_, reason)) in zip(data.skipped, sorted(BAD.items())):
        assert line.startswith(f"{name}: ") and reason in line, line
        assert "\n" not in line


POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 40 40\n%%EndComments\nshowpage\n%%EOF\n"


@pytest.mark.skipif(os.name != "posix", reason="the spy is a shell script")
def test_no_program_is_started_for_a_strangers_file(
    pack: Callable[[dict[str, bytes]], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    spy = tmp_path / "bin" / "gs"
    spy.write_text(f"#!/bin/sh\necho started >> {tmp_path}/log\n")
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{spy.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(EpsImagePlugin, "gs_binary", None)  # not looked for yet
    with pytest.raises(OSError, match=r"."):  # what Pillow does when nobody tells it not to: the spy does see it
        Image.open(io.BytesIO(POSTSCRIPT)).load()
    assert (tmp_path / "log").exists()
    (tmp_path / "log").unlink()
    monkeypatch.setattr(EpsImagePlugin, "gs_binary", None)
    good = GOOD["bits.png"][0]
    data = open_all(pack({"a.png": good, "b.png": good, "eps.png": POSTSCRIPT}))
    assert data.skipped == ("eps.png: not a picture of a known kind",)
    assert not (tmp_path / "log").exists()


def test_a_second_run_starts_at_once(
    pack: Callable[[dict[str, bytes]], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = pack({name: data for name, (data, _) in [*GOOD.items(), *BAD.items()]})
    first = open_all(root, cache=tmp_path / "cache")
    right = np.array(first.pictures)
    (cached,) = (tmp_path / "cache").iterdir()
    with monkeypatch.context() as patch:
        patch.setattr(own_pictures, "decode_picture", None)  # nothing may be decoded again
        again = open_all(root, cache=tmp_path / "cache")
        assert np.array_equal(right, again.pictures) and first.skipped == again.skipped
    data = bytearray((cached / "pictures.npy").read_bytes())
    data[-1] ^= 0xFF
    (cached / "pictures.npy").write_bytes(data)
    mended = open_all(root, cache=tmp_path / "cache")
    assert np.array_equal(right, mended.pictures), "a damaged cache is made anew"


def test_changed_pictures_and_settings_are_read_anew(tmp_path: Path) -> None:
    root, cache = tmp_path / "pictures", tmp_path / "cache"
    root.mkdir()
    for name in ("a.png", "b.png"):
        Image.new("RGB", (20, 20), "red").save(root / name)
    before = np.array(open_all(root, cache=cache).pictures)
    Image.new("RGB", (20, 20), "blue").save(root / "b.png")
    os.utime(root / "b.png", ns=(1, 1))
    after = open_all(root, cache=cache).pictures
    assert np.array_equal(before[0], after[0]) and not np.array_equal(before[1], after[1])
    assert open_all(root, 8, cache=cache).pictures.shape == (2, 8, 8, 3)
    assert not [item for item in cache.iterdir() if item.name.startswith(".")], "no half-made folder is left"


def test_stopping_while_reading_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_pictures, "_CHUNK", 1)
    for index in range(3):
        Image.new("RGB", (20, 20)).save(tmp_path / f"{index}.png")
    reading = open_pictures(tmp_path, 16, "crop", tmp_path / "cache")
    assert next(reading) == (1, 3)
    reading.close()
    assert list((tmp_path / "cache").iterdir()) == []


def test_two_runs_that_start_at_once_share_the_scaled_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_pictures, "_CHUNK", 1)
    for index in range(3):
        Image.new("RGB", (20, 20), (index, 0, 0)).save(tmp_path / f"{index}.png")
    first, second = (open_pictures(tmp_path, 16, "crop", tmp_path / "cache") for _ in range(2))
    assert next(first) == (1, 3)
    assert next(second) == (0, 3), "it waits"
    made = drain(first, lambda counts: None)
    monkeypatch.setattr(own_pictures, "decode_picture", None)  # nothing may be decoded again
    assert np.array_equal(drain(second, lambda counts: None).pictures, made.pictures)
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_what_a_killed_reading_left_is_removed(tmp_path: Path) -> None:
    for index in range(2):
        Image.new("RGB", (20, 20)).save(tmp_path / f"{index}.png")
    (tmp_path / "cache" / ".pictures-16px-crop-0123.part").mkdir(parents=True)
    (tmp_path / "cache" / ".pictures-16px-crop-0123.part" / "pictures.npy").write_bytes(b"half")
    open_all(tmp_path, cache=tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_another_pillow_reads_anew_what_this_one_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for index in range(2):
        Image.new("RGB", (20, 20)).save(tmp_path / f"{index}.png")
    open_all(tmp_path, cache=tmp_path / "cache")
    monkeypatch.setattr(own_pictures.PIL, "__version__", "99")
    open_all(tmp_path, cache=tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_folders_that_cannot_be_searched_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.png", "b.png", "in/c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (20, 20)).save(tmp_path / name)
    scan = os.scandir

    def refuse(place: str) -> object:
        if str(place).endswith("in"):
            raise PermissionError(13, "Permission denied", place)
        return scan(place)

    monkeypatch.setattr(os, "scandir", refuse)
    data = open_all(tmp_path)
    assert len(data) == 2
    assert data.skipped == ("in: a folder that could not be searched (Permission denied)",)


def test_crop_keeps_the_middle_and_pad_keeps_all(tmp_path: Path) -> None:
    wide = np.zeros((20, 60, 3), np.uint8)
    wide[:, 20:40] = (255, 0, 0)
    for name in ("a.png", "b.png"):
        Image.fromarray(wide).save(tmp_path / name)
    cropped = open_all(tmp_path, 24).pictures[0]
    assert (cropped[:, 4:-4].astype(int) - (255, 0, 0)).max() < 9 and cropped[..., 1:].max() < 9
    padded = open_all(tmp_path, 24, "pad").pictures[0]
    assert (padded[:8] == 255).all() and (padded[16:] == 255).all(), "white above and below"
    assert padded[10:14, :6].max() < 9 and padded[10:14, 11:13, 0].min() > 246


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_orientation_is_obeyed(tmp_path: Path, kind: str) -> None:
    picture = np.zeros((32, 32, 3), np.uint8)
    picture[:16] = 255
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    for name in ("a", "b"):
        Image.fromarray(picture).save(tmp_path / f"{name}.{kind.lower()}", kind, exif=exif)
    read = open_all(tmp_path).pictures[0]
    assert read[:6].max() < 12
    assert read[10:].min() > 243


def test_a_large_photo_decoded_small_is_the_same_picture(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    smooth = Image.fromarray(rng.integers(0, 255, (8, 12, 3), np.uint8)).resize((900, 600), Image.Resampling.BICUBIC)
    for name in ("a.jpg", "b.png"):
        smooth.save(tmp_path / name, **({"quality": 98, "subsampling": 0} if name == "a.jpg" else {}))
    photo, exact = (picture.astype(int) for picture in open_all(tmp_path).pictures)
    assert np.abs(photo - exact).mean() < 3, "of 255"


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_pictures_are_refused(tmp_path: Path, count: int) -> None:
    for index in range(count):
        Image.new("RGB", (8, 8)).save(tmp_path / f"{index}.png")
    with pytest.raises(EngineError, match=f"{count} readable"):
        open_all(tmp_path)


def test_what_is_neither_folder_nor_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(EngineError, match="not a readable zip"):
        open_all(tmp_path / "a.zip")
    with pytest.raises(EngineError, match="not a folder or zip"):
        open_all(tmp_path / "nowhere")


def test_traps_in_archives_are_named_and_nothing_is_unpacked(tmp_path: Path) -> None:
    good = GOOD["bits.png"][0]
    home = tmp_path / "here"
    home.mkdir()
    with zipfile.ZipFile(home / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("../../out.png", "/root.png", "a.png", "b.png"):
            archive.writestr(name, good)
        archive.writestr("locked.png", good)
        archive.writestr("wrong.png", good)
    data = bytearray((home / "a.zip").read_bytes())
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"locked.png"))
    data[place + 8] |= 1  # says that the entry is encrypted
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"wrong.png"))
    data[place + 16] ^= 0xFF  # another checksum than the content's
    (home / "a.zip").write_bytes(data)
    read = open_all(home / "a.zip")
    assert len(read) == 2
    reasons = dict(line.split(": ", 1) for line in read.skipped)
    assert reasons["../../out.png"] == reasons["/root.png"] == "its name leads out of the archive"
    assert reasons["locked.png"] == "locked with a password"
    assert "damaged in the archive" in reasons["wrong.png"]
    assert [item.name for item in tmp_path.rglob("*.png")] == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_pipes_and_broken_links_are_named(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        Image.new("RGB", (20, 20)).save(tmp_path / name)
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "link.png").symlink_to(tmp_path / "nowhere.png")
    (tmp_path / "circle").symlink_to(tmp_path)
    data = open_all(tmp_path)
    assert len(data) == 2
    assert [line.split(":")[0] for line in data.skipped] == ["link.png", "pipe.png"]


def test_a_full_disk_is_told_before_anything_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (20, 20)).save(tmp_path / "a.png")
    monkeypatch.setattr(disk, "count_free_bytes", lambda path: 1000)
    with pytest.raises(EngineError, match="no room for the scaled pictures"):
        open_all(tmp_path)


def test_a_size_no_memory_should_be_given_to_is_refused() -> None:
    side = int(decode.LARGEST_PIXELS**0.5) + 1
    with pytest.raises(decode.UnusableError, match="trap"):
        decode.check_size((side, side), 16, "crop")


def test_every_epoch_shows_every_picture_once_in_another_order() -> None:
    order = PictureOrder(10, seed=3)
    first, second = order.take(0, 10), order.take(10, 10)
    assert sorted(first.tolist()) == sorted(second.tolist()) == list(range(10))
    assert first.tolist() != second.tolist()
    assert PictureOrder(10, seed=3).take(7, 6).tolist() == [*first.tolist()[7:], *second.tolist()[:3]]


def test_endless_pictures_come_in_order() -> None:
    assert PictureOrder(None, seed=3).take(7, 3).tolist() == [7, 8, 9]

"""MP4 by way of ffmpeg, a program of its own that takes raw pictures through a pipe; without one, a sentence.

It is the one that the package imageio-ffmpeg brings, or one on the PATH.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from sni_engine.api.arrays import Array
from sni_engine.api.errors import EngineError
from sni_engine.api.files import scratch_beside

_ENCODERS = ("libx264", "libopenh264", "h264_mf", "h264_videotoolbox", "mpeg4")  # what every program plays comes first
_PATIENCE_S = 20
_AT_ONCE = 32  # copies of a picture that stays
_Popen = subprocess.Popen[bytes]


def find_ffmpeg() -> str | None:
    """Return the path of an ffmpeg, None when there is none."""
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):  # the second: the package is there, its program is not
        return shutil.which("ffmpeg")


def need_ffmpeg() -> str:
    """Return the path of an ffmpeg. Raises EngineError when there is none."""
    found = find_ffmpeg()
    if found is None:
        raise EngineError(
            "There is no video encoder here to write an MP4 with.",
            'Install one with "pip install imageio-ffmpeg", or choose .webp, .gif, .apng or a folder of PNGs.',
        )
    return found


def write_mp4(path: Path, pictures: Iterable[tuple[Array, int]], fps: float, quality: int) -> Iterator[int]:
    """Write pictures uint8 [H, W, 3], each for so many frames, in one step; yield how many are in.

    quality: 1 to 100. A picture that stays is fed a little at a time; the number yielded waits for it. Closing the
    iterator ends ffmpeg and removes what it wrote. Raises EngineError.
    """
    program = need_ffmpeg()
    with scratch_beside(path) as scratch, tempfile.TemporaryFile() as told:
        made = scratch / "made.mp4"
        process: _Popen | None = None
        try:
            for index, (picture, count) in enumerate(pictures):
                process = process or _start(program, picture, fps, quality, made, told)
                pixels = picture.tobytes()
                for copy in range(count):
                    _feed(process, pixels, path, told)
                    if (copy + 1) % _AT_ONCE == 0:
                        yield index
                yield index + 1
            if process is not None:
                _finish(process, path, told)
                os.replace(made, path)
        finally:
            _end(process)


def _start(program: str, picture: Array, fps: float, quality: int, made: Path, told: IO[bytes]) -> _Popen:
    height, width = picture.shape[:2]
    if height % 2 or width % 2:
        raise EngineError("An MP4 needs an even number of pixels.", f"Choose a size of {width + 1} or {width - 1} px.")
    encoder = _choose_encoder(program)
    crf = round(40 - quality * 0.28)  # 100 gives 12, 92 gives 14, 50 gives 26
    amount = ["-crf", str(crf)] if encoder == "libx264" else ["-q:v", str(max(2, crf // 2))]
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{fps:g}", "-i", "-"]
    colours = ["-vf", "scale=out_color_matrix=bt709", "-pix_fmt", "yuv420p", "-colorspace", "bt709"]
    goal = [*colours, "-c:v", encoder, *amount, "-movflags", "+faststart", str(made)]
    words = [program, "-hide_banner", "-loglevel", "error", "-nostdin", "-y", *source, "-an", *goal]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=told)


def _choose_encoder(program: str) -> str:
    done = subprocess.run([program, "-hide_banner", "-encoders"], capture_output=True, timeout=_PATIENCE_S)
    known = done.stdout.decode(errors="replace").split()
    return next((name for name in _ENCODERS if name in known), _ENCODERS[-1])


def _feed(process: _Popen, data: bytes, path: Path, told: IO[bytes]) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(data)
    except OSError as error:  # it ended early, and its last words say why
        process.wait(_PATIENCE_S)
        raise _failed(path, told) from error


def _finish(process: _Popen, path: Path, told: IO[bytes]) -> None:
    assert process.stdin is not None
    try:
        process.stdin.close()
    except OSError as error:
        raise _failed(path, told) from error
    if process.wait() != 0:
        raise _failed(path, told)


def _end(process: _Popen | None) -> None:
    """See that ffmpeg is gone, whatever happened."""
    if process is None:
        return
    if process.poll() is None:
        process.kill()
        process.wait(_PATIENCE_S)
    if process.stdin is not None and not process.stdin.closed:
        with contextlib.suppress(OSError):  # what was not written yet has nobody to go to
            process.stdin.close()


def _failed(path: Path, told: IO[bytes]) -> EngineError:
    told.seek(0)
    lines = told.read().decode(errors="replace").strip().splitlines()
    why = lines[-1][:200].rstrip(".") if lines else "ffmpeg ended early"
    return EngineError(f"{path} could not be written: {why}.", "Choose another place or format.")

"""The command that starts a run: `sni train` with what differs from the preset, quoted for a shell."""

import math
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from sni_engine.api.training import TrainConfig


def list_words(config: TrainConfig, preset: str, base: TrainConfig, out: Path, hours: float = math.inf) -> list[str]:
    """Return the words of the command. preset: the name of `base`. hours: after which it saves and ends."""
    words = ["sni", "train", "--preset", preset, "--out", str(out)]
    for item in fields(TrainConfig):
        value = getattr(config, item.name)
        if value != getattr(base, item.name):
            words += _write_flag(item.name.replace("_", "-"), value)
    if math.isfinite(hours):
        words += ["--minutes", _write_number(hours * 60)]
    return words


def _write_flag(name: str, value: object) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no-{name}"]
    if isinstance(value, tuple):
        return [f"--{name}", *map(str, value)]
    return [f"--{name}", _write_number(value) if isinstance(value, float) else str(value)]


def _write_number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def join_words(words: Sequence[str], windows: bool) -> str:
    """Return one line in which a shell reads these very words: POSIX's, or Windows' command prompt."""
    return subprocess.list2cmdline(words) if windows else shlex.join(words)

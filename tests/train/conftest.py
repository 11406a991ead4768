"""A tiny run and a folder of pictures for it, and trainers in processes of their own that start at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sni_engine.api.training import TrainConfig
from sni_engine.train import keep, run_folder

# Trainers are forks of a process that has imported everything, so that fifty of them take seconds, not minutes.
# "start NAME=VALUE... ARGUMENTS" gives a process id; "wait ID" its exit code, or minus the signal that ended it.
# Of the names, TOLD is a file for what it says, LARGEST the most bytes a file may have, DETACHED gives it a session of
# its own, as those have that the window starts; the rest is its environment.
FORKS = """
import os, sys
import torch
from sni_engine.train.process import main
torch.optim.Adam([torch.zeros(1)])  # imports what torch would otherwise import in every fork

def play(words):
    names = dict(word.split("=", 1) for word in words if "=" in word)
    if "DETACHED" in names:
        os.setsid()
    os.environ.update(names)
    null = os.open(os.devnull, os.O_RDWR)
    told = os.open(names["TOLD"], os.O_WRONLY | os.O_CREAT | os.O_APPEND) if "TOLD" in names else null
    os.dup2(null, 0), os.dup2(null, 1), os.dup2(told, 2)
    if "LARGEST" in names:
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(names["LARGEST"]),) * 2)
    sys.stderr = open(2, "w", buffering=1, closefd=False)
    return main([word for word in words if "=" not in word])

for line in sys.stdin:
    what, *words = line.split()
    if what == "wait":
        print(os.waitstatus_to_exitcode(os.waitpid(int(words[0]), 0)[1]), flush=True)
        continue
    pid = os.fork()
    if not pid:
        code = 70
        try:
            code = play(words)
        except SystemExit as end:
            code = end.code
        finally:
            os._exit(code)
    print(pid, flush=True)
"""


class Trainers:
    """Starts `python -m sni_engine.train.process` as processes of their own, and waits for them."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def start(self, *words: str | Path, **names: str | int | Path) -> int:
        """Start a trainer with arguments and environment; return its process id."""
        return self._ask("start", *(f"{name}={value}" for name, value in names.items()), *map(str, words))

    def wait(self, pid: int) -> int:
        """Return the exit code of a trainer; minus the signal's number when one ended it."""
        return self._ask("wait", str(pid))

    def _ask(self, *words: str) -> int:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(" ".join(words) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@pytest.fixture(scope="session")
def trainers() -> Iterator[Trainers]:
    """Trainers in processes of their own, where the system can fork one."""
    if not hasattr(os, "fork"):
        pytest.skip("needs POSIX")
    words = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKS]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Trainers(process)
        assert process.stdin is not None
        process.stdin.close()


TINY = TrainConfig(
    resolution_px=16,
    cells=4,
    local=4,
    style=8,
    widths=(8, 8, 8),
    judge_widths=(8, 8, 8),
    portraits=24,
    feature_images=48,
    batch=4,
    checkpoint_every=40,
    images=80,
    r1_every=4,
    unfreeze_at=32,
    device="cpu",
    threads=1,
)
"""Pictures of 16 px; steps of milliseconds, checkpoints every ten of them."""


@pytest.fixture(autouse=True)
def no_waste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a tiny run's time would go into its sheets, and a second into waiting for a lock that stays taken."""
    monkeypatch.setattr(keep, "SHEET_SEEDS", range(4))
    monkeypatch.setattr(run_folder, "_PATIENCE_S", 0.0)


@pytest.fixture
def tiny() -> TrainConfig:
    """The tiny run."""
    return TINY


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of ten pictures of noise."""
    return write_noise(tmp_path / "pictures", 10)


def write_noise(folder: Path, count: int) -> Path:
    """Make a folder of some pictures of noise and return it."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for index in range(count):
        Image.fromarray(rng.integers(0, 255, (20, 24, 3), np.uint8)).save(folder / f"{index}.png")
    return folder

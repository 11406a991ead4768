"""A run's folder: config, checkpoint, metrics, sample sheets, the model made so far."""

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sni_engine.api.errors import EngineError
from sni_engine.api.file_lock import FileLock
from sni_engine.api.files import read_bytes, replace_file
from sni_engine.api.plain import PlainError, dump_json, load_json
from sni_engine.api.runs import RunFiles
from sni_engine.api.training import TrainConfig

_PATIENCE_S = 1.0
_LEFT_S = 3600.0  # nobody writes a file for so long
_OF_FEATURES = ("portraits", "variety", "resolution_px", "judge_widths", "feature_images", "seed", "recipe", "data")


@dataclass(frozen=True)
class RunFolder(RunFiles):
    """A run's folder as its trainer sees it."""

    @property
    def damaged(self) -> Path:
        """Where a checkpoint that cannot be read is put aside."""
        return self.path / "checkpoint-damaged.safetensors"

    @property
    def features(self) -> Path:
        """The attribute network of the projected recipe."""
        return self.path / "features.safetensors"

    @contextlib.contextmanager
    def hold(self) -> Iterator[FileLock]:
        """Keep other processes from training here while the block runs. Raises EngineError when one does."""
        self._make("")
        self.refuse_links()
        lock = self.lock
        deadline = time.monotonic() + _PATIENCE_S
        while not lock.take():  # somebody who only asks whether it is taken holds it for a moment, too
            if time.monotonic() > deadline:
                raise EngineError(f"Another process is training in {self.path}.", "Wait for it to end, or stop it.")
            time.sleep(0.05)
        try:
            yield lock
        finally:
            lock.close()

    def clear_leftovers(self) -> None:
        """Remove half-written files of a run that was killed; not those that somebody else may be writing now."""
        others = tuple(f".{path.name}." for path in (self.wishes, self.stars, self.asked))
        asides = [folder for folder in self.path.glob("rolled-back/*") if not _is_elsewhere(folder)]
        left = [
            path
            for folder in (self.path, self.path / "sheets", self.kept, *asides)
            for pattern in (".*.part", ".*.tmp")
            for path in folder.glob(pattern)
            if not path.name.startswith(others)
        ]
        models = [path for path in self.path.glob("models/.*.part") if not _is_elsewhere(path)]
        left += [path for path in models if _is_old(path)]  # a window may write there
        for path in left:
            with contextlib.suppress(OSError):  # they take room, nothing else
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def promote_previous(self) -> None:
        """Make the previous checkpoint the newest one; a newest one that is there is put aside."""
        if self.checkpoint.exists():
            os.replace(self.checkpoint, self.damaged)
        os.replace(self.previous, self.checkpoint)

    def refuse_if_taken(self) -> None:
        """Raise EngineError when a run is there already that has come to something.

        One that ended during its preparations has nothing to lose: it may be resumed, or begun anew.
        """
        if self.has_checkpoint() or self.model.exists() or self.metrics.exists():
            raise EngineError(f"{self.path} already holds a run.", "Resume it, or choose another folder.")

    def refuse_if_gone(self, lock: FileLock | None) -> None:
        """Raise EngineError when the folder is no longer where the run began, or another run's by now."""
        if not self.config.exists() or (lock is not None and lock.was_replaced()):
            raise EngineError(
                f"The folder {self.path} was moved or deleted while the run went on.",
                "Where it is now, resume the run: it goes on from its last checkpoint.",
            )

    def start(self, config: TrainConfig) -> None:
        """Make the folder, write the config, clear what is left of a killed run. Raises EngineError."""
        self._make("sheets")
        self.clear_leftovers()
        if self.features.exists() and not self._has_features_of(config):
            self.features.unlink()
        with replace_file(self.config) as stream:
            stream.write(dump_json(config).encode())

    def _make(self, name: str) -> None:
        try:
            (self.path / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EngineError(f"{self.path} could not be made: {error.strerror}.", "Choose another folder.") from error

    def _has_features_of(self, config: TrainConfig) -> bool:
        """Say whether the attribute network here was made for the same portraits and network."""
        with contextlib.suppress(EngineError):
            known = self.read_config()
            return all(getattr(known, name) == getattr(config, name) for name in _OF_FEATURES)
        return False

    def read_config(self) -> TrainConfig:
        """Return the config a run was started with. Raises EngineError."""
        if not self.config.exists():
            raise EngineError(f"There is no run in {self.path}.", "Start it without resuming.")
        try:
            return load_json(TrainConfig, read_bytes(self.config, limit=2**20))
        except PlainError as error:
            raise EngineError(f"{self.config} is damaged ({error}).", "Start the run anew.") from error

    def append_metrics(self, line: dict[str, float]) -> None:
        """Add a line of numbers, flushed to the disk, or nothing of it. Raises EngineError."""
        before = self.metrics.stat().st_size if self.metrics.exists() else 0
        try:
            with self.metrics.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(line) + "\n")
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):
                os.truncate(self.metrics, before)
            raise EngineError(
                f"{self.metrics} could not be written: {error.strerror}.", "Make room, then resume."
            ) from error

    def cut_metrics(self, images_seen: int) -> None:
        """Drop the lines written after the checkpoint a run goes on from."""
        if not self.metrics.exists():
            return
        lines = read_bytes(self.metrics).decode(errors="replace").splitlines()
        kept = [line for line in lines if _is_before(line, images_seen)]
        with replace_file(self.metrics) as stream:
            stream.write("".join(line + "\n" for line in kept).encode())


def _is_elsewhere(path: Path) -> bool:
    """Say whether a link leads out of the run's folder."""
    return path.is_symlink() or path.parent.is_symlink()


def _is_old(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return time.time() - path.stat().st_mtime > _LEFT_S
    return False


def _is_before(line: str, images_seen: int) -> bool:
    try:
        return json.loads(line)["images"] <= images_seen
    except (ValueError, KeyError, TypeError, RecursionError):
        return False  # half a line from a run that was killed

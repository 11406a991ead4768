"""What lies in a run's folder, for those who must not ask the disk themselves, such as a window."""

from dataclasses import dataclass
from pathlib import Path

from sni_engine.api.runs import RunFiles


@dataclass(frozen=True)
class RunDisk:
    """Which files there are; when the checkpoint and the newest sample sheet were written, in ns, 0 without one."""

    has_model: bool = False
    has_checkpoint: bool = False
    has_log: bool = False
    checkpoint_ns: int = 0
    sheet_ns: int = 0


def look_at_disk(files: RunFiles, newest_sheet: int) -> RunDisk:
    """Return what lies there now; what cannot be asked for is not there. newest_sheet: the images it is of."""
    checkpoint_ns = _read_time(files.checkpoint)
    has_checkpoint = bool(checkpoint_ns or _read_time(files.previous))
    has_log, has_model = (bool(_read_time(path)) for path in (files.log, files.model))
    return RunDisk(has_model, has_checkpoint, has_log, checkpoint_ns, _read_time(files.sheet(newest_sheet)))


def _read_time(path: Path) -> int:
    try:
        return max(1, path.stat().st_mtime_ns)
    except OSError:
        return 0

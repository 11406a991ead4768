"""What every benchmark tells beside its own figures, and how they are written."""

import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from sni_engine.api.files import replace_file


def describe_machine() -> dict[str, object]:
    """Return what the figures depend on besides the code."""
    has_gpu = torch.cuda.is_available()
    return {
        "device": torch.cuda.get_device_name() if has_gpu else "cpu",
        "threads": torch.get_num_threads(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}, torch {torch.__version__}",
    }


def peak_memory_mib() -> float | None:
    """Return the most memory this process has held, in MiB; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


def memory_mib() -> float | None:
    """Return the memory this process holds now, in MiB; None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:  # not Linux
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def write_results(results: dict[str, object], path: Path | None) -> None:
    """Write results as JSON when a path is given. Raises EngineError."""
    if path is None:
        return
    with replace_file(path) as stream:
        stream.write(json.dumps(results, indent=2).encode() + b"\n")


def print_rows(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print a table; the first column is text, the others are numbers."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(title))
    for index, name in enumerate(head):
        table.add_column(name, justify="right" if index else "left")
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)

"""Loading torch's libraries ahead of torch: only ever a gain of time, never a reason to fail."""

import ctypes
import gc
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from sni_desktop.worker import warm_up


def test_libraries_that_are_absent_or_broken_are_left_to_torch(tmp_path: Path) -> None:
    broken = tmp_path / "libbroken.so"
    broken.write_bytes(b"not a library")
    absent = tmp_path / "libabsent.so"
    assert warm_up.load_all([(broken, ctypes.RTLD_LOCAL)]) == []
    assert warm_up.load_all([(absent, ctypes.RTLD_GLOBAL), (broken, ctypes.RTLD_LOCAL)]) == []


def test_without_torch_and_on_other_systems_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm_up.sys, "platform", "win32")
    assert warm_up.load_libraries() == []
    monkeypatch.undo()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert warm_up.load_libraries() == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the libraries have other names")
def test_torch_works_on_libraries_loaded_ahead() -> None:
    program = (
        "from sni_desktop.worker.warm_up import load_libraries, collect_nothing\n"
        "assert load_libraries() == ['libtorch_global_deps.so', 'libtorch.so'], load_libraries()\n"
        "with collect_nothing():\n    import torch\n"
        "assert (torch.ones(3, 3) @ torch.ones(3, 3)).sum() == 27\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=100)


def test_the_collector_rests_and_works_again_also_after_a_failure() -> None:
    assert gc.isenabled()
    with pytest.raises(KeyError), warm_up.collect_nothing():
        raise KeyError(gc.isenabled())
    spared = gc.get_freeze_count()
    gc.unfreeze()
    assert gc.isenabled()
    assert spared > 0


def test_the_collector_rests_while_it_should() -> None:
    with warm_up.collect_nothing():
        is_resting = not gc.isenabled()
    gc.unfreeze()
    assert is_resting

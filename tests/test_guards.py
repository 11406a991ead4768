"""The guards of conftest.py do catch what they are for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

CAUGHT = {
    "thread": "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
    "log": "import logging; logging.getLogger('sni').warning('odd')",
    "python_warning": "import warnings; warnings.warn('odd')",
    "network": "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
}
FINE = {
    "finished_thread": "import threading; threading.Thread(target=int).start()",
    "expected_log": "import logging; logging.getLogger('sni').warning('odd'); caplog.clear()",
    "quiet_log": "import logging; logging.getLogger('sni').info('fine')",
    "private_home": "import os, pathlib; assert os.environ['SNI_HOME'] == str(pathlib.Path.home())",
}


def write_test(name: str, line: str) -> str:
    return f"def test_{name}(caplog):\n    {line}\n"


def test_each_guard_fails_the_test_that_breaks_it(tmp_path: Path) -> None:
    conftest = (HERE / "conftest.py").read_text(encoding="utf-8").replace("_GRACE_S = 30.0", "_GRACE_S = 0.1")
    (tmp_path / "conftest.py").write_text(conftest, encoding="utf-8")
    (tmp_path / "test_it.py").write_text("\n".join(write_test(*item) for item in {**CAUGHT, **FINE}.items()))
    shutil.copy(HERE.parent / "pyproject.toml", tmp_path)
    words = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "-p", "no:pytest-qt", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=100)
    for name in CAUGHT:
        outcomes = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR")) and name in line]
        assert outcomes, f"the guard for {name} let it pass:\n{done.stdout}"
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    assert len(failed) == len(CAUGHT), done.stdout


@pytest.mark.parametrize("name", ["SNI_HOME", "HOME"])
def test_the_home_is_empty_and_private(name: str) -> None:
    assert list(Path(os.environ[name]).iterdir()) == []

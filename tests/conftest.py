"""Guards around every test: a private home, no network, fixed seeds, no leaked thread, no log line nobody expected."""

import logging
import os
import random
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from sni_engine.api.architecture import GeneratorConfig
    from sni_engine.api.train_fields import Field
    from sni_engine.api.training import TrainConfig

_GRACE_S = 30.0
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # no test opens a window on somebody's screen


@pytest.fixture(autouse=True)
def private_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing a test does touches the person's own files."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("SNI_HOME", str(home))
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that connects to another machine fails; sockets of the machine itself are fine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to connect to {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.fixture(autouse=True)
def fixed_seeds() -> None:
    """What a test leaves to chance is the same in every run and in every order."""
    random.seed(0)
    np.random.seed(0)
    if "torch" in sys.modules:  # tests of the desktop must not import it
        sys.modules["torch"].manual_seed(0)
        sys.modules["torch"].set_flush_denormal(False)  # training tells its process to, for good


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Every thread a test starts has ended soon after the test."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _GRACE_S
    while _find_leaked(before) and time.monotonic() < deadline:
        time.sleep(0.01)
    leaked = [thread.name for thread in _find_leaked(before)]
    assert leaked == [], "threads still run after the test: close what started them"


def _find_leaked(before: set[threading.Thread]) -> list[threading.Thread]:
    """Return new threads; a dummy stands for a foreign thread (Qt's) that once ran Python and may be long gone."""
    return [t for t in threading.enumerate() if t not in before and not isinstance(t, threading._DummyThread)]


@pytest.fixture(autouse=True)
def no_unexpected_log_lines(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Warnings and errors in the log fail a test unless it reads and clears them."""
    yield
    records = [record for when in ("setup", "call") for record in caplog.get_records(when)]  # type: ignore[arg-type]
    lines = [f"{record.name}: {record.getMessage()}" for record in records if record.levelno >= logging.WARNING]
    assert lines == [], "unexpected log lines; a test that expects them calls caplog.clear()"


@pytest.fixture(scope="session")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small untrained model, made once, for everything that needs a real engine but no good pictures."""
    import torch

    from sni_engine.api.architecture import GeneratorConfig
    from sni_engine.api.codes import GridSpec
    from sni_engine.checkpoints.format import write_model
    from sni_engine.networks.generator import Generator

    torch.manual_seed(1)
    generator = Generator(GeneratorConfig(GridSpec(style=16, local=4, shared=2, global_=1), widths=(12, 10, 8)))
    path = tmp_path_factory.mktemp("models") / "small.safetensors"
    write_model(path, generator, "small", "Apache-2.0", {"recipe": "none"}, ("It is not trained.",))
    return path


@pytest.fixture(params=["modulated", "adain", "modulated constant", "adain constant", "adain joint"])
def variant(request: pytest.FixtureRequest) -> "GeneratorConfig":
    """One small config after another: both backbones, both sources of the input, and the published norm."""
    from sni_engine.api.architecture import GeneratorConfig
    from sni_engine.api.codes import GridSpec

    backbone, _, rest = request.param.partition(" ")
    if rest == "constant":
        grid = GridSpec(4, 4, style=6, global_=0, shared=0, local=0)
        return GeneratorConfig(grid, (6, 5, 4), first_styled=0, backbone=backbone, source="constant")
    return GeneratorConfig(
        GridSpec(4, 4, style=6, shared=2, local=3), (6, 5, 4), backbone=backbone, joint_norm=rest == "joint"
    )


@pytest.fixture(scope="session")
def draw_config() -> "Callable[[int], TrainConfig]":
    """Return what makes valid settings of a training run from a seed; about half of them are not a preset's."""
    from sni_engine.api.train_fields import list_fields
    from sni_engine.api.train_presets import PRESETS
    from sni_engine.api.train_shapes import loosen, with_cells, with_data, with_resolution

    def draw(seed: int) -> "TrainConfig":
        rng = random.Random(seed)
        config = loosen(PRESETS[rng.choice(list(PRESETS))])
        for field in list_fields().values():
            value: Any = draw_value(rng, field, getattr(config, field.name))
            changed = replace(config, **{field.name: value})
            config = changed if rng.random() < 0.5 and not changed.problems() else config
        changes = [with_resolution(config, 128), with_cells(config, 4), with_data(config, "/a b/it's"), config]
        return rng.choice(changes).checked()

    def draw_value(rng: random.Random, field: "Field", now: Any) -> object:
        limits = field.limits
        if field.choices:
            return rng.choice(field.choices)[0]
        if field.kind == "switch":
            return not now
        if field.kind == "list":
            return tuple(rng.randrange(1, 300) for _ in now)
        if limits is None:
            return rng.choice(["", "/pictures/of you"])
        high = limits.high if field.unit == "" else min(limits.high, 10**6)
        if field.kind == "whole":
            return rng.randint(int(limits.low), int(min(high, 2**63)))
        return rng.choice([rng.uniform(limits.low, min(high, 100.0)), 1e-7, 0.1])

    return draw

"""All metrics of a model, one after the other: an iterator of steps, and last a report of plain values."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch

from sni_engine.api.arrays import Array
from sni_engine.api.errors import EngineError
from sni_engine.api.models import ModelCard
from sni_engine.api.plain import to_plain
from sni_engine.checkpoints.yardstick import Crowd, describe_crowd
from sni_engine.metrics.editing import measure_editing
from sni_engine.metrics.eyes import Eye, YardstickEye
from sni_engine.metrics.faces import device_of
from sni_engine.metrics.frechet import compare_crowds, pool_samples
from sni_engine.metrics.levels import measure_levels
from sni_engine.metrics.path_length import list_paths, measure_path
from sni_engine.metrics.separability import Labelled, draw_labelled, find_attributes, find_machine, separate
from sni_engine.networks.generator import Generator

METRICS = ("path_length", "separability", "frechet", "locality", "levels")
_NO_LABELS = "this network reads no labels; leave --features out to measure with the yardstick for portraits"
_NO_REAL = "this network has no pictures to compare with; name a folder of real ones with --data"
_FEWEST = 8  # faces, pairs and pictures: below that, quarters and neighbours mean nothing


@dataclass(frozen=True)
class Plan:
    """What to measure, on how much, and from which seed. The defaults take some minutes on a CPU at 64 px."""

    only: tuple[str, ...] = METRICS
    pairs: int = 1000
    samples: int = 5000
    pictures: int = 5000
    faces: int = 500
    level_faces: int = 200
    seed: int = 0

    def __post_init__(self) -> None:
        wrong = [name for name in self.only if name not in METRICS]
        if wrong or not self.only:
            raise ValueError(f"metrics are {', '.join(METRICS)}" + (f", not {wrong[0]}" if wrong else ""))
        if min(self.pairs, self.samples, self.pictures, self.faces, self.level_faces) < _FEWEST:
            raise ValueError(f"{_FEWEST} faces are the fewest that can be measured")
        if not 0 <= self.seed < 2**40:
            raise ValueError(f"seeds of measurements go from 0 to 2^40 - 1, not {self.seed}")

    def with_faces(self, count: int) -> "Plan":
        """Return this plan with the same number of faces for everything."""
        return replace(self, pairs=count, samples=count, pictures=count, faces=count, level_faces=count)


QUICK = Plan(pairs=200, samples=1000, pictures=1000, faces=64, level_faces=64)


@dataclass(frozen=True)
class Step:
    """How far one metric is."""

    metric: str
    done: int
    total: int


@dataclass(frozen=True, eq=False)
class Subject:
    """What is measured and with what: a generator on its device, an eye, and real pictures' features where known."""

    generator: Generator
    card: ModelCard
    eye: Eye
    real: Crowd | None
    real_name: str


Part = Iterator[Step | dict[str, Any]]


def describe_real(eye: Eye, pictures: Array, device: torch.device, keep: int) -> Iterator[Step | Crowd]:
    """Yield steps, and last the features of real pictures, uint8 [N, H, W, 3]. Raises EngineError for too few."""
    if len(pictures) < _FEWEST:
        raise EngineError(f"{len(pictures)} real pictures are too few to compare with.", f"Take {_FEWEST} or more.")
    parts = []
    for start in range(0, len(pictures), 64):
        rows = torch.from_numpy(pictures[start : start + 64]).to(device)
        with torch.inference_mode():
            parts.append(eye.pool(rows.permute(0, 3, 1, 2).float().div(127.5).sub(1)).cpu())
        yield Step("real pictures", min(start + 64, len(pictures)), len(pictures))
    yield describe_crowd(torch.cat(parts), keep)


def measure_model(subject: Subject, plan: Plan) -> Iterator[Step | dict[str, Any]]:
    """Yield steps, and last the report: plain values, ready for JSON. Closing it cancels. Raises EngineError."""
    if "separability" in plan.only and isinstance(subject.eye, YardstickEye):
        find_machine()  # now rather than after minutes
    report = _describe(subject, plan)
    seconds: dict[str, float] = {}
    parts: dict[str, Callable[[Subject, Plan], Part]] = {
        "path_length": _path_length,
        "separability": _separability,
        "frechet": _frechet,
        "locality": _locality,
        "levels": _levels,
    }
    for name in METRICS:
        if name not in plan.only:
            continue
        started = time.perf_counter()
        for item in _quietly(parts[name](subject, plan)):
            if isinstance(item, Step):
                yield item
            else:
                report[name] = item
        seconds[name] = round(time.perf_counter() - started, 1)
    report["seconds"] = seconds
    yield report


def _quietly(part: Part) -> Part:
    """Run a part without gradients, which its reader between two steps shall not notice."""
    while True:
        with torch.inference_mode():
            item = next(part, None)
        if item is None:
            return
        yield item


def _describe(subject: Subject, plan: Plan) -> dict[str, Any]:
    card, eye = subject.card, subject.eye
    looked: dict[str, Any] = {"name": eye.name}
    if isinstance(eye, YardstickEye):
        looked |= {"digest": eye.yardstick.info.digest, "resolution_px": eye.yardstick.info.network.resolution_px}
    return {
        "model": {
            "name": card.name,
            "digest": card.digest,
            "resolution_px": card.resolution_px,
            "backbone": card.backbone,
            "facts": card.facts,
        },
        "features": looked,
        "device": str(device_of(subject.generator)),
        "torch": torch.__version__,
        "plan": to_plain(plan),
    }


def _path_length(subject: Subject, plan: Plan) -> Part:
    paths = list_paths(subject.generator.config.grid)
    lengths: dict[str, Any] = {}
    for index, path in enumerate(paths):
        for item in measure_path(subject.generator, subject.eye, path, plan.pairs, plan.seed):
            if isinstance(item, int):
                yield Step("path_length", index * plan.pairs + item, len(paths) * plan.pairs)
            else:
                lengths[path.name] = asdict(item)
    yield lengths


def _separability(subject: Subject, plan: Plan) -> Part:
    if not isinstance(subject.eye, YardstickEye):
        yield {"skipped": _NO_LABELS}
        return
    labelled: Labelled | None = None
    for item in draw_labelled(subject.generator, subject.eye, plan.samples, plan.seed):
        if isinstance(item, int):
            yield Step("separability", item, plan.samples)
        else:
            labelled = item
    assert labelled is not None
    attributes = find_attributes(labelled.reading, subject.eye.yardstick.info)
    found: dict[str, Any] = {"attributes": len(attributes), "samples": plan.samples}
    spaces = labelled.spaces()
    for order, (space, codes) in enumerate(spaces.items()):
        for result in separate(codes, attributes):
            if isinstance(result, int):
                yield Step("separability, fitting", order * len(attributes) + result, len(spaces) * len(attributes))
            else:
                found[space] = {**to_plain(asdict(result)), "numbers_per_code": codes.shape[1]}
    yield found


def _frechet(subject: Subject, plan: Plan) -> Part:
    if subject.real is None:
        yield {"skipped": _NO_REAL}
        return
    for item in pool_samples(subject.generator, subject.eye, plan.pictures, plan.seed):
        if isinstance(item, int):
            yield Step("frechet", item, plan.pictures)
        else:
            yield {**asdict(compare_crowds(item, subject.real)), "real": subject.real_name}


def _locality(subject: Subject, plan: Plan) -> Part:
    eye = subject.eye if isinstance(subject.eye, YardstickEye) else None
    for item in measure_editing(subject.generator, eye, plan.faces, plan.seed):
        if isinstance(item, int):
            yield Step("locality", item, plan.faces)
        else:
            edits: dict[str, Any] = {name: asdict(edit) for name, edit in item.items()}
            yield edits if eye else {**edits, "labels": {"skipped": _NO_LABELS}}


def _levels(subject: Subject, plan: Plan) -> Part:
    if not isinstance(subject.eye, YardstickEye):
        yield {"skipped": _NO_LABELS}
        return
    for item in measure_levels(subject.generator, subject.eye, plan.level_faces, plan.seed):
        if isinstance(item, int):
            yield Step("levels", item, plan.level_faces)
        else:
            yield {"faces": plan.level_faces, "factors": [asdict(row) for row in item]}

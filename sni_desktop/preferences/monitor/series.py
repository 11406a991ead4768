"""A run's numbers over time, as lines: gathered by name, made smooth, and the best of a score."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from sni_desktop.preferences.dialog import tr
from sni_engine.api.arrays import Array
from sni_engine.api.run_watch import Point

ORDER = ("generator", "judge", "penalty", "locality", "path length")
LOWER_IS_BETTER = ("swd", "fid", "kid")
_LEAST_SPAN = 10  # values that a smoothed line remembers
_SPANS = 40  # of a long line are so many of them
_MOST_DRAWN = 300  # points of a smoothed line: more cannot be told apart, and dashes take Qt long


@dataclass(frozen=True, eq=False)
class Series:
    """One line: images and values, equally long, in order of images."""

    name: str
    images: Array
    values: Array


def gather(points: Iterable[Point], part: Callable[[Point], dict[str, float]]) -> tuple[Series, ...]:
    """Return a line for every number that `part` of the points tells; those everybody knows come first."""
    found: dict[str, tuple[list[int], list[float]]] = {}
    for point in points:
        for name, value in part(point).items():
            images, values = found.setdefault(name, ([], []))
            images.append(point.images_seen)
            values.append(value)
    names = sorted(found, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    return tuple(Series(name, np.array(found[name][0]), np.array(found[name][1])) for name in names)


def smooth(values: Array) -> Array:
    """Return an exponential mean of the values so far, corrected for its beginning (arXiv 1412.6980, section 3)."""
    share = 1 / max(_LEAST_SPAN, len(values) / _SPANS)
    made, mean, weight = np.empty(len(values)), 0.0, 0.0
    for place, value in enumerate(values.tolist()):
        mean += share * (value - mean)
        weight += share * (1 - weight)
        made[place] = mean / weight
    return made


def draw_smooth(series: Series) -> tuple[Array, Array]:
    """Return images and smoothed values of as many points as can be told apart, the newest among them."""
    step = max(1, math.ceil(len(series.values) / _MOST_DRAWN))
    first = (len(series.values) - 1) % step
    return series.images[first::step], smooth(series.values)[first::step]


def find_best(series: Series) -> tuple[int, float] | None:
    """Return images and value of a score's best moment; None where nobody knows whether low or high is better."""
    if series.name not in LOWER_IS_BETTER or not len(series.values):
        return None
    place = int(np.argmin(series.values))
    return int(series.images[place]), float(series.values[place])


def read_at(series: Series, images: int) -> float | None:
    """Return the value nearest to a number of images."""
    if not len(series.images):
        return None
    return float(series.values[int(np.argmin(np.abs(series.images - images)))])


def name_series(name: str) -> str:
    """Return what people call a number."""
    names = {
        "generator": tr("Generator"),
        "judge": tr("Judge"),
        "penalty": tr("Gradient penalty"),
        "locality": tr("Locality"),
        "path length": tr("Path length"),
        "swd": tr("SWD"),
    }
    return names.get(name, name.replace("_", " ").capitalize())


def describe_series(name: str) -> str:
    """Return what a number is, in more words where there are any."""
    texts = {
        "generator": tr("Loss of the generator"),
        "judge": tr("Loss of the judge, who tells made pictures from real ones"),
        "penalty": tr("Penalty on the judge's slope at real pictures"),
        "locality": tr("Changes outside resampled cells"),
        "swd": tr("Sliced Wasserstein distance between made and real pictures, lower is better"),
    }
    return texts.get(name, name_series(name))


def format_value(value: float) -> str:
    """Return a number with three digits that count."""
    return f"{value:.3g}"


def write_table(points: Iterable[Point]) -> str:
    """Return the numbers as comma-separated lines, for a spreadsheet."""
    points = tuple(points)
    losses = [series.name for series in gather(points, lambda point: point.losses)]
    scores = [series.name for series in gather(points, lambda point: point.scores)]
    lines = [",".join(["images", "rate", *losses, *scores])]
    for point in points:
        values = [point.losses.get(name) for name in losses] + [point.scores.get(name) for name in scores]
        told = ["" if value is None else f"{value:.6g}" for value in values]
        lines.append(",".join([str(point.images_seen), f"{point.rate:.6g}", *told]))
    return "\n".join(lines) + "\n"

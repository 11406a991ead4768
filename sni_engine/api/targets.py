"""What a recipe is applied to: faces of seeds and projects in files, and what each result is called."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sni_engine.api.codec import Project, read_project
from sni_engine.api.codes import LARGEST_SEED, Codes
from sni_engine.api.errors import EngineError
from sni_engine.api.history import start_history
from sni_engine.api.models import ModelRef
from sni_engine.api.png_state import is_project_picture
from sni_engine.api.recipes import Recipe, apply_to

MOST_SEEDS = 10_000
_SEEDS = re.compile(r"([0-9]{1,20})(?:\s*(:|-|–|\.\.)\s*([0-9]{1,20}))?")


@dataclass(frozen=True)
class Target:
    """A face to apply a recipe to: of a seed, or the one on screen in a project file.

    name: of the file that is written, without its suffix.
    """

    name: str
    seed: int | None = None
    path: Path | None = None


def parse_seeds(text: str) -> tuple[int, ...]:
    """Read seeds such as "1, 2, 5-9": a dash takes in its end, a colon ("5:9") leaves it out. Raises EngineError."""
    seeds: dict[int, None] = {}
    for part in (part.strip() for part in text.split(",")):
        match = _SEEDS.fullmatch(part)
        if not match:
            raise EngineError(f'"{part[:40]}" is not a seed.', 'Write seeds such as "1, 2, 5-9".')
        first, sign, last = match.groups()
        end = int(first) if last is None else int(last) - (sign == ":")
        if not int(first) <= end <= LARGEST_SEED:
            raise EngineError(f'"{part}" holds no seeds.', f"Seeds go from 0 to {LARGEST_SEED}, the smaller one first.")
        if end - int(first) >= MOST_SEEDS - len(seeds):
            raise EngineError(f"These are more than {MOST_SEEDS} seeds.", "Take them in several goes.")
        seeds.update(dict.fromkeys(range(int(first), end + 1)))
    return tuple(seeds)


def find_projects(places: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files among `places`, and the project files inside those that are folders, by name.

    Raises EngineError for a place that is not there and for a folder without projects.
    """
    found: dict[Path, None] = {}
    for place in places:
        if place.is_dir():
            inside = sorted(path for path in place.iterdir() if _is_project(path))
            if not inside:
                hint = "Choose a folder with .sni files or PNGs with a project."
                raise EngineError(f"There is no project in {place}.", hint)
            found.update(dict.fromkeys(inside))
        elif place.exists():
            found[place] = None
        else:
            raise EngineError(f"{place} is not there.", "Check the name.")
    return tuple(found)


def _is_project(path: Path) -> bool:
    """Say whether a file of a folder is a project; other pictures may lie beside it, also sheets and films of one."""
    return path.suffix.lower() == ".sni" or (path.suffix.lower() == ".png" and is_project_picture(path))


def list_targets(seeds: Sequence[int], paths: Sequence[Path]) -> tuple[Target, ...]:
    """Return a target for each seed and each file; no two results bear the same name."""
    targets = [*(Target(f"seed-{seed}", seed=seed) for seed in seeds), *(Target(p.stem, path=p) for p in paths)]
    taken: set[str] = set()
    named = []
    for target in targets:
        name, count = target.name, 1
        while name.casefold() in taken:  # some file systems do not tell a from A
            count += 1
            name = f"{target.name}-{count}"
        taken.add(name.casefold())
        named.append(replace(target, name=name))
    return tuple(named)


def refuse_overwriting(paths: Iterable[Path], hint: str) -> None:
    """Raise EngineError, with `hint`, when any of the files to be written is there already."""
    there = [path for path in paths if path.exists()]
    if there:
        more = f" (and {len(there) - 1} more)" if len(there) > 1 else ""
        raise EngineError(f"{there[0]} is there already{more}.", hint)


def refuse_other_model(target: Target, made_with: ModelRef, meant: ModelRef, hint: str) -> None:
    """Raise EngineError, with `hint`, when a project was made with another model than the one meant."""
    if made_with.digest != meant.digest:
        raise EngineError(
            f'{target.path} was made with the model "{made_with.name}", not with "{meant.name}" '
            f"({made_with.digest[:8]} and {meant.digest[:8]}).",
            hint,
        )


def make_folder(folder: Path) -> None:
    """Make sure that a folder is there. Raises EngineError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(f"{folder} cannot be made: {error.strerror or error}.", "Name another folder.") from error


def read_target(target: Target) -> Project | None:
    """Return the project a target names, None for a seed. Raises EngineError."""
    return None if target.path is None else read_project(target.path)


def find_start(target: Target, before: Project | None) -> Codes | int:
    """Return what the recipe starts from: a seed, or the codes on screen in the target's project."""
    if before is not None:
        return before.history.current.codes
    assert target.seed is not None
    return target.seed


def make_project(
    target: Target, before: Project | None, recipe: Recipe, codes: Sequence[Codes], model: ModelRef, created: float = 0
) -> Project:
    """Return the target with the recipe's steps; a project keeps its tree and gets them after its current node.

    codes: of the start and after each step, so one more than there are steps.
    """
    if before is not None:
        history, selection = before.history, before.selection
    else:
        history, selection = start_history(codes[0], target.seed, created), recipe.steps[-1].edit.selection
    return Project(model, apply_to(history, recipe.steps, codes[1:], created), selection)

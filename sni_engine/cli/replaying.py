"""`sni replay`, `sni recipe`: the edits on the way to a node, checked, written down, or applied to other faces."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from sni_engine.api.arrays import Array
from sni_engine.api.codec import Project, read_project, write_project
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Replay
from sni_engine.api.pictures import choose_format, write_picture, write_png
from sni_engine.api.recipes import SUFFIX, Recipe, check_recipe, read_recipe, take_recipe, write_recipe
from sni_engine.api.sheets import MOST_PICTURES, Entry, SheetForm, draw_sheet
from sni_engine.api.targets import (
    Target,
    find_projects,
    find_start,
    list_targets,
    make_folder,
    make_project,
    parse_seeds,
    read_target,
    refuse_other_model,
    refuse_overwriting,
)
from sni_engine.cli.checking import check_history
from sni_engine.cli.picturing import ProjectFile, find_node
from sni_engine.cli.session import Session, find_made_with
from sni_engine.cli.terminal import DeviceName, ModelName, UsageError, counting, opt, read_flags, reading, say

Force = Annotated[bool, arg(help="replace files that are there already")]
Node = Annotated[int | None, opt(help="whose path of edits is meant; without it, the current node's")]


@dataclass(frozen=True)
class Results:
    """Where results go: a folder for projects, and pictures beside them when asked; one sheet of all."""

    folder: Path
    sheet: Path | None
    pictures: bool
    force: bool

    def list_files(self, targets: Sequence[Target]) -> list[Path]:
        """Return every file that is going to be written."""
        ends = (".sni", ".png") if self.pictures else (".sni",)
        files = [self.folder / f"{target.name}{end}" for target in targets for end in ends]
        return files if self.sheet is None else [*files, self.sheet]


def run(words: Sequence[str]) -> None:
    """Run one of the commands of this file."""
    commands: dict[str, Callable[..., None]] = {"replay": replay, "recipe": recipe}
    read_flags(commands[words[0]], words)


def replay(
    file: Annotated[Positional[Path], arg(metavar="FILE", help="a project, or a recipe written by `sni recipe`")],
    *,
    seeds: Annotated[
        str | None, opt(metavar="1,2,5:9", help="apply the edits to new faces of these seeds (5:9 is 5 to 8)")
    ] = None,
    onto: Annotated[
        tuple[Path, ...], arg(metavar="FILE|FOLDER", help="apply them to these projects, after their current step")
    ] = (),
    out: Annotated[Path | None, opt(metavar="FOLDER", help="where each result goes, as a project of its own")] = None,
    sheet: Annotated[
        Path | None, opt(metavar="FILE", help="write all results on one sheet, too: .png, .jpg or .webp")
    ] = None,
    pictures: Annotated[bool, arg(help="write each result's picture beside its project, too")] = False,
    force: Force = False,
    node: Node = None,
    fresh: Annotated[bool, arg(help="check: start from the seed of the first face, not from the file's codes")] = False,
    check: Annotated[bool, arg(help="check: fail when any step gives other codes than the file holds")] = False,
    model: ModelName = None,
    device: DeviceName = "auto",
) -> None:
    """Apply a project's edits to other faces (--seeds, --onto); without these, run them again and compare."""
    if seeds or onto:
        check_usage(out, fresh or check)
        assert out is not None
        with reading("--seeds"):
            numbers = parse_seeds(seeds) if seeds else ()
        targets = list_targets(numbers, find_projects(onto))
        if sheet is not None:
            check_sheet(sheet, len(targets))
        apply_all(load_recipe(file, node), targets, Results(out, sheet, pictures, force), model, device)
    elif out or sheet or pictures or force or node is not None or file.suffix.lower() == SUFFIX:
        raise UsageError("There is nothing to apply the edits to.", "Name faces with --seeds or --onto.")
    else:
        check_history(file, fresh, check, model, device)


def check_usage(out: Path | None, checks: bool) -> None:
    """Raise UsageError for flags that do not go together."""
    if out is None:
        raise UsageError("There is no place for the results.", "Name a folder with --out.")
    if checks:
        raise UsageError("--fresh and --check compare a history with itself.", "Leave out --seeds and --onto.")


def check_sheet(path: Path, count: int) -> None:
    """Raise UsageError for a sheet that could not be written once the work is done."""
    with reading("--sheet"):
        choose_format(path)
    if count > MOST_PICTURES:
        raise UsageError(f"--sheet: a sheet cannot hold {count} pictures.", f"It holds {MOST_PICTURES}.")


def load_recipe(file: Path, node: int | None) -> Recipe:
    """Return the recipe in a file, or that of a project's path to a node. Raises EngineError."""
    if file.suffix.lower() == SUFFIX:
        if node is not None:
            raise UsageError("--node: a recipe has no nodes.", "Leave it out.")
        return read_recipe(file)
    project = read_project(file)
    return take_recipe(project.history, project.model, find_node(project, node, "--node", file).id)


def apply_all(steps: Recipe, targets: Sequence[Target], results: Results, model: str | None, device: str) -> None:
    """Write a project for each target; those that cannot be made are named and left out. Raises EngineError."""
    if not results.force:
        refuse_overwriting(results.list_files(targets), "Choose another folder, or add --force.")
    session = Session(model or find_made_with(steps.model), device)
    check_recipe(steps.edits, session.card.grid, session.card.name)
    make_folder(results.folder)
    pictures: dict[str, Array] = {}
    with counting("Applying", len(targets)) as count:
        for done, target in enumerate(targets, 1):
            try:
                pictures[target.name] = write_one(steps, target, results, session, model is not None)
            except EngineError as error:
                if len(targets) == 1:
                    raise
                say(str(error))
            count(done)
    if results.sheet is not None and pictures:
        write_sheet(pictures, results.sheet)
    if len(pictures) < len(targets):
        raise EngineError(f"{len(targets) - len(pictures)} of {len(targets)} faces were left out.")


def write_one(steps: Recipe, target: Target, results: Results, session: Session, any_model: bool) -> Array:
    """Write one target's project, and its picture when asked; return the picture. Raises EngineError."""
    project, picture = apply_one(steps, target, session, any_model)
    path = results.folder / f"{target.name}.sni"
    write_project(project, path)
    if results.pictures:
        write_png(results.folder / f"{target.name}.png", picture)
    what = f"seed {target.seed}" if target.path is None else str(target.path)
    print(f"{path}: {len(steps.steps)} steps on {what}")
    return picture


def apply_one(steps: Recipe, target: Target, session: Session, any_model: bool) -> tuple[Project, Array]:
    """Return the target with the recipe's steps, and its picture. Raises EngineError."""
    before = read_target(target)
    if before is not None and not any_model:
        refuse_other_model(target, before.model, session.card.ref, "Name the one to use with --model.")
    answer = session.replay(Replay(1, find_start(target, before), steps.edits))
    return make_project(target, before, steps, answer.codes, answer.model, time.time()), answer.picture


def write_sheet(pictures: dict[str, Array], path: Path) -> None:
    """Write named pictures uint8 [H, W, 3] side by side. Raises EngineError."""
    entries = [Entry(str(place), name) for place, name in enumerate(pictures, 1)]
    write_picture(path, draw_sheet(list(pictures.values()), entries, SheetForm()), one_face=False)


def recipe(
    file: ProjectFile,
    *,
    out: Annotated[Path, arg(metavar="FILE.json", help="where the recipe goes")],
    node: Node = None,
    force: Force = False,
) -> None:
    """Write the edits on the way to a node as a readable recipe, for `sni replay` to apply to other faces."""
    if out.suffix.lower() != SUFFIX:
        raise UsageError(f"--out: {out} does not end with {SUFFIX}.", f"Recipes are {SUFFIX} files.")
    steps = load_recipe(file, node)
    if not steps.steps:
        raise EngineError(f"{file}: there are no edits on the way to this node.", "Name another with --node.")
    if not force:
        refuse_overwriting([out], "Choose another name, or add --force.")
    write_recipe(steps, out)
    print(f"{out}: {len(steps.steps)} steps")

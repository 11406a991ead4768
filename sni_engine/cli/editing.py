"""`sni new`, `sni resample`, `sni interpolate`: commands that add to a project's history."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from sni_engine.api.codec import Project, read_project, write_project
from sni_engine.api.edits import Edit, Interpolate, Params, Resample
from sni_engine.api.errors import EngineError
from sni_engine.api.history import start_history
from sni_engine.api.messages import Finished
from sni_engine.api.selection import Selection, parse_cells, parse_levels, select_none
from sni_engine.cli.session import Session, keep, now, open_session

_LARGEST_SEED = 2**63 - 1

Face = Annotated[Path, arg(metavar="FACE.sni", help="The project.")]
Out = Annotated[Path | None, arg(metavar="FILE", help="Where to write; without it the project itself gets the step.")]
Cells = Annotated[str, arg(metavar="ROWS,COLUMNS", help='Half-open ranges such as "4:8,2:6", joined by ";", or "all".')]
Levels = Annotated[str, arg(metavar="NAMES", help="Of local, shared, global and style, joined by commas.")]
Amount = Annotated[float, arg(help="0 keeps the picture, 1 goes all the way.")]
Model = Annotated[
    str | None, arg(metavar="NAME|FILE", help="A model; the shipped one or the project's own by default.")
]
Device = Annotated[str, arg(help="auto, cpu, cuda or mps.")]
Seed = Annotated[int | None, arg(help="Decides what is drawn; a fresh one without it.")]


def new(
    out: Annotated[Path, arg(metavar="FACE.sni")], seed: Seed = None, model: Model = None, device: Device = "auto"
) -> None:
    """Start a project from a seed: draw every code of a new face."""
    seed = choose_seed(seed)
    session = Session(model, device)
    codes = session.start(seed).codes
    history = start_history(codes, seed=seed, created=now())
    write_project(Project(session.card.ref, history, select_none(session.card.grid)), out)
    print(f"{out}: seed {seed}, {session.card.name}")


def resample(
    face: Positional[Face],
    cells: Cells = "all",
    levels: Levels = "local",
    amount: Amount = 1.0,
    seed: Seed = None,
    out: Out = None,
    model: Model = None,
    device: Device = "auto",
) -> None:
    """Draw new codes for some cells and levels; everything else stays."""
    edit_face(face, out, _checked(Resample, amount), (cells, levels), choose_seed(seed), None, (model, device))


def interpolate(
    face: Positional[Face],
    to: Annotated[Path, arg(metavar="OTHER.sni", help="The project to move toward.")],
    amount: Amount = 0.5,
    cells: Cells = "all",
    levels: Levels = "local,shared,global,style",
    out: Out = None,
    model: Model = None,
    device: Device = "auto",
) -> None:
    """Move some cells and levels toward another project's face."""
    edit_face(face, out, _checked(Interpolate, amount), (cells, levels), 0, to, (model, device))


def edit_face(
    face: Path,
    out: Path | None,
    params: Params,
    where: tuple[str, str],
    seed: int,
    to: Path | None,
    engine: tuple[str | None, str],
) -> None:
    """Apply one edit to the current node of `face` and keep the result as its child. Raises EngineError."""
    project = read_project(face)
    session = open_session(project, *engine)
    selection = Selection(parse_cells(where[0], session.card.grid), parse_levels(where[1]))
    reference = None if to is None else read_project(to).history.current.codes
    edit = Edit(params, selection, seed, reference)
    done = session.apply(project.history.current.codes, edit)
    history = project.history.push(edit, done.codes, created=now())
    changed = replace(project, model=session.card.ref, history=history, selection=selection)
    keep(changed, face, out, describe(edit, done))


def describe(edit: Edit, done: Finished) -> str:
    """Return one line about a step: what, where, and how local it was."""
    seed = f", seed {edit.seed}" if isinstance(edit.params, Resample) else ""
    text = f"{edit.params.title.lower()} {', '.join(edit.selection.levels)}{seed}"
    if done.locality is None:
        return text
    outside = "nothing" if done.locality.outside is None else f"{done.locality.outside:.2f}"
    return f"{text}; changed {done.locality.inside:.2f} inside, {outside} outside"


def choose_seed(seed: int | None) -> int:
    """Return the seed, or a fresh one. Raises EngineError when it is out of range."""
    from sni_engine.seeds import fresh_seed

    if seed is None:
        return fresh_seed()
    if not 0 <= seed <= _LARGEST_SEED:
        raise EngineError(f"{seed} cannot be a seed.", f"Seeds are whole numbers from 0 to {_LARGEST_SEED}.")
    return seed


def _checked(kind: type[Params], amount: float) -> Params:
    try:
        return kind(amount)
    except ValueError as error:
        raise EngineError(f"{error}.") from error

"""`sni new`, `sni resample`: make a face, and change it cell by cell."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
from tyro.conf import arg

from sni_engine.api.arrays import Array
from sni_engine.api.codec import Project, read_project, write_project
from sni_engine.api.codes import LEVELS, Codes
from sni_engine.api.edits import Edit, Resample, StyleTransfer
from sni_engine.api.errors import EngineError
from sni_engine.api.history import start_history
from sni_engine.api.messages import Apply, Finished, NewFace
from sni_engine.api.part_requests import PartsShown, ShowParts
from sni_engine.api.parts import choose_cells, join_parts
from sni_engine.api.presets import read_cells
from sni_engine.api.selection import Selection, parse_levels, select_none
from sni_engine.cli.picturing import ProjectFile
from sni_engine.cli.session import Session, open_session
from sni_engine.cli.terminal import DeviceName, ModelName, UsageError, choose_seed, opt, read_flags, reading

_ROUNDING = 1e-6  # of codes, which are about 1
Cells = Annotated[
    str | None,
    opt(
        metavar="ROWS,COLUMNS",
        help='places such as mouth, half-open ranges such as "4:8,2:6", joined by ";", or all; '
        "without it, what is selected in the file",
    ),
]
PartNames = Annotated[
    str | None,
    opt(
        metavar="NAMES",
        help="the cells that parts cover, softly, such as hair or eyes,brows, in the place of --cells; "
        '"sni parts list" names the model\'s',
    ),
]
Levels = Annotated[
    str | None,
    opt(metavar="NAMES", help="of local, shared, global and style, joined by commas; without it, those in the file"),
]
Lock = Annotated[
    str | None,
    opt(
        metavar="ROWS,COLUMNS",
        help='cells that stay as they are, to the pixel, written as for --cells; "none" sets all free; the file keeps '
        "them; without it, those locked in the file",
    ),
]
Amount = Annotated[float, arg(help="how far to go: 0 changes nothing, 1 goes all the way")]
Out = Annotated[
    Path | None,
    opt(metavar="FILE", help="where the result goes, a .sni or a PNG; without it, the file itself, a PNG as a PNG"),
]
Seed = Annotated[int | None, opt(help="decides the new codes; without it, one nobody has used")]


def run(words: Sequence[str]) -> None:
    """Run one of the commands of this file."""
    commands: dict[str, Callable[..., None]] = {"new": new, "resample": resample}
    read_flags(commands[words[0]], words)


def new(
    *,
    out: Annotated[Path, arg(metavar="FILE", help="the .sni or PNG to write; one that is there is replaced")],
    seed: Seed = None,
    model: ModelName = None,
    device: DeviceName = "auto",
) -> None:
    """Start a project with a new face."""
    chosen = choose_seed(seed)
    session = Session(model, device)
    face = session.ask(NewFace(1, chosen))
    history = start_history(face.codes, chosen, time.time())
    write_project(Project(session.card.ref, history, select_none(session.card.grid)), out, face.picture)
    print(f"{out}: a new face, seed {chosen}, model {session.card.name}")


def resample(
    file: ProjectFile,
    *,
    cells: Cells = None,
    part: PartNames = None,
    levels: Levels = None,
    lock: Lock = None,
    seed: Seed = None,
    amount: Amount = 1.0,
    out: Out = None,
    model: ModelName = None,
    device: DeviceName = "auto",
) -> None:
    """Draw new codes for some cells and levels; everything else stays."""
    with reading("--amount"):
        params = Resample(amount)
    chosen = choose_seed(seed)
    project = read_project(file)
    session = open_session(model, device, project)
    edit = Edit(params, choose_selection(project, session, cells, levels, lock, part), chosen)
    apply(project, session, edit, out or file)


def choose_selection(
    project: Project,
    session: Session,
    cells: str | None,
    levels: str | None,
    lock: str | None = None,
    part: str | None = None,
) -> Selection:
    """Return the file's selection, every cell when it has none, with what the flags say in its place."""
    selection, grid = project.selection, session.card.grid
    if part is not None:
        if cells is not None:
            raise UsageError("--cells and --part both say which cells.", "Give one of them.")
        selection = selection.with_cells(find_part_cells(project, session, part))
    elif cells is None and not selection.cells.any():
        cells = "all"
    if cells is not None:
        with reading("--cells"):
            selection = selection.with_cells(read_cells(cells, grid))
    if levels is not None:
        with reading("--levels"):
            selection = selection.with_levels(parse_levels(levels))
    if lock is not None:
        with reading("--lock"):
            selection = selection.with_locks(read_cells(lock, grid))
    if selection.touches_nothing and selection.locked.any():
        raise EngineError("Every selected cell is locked.", 'Select others, or set all free with --lock "none".')
    if selection.touches_nothing:
        raise EngineError("No cells or no levels are selected.", 'Name some, such as --cells "4:8,2:6" --levels local.')
    return selection


def find_part_cells(project: Project, session: Session, names: str) -> Array:
    """Return the weights [R, C] with which parts, joined by commas, take the cells they cover in the current face.

    Raises EngineError for a part that is not there.
    """
    return cover_parts(project, session, [name for name in names.split(",") if name.strip()])


def cover_parts(project: Project, session: Session, wanted: Sequence[str]) -> Array:
    """Return the weights [R, C] with which parts take the cells they cover in the current face.

    Raises EngineError for a part that the model does not have or the face does not show.
    """
    shown = session.ask_for(ShowParts(1, project.history.current.codes), PartsShown)
    if not wanted:
        raise UsageError("--part names no part.", f"This model has {', '.join(shown.parts.names)}.")
    cells = choose_cells(shown.map, join_parts(shown.parts, wanted), session.card.grid)
    if not cells.any():
        raise EngineError(f"This face shows no {' or '.join(wanted)}.", '"sni parts show" draws the parts it shows.')
    return cells


def apply(project: Project, session: Session, edit: Edit, out: Path, keeps_selection: bool = False) -> None:
    """Carry out an edit on the current face, write the project with its new node, and say what changed.

    An edit that leaves every code as it is makes no node; the file is written all the same, with its locks.
    keeps_selection: what is selected in the file stays, but for locks; else the edit's selection takes its place.
    """
    before = project.history.current
    answer = session.ask(Apply(1, before.codes, edit))
    is_idle = leaves_all(before.codes, answer)
    history = project.history if is_idle else project.history.push(edit, answer.codes, time.time())
    selection = project.selection.with_locks(edit.selection.locked) if keeps_selection else edit.selection
    changed = replace(project, model=session.card.ref, history=history, selection=selection)
    write_project(changed, out, answer.picture)
    if is_idle:
        print(f"{out}: nothing has changed, {describe_edit(edit)} leaves node {before.id} as it is")
    else:
        print(f"{out}: node {history.current_id}, {describe_edit(edit)}; {describe_change(answer)}")


def leaves_all(before: Codes, answer: Finished) -> bool:
    """Say whether an edit changed nothing: no code, but for rounding, nor what locked cells had been held at before."""
    after, change = answer.codes, answer.locality
    if after == before:
        return True
    if change is None or change.inside > 0 or (change.outside or 0) > 0:
        return False
    same_rest = after.noise_seed == before.noise_seed and after.style_delta == before.style_delta
    return same_rest and all(np.allclose(after.level(name), before.level(name), 0, _ROUNDING) for name in LEVELS)


def describe_edit(edit: Edit) -> str:
    """Return a recipe in a few words."""
    seed = f", seed {edit.seed}" if isinstance(edit.params, Resample) else ""
    if isinstance(edit.params, StyleTransfer):
        return f"{edit.params.kind} {edit.params.part}, strength {edit.params.amount:g}"
    return f"{edit.params.kind} {'+'.join(edit.selection.levels)}, amount {edit.params.amount:g}{seed}"


def describe_change(answer: Finished) -> str:
    """Return how much an edit changed, in a few words."""
    assert answer.locality is not None
    outside = answer.locality.outside
    rest = "nothing lies outside" if outside is None else f"{outside:.2f} outside"
    return f"changed {answer.locality.inside:.2f} inside, {rest}"

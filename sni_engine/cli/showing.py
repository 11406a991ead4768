"""`sni draw`, `sni replay`, `sni measure`: commands that read a project and change nothing in it."""

import json
from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from sni_engine.api.codec import read_project
from sni_engine.api.codes import Codes
from sni_engine.api.errors import EngineError
from sni_engine.api.files import replace_file
from sni_engine.api.history import History, Node
from sni_engine.api.pictures import encode_png
from sni_engine.cli.editing import Device, Face, Model
from sni_engine.cli.session import Session, open_session


def draw(
    face: Positional[Face],
    out: Annotated[Path, arg(metavar="FILE.png")],
    size: Annotated[int | None, arg(metavar="PX", help="Side of the PNG; the model's own size without it.")] = None,
    model: Model = None,
    device: Device = "auto",
) -> None:
    """Write a project's current picture as PNG."""
    project = read_project(face)
    session = open_session(project, model, device)
    data = encode_png(session.draw(project.history.current.codes).picture, size)
    with replace_file(out) as stream:
        stream.write(data)
    print(f"{out}: {size or session.card.resolution_px} px")


def replay(
    face: Positional[Face],
    fresh: Annotated[bool, arg(help="Run every recipe again instead of using the remembered codes.")] = False,
    check: Annotated[
        bool, arg(help="Compare with what the project remembers; exit code 1 if anything differs.")
    ] = False,
    out: Annotated[Path | None, arg(metavar="FOLDER", help="Write the picture of each step here.")] = None,
    model: Model = None,
    device: Device = "auto",
) -> int:
    """Walk through every node of a project's history, in order of birth."""
    project = read_project(face)
    session = open_session(project, model, device)
    if out is not None:
        make_folder(out)
    different = 0
    for node in project.history.nodes:
        codes = _rerun(session, project.history, node) if fresh else node.codes
        same = codes == node.codes
        different += not same
        if out is not None:
            with replace_file(out / f"{node.id:04d}.png") as stream:
                stream.write(encode_png(session.draw(codes).picture))
        print(f"{node.id:4d}  {_title(node)}{'' if same else '  DIFFERS'}")
    if check and different:
        raise EngineError(f"{different} of {len(project.history.nodes)} steps differ from what the project remembers.")
    return 0


def measure(face: Positional[Face], model: Model = None, device: Device = "auto") -> None:
    """Print, as JSON, the mean CIELAB change inside and outside the cells each edit reaches."""
    from sni_engine.metrics.locality import measure_locality

    project = read_project(face)
    session = open_session(project, model, device)
    rows = []
    for node in project.history.nodes:
        if node.edit is None or node.parent is None:
            continue
        before = session.draw(project.history.node(node.parent).codes).picture
        after = session.draw(node.codes).picture
        found = measure_locality(before, after, node.edit.selection, session.card.grid)
        ratio = found.ratio if found.outside else None  # JSON has no word for infinity
        numbers = {"inside": found.inside, "outside": found.outside, "ratio": ratio}
        rows.append({"node": node.id, "method": node.edit.params.kind, "levels": node.edit.selection.levels, **numbers})
    print(json.dumps({"model": session.card.name, "edits": rows}, indent=2))


def make_folder(path: Path) -> None:
    """Make a folder unless it is there. Raises EngineError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(f"{path} could not be made: {error.strerror}.", "Choose another folder.") from error


def _rerun(session: Session, history: History, node: Node) -> Codes:
    from sni_engine.seeds import draw_codes

    if node.edit is not None and node.parent is not None:
        return session.apply(history.node(node.parent).codes, node.edit).codes
    return node.codes if node.seed is None else draw_codes(session.card.grid, node.seed)


def _title(node: Node) -> str:
    if node.label:
        return node.label
    if node.edit is None:
        return f"face, seed {node.seed}" if node.seed is not None else "face"
    return f"{node.edit.params.title.lower()} {', '.join(node.edit.selection.levels)}"

"""`sni measure`, and what `sni replay` checks: how local each edit was, and whether a history can be made again."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

from sni_engine.api.codec import Project, read_project
from sni_engine.api.codes import Codes
from sni_engine.api.edits import StyleTransfer
from sni_engine.api.errors import EngineError
from sni_engine.api.history import Node
from sni_engine.api.messages import Apply, Draw, NewFace
from sni_engine.cli.editing import describe_edit
from sni_engine.cli.picturing import ProjectFile
from sni_engine.cli.session import Session, open_session
from sni_engine.cli.terminal import DeviceName, ModelName, read_flags


def run(words: Sequence[str]) -> None:
    """Run `sni measure`."""
    read_flags(measure, words)


def check_history(file: Path, fresh: bool, check: bool, model: str | None, device: str) -> None:
    """Run the recipe of every step again, and print whether it gives the file's codes.

    fresh: from the first face's seed on. check: raise EngineError when any differ.
    """
    project = read_project(file)
    session = open_session(model, device, project)
    known = {node.id: node.codes for node in project.history.nodes}
    different = []
    for node in project.history.nodes:
        codes = redo(node, known, session, fresh)
        same = codes == node.codes
        print(f"node {node.id}: {describe_node(node)}: {'the same' if same else 'different'}")
        if not same:
            different.append(str(node.id))
        if fresh:
            known[node.id] = codes
    if check and different:
        raise EngineError(f"{file}: {len(different)} of {len(known)} nodes are different: {', '.join(different)}.")


def redo(node: Node, known: dict[int, Codes], session: Session, fresh: bool) -> Codes:
    """Return the codes a node's recipe gives from its parent's; a first face is drawn again only when `fresh`."""
    if node.edit is None or node.parent is None:
        return session.ask(NewFace(1, node.seed)).codes if fresh and node.seed is not None else node.codes
    return session.ask(Apply(1, known[node.parent], node.edit)).codes


def describe_node(node: Node) -> str:
    """Return where a node comes from, in a few words."""
    if node.edit is not None:
        return f"{describe_edit(node.edit)}, from node {node.parent}"
    return "a face from elsewhere" if node.seed is None else f"a new face, seed {node.seed}"


def measure(file: ProjectFile, *, model: ModelName = None, device: DeviceName = "auto") -> None:
    """Print, for each edit, the mean CIELAB change inside and outside the cells it reaches, as JSON."""
    project = read_project(file)
    session = open_session(model, device, project)
    edits = [measure_node(node, project, session) for node in project.history.nodes if node.edit]
    print(json.dumps({"model": session.card.name, "edits": edits}, indent=2))


def measure_node(node: Node, project: Project, session: Session) -> dict[str, object]:
    """Return one edit as JSON values; ratio is null where nothing changed outside or nothing lies there."""
    from sni_engine.metrics.locality import measure_locality

    assert node.edit is not None
    assert node.parent is not None
    parent = project.history.node(node.parent)
    if isinstance(node.edit.params, StyleTransfer):  # where its part is, only the engine knows
        found = session.ask(Apply(1, parent.codes, node.edit)).locality
        assert found is not None
        locality = found
    else:
        before, after = (session.ask(Draw(1, item.codes)).picture for item in (parent, node))
        locality = measure_locality(before, after, node.edit.selection, session.card.grid)
    ratio = locality.ratio
    return {
        "node": node.id,
        "parent": node.parent,
        "method": node.edit.params.kind,
        **({"part": node.edit.params.part} if isinstance(node.edit.params, StyleTransfer) else {}),
        "levels": list(node.edit.selection.levels),
        "inside": locality.inside,
        "outside": locality.outside,
        "halo_px": locality.halo_px,
        "strayed": locality.strayed,
        "ratio": None if ratio is None or math.isinf(ratio) else ratio,
    }

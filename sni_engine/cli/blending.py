"""`sni interpolate`: move a face toward another one: another project's, a seed's, or a node of its own history."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from sni_engine.api.codec import read_project
from sni_engine.api.codes import LEVELS, Codes, Level
from sni_engine.api.edits import Edit, Interpolate
from sni_engine.api.messages import NewFace
from sni_engine.api.selection import parse_levels
from sni_engine.cli.editing import Cells, Lock, Out, PartNames, apply, choose_selection
from sni_engine.cli.picturing import ProjectFile, find_node
from sni_engine.cli.session import Session, open_session
from sni_engine.cli.terminal import DeviceName, ModelName, UsageError, opt, read_flags, reading


def run(words: Sequence[str]) -> None:
    """Run `sni interpolate`."""
    read_flags(interpolate, words)


def interpolate(
    file: ProjectFile,
    *,
    to: Annotated[
        Path | None,
        opt(metavar="FILE", help="the project, or PNG with one, to move toward; or one of the next two"),
    ] = None,
    to_seed: Annotated[int | None, opt(help="the seed whose face to move toward")] = None,
    to_node: Annotated[int | None, opt(help="the node of the file's own history to move toward")] = None,
    cells: Cells = None,
    part: PartNames = None,
    levels: Annotated[
        str | None,
        opt(metavar="NAMES", help="of local, shared, global and style, joined by commas; all without it and --amounts"),
    ] = None,
    lock: Lock = None,
    amount: Annotated[
        float | None, opt(help="how far to go: 0 changes nothing, 1 goes all the way; 0.5, or 1 with --amounts")
    ] = None,
    amounts: Annotated[
        str | None,
        opt(metavar="LEVEL=SHARE,…", help='how much of it each level goes, such as "local=1,style=0.3"; others stay'),
    ] = None,
    out: Out = None,
    model: ModelName = None,
    device: DeviceName = "auto",
) -> None:
    """Move some cells and levels toward another face; without --cells and --levels, all of them."""
    if sum(goal is not None for goal in (to, to_seed, to_node)) != 1:
        raise UsageError("Say what to move toward.", "Give one of --to FILE.sni, --to-seed N, --to-node N.")
    shares = dict.fromkeys(LEVELS, 1.0) if amounts is None else parse_amounts(amounts)
    if amount is None:
        amount = 0.5 if amounts is None else 1.0
    with reading("--amount"):
        params = Interpolate(amount)
    with reading("--amounts"):
        params = Interpolate(amount, **{_field(level): shares.get(level, 0.0) for level in LEVELS})
    project = read_project(file)
    known = None if to_node is None else find_node(project, to_node, "--to-node", file).codes
    known = known if to is None else read_project(to).history.current.codes
    session = open_session(model, device, project)
    reference = known or draw_seed(session, to_seed)
    named = ",".join(shares) if levels is None else levels
    cells = "all" if cells is None and part is None else cells
    edit = Edit(params, choose_selection(project, session, cells, named, lock, part), reference=reference)
    apply(project, session, edit, out or file, keeps_selection=True)


def parse_amounts(text: str) -> dict[Level, float]:
    """Read "level=share" pairs joined by commas. Raises UsageError."""
    shares: dict[Level, float] = {}
    for pair in text.split(","):
        name, _, number = pair.partition("=")
        with reading("--amounts"):
            (level,) = parse_levels(name)
        try:
            shares[level] = float(number)
        except ValueError:
            hint = 'Write pairs such as "local=1,style=0.3".'
            raise UsageError(f'--amounts: "{pair.strip()}" gives no share.', hint) from None
    return shares


def draw_seed(session: Session, seed: int | None, flag: str = "--to-seed") -> Codes:
    """Return the codes of a seed's face. Raises UsageError, naming the flag."""
    assert seed is not None
    with reading(flag):
        request = NewFace(0, seed)
    return session.ask(request).codes


def _field(level: Level) -> str:
    return "global_" if level == "global" else level

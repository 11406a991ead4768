"""`sni transfer`: the look of one part, such as the hair, from another face (Editing in Style)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from tyro.conf import arg

from sni_engine.api.codec import Project, read_project
from sni_engine.api.codes import Codes
from sni_engine.api.edits import Edit, Mode, StyleTransfer
from sni_engine.cli.blending import draw_seed
from sni_engine.cli.editing import Lock, Out, apply, choose_selection, cover_parts
from sni_engine.cli.picturing import ProjectFile, find_node
from sni_engine.cli.session import open_session
from sni_engine.cli.terminal import DeviceName, ModelName, UsageError, read_flags, reading


def run(words: Sequence[str]) -> None:
    """Run `sni transfer`."""
    read_flags(transfer, words)


def transfer(
    file: ProjectFile,
    *,
    part: Annotated[str, arg(metavar="NAME", help='which part, such as hair; "sni parts list" names the model\'s')],
    source: Annotated[
        str,
        arg(
            name="from",
            metavar="FILE|seed:N|node:N",
            help="the face to take its look from: a project or a PNG with one, a seed, or a node of the file's history",
        ),
    ],
    strength: Annotated[float, arg(help="how far to go: 0 changes nothing, 1 goes all the way")] = 1.0,
    rho: Annotated[float, arg(help="how much change elsewhere weighs against change of the part, 0 to 1")] = (
        StyleTransfer.rho
    ),
    epsilon: Annotated[
        str,
        arg(
            metavar="SHARE[,SHARE…]",
            help="how much may change outside the part, as a share of each layer's channels: 0 nothing, 1 or inf as "
            "much as it takes; several, joined by commas, for the layers from coarse to fine, the last for all others",
        ),
    ] = str(StyleTransfer.epsilon),
    mode: Annotated[
        Mode, arg(help="greedy: channels that fit best go all the way; simultaneous: each as far as it fits")
    ] = "greedy",
    lock: Lock = None,
    out: Out = None,
    model: ModelName = None,
    device: DeviceName = "auto",
) -> None:
    """Give a part the look it has in another face; its shape stays, and so does everything else."""
    budgets = parse_budgets(epsilon)
    params = make_params(part, strength, rho, budgets, mode)
    project = read_project(file)
    known = find_source(source, project, file)
    session = open_session(model, device, project)
    cover_parts(project, session, [part])  # raises: a part that the face does not show cannot take a look
    reference = known if isinstance(known, Codes) else draw_seed(session, known, "--from")
    selection = choose_selection(project, session, "all", "style", lock)
    apply(project, session, Edit(params, selection, reference=reference), out or file, keeps_selection=True)


def make_params(part: str, strength: float, rho: float, budgets: tuple[float, ...], mode: Mode) -> StyleTransfer:
    """Return what the flags say. Raises UsageError, naming the flag that is wrong."""
    with reading("--strength"):
        StyleTransfer(strength)
    with reading("--rho"):
        StyleTransfer(rho=rho)
    with reading("--epsilon"):
        several = budgets if len(budgets) > 1 else ()
        params = StyleTransfer(strength, "", rho, budgets[0], mode, several)
    with reading("--part"):
        return StyleTransfer(strength, " ".join(part.split()), params.rho, params.epsilon, mode, several)


def parse_budgets(text: str) -> tuple[float, ...]:
    """Read shares joined by commas; inf stands for 1. Raises UsageError."""
    try:
        budgets = tuple(float(each) for each in text.split(","))
    except ValueError:
        raise UsageError(f'--epsilon: "{text}" is no share.', "Write a number such as 0.1, or several.") from None
    return tuple(1.0 if budget == float("inf") else budget for budget in budgets)


def find_source(text: str, project: Project, file: Path) -> Codes | int:
    """Return the codes that the look comes from, or the seed of a face that is drawn later. Raises EngineError."""
    kind, _, number = text.partition(":")
    if kind in ("seed", "node") and number.isdecimal():
        return int(number) if kind == "seed" else find_node(project, int(number), "--from", file).codes
    if kind in ("seed", "node") and not Path(text).exists():
        raise UsageError(f'--from: "{text}" names no {kind}.', f"Write {kind}:12, or the name of a file.")
    return read_project(Path(text)).history.current.codes

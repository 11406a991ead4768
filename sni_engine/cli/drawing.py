"""`sni draw`: a project's picture as a PNG file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from sni_engine.api.codec import read_project
from sni_engine.api.messages import Draw
from sni_engine.api.pictures import LARGEST_PX, write_png
from sni_engine.cli.session import open_session
from sni_engine.cli.terminal import DeviceName, ModelName, UsageError, read_flags


def run(words: Sequence[str]) -> None:
    """Run `sni draw`."""
    read_flags(draw, words)


def draw(
    file: Annotated[Positional[Path], arg(metavar="FILE.sni", help="the project")],
    *,
    out: Annotated[Path, arg(metavar="FILE.png", help="the picture to write")],
    size: Annotated[int | None, arg(help="side in pixels; without it, as the model draws")] = None,
    node: Annotated[int | None, arg(help="which node of the history; without it, the current one")] = None,
    model: ModelName = None,
    device: DeviceName = "auto",
) -> None:
    """Write a project's picture as PNG."""
    if size is not None and not 1 <= size <= LARGEST_PX:
        raise UsageError(f"--size: {size} is not a size.", f"Sizes go from 1 to {LARGEST_PX} pixels.")
    project = read_project(file)
    numbers = [item.id for item in project.history.nodes]
    if node is not None and node not in numbers:
        raise UsageError(f"--node: {file} has no node {node}.", f"Its nodes are {', '.join(map(str, numbers))}.")
    chosen = project.history.current if node is None else project.history.node(node)
    session = open_session(model, device, project)
    write_png(out, session.ask(Draw(1, chosen.codes)).picture, size)
    print(f"{out}: {size or session.card.resolution_px} px")

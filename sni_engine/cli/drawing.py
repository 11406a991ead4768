"""`sni draw`: a project's picture as a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from tyro.conf import arg

from sni_engine.api.codec import read_project
from sni_engine.api.messages import Draw
from sni_engine.api.pictures import choose_format, describe_size, write_picture
from sni_engine.cli.picturing import (
    FilterName,
    ProjectFile,
    Quality,
    Size,
    State,
    find_node,
    pack_state,
    read_form,
)
from sni_engine.cli.session import open_session
from sni_engine.cli.terminal import DeviceName, ModelName, opt, read_flags, reading


def run(words: Sequence[str]) -> None:
    """Run `sni draw`."""
    read_flags(draw, words)


def draw(
    file: ProjectFile,
    *,
    out: Annotated[Path, arg(metavar="FILE", help="the picture to write: .png, .jpg or .webp")],
    size: Size = None,
    filter: FilterName = "smooth",
    quality: Quality = 92,
    state: State = True,
    node: Annotated[int | None, opt(help="which node of the history; without it, the current one")] = None,
    model: ModelName = None,
    device: DeviceName = "auto",
) -> None:
    """Write a project's picture. A PNG holds the whole project as well, unless --no-state is said."""
    form = read_form(size, filter, quality)
    with reading("--out"):
        format = choose_format(out)
    project = read_project(file)
    chosen = find_node(project, node, "--node", file)
    session = open_session(model, device, project)
    packed = pack_state(project, state and format == "PNG", chosen)
    write_picture(out, session.ask(Draw(1, chosen.codes)).picture, form, packed)
    told = "with the project in it" if packed else "without the project"
    print(f"{out}: {describe_size(session.card.resolution_px, size)}, {told}")

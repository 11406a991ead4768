"""`sni sheet`: many steps of a project as one picture with names."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from tyro.conf import arg

from sni_engine.api.codec import read_project
from sni_engine.api.pictures import choose_format, write_picture
from sni_engine.api.sheets import SheetForm, choose_nodes, count_columns, describe_nodes, draw_sheet
from sni_engine.cli.picturing import FilterName, ProjectFile, Quality, Size, State, pack_state, read_form
from sni_engine.cli.session import open_session
from sni_engine.cli.terminal import DeviceName, ModelName, opt, read_flags, reading


def run(words: Sequence[str]) -> None:
    """Run `sni sheet`."""
    read_flags(sheet, words)


def sheet(
    file: ProjectFile,
    *,
    out: Annotated[Path, arg(metavar="FILE", help="the picture to write: .png, .jpg or .webp")],
    nodes: Annotated[str, arg(metavar="NAMES", help='"starred", "all", "path" to the current one, or numbers: 0,2,5')],
    columns: Annotated[int | None, opt(help="how many side by side; without it, a balanced grid")] = None,
    size: Size = None,
    filter: FilterName = "smooth",
    quality: Quality = 92,
    labels: Annotated[bool, arg(help="write number, name and star under each")] = True,
    state: State = True,
    model: ModelName = None,
    device: DeviceName = "auto",
) -> None:
    """Write steps of a project side by side; --size is that of each. A PNG holds the project as well."""
    read_form(size, filter, quality)
    with reading("--columns"):
        form = SheetForm(size, columns, labels, filter)
    with reading("--out"):
        format = choose_format(out)
    project = read_project(file)
    chosen = choose_nodes(project.history, nodes)
    session = open_session(model, device, project)
    pictures = session.draw_many([node.codes for node in chosen])
    drawn = draw_sheet(list(pictures), describe_nodes(chosen), form)
    packed = pack_state(project, state and format == "PNG")
    write_picture(out, drawn, read_form(None, filter, quality), packed, one_face=False)
    height, width = drawn.shape[:2]
    count = count_columns(len(chosen), columns)
    print(f"{out}: {len(chosen)} pictures in {count} columns, {width} × {height} px")

"""Flags that every command has which writes pictures, and what they mean."""

from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from sni_engine.api.codec import Project, encode_project
from sni_engine.api.history import Node
from sni_engine.api.pictures import LARGEST_PX, Filter, PictureForm
from sni_engine.cli.terminal import UsageError, opt, reading

ProjectFile = Annotated[Positional[Path], arg(metavar="FILE", help="the project, or a PNG with one in it")]
Size = Annotated[int | None, opt(help="side in pixels; without it, as the model draws; more is only enlarged")]
FilterName = Annotated[Filter, arg(help="how it is scaled: smooth (Lanczos) or sharp (nearest pixel)")]
Quality = Annotated[int, arg(help="of JPEG, WebP and MP4, 1 to 100; at 100 WebP keeps every pixel")]
State = Annotated[bool, arg(help="put the project into a PNG, so that it can be opened and edited on")]


def read_form(size: int | None, filter: Filter, quality: int) -> PictureForm:
    """Return how a picture is to be written. Raises UsageError, naming the flag that is wrong."""
    if size is not None and not 1 <= size <= LARGEST_PX:
        raise UsageError(f"--size: {size} is not a size.", f"Sizes go from 1 to {LARGEST_PX} pixels.")
    with reading("--quality"):
        return PictureForm(size, filter, quality)


def find_node(project: Project, number: int | None, flag: str, file: Path) -> Node:
    """Return the node of a number, the current one for None. Raises UsageError."""
    if number is None:
        return project.history.current
    numbers = [item.id for item in project.history.nodes]
    if number not in numbers:
        raise UsageError(f"{flag}: {file} has no node {number}.", f"Its nodes are {', '.join(map(str, numbers))}.")
    return project.history.node(number)


def pack_state(project: Project, state: bool, node: Node | None = None) -> bytes | None:
    """Return the bytes of a project for a picture to carry, with `node` as the current one; None when not wanted."""
    if not state:
        return None
    if node is None or node.id == project.history.current_id:
        return encode_project(project)
    return encode_project(Project(project.model, project.history.go_to(node.id), project.selection))

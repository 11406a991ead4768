"""`sni parts`: a model's semantic parts: find them, name them, show those of a face; measuring has their agreement."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from sni_engine.api.codec import read_project
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Draw
from sni_engine.api.part_pictures import colour_parts, draw_parts, measure_shares
from sni_engine.api.part_requests import (
    SAMPLES,
    FindParts,
    KeepParts,
    PartNames,
    PartsFound,
    PartsShown,
    ReadParts,
    ShowParts,
    describe_finding,
)
from sni_engine.api.parts import PartMap, PartSet, name_clusters
from sni_engine.api.pictures import choose_format, write_picture
from sni_engine.cli.part_sheet import write_sheet
from sni_engine.cli.picturing import FilterName, ProjectFile, Size, find_node, read_form
from sni_engine.cli.session import Session, open_session
from sni_engine.cli.terminal import DeviceName, ModelName, UsageError, counting, opt, read_flags, reading, say

if TYPE_CHECKING:
    from sni_engine.api.arrays import Array

_HELP = """usage: sni parts COMMAND ...

  list [MODEL]           the parts that are kept of a model, and their clusters
  find [MODEL]           find a model's parts (3 to 20 s on a CPU) and keep them
  show FILE --out MAP    draw where the parts of a project's picture are
  name CLUSTERS NAME     call clusters something, such as: sni parts name 3,7 hair
  measure [MODEL]        how far parts agree with what a network that saw true masks sees
  forget [MODEL]         forget your own; those that came with a model are there again"""

_HELPS = describe_finding()
Model = Positional[Annotated[str | None, opt(metavar="NAME|FILE", help="the model; without it, the shipped one")]]
OwnModel = Annotated[str | None, opt(metavar="NAME|FILE", help="the model; without it, the shipped one")]
Faces = Annotated[int, arg(help="how many faces")]


def run(words: Sequence[str]) -> None:
    """Run one of the commands of this file."""
    actions: dict[str, Callable[..., None]] = {
        "list": list_parts,
        "find": find,
        "show": show,
        "name": name,
        "measure": measure,
        "forget": forget,
    }
    if len(words) > 1 and words[1] in ("-h", "--help"):
        print(_HELP)
    elif len(words) > 1 and words[1] in actions:
        read_flags(actions[words[1]], [f"parts {words[1]}", *words[2:]])
    else:
        raise UsageError('Write "sni parts list" or "sni parts find".', 'See "sni parts --help" for the rest.')


def list_parts(model: Model = None, *, device: DeviceName = "auto") -> None:
    """List the parts that are kept of a model, with the clusters in each."""
    print_parts(read_kept(Session(model, device)))


def find(
    model: Model = None,
    *,
    layer: Annotated[int | None, opt(help=_HELPS["layer"].help)] = None,
    clusters: Annotated[int, arg(help=_HELPS["clusters"].help)] = 0,
    seed: Annotated[int, arg(help=_HELPS["seed"].help)] = 0,
    samples: Annotated[int, arg(help=_HELPS["samples"].help)] = SAMPLES,
    names: Annotated[PartNames, opt(metavar="portraits", help=_HELPS["names"].help)] = "",
    sheet: Annotated[Path | None, opt(metavar="PICTURE", help="also draw faces with their parts there")] = None,
    out: Annotated[Path | None, opt(metavar="FILE.parts", help="write them there instead of keeping them")] = None,
    device: DeviceName = "auto",
) -> None:
    """Find the parts of a model: directions that the features of its faces fall into, and what they are called."""
    if sheet is not None:
        with reading("--sheet"):
            choose_format(sheet)
    if out is not None and out.suffix != ".parts":
        raise UsageError(f"--out: {out} does not name a file of parts.", "End it with .parts.")
    with reading("sni parts find"):
        request = FindParts(1, layer, clusters, seed, samples, names)
    session = Session(model, device)
    with counting("Finding parts", 100) as bar:
        parts = session.ask_for(request, PartsFound, lambda done: bar(round(done * 100))).parts
    assert parts is not None
    if out is None:
        session.ask_for(KeepParts(2, parts), PartsFound)
    else:
        write_file(out, parts)
    if sheet is not None:
        write_sheet(sheet, session, parts)
    print_parts(parts)


def write_file(path: Path, parts: PartSet) -> None:
    """Write parts to a file that can be laid beside a model's."""
    from sni_engine.checkpoints.parts import write_parts

    write_parts(path, parts)


def show(
    file: ProjectFile,
    *,
    out: Annotated[Path, arg(metavar="PICTURE", help="the map to write: .png, .jpg or .webp")],
    part: Annotated[str | None, opt(help="this part alone, white on black")] = None,
    plain: Annotated[bool, arg(help="colours alone, without the face beneath them")] = False,
    size: Size = None,
    filter: FilterName = "sharp",
    node: Annotated[int | None, opt(help="which node of the history; without it, the current one")] = None,
    model: ModelName = None,
    device: DeviceName = "auto",
) -> None:
    """Draw where the parts of a project's picture are, and say in which colour and how large each is."""
    form = read_form(size, filter, 92)
    with reading("--out"):
        choose_format(out)
    project = read_project(file)
    chosen = find_node(project, node, "--node", file)
    session = open_session(model, device, project)
    shown = session.ask_for(ShowParts(1, chosen.codes), PartsShown)
    picture = None if plain or part else session.ask(Draw(2, chosen.codes)).picture
    write_picture(out, draw_map(shown.map, shown.parts, picture, part), form)
    colours = colour_parts(shown.parts.parts)
    for index, share in enumerate(measure_shares(shown.map, shown.parts)):
        if share > 0:
            red, green, blue = colours[index]
            print(f"{shown.parts.names[index]:20}  {share:6.1%}  #{red:02x}{green:02x}{blue:02x}")


def draw_map(map: PartMap, parts: PartSet, picture: "Array | None", part: str | None) -> "Array":
    """Return the picture of a map: all parts in colours, or one in white on black. Raises EngineError."""
    if part is None:
        return draw_parts(map, parts, picture)
    inside = map.pixels(parts.find(part))
    return inside[..., None].repeat(3, 2).astype("uint8") * 255


def name(
    clusters: Positional[Annotated[str, arg(metavar="CLUSTERS", help="numbers and ranges, such as 3,7,12-15")]],
    name: Positional[Annotated[str, arg(metavar="NAME", help='an existing name takes them in; "" takes names away')]],
    *,
    model: OwnModel = None,
    device: DeviceName = "auto",
) -> None:
    """Call clusters something: of one name they are one part, which is kept with the model."""
    with reading("CLUSTERS"):
        numbers = read_numbers(clusters)
    session = Session(model, device)
    parts = name_clusters(read_kept(session), numbers, name)
    session.ask_for(KeepParts(1, parts), PartsFound)
    print_parts(parts)


def measure(
    model: Model = None,
    *,
    parts: Annotated[Path | None, opt(metavar="FILE.parts", help="this file's, instead of those kept")] = None,
    faces: Faces = 200,
    markdown: Annotated[bool, arg(help="print a table instead of JSON")] = False,
    device: DeviceName = "auto",
) -> None:
    """Measure how far named parts agree with what a network that saw true masks sees in the model's faces."""
    from sni_engine.cli.part_measuring import format_agreement, measure_agreement

    if faces < 1:
        raise UsageError(f"--faces: {faces} is too few.", "Choose 1 or more.")
    print(format_agreement(*measure_agreement(model, parts, device, faces), markdown))


def forget(model: Model = None, *, device: DeviceName = "auto") -> None:
    """Forget your own parts of a model; those that came with it are there again."""
    parts = Session(model, device).ask_for(KeepParts(1, None), PartsFound).parts
    say("The model has no parts now." if parts is None else "The parts that came with the model are there again.")


def read_kept(session: Session) -> PartSet:
    """Return the parts that are kept of the open model. Raises EngineError when there are none."""
    parts = session.ask_for(ReadParts(0), PartsFound).parts
    if parts is None:
        raise EngineError(f'The model "{session.card.name}" has no parts yet.', 'Find them with "sni parts find".')
    return parts


def print_parts(parts: PartSet) -> None:
    """Print where parts come from, and each with its clusters."""
    print(
        f"{parts.model.name}: {len(parts.centroids)} clusters of layer {parts.layer} ({parts.side_px} px), "
        f"from {parts.samples} faces, seed {parts.seed}"
    )
    for part in parts.parts:
        print(f"{part.name:20}  {write_numbers(part.clusters)}")


def read_numbers(text: str) -> set[int]:
    """Return the numbers in text such as "3,7,12-15". Raises ValueError."""
    found: set[int] = set()
    for word in text.split(","):
        first, dash, last = word.strip().partition("-")
        last = last if dash else first
        if not first.isdecimal() or not last.isdecimal() or len(word) > 12:
            raise ValueError(f'"{word.strip()}" is no number of a cluster')
        found.update(range(int(first), min(int(last), 10_000) + 1))
    return found


def write_numbers(numbers: Sequence[int]) -> str:
    """Return numbers in rising order as text, with ranges."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)

"""`sni sequence`: the way between steps of a project as a moving picture."""

from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

from tyro.conf import arg

from sni_engine.api.animations import Animation, Picture, check_animation, choose_writer, write_animation
from sni_engine.api.codec import Project, read_project
from sni_engine.api.codes import Codes
from sni_engine.api.errors import EngineError
from sni_engine.api.pictures import describe_size
from sni_engine.api.sequences import Frame, Pace, Timing, count_least, plan_frames
from sni_engine.cli.picturing import FilterName, ProjectFile, Quality, Size, State, find_node, pack_state, read_form
from sni_engine.cli.session import Session, open_session
from sni_engine.cli.terminal import DeviceName, ModelName, UsageError, counting, opt, read_flags, reading

_AT_ONCE = 16
_FRAMES_PER_STEP = 24  # when the person leaves it to us


def run(words: Sequence[str]) -> None:
    """Run `sni sequence`."""
    read_flags(sequence, words)


def sequence(
    file: ProjectFile,
    *,
    out: Annotated[
        Path, arg(metavar="FILE", help="ends with .webp, .gif, .apng or .mp4, or is the name of a folder for PNGs")
    ],
    start: Annotated[int | None, opt(name="from", help="the node it begins with")] = None,
    to: Annotated[
        int | None, opt(help="the node it goes to; without --from and --to, all steps to the current")
    ] = None,
    frames: Annotated[int | None, opt(help="in all, holds included; without it, 48, or 24 for each step")] = None,
    fps: Annotated[float, arg(help="frames in a second")] = 24.0,
    hold: Annotated[int, arg(help="how many frames longer each step is shown")] = 0,
    loop: Annotated[bool, arg(help="go back as it came, so that the end meets the beginning")] = False,
    pace: Annotated[Pace, arg(help="gentle starts and stops, or even")] = "gentle",
    size: Size = None,
    filter: FilterName = "smooth",
    quality: Quality = 92,
    state: State = True,
    model: ModelName = None,
    device: DeviceName = "auto",
) -> None:
    """Write the way from one step to another, or along all steps to the current one."""
    form = read_form(size, filter, quality)
    with reading("--out"):
        suffix = choose_writer(out)
    project = read_project(file)
    stops = choose_stops(project, start, to, file)
    with reading("--frames, --fps, --hold"):
        timing = Timing(suggest_frames(len(stops), hold, loop) if frames is None else frames, fps, hold, loop, pace)
        plan = plan_frames(stops, timing)
    packed = pack_state(project, state and suffix in (".apng", ".png"))
    animation = Animation(len(plan), fps, form, packed)
    check_animation(out, animation)
    session = open_session(model, device, project)
    write(plan, session, out, animation)
    told = describe_size(session.card.resolution_px, size)
    print(f"{out}: {timing.frames} frames, {timing.seconds:.1f} s, {told}")


def choose_stops(project: Project, start: int | None, to: int | None, file: Path) -> list[Codes]:
    """Return the faces the sequence passes: from one node to another, or each step to the current one."""
    if start is None and to is None:
        stops = [node.codes for node in project.history.path()]
        if len(stops) < 2:
            raise EngineError(f"{file} has no step to move along yet.", "Edit the face first, or give --from and --to.")
        return stops
    first = project.history.root if start is None else find_node(project, start, "--from", file)
    last = find_node(project, to, "--to", file)
    if first.id == last.id:
        raise UsageError("--from and --to are the same node.", "Name two, to see one become the other.")
    return [first.codes, last.codes]


def suggest_frames(stops: int, hold: int, loop: bool) -> int:
    """Return a length that suits so many stops."""
    steps = 2 * (stops - 1) if loop else stops - 1
    return max(48, steps * _FRAMES_PER_STEP) + count_least(stops, Timing(hold=max(0, hold), loop=loop)) * (hold > 0)


def write(plan: Sequence[Frame], session: Session, out: Path, animation: Animation) -> None:
    """Draw and write, a few frames at a time; Ctrl+C leaves nothing behind."""
    pictures = _draw(plan, session)
    with counting("Drawing frames", len(plan)) as show, closing(write_animation(out, pictures, animation)) as writing:
        for done in writing:
            show(done)


def _draw(plan: Sequence[Frame], session: Session) -> Generator[Picture, None, None]:
    for place in range(0, len(plan), _AT_ONCE):
        some = plan[place : place + _AT_ONCE]
        drawn = session.draw_many([frame.codes for frame in some])
        yield from zip(drawn, (frame.count for frame in some), strict=True)

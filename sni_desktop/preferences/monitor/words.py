"""What a run has come to, in words: its state, its numbers, and what went wrong."""

from dataclasses import dataclass

from PySide6.QtCore import QLocale

from sni_desktop.preferences.dialog import tr
from sni_desktop.words import fill
from sni_engine.api.run_watch import RunNow
from sni_engine.api.words import format_bytes, format_seconds

NOTHING = "–"


@dataclass(frozen=True)
class Trouble:
    """What went wrong, what to do, and the names of the buttons that do it (locate, resume, batch, forward, log).

    is_calm: nothing went wrong; something is offered.
    """

    title: str
    hint: str
    ways: tuple[str, ...]
    is_calm: bool = False


def count(images: int) -> str:
    """Return a number of images as people of this country write it."""
    return QLocale().toString(images)


def describe_state(now: RunNow) -> tuple[str, str, str]:
    """Return icon, colour and words for how a run is."""
    icon, colour, words = {
        "missing": ("folder-question-outline", "danger", tr("Folder not found")),
        "empty": ("folder-outline", "quiet", tr("No run here")),
        "preparing": ("progress-clock", "accent", tr("Preparing")),
        "training": ("play-circle-outline", "accent", tr("Training")),
        "paused": ("pause-circle-outline", "text", tr("Paused")),
        "stopped": ("stop-circle-outline", "text", tr("Stopped and saved")),
        "done": ("check-circle-outline", "accent", tr("Trained to the end")),
        "failed": ("alert-circle-outline", "danger", tr("Failed")),
        "killed": ("alert-outline", "danger", tr("Broke off")),
    }[now.state]
    if now.state == "preparing" and now.last is not None and now.last.kind == "setup" and now.last.text:
        words = f"{words}{_count_phases(now)}: {name_phase(now.last.text)[0]}"
    return icon, colour, words


def name_phase(text: str) -> tuple[str, str]:
    """Return what is done in a part of the preparations, and what is counted there."""
    return {
        "Drawing portraits": (tr("drawing portraits"), tr("Portraits drawn")),
        "Reading pictures": (tr("reading pictures"), tr("Pictures read")),
        "Learning what portraits have": (tr("teaching the judge what portraits have"), tr("Portraits studied")),
    }.get(text, (text, tr("Prepared")))


def _count_phases(now: RunNow) -> str:
    """Return which of how many parts of the preparations this is, where there are more than one."""
    if now.last is None or now.config is None or now.config.recipe != "projected":
        return ""
    place = 2 if now.last.text == "Learning what portraits have" else 1
    return fill(tr(", part {place} of 2"), place=str(place))


def is_preparing(now: RunNow) -> bool:
    """Say whether a run's newest numbers are of what comes before its training; it can be paused and stopped there."""
    if now.state == "preparing" or now.last is None or now.config is None:
        return now.state == "preparing"
    return now.state != "done" and now.last.images_total != now.config.images


def name_images(now: RunNow) -> str:
    """Return what the number of images is of: of a run taken up again it is what the run had come to before."""
    if now.last is None or now.config is None or not is_preparing(now):
        return tr("Images")
    if now.last.kind == "setup":
        return name_phase(now.last.text)[1]
    return tr("Images") if now.last.images_total == now.config.images else tr("Prepared")


def list_numbers(now: RunNow) -> tuple[tuple[str, str], ...]:
    """Return name and value of the numbers at the head of a run: always the same names, in the same order."""
    last = now.last
    return (
        (name_images(now), describe_images(now)),
        (tr("Speed"), describe_rate(now)),
        (tr("Trained"), format_seconds(last.seconds) if last and last.seconds else NOTHING),
        (tr("Left"), describe_left(now)),
        (tr("Memory"), format_bytes(last.memory_bytes) if last and last.memory_bytes and now.is_alive else NOTHING),
        (tr("Device"), now.device or NOTHING),
    )


def describe_images(now: RunNow) -> str:
    """Return how far a run, or what comes before it, has come."""
    if now.last is None:
        return fill(tr("{total} planned"), total=count(now.config.images)) if now.config else NOTHING
    return fill(tr("{seen} of {total}"), seen=count(now.last.images_seen), total=count(now.last.images_total))


def describe_rate(now: RunNow) -> str:
    """Return the speed; of a run that stands still there is none."""
    if now.last is None or now.last.rate <= 0 or now.state not in ("preparing", "training"):
        return NOTHING
    rate = now.last.rate
    return fill(tr("{rate} images/s"), rate=QLocale().toString(rate, "f", 0 if rate >= 10 else 1))


def describe_left(now: RunNow) -> str:
    """Return how long this run still takes, as far as anybody can know."""
    if now.state == "done":
        return tr("nothing")
    if is_preparing(now) or now.seconds_left is None:
        return tr("not known yet") if now.is_alive else NOTHING
    left = format_seconds(now.seconds_left)
    return fill(tr("{time}, paused"), time=left) if now.state == "paused" else left


def describe_progress(now: RunNow) -> str:
    """Return the progress for who cannot see the bar."""
    return fill(tr("{percent} % of {images} images"), percent=f"{100 * now.fraction:.0f}", images=describe_images(now))


def find_trouble(now: RunNow) -> Trouble | None:
    """Return what went wrong with a run; None while all is well."""
    if now.state == "missing":
        hint = tr("It may have been moved or renamed, or lie on a disk that is not connected.")
        return Trouble(fill(tr("The folder {path} is not there."), path=str(now.path)), hint, ("locate",))
    if now.state == "empty":
        hint = tr("Choose the folder that has the run's config.json in it.")
        return Trouble(fill(tr("There is no run in {path}."), path=str(now.path)), hint, ("locate",))
    if now.state in ("killed", "failed"):
        return _explain_end(now)
    if now.put_aside and now.last is not None and not now.is_alive:
        title = fill(
            tr("The run was rolled back to {here} images. What came later, up to {there} images, is put aside."),
            **{"here": count(now.last.images_seen), "there": count(now.put_aside)},
        )
        return Trouble(title, tr("It can be brought back until the run has gone on."), ("forward",), is_calm=True)
    return None


def _explain_end(now: RunNow) -> Trouble:
    """Return why a run ended that should not have, and how it goes on."""
    goes_on = (
        tr("Resume goes on from its last checkpoint.")
        if now.disk.has_checkpoint
        else tr("It had not saved anything yet, so it begins anew.")
    )
    more = ("forward", "log") if now.put_aside else ("log",)
    if now.state == "killed":
        title = tr("The training process ended without a word: it was killed, or the computer was switched off.")
        return Trouble(title, goes_on, ("resume", *more))
    title = now.text or tr("Training ended with a problem.")
    return Trouble(title, now.hint or goes_on, ("batch", "resume", *more) if now.batch else ("resume", *more))

"""What can be done with a run now, and why the rest cannot."""

from dataclasses import dataclass

from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.monitor.words import is_preparing
from sni_engine.api.run_watch import RunNow

DEEDS = ("toggle", "stop", "save", "sample", "open")


@dataclass(frozen=True)
class Deed:
    """A button's text, icon and help; why it cannot act now, empty when it can; and which wish it stands for."""

    text: str
    icon: str
    tip: str
    why_not: str = ""
    wish: str = ""


def list_deeds(now: RunNow) -> dict[str, Deed]:
    """Return what the buttons of a run say, by name."""
    ended = "" if now.is_alive else tr("No training is under way.")
    busy = ended or (tr("Training has not begun yet.") if is_preparing(now) else "")
    no_model = "" if now.disk.has_model else tr("There is no model yet: the first one comes with the first checkpoint.")
    return {
        "toggle": choose_toggle(now),
        "stop": Deed(
            tr("Stop and save"), "stop", tr("Save everything, then end; it can be resumed later."), ended, "stop"
        ),
        "save": Deed(
            tr("Save now"), "content-save-outline", tr("Write a checkpoint and a model at once."), busy, "save"
        ),
        "sample": Deed(tr("Sample now"), "image-multiple-outline", tr("Draw the samples at once."), busy, "sample"),
        "open": Deed(
            tr("Open in editor"),
            "open-in-app",
            tr("Open the newest model of this run in the editor."),
            no_model,
            "open",
        ),
    }


def choose_toggle(now: RunNow) -> Deed:
    """Return what the button that pauses and resumes says."""
    if now.state in ("training", "preparing"):
        return Deed(tr("Pause"), "pause", tr("Save, then rest until it is resumed."), wish="pause")
    if now.state == "paused":
        return Deed(tr("Resume"), "play", tr("Go on where it was paused."), wish="go_on")
    if now.state == "done":
        return Deed(tr("Train on…"), "play", tr("Go on with more images than were planned."), wish="train_on")
    whys = {
        "missing": tr("The folder of the run is not there."),
        "empty": tr("There is no run in this folder."),
    }
    return Deed(tr("Resume"), "play", tr("Go on from the last checkpoint."), whys.get(now.state, ""), "resume")


def waiting_text(wish: str) -> str:
    """Return what a button says from its press until the run has done what was asked."""
    return {
        "pause": tr("Pausing…"),
        "go_on": tr("Resuming…"),
        "resume": tr("Starting…"),
        "forward": tr("Bringing back…"),
        "stop": tr("Stopping…"),
        "save": tr("Saving…"),
        "sample": tr("Sampling…"),
    }[wish]


def done_text(wish: str) -> str:
    """Return what a button says for a moment once what was asked is done; nothing where one sees it anyway."""
    return {"save": tr("Saved"), "sample": tr("Sampled")}.get(wish, "")

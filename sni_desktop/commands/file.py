"""Opening, saving and exporting."""

from PySide6.QtCore import QCoreApplication

from sni_desktop.commands.command import Command, has_face
from sni_desktop.commands.command import mark as _
from sni_desktop.snapshot import Snapshot


def name_locks(now: Snapshot) -> str:
    """Return what is said of a new face while cells are locked."""
    return QCoreApplication.translate("Commands", "around the locks") if now.has_locks else ""


COMMANDS: tuple[Command, ...] = (
    Command(
        "new",
        "file",
        _("&New face {subject}"),
        lambda w: w.files.new_face(),
        ("Ctrl+R", "Ctrl+N"),
        "face-man-shimmer-outline",
        subject=name_locks,
    ),
    Command("new-seed", "file", _("New face from a &seed…"), lambda w: w.files.new_face_from_seed(), ("Ctrl+Shift+N",)),
    Command(
        "face-before",
        "file",
        _("&Back to the face before"),
        lambda w: w.trail.go_back(),
        ready=lambda w: w.trail.can_go_back,
    ),
    Command("open", "file", _("&Open…"), lambda w: w.open_asking(), ("Ctrl+O",), "folder-open-outline", divider=True),
    Command("open-model", "file", _("Open &model…"), lambda w: w.files.open_model_asking(), ("Ctrl+Shift+O",)),
    Command("models", "file", _("Manage mo&dels…"), lambda w: w.library.show(), icon="cube-outline", divider=True),
    Command(
        "find-model",
        "file",
        _("Find the model of this face…"),
        lambda w: w.library.find(),
        when=lambda now: now.lacks_model,
    ),
    Command("train", "file", _("&Train a model…"), lambda w: w.runs.show(), ("Ctrl+Shift+T",), "school-outline"),
    Command(
        "save",
        "file",
        _("&Save"),
        lambda w: w.files.save(),
        ("Ctrl+S",),
        "content-save-outline",
        has_face,
        divider=True,
    ),
    Command("save-as", "file", _("Save &as…"), lambda w: w.files.save_as(), ("Ctrl+Shift+S",), "", has_face),
    Command(
        "export",
        "file",
        _("&Export picture…"),
        lambda w: w.exports.ask_picture(),
        ("Ctrl+E",),
        "image-outline",
        has_face,
        divider=True,
    ),
    Command(
        "export-sequence",
        "file",
        _("Export se&quence…"),
        lambda w: w.exports.ask_sequence(),
        ("Ctrl+Shift+E",),
        "movie-open-outline",
        has_face,
    ),
    Command(
        "export-sheet",
        "file",
        _("Export &contact sheet…"),
        lambda w: w.exports.ask_sheet(),
        icon="view-grid-outline",
        when=has_face,
    ),
    Command("quit", "file", _("&Quit"), lambda w: w.close(), ("Ctrl+Q",), divider=True),
)

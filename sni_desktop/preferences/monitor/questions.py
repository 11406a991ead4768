"""What is asked before a run is rolled back, or trained on with more images."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox, QSpinBox, QWidget

from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.monitor.words import count
from sni_desktop.words import fill
from sni_engine.api.run_watch import RunNow

_MOST_IMAGES = 2**31 - 1  # what Qt's field holds


def asks_to_roll_back(parent: QWidget, run: RunNow, images: int) -> bool:
    """Ask whether to go on from an earlier moment; says what goes aside, the starred moments by name."""
    box = QMessageBox(QMessageBox.Icon.Question, tr("Roll back"), "", parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(fill(tr("Go on with {name} from {images} images?"), name=run.path.name, images=count(images)))
    box.setInformativeText(describe_loss(run, images))
    go = box.addButton(tr("Roll back"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    box.exec()
    return box.clickedButton() is go


def describe_loss(run: RunNow, images: int) -> str:
    """Return what a roll back puts aside."""
    words = [tr("What came later is put aside. “Bring back” on this page undoes that until the run has gone on.")]
    late = [count(star) for star in run.starred if star > images]
    if len(late) == 1:
        words.append(fill(tr("The starred moment at {images} images goes aside, too."), images=late[0]))
    elif late:
        moments = "; ".join(late)  # a comma may be part of a number
        words.append(fill(tr("Starred moments go aside, too: at {moments} images."), moments=moments))
    return " ".join(words)


def ask_images(parent: QWidget, run: RunNow) -> int:
    """Ask how many images in all a run is to learn from that is done; 0 when the person thinks better of it."""
    if run.config is None:
        return 0
    seen = max(run.config.images, run.last.images_seen if run.last is not None else 0)
    box = QInputDialog(parent)
    box.setWindowTitle(tr("Train on"))
    box.setInputMode(QInputDialog.InputMode.IntInput)
    box.setLabelText(describe_more(run, seen))
    box.setIntRange(min(seen + run.config.batch, _MOST_IMAGES), _MOST_IMAGES)
    box.setIntStep(max(1, run.config.checkpoint_every))
    box.setIntValue(min(seen + max(run.config.images // 2, run.config.checkpoint_every), _MOST_IMAGES))
    box.setOkButtonText(tr("Train on"))
    for field in box.findChildren(QSpinBox):
        field.setGroupSeparatorShown(True)
    return box.intValue() if box.exec() else 0


def describe_more(run: RunNow, seen: int) -> str:
    """Return what is to be known before a run is made longer."""
    text = fill(
        tr("{name} has learnt from {seen} images. How many are they to be in all?"),
        name=run.path.name,
        seen=count(seen),
    )
    if run.config is not None and run.config.settle:
        text += "\n\n" + tr(
            "Its learning rates had fallen at its end; they rise again, so pictures may get worse first."
        )
    return text

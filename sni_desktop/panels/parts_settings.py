"""The settings of finding parts, as the request describes them: nothing that it would refuse can be entered."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSpinBox, QWidget

from sni_desktop.activities.part_finding import FindSettings
from sni_desktop.panels.choice_box import ChoiceBox
from sni_desktop.words import fill
from sni_engine.api.edits import Range
from sni_engine.api.models import ModelCard
from sni_engine.api.part_requests import PartNames, describe_finding
from sni_engine.api.parts import list_card_sides

WORDS = (
    QT_TRANSLATE_NOOP("Parts", "Layer"),
    QT_TRANSLATE_NOOP("Parts", "Clusters"),
    QT_TRANSLATE_NOOP("Parts", "Seed"),
    QT_TRANSLATE_NOOP("Parts", "Faces"),
    QT_TRANSLATE_NOOP("Parts", "Names"),
    QT_TRANSLATE_NOOP(
        "Parts", "Whose features are clustered, from coarse to fine; else the layer that suits the model."
    ),
    QT_TRANSLATE_NOOP("Parts", "How many of them; 0 for 24, or for 96 where they are named by what is seen."),
    QT_TRANSLATE_NOOP("Parts", "Decides faces and starts: the same seed finds the same parts."),
    QT_TRANSLATE_NOOP("Parts", "How many generated faces they are found on."),
    QT_TRANSLATE_NOOP(
        "Parts", "Names parts by what a network that learnt from our portraits sees in them; for models of such faces."
    ),
    QT_TRANSLATE_NOOP("Parts", "Not at all"),
    QT_TRANSLATE_NOOP("Parts", "By what is seen"),
)
"""What FindParts says of its settings, for translators: the contract, where it is written, knows of no translation."""

_LARGEST = 2**31 - 1  # that a box can hold


class FindSettingsForm(QWidget):
    """A row for each setting, by what the request says of itself; nothing else than what it takes can be entered."""

    def __init__(self) -> None:
        super().__init__()
        self._layer = ChoiceBox("find-layer")
        self._clusters, self._seed, self._samples = (
            make_box(name, automatic) for name, automatic in (("clusters", True), ("seed", False), ("samples", False))
        )
        self._samples.setValue(FindSettings().samples)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(6)
        layout.setColumnStretch(1, 1)
        rows = {"layer": self._layer, "clusters": self._clusters, "seed": self._seed, "samples": self._samples}
        for at, (name, widget) in enumerate(rows.items()):
            described = describe_finding()[name]
            label = QLabel(tr(described.label))
            label.setBuddy(widget)
            for each in (label, widget):
                each.setToolTip(tr(described.help))
            widget.setObjectName(f"find-{name}")
            widget.setAccessibleName(tr(described.label))
            widget.setAccessibleDescription(tr(described.help))
            layout.addWidget(label, at, 0)
            layout.addWidget(widget, at, 1)

    def read(self, names: PartNames) -> FindSettings:
        """Return what is set."""
        clusters = self._clusters.value() if self._clusters.value() > self._clusters.minimum() else 0
        return FindSettings(self._layer.currentData(), clusters, self._seed.value(), self._samples.value(), names)

    def show_layers(self, card: ModelCard) -> None:
        """Offer the layers of a model."""
        self._layer.clear()
        sides = enumerate(list_card_sides(card))
        layers = [(index, fill(tr("{layer} ({side} px)"), layer=index, side=side)) for index, side in sides]
        self._layer.offer([(None, tr("Automatic")), *layers])


class StillBox(QSpinBox):
    """A number; the wheel scrolls the page it stands on."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # Qt's own takes the wheel's turns, and the keys with them

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page rather than change a number that nobody has chosen."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


def make_box(name: str, automatic: bool) -> QSpinBox:
    """Return a box for one of the numbers of FindParts; automatic: one below its range stands for what suits."""
    limits, box = describe_finding()[name], StillBox()
    assert isinstance(limits, Range)
    box.setRange(round(limits.low) - automatic, round(min(limits.high, _LARGEST)))
    box.setSingleStep(round(limits.step))
    box.lineEdit().setTextMargins(5, 0, 0, 0)  # styles pad everything but this
    if automatic:
        box.setSpecialValueText(tr("Automatic"))
    return box


def tr(text: str) -> str:
    """Translate a text of finding parts."""
    return QCoreApplication.translate("Parts", text)

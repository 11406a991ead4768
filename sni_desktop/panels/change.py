"""How much an edit changed, inside and outside the cells it reaches: in words, and as a small readout."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from sni_desktop.document import Document
from sni_desktop.panels.still import StillLabel
from sni_desktop.snapshot import Snapshot
from sni_desktop.words import fill
from sni_engine.api.messages import Locality

NAMES = ("inside", "outside", "ratio", "halo")
_WIDEST = {"inside": "88.8", "outside": "88.88", "ratio": "88.8 ×", "halo": "88 px"}


def _tr(text: str) -> str:
    return QCoreApplication.translate("Change", text)


def describe_locality(locality: Locality) -> str:
    """Return how much an edit changed, as a sentence."""
    inside = f"{locality.inside:.1f}"
    if locality.outside is None:
        return fill(_tr("Changed by {inside} ΔE on average; this edit reaches every cell."), inside=inside)
    text = fill(
        _tr("Changed by {inside} ΔE inside, {outside} outside"), inside=inside, outside=f"{locality.outside:.2f}"
    )
    if locality.outside > 0:
        text += fill(_tr(" ({ratio} times more inside)"), ratio=f"{locality.inside / locality.outside:.1f}")
    return text


def list_figures(locality: Locality | None) -> dict[str, str]:
    """Return the readout's figures by name; an empty one is not known or has no meaning."""
    if locality is None:
        return dict.fromkeys(NAMES, "")
    halo = locality.halo_px
    outside, ratio = locality.outside, locality.ratio
    return {
        "inside": f"{locality.inside:.1f}",
        "outside": "" if outside is None else f"{outside:.2f}",
        "ratio": "" if ratio is None else "∞" if ratio == float("inf") else f"{ratio:.1f} ×",
        "halo": "" if halo is None or outside is None else f"{halo:.0f} px",
    }


class ChangeReadout(QWidget):
    """Four figures side by side, each with its name below; a dash where there is none."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._figures = {name: StillLabel() for name in NAMES}
        self._shown: Locality | None = None
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(10)
        layout.setVerticalSpacing(0)
        for column, (name, (caption, help)) in enumerate(_explain().items()):
            figure, below = self._figures[name], QLabel(caption)
            figure.setObjectName(f"change-{name}")
            figure.setAlignment(Qt.AlignmentFlag.AlignLeft)
            font = figure.font()
            font.setPointSizeF(font.pointSizeF() * 1.15)
            font.setWeight(QFont.Weight.DemiBold)
            figure.setFont(font)
            figure.setMinimumWidth(QFontMetrics(font).horizontalAdvance(_WIDEST[name]))  # figures come and go
            below.setProperty("role", "quiet")
            for row, label in enumerate((figure, below)):
                label.setToolTip(help)
                layout.addWidget(label, row, column)
            figure.setAccessibleDescription(help)
        document.refreshed.connect(self._follow)
        self._show(document.snapshot.locality)

    def _follow(self, now: Snapshot) -> None:
        if now.locality is not self._shown:
            self._show(now.locality)

    def _show(self, locality: Locality | None) -> None:
        self._shown = locality
        captions = {name: caption for name, (caption, _) in _explain().items()}
        for name, text in list_figures(locality).items():
            label = self._figures[name]
            label.setText(text or "–")
            label.setAccessibleName(f"{captions[name]}: {text or _tr('not known')}")
            label.setEnabled(bool(text))


def _explain() -> dict[str, tuple[str, str]]:
    """Return each figure's name and what it means."""
    return {
        "inside": (
            _tr("ΔE inside"),
            _tr("Mean colour difference (ΔE, CIELAB 1976) over the cells that the last edit reaches."),
        ),
        "outside": (
            _tr("ΔE outside"),
            _tr("Mean colour difference (ΔE) over all other cells: what the edit changed without being asked."),
        ),
        "ratio": (_tr("in : out"), _tr("How many times more the edit changed inside than outside. More is better.")),
        "halo": (_tr("halo"), _tr("How far beyond its cells the change can be seen, in pixels of the picture.")),
    }

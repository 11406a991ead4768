"""A slider whose value is followed while it moves, and meant when it is let go, be it by hand, keys or wheel."""

from PySide6.QtCore import QSignalBlocker, QTimer, Signal

from sni_desktop.panels.slider import PointerSlider

_PAUSE_MS = 300  # after this long without a key the value is meant


class LiveSlider(PointerSlider):
    """Shows what it is told without answering; `moved` and `let_go` tell what the person does."""

    moved = Signal(int)
    let_go = Signal(int)

    def __init__(self, name: str, steps: int) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setRange(0, steps)
        self.setPageStep(max(1, steps // 10))
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._let_go)
        self.valueChanged.connect(self._move)
        self.sliderPressed.connect(self._pause.stop)
        self.sliderReleased.connect(self._let_go)

    def show_value(self, value: int) -> None:
        """Show a value; this is not the person's doing."""
        with QSignalBlocker(self):
            self.setValue(value)

    def _move(self, value: int) -> None:
        self.moved.emit(value)
        if not self.isSliderDown() and self.value() == value:
            self._pause.start()  # keys and wheel have no letting go

    def _let_go(self) -> None:
        self._pause.stop()
        self.let_go.emit(self.value())

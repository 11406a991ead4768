"""What wheel and touchpad do to the view: zoom around the pointer, or move the picture."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent

from sni_desktop.canvas.viewport import Viewport


def turn_wheel(view: Viewport, event: QWheelEvent) -> Viewport:
    """Zoom around the pointer; two fingers on a touchpad pan, Shift moves sideways."""
    turn = event.angleDelta().y() or event.angleDelta().x()
    keys = event.modifiers()
    if keys & Qt.KeyboardModifier.ShiftModifier:
        return view.pan(turn / 2, 0)
    if _comes_from_touchpad(event) and not keys & Qt.KeyboardModifier.ControlModifier:
        return view.pan(event.pixelDelta().x(), event.pixelDelta().y())
    return view.zoom(1.0015**turn, event.position().x(), event.position().y())


def pinch(view: Viewport, event: QNativeGestureEvent) -> Viewport:
    """Zoom by what two fingers spread."""
    return view.zoom(max(0.1, 1 + event.value()), event.position().x(), event.position().y())


def _comes_from_touchpad(event: QWheelEvent) -> bool:
    """Say whether fingers scroll: only they have phases, and pixels rather than notches."""
    return event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()

"""What a new run would take, on one line and in detail: predicted, being predicted, out of date, or not known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from sni_desktop.panels.plain import plain
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.training_form.editors import set_role
from sni_desktop.words import fill
from sni_engine.api.forecast import Forecast, Need

_UNKNOWN = -1.0


@dataclass(frozen=True)
class Prediction:
    """forecast: the last one there was; is_stale: something has changed since. fraction: below 0 while unknown."""

    forecast: Forecast | None = None
    is_stale: bool = False
    is_running: bool = False
    text: str = ""
    fraction: float = _UNKNOWN
    trouble: tuple[str, str] | None = None

    @property
    def counts(self) -> bool:
        """Whether it is about the settings as they are."""
        return self.forecast is not None and not self.is_stale and not self.is_running

    def begin(self) -> "Prediction":
        """Return it while it is being made."""
        return replace(self, is_running=True, text="", fraction=_UNKNOWN, trouble=None)

    def expire(self) -> "Prediction":
        """Return it after something was changed."""
        return replace(self, is_stale=self.forecast is not None, is_running=False, trouble=None)


class ForecastLine(QWidget):
    """Shows a prediction in short, with the details as its tooltip; while it is made, how far it is."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)  # it may quote files' names
        self._words.setObjectName("forecast-words")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedSize(110, 6)
        self._bar.setAccessibleName(tr("Progress of the prediction"))
        self._stop = QPushButton(tr("Cancel"))
        self._stop.setObjectName("cancel-forecast")
        self._stop.setProperty("role", "small")
        self._stop.clicked.connect(lambda: self.cancelled.emit())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._bar)
        layout.addWidget(self._stop)
        self.show_prediction(Prediction())

    def show_prediction(self, now: Prediction) -> None:
        """Show a prediction."""
        self.setVisible(now.is_running or now.forecast is not None or now.trouble is not None)
        self._bar.setVisible(now.is_running)
        self._stop.setVisible(now.is_running)
        if now.is_running:
            known = now.fraction >= 0
            self._bar.setRange(0, 1000 if known else 0)
            self._bar.setValue(round(now.fraction * 1000) if known else 0)
        self._words.setText(describe(now))
        self._words.setToolTip(plain("\n".join(list_details(now.forecast))) if now.forecast else "")
        faint = now.is_stale or now.forecast is None or now.is_running
        set_role(self._words, "danger" if now.trouble else "quiet" if faint else "")


def describe(now: Prediction) -> str:
    """Return a prediction in one line."""
    if now.is_running:
        return fill(tr("Predicting: {what}…"), what=now.text or tr("starting"))
    if now.trouble is not None:
        return " ".join(part for part in now.trouble if part)
    if now.forecast is None:
        return ""
    parts = [fill(tr("About {time}"), time=say_seconds(now.forecast.seconds))] if now.forecast.phases else []
    parts += [fill(tr("{needed} of memory"), needed=say_bytes(need.needed)) for need in _largest(now.forecast.memory)]
    parts += [fill(tr("{needed} of disk"), needed=say_bytes(need.needed)) for need in _sum(now.forecast.disk)]
    if not now.forecast.can_run and not parts:
        parts = [tr("This run cannot start.")]
    line = " · ".join(parts)
    return fill(tr("Before your last change: {line}"), line=line) if now.is_stale else line


def list_details(forecast: Forecast) -> list[str]:
    """Return everything a forecast says, line by line."""
    lines = [line for line in (forecast.pictures, forecast.device) if line]
    for phase in forecast.phases:
        what = fill(tr("{time}: {name}"), time=say_seconds(phase.seconds), name=tr(phase.name))
        lines.append(f"{what} ({fill(tr('{rate} images/s'), rate=f'{phase.rate:.3g}')})")
    for need in (*forecast.memory, *forecast.disk):
        free = fill(tr(", {free} free"), free=say_bytes(need.free)) if need.free is not None else ""
        lines.append(f"{say_bytes(need.needed)}: {need.what}{free}")
    return [*lines, *forecast.notes]


def _largest(needs: Sequence[Need]) -> list[Need]:
    """Return what a GPU holds where there is one: that runs out first."""
    return [*needs][-1:]


def _sum(needs: Sequence[Need]) -> list[Need]:
    total = sum(need.needed for need in needs)
    return [replace(needs[0], needed=total)] if needs else []


def say_bytes(count: int) -> str:
    """Return a number of bytes for people."""
    return QLocale().formattedDataSize(count, 1 if count >= 2**30 else 0)


def say_seconds(seconds: float) -> str:
    """Return a stretch of time for people, no more exact than a prediction can be."""
    if seconds < 90:
        return fill(tr("{count} s"), count=round(seconds))
    minutes = round(seconds / 60)
    if minutes < 90:
        return fill(tr("{count} min"), count=minutes)
    hours = seconds / 3600
    if hours < 48:
        return fill(tr("{count} h"), count=QLocale().toString(hours, "f", 1 if hours < 10 else 0))
    return fill(tr("{count} days"), count=QLocale().toString(hours / 24, "f", 1))

"""Forecasts of training runs, measured in a process of their own: torch and its memory stay out of the window."""

import json
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal, Slot

from sni_desktop.worker.children import make_environment
from sni_engine.api.forecast import Forecast
from sni_engine.api.plain import PlainError, dump_json, from_plain
from sni_engine.api.runs import TrainEvent
from sni_engine.api.training import TrainConfig

_PATIENCE_MS = 2000  # for a process that was asked to end
_LONGEST_LINE = 2**20


class Forecaster(QObject):
    """Measures one run at a time; asked for another, it drops the one before. Whatever is dropped is not told of."""

    progressed = Signal(str, float)  # what is being done, and how much of it: 0 to 1, below 0 when nobody knows
    finished = Signal(object)  # Forecast
    failed = Signal(str, str)  # title and hint

    def __init__(self, parent: QObject | None = None, program: tuple[str, ...] = ()) -> None:
        super().__init__(parent)
        self._program = program or (sys.executable, "-m", "sni_engine.train.forecast_process")
        self._process: QProcess | None = None
        self._answer: Forecast | tuple[str, str] | None = None
        self._dropped: list[QProcess] = []
        self._kill_soon = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._kill_soon.timeout.connect(self._kill)

    @property
    def is_busy(self) -> bool:
        """Whether a run is being measured."""
        return self._process is not None

    def start(self, config: TrainConfig, out: Path) -> None:
        """Measure what a run in the folder `out` would meet."""
        self.cancel()
        self._answer = None
        process = QProcess(self)
        environment = QProcessEnvironment()
        for name, value in make_environment().items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._end)
        process.errorOccurred.connect(self._miss)
        self._process = process
        process.start(self._program[0], [*self._program[1:], str(out), "--attached"])
        line = " ".join(dump_json(config).splitlines())
        process.write(f"{line}\n".encode())  # the channel stays open: its end says that we are gone

    def cancel(self) -> None:
        """Stop measuring."""
        process, self._process = self._process, None
        if process is None or process.state() == QProcess.ProcessState.NotRunning:
            return
        process.terminate()  # so that it takes away what it had begun to write
        self._dropped.append(process)
        self._kill_soon.start()

    def close(self) -> None:
        """Stop measuring, and wait until the processes are gone."""
        self.cancel()
        for process in tuple(self._dropped):
            if not process.waitForFinished(_PATIENCE_MS):
                process.kill()
                process.waitForFinished(_PATIENCE_MS)

    def _kill(self) -> None:
        """End those that did not when they were asked to."""
        for process in self._dropped:
            process.kill()

    @Slot()
    def _read(self) -> None:
        while self._process is not None and self._process.canReadLine():
            self._take(bytes(self._process.readLine(_LONGEST_LINE).data()))

    def _take(self, line: bytes) -> None:
        try:
            told = json.loads(line)
            self._tell(told)
        except (ValueError, PlainError, TypeError, KeyError):
            return  # something a library printed

    def _tell(self, told: dict[str, Any]) -> None:
        if "event" in told:
            event = from_plain(TrainEvent, told["event"])
            known = event.images_total > 1
            self.progressed.emit(event.text, event.images_seen / event.images_total if known else -1.0)
        elif "forecast" in told:
            self._answer = from_plain(Forecast, told["forecast"])
        elif "failed" in told:
            self._answer = (str(told["failed"]["title"]), str(told["failed"]["hint"]))

    @Slot(int, QProcess.ExitStatus)
    def _end(self, code: int, _: QProcess.ExitStatus) -> None:
        self._forget()
        process = self._process
        if process is None or process.state() != QProcess.ProcessState.NotRunning:
            return
        self._read()
        self._process = None
        said = bytes(process.readAllStandardError().data()).decode(errors="replace").strip().splitlines()
        process.deleteLater()
        if isinstance(self._answer, Forecast):
            self.finished.emit(self._answer)
        elif self._answer is not None:
            self.failed.emit(*self._answer)
        else:
            last = said[-1][:200] if said else f"code {code}"
            self.failed.emit(self.tr("The prediction broke off."), last)

    @Slot(QProcess.ProcessError)
    def _miss(self, error: QProcess.ProcessError) -> None:
        process = self._process
        if process is not None and error == QProcess.ProcessError.FailedToStart:
            self._process = None
            process.deleteLater()
            self.failed.emit(self.tr("The prediction could not be started."), process.errorString())

    def _forget(self) -> None:
        """Let go of dropped processes that have ended."""
        ended = [process for process in self._dropped if process.state() == QProcess.ProcessState.NotRunning]
        self._dropped = [process for process in self._dropped if process not in ended]
        for process in ended:
            process.deleteLater()

"""Drawing alone, without window, threads or messages: what everything else is measured against."""

import statistics
import time

import numpy as np

from sni_engine.api.codes import Codes, Level
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.messages import Candidates, Drawn
from sni_engine.api.selection import Selection
from sni_engine.checkpoints.format import read_model
from sni_engine.checkpoints.store import find_model
from sni_engine.device import choose_device
from sni_engine.drawing import Painter
from sni_engine.engine import Engine
from sni_engine.seeds import draw_codes

_NINE = 9


class BareEngine:
    """A painter of its own, and an engine whose requests are run on the spot."""

    def __init__(self, model: str | None) -> None:
        generator, self._card = read_model(find_model(model))
        self._painter = Painter(generator, choose_device())
        self._engine = Engine(model)

    def draw(self, codes: Codes) -> None:
        """Draw a picture and forget it."""
        self._painter.draw(codes)

    def time_draw_ms(self, codes: Codes) -> float:
        """Return how long drawing takes: codes in memory to bytes in memory."""
        started = time.perf_counter()
        self._painter.draw(codes)
        return (time.perf_counter() - started) * 1000

    def time_nine(self, runs: int = 15) -> dict[str, float]:
        """Return how long nine alternatives take in one request, and how long to draw their codes one by one."""
        grid = self._card.grid
        cells = np.zeros((grid.rows, grid.columns), np.float32)
        cells[grid.rows // 2 :, grid.columns // 4 : -grid.columns // 4] = 1
        level: Level = "local" if "local" in grid.levels else "style"
        before, selection = draw_codes(grid, 1), Selection(cells, (level,))
        together, singly = [], []
        for run in range(-2, runs):
            edits = tuple(Edit(Resample(), selection, seed=_NINE * (run + 2) + index) for index in range(_NINE))
            started = time.perf_counter()
            answer = list(self._engine.run(Candidates(0, before, edits)))[-1]
            taken = (time.perf_counter() - started) * 1000
            assert isinstance(answer, Drawn), answer
            if run >= 0:
                together.append(taken)
                singly.append(sum(self.time_draw_ms(codes) for codes in answer.codes))
        return {
            "nine_together_ms": statistics.median(together),
            "nine_singly_ms": statistics.median(singly),
            "nine_ratio": statistics.median(a / b for a, b in zip(together, singly, strict=True)),
        }

"""What to say when memory runs out: which smaller batch the run can go on with."""

import contextlib
from collections.abc import Iterator

from sni_engine.api.errors import EngineError
from sni_engine.api.training import TrainConfig
from sni_engine.device import is_out_of_memory
from sni_engine.train.run_folder import RunFolder


class OutOfMemoryError(EngineError):
    """Memory ran out. batch: the smaller one with which the run can go on; 0 when none is."""

    def __init__(self, title: str, hint: str, batch: int = 0) -> None:
        super().__init__(title, hint)
        self.batch = batch


@contextlib.contextmanager
def minding_memory(config: TrainConfig, run: RunFolder, ranks: int) -> Iterator[None]:
    """Raise OutOfMemoryError when memory runs out in the block. ranks: how many processes share the batch."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise _say(config.batch, run, ranks) from error


def _say(batch: int, run: RunFolder, ranks: int) -> OutOfMemoryError:
    title = f"Memory ran out with a batch of {batch}."
    smaller = max(2, batch // 2)
    if smaller == batch or smaller % ranks:
        return OutOfMemoryError(title, "Choose a smaller network or smaller pictures.")
    kept = f"Resume the run in {run.path}" if run.has_checkpoint() else "Start again"
    return OutOfMemoryError(title, f"{kept} with a batch of {smaller}.", smaller)

"""So much memory and no more for threads that work side by side."""

import contextlib
import threading
from collections.abc import Iterator


class Room:
    """Lets threads hold `total` bytes together; who wants more than that waits until nobody else holds any."""

    def __init__(self, total: int) -> None:
        self._total = self._free = total
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def holding(self, count: int) -> Iterator[None]:
        """Hold so many bytes while the block runs, as soon as they are free."""
        count = min(count, self._total)
        with self._changed:
            self._changed.wait_for(lambda: self._free >= count)
            self._free -= count
        try:
            yield
        finally:
            with self._changed:
                self._free += count
                self._changed.notify_all()

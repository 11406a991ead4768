"""Memory shared by threads: never more than all of it, and a giant waits until it is alone."""

import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image

from sni_engine.train import decode
from sni_engine.train.room import Room


def test_no_more_is_held_than_there_is() -> None:
    room, guard, held, most = Room(10), threading.Lock(), [0], [0]

    def work(count: int) -> None:
        with room.holding(count):
            with guard:
                held[0] += min(count, 10)
                most[0] = max(most[0], held[0])
            with guard:
                held[0] -= min(count, 10)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, [4, 3, 1000, 7, 10, 2, 5, 4] * 20))
    assert 0 < most[0] <= 10 and held[0] == 0


def test_deep_grey_is_scaled_without_copies_in_double_precision() -> None:
    image = Image.fromarray(np.full((1500, 1500), 257 * 128, np.uint16))
    tracemalloc.start()
    try:
        assert decode._to_eight_bits(image).getextrema() == (128, 128)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1500 * 1500 * 8, "bytes"

"""Pictures seen lately, by the digest of their codes: undo shows them at once."""

from collections import OrderedDict

from sni_engine.api.arrays import Array

_BYTES = 64 * 2**20


class PictureCache:
    """Forgets the pictures not seen for longest when they take more than `limit` bytes; a pinned one stays."""

    def __init__(self, limit: int = _BYTES) -> None:
        self._limit = limit
        self._bytes = 0
        self._pinned = ""
        self._pictures: OrderedDict[str, Array] = OrderedDict()

    def get(self, digest: str) -> Array | None:
        """Return a picture, None when it is not here."""
        if digest in self._pictures:
            self._pictures.move_to_end(digest)
        return self._pictures.get(digest)

    def pin(self, digest: str) -> None:
        """Keep this picture, also one that comes yet, in place of the one pinned before: saving and copying need it."""
        self._pinned = digest

    def put(self, digest: str, picture: Array) -> None:
        """Remember a picture."""
        if digest in self._pictures:
            self._bytes -= self._pictures.pop(digest).nbytes
        self._pictures[digest] = picture
        self._bytes += picture.nbytes
        if self._bytes > self._limit:
            self._forget_all_but(digest, self._pinned)

    def _forget_all_but(self, *kept: str) -> None:
        """Forget those not seen for longest until the rest is small enough."""
        for digest in [other for other in self._pictures if other not in kept]:
            self._bytes -= self._pictures.pop(digest).nbytes
            if self._bytes <= self._limit:
                return

    def clear(self) -> None:
        """Forget all, as when another model draws them."""
        self._pictures.clear()
        self._bytes = 0

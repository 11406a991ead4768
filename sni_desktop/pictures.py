"""Pictures seen lately, by the digest of their codes: undo shows them at once."""

from collections import OrderedDict

from sni_engine.api.arrays import Array

_BYTES = 64 * 2**20


class PictureCache:
    """Forgets the pictures not seen for longest when they take more than `limit` bytes."""

    def __init__(self, limit: int = _BYTES) -> None:
        self._limit = limit
        self._bytes = 0
        self._pictures: OrderedDict[str, Array] = OrderedDict()

    def get(self, digest: str) -> Array | None:
        """Return a picture, None when it is not here."""
        if digest in self._pictures:
            self._pictures.move_to_end(digest)
        return self._pictures.get(digest)

    def put(self, digest: str, picture: Array) -> None:
        """Remember a picture."""
        if digest in self._pictures:
            self._bytes -= self._pictures.pop(digest).nbytes
        self._pictures[digest] = picture
        self._bytes += picture.nbytes
        while self._bytes > self._limit and len(self._pictures) > 1:
            self._bytes -= self._pictures.popitem(last=False)[1].nbytes

    def clear(self) -> None:
        """Forget all, as when another model draws them."""
        self._pictures.clear()
        self._bytes = 0

"""Whether a picture's file has the end its kind should have: a cheap way to find those that were cut short."""

import os
from typing import BinaryIO

_HEAD, _TAIL = 12, 64
_PNG_END = b"IEND\xaeB`\x82"  # the last chunk with its checksum, as the PNG specification has it
_JPEG_END = b"\xff\xd9"
_GIF_END = b";"


def looks_whole(stream: BinaryIO) -> bool:
    """Say whether a file ends as its kind should; True for kinds whose end says nothing. Moves the stream.

    False is no proof: programs add bytes of their own. Only reading such a file in full decides.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    tail = stream.read(_TAIL)
    if head.startswith(b"\x89PNG"):
        return tail.endswith(_PNG_END)
    if head.startswith(b"\xff\xd8"):
        return tail.rstrip(b"\0").endswith(_JPEG_END)
    if head.startswith(b"GIF8"):
        return tail.rstrip(b"\0").endswith(_GIF_END)
    if head.startswith(b"RIFF"):  # WebP: the size after the first eight bytes
        return size >= 8 + int.from_bytes(head[4:8], "little")
    return True

"""Texts that quote somebody: Qt takes a file's name with a tag in it for rich text wherever it may choose."""

from html import escape

from PySide6.QtGui import Qt


def plain(text: str) -> str:
    """Return a text that shows as it is written, in tool tips and other places that cannot be told to be plain."""
    if not Qt.mightBeRichText(text):
        return text
    return f'<span style="white-space: pre-wrap">{escape(text)}</span>'

"""The tools at hand: which one is held, which one is at work, and the handles that lie on the canvas."""

from PySide6.QtCore import Qt

from sni_desktop.canvas.tools.tool import Handle, Point, Tool

HELD = Qt.MouseButton.LeftButton | Qt.MouseButton.MiddleButton


class Toolbox:
    """Deals a press to the hand, a handle or the tool in hand; one gesture at a time.

    hand_held: whether a key puts the hand in the place of the tool in hand; hand_used: whether it took hold since.
    """

    def __init__(self, hand: Tool) -> None:
        self._hand = hand
        self._tools: dict[str, Tool] = {hand.name: hand}
        self.handles: list[Handle] = []
        self.in_hand: Tool = hand
        self.working: Tool | None = None
        self.hand_held = False
        self.hand_used = False

    def hold_hand(self, held: bool) -> bool:
        """Put the hand in the place of the tool in hand, or take it away; says whether it goes away unused."""
        unused = self.hand_held and not held and not self.hand_used
        self.hand_held, self.hand_used = held, False
        return unused

    def add(self, tool: Tool) -> None:
        """Let `take` take a tool by its name."""
        self._tools[tool.name] = tool

    def take(self, name: str) -> None:
        """Put another tool in hand."""
        self.in_hand = self._tools[name]

    def tool_at(self, point: Point | None) -> Tool:
        """Return the tool at work, or else the one that a press of the left button there would use."""
        if self.working is not None:
            return self.working
        if self.hand_held:
            return self._hand
        handle = next((one for one in self.handles if one.takes(point)), None) if point is not None else None
        return handle or self.in_hand

    def press(self, point: Point, button: Qt.MouseButton, has_grid: bool) -> bool:
        """Begin a gesture, of the hand with the middle button; says whether one began."""
        if self.working is not None or not button & HELD:
            return False
        tool = self.tool_at(point) if button == Qt.MouseButton.LeftButton else self._hand
        if tool is not self._hand and not has_grid:
            return False
        self.working = tool
        self.hand_used = self.hand_used or tool is self._hand
        tool.press(point)
        return True

    def end(self, cancelled: bool = False) -> bool:
        """End the gesture; says whether there was one."""
        tool, self.working = self.working, None
        if tool is None:
            return False
        tool.cancel() if cancelled else tool.release()
        return True

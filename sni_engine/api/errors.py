"""The one exception for mistakes a person can mend: what happened, and what to do next."""


class EngineError(Exception):
    """A failure worth one clear sentence.

    title: what happened, one sentence without a trailing stop needed by the caller.
    hint: what the person can do next; empty when the title already says it.
    """

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.title} {self.hint}".strip()

"""What the user can mend: shown as one message, with a code frame where a place is known."""

from __future__ import annotations

from initlint.source import Source, Span


class InitlintError(Exception):
    """A mistake in usage, configuration or a rule pack; everything else that is raised is a bug of initlint."""

    def __init__(self, message: str, source: Source | None = None, span: Span | None = None) -> None:
        super().__init__(message)
        self.source = source
        self.span = span

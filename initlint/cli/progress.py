"""How far a long run is: on a terminal only, and only after a second."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self, TextIO

from initlint.cli.output import is_terminal

# Seconds: before the first line, which short runs never show, and between two.
_AFTER = 1.0
_EVERY = 0.1


class Progress:
    """A line on a stream that is written over, and gone in the end."""

    def __init__(self, stream: TextIO, total: int) -> None:
        self.stream = stream
        self.is_terminal = is_terminal(stream)
        self.total = total
        self.next = time.monotonic() + _AFTER
        self.shown = False

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int) -> None:
        """Say that so many sources are done."""
        if self.is_terminal and time.monotonic() >= self.next:
            self.next = time.monotonic() + _EVERY
            self.shown = True
            self.stream.write(f"\rchecking {done:,} of {self.total:,}")
            self.stream.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()

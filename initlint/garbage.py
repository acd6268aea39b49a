"""How often a process of our own looks for cycles among its objects."""

from __future__ import annotations

import gc


def collect_rarely() -> None:
    """Look for cycles less often than is usual, which takes a quarter of all the time.

    Most of a tree is freed by its counts; what is not is some dozen megabytes at most until the next collection.
    """
    gc.set_threshold(1_500_000, 10, 10)

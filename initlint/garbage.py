"""How often a process of our own looks for cycles among its objects."""

from __future__ import annotations

import atexit
import gc


def collect_rarely() -> None:
    """Look for cycles less often than is usual, which takes a quarter of all the time, and not at the end.

    Most of a tree is freed by its counts; what is not is some dozen megabytes at most until the next collection. The
    interpreter looks for cycles once more before it ends, where all memory is given back anyway: a fifth of the time
    of a large run.
    """
    gc.set_threshold(1_500_000, 10, 10)
    atexit.register(gc.freeze)

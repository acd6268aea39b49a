"""How long a wait lasts at most in one attempt: by what it does itself, or by the deadline of its Pod."""

from __future__ import annotations

import math
from typing import NamedTuple

from initlint.kube.pods.pod import Pod
from initlint.shell.waiting.waits import Wait


class Longest(NamedTuple):
    """A time in seconds. `is_rough`: tries may take a time that nothing limits; `is_deadline`: the Pod ends then."""

    seconds: float
    is_rough: bool = False
    is_deadline: bool = False

    def __str__(self) -> str:
        by = ", by activeDeadlineSeconds" if self.is_deadline else ""
        return f"{'about' if self.is_rough else 'at most'} {self.seconds:g} s{by}"


def longest(wait: Wait, pod: Pod) -> Longest | None:
    """How long a wait of a Pod lasts; None if that is not known, or nothing ends it."""
    lasting = wait.lasting
    seconds = finite(lasting.seconds) if lasting and lasting.is_all else None
    deadline = deadline_of(pod)
    if deadline is not None and (seconds is None or deadline < seconds):
        return Longest(deadline, is_deadline=True)
    return None if seconds is None or lasting is None else Longest(seconds, is_rough=not lasting.is_exact)


def deadline_of(pod: Pod) -> float | None:
    """The seconds after which a Pod is ended, if it is told."""
    text = pod.deadline.value
    return finite(float(text)) if text.isdecimal() else None


def finite(limit: float | None) -> float | None:
    """A time that is one: such as not that of `timeout 0`, which limits nothing."""
    return limit if limit is not None and 0 < limit < math.inf else None

"""What is left at the end of a process of our own is not looked through."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import gc
{setting}
rings = [[] for _ in range(1000)]
for ring in rings:
    ring.append(ring)
del rings, ring
gc.callbacks.append(lambda phase, info: phase == "stop" and info["collected"] > 900 and print("looked"))
"""


@pytest.mark.parametrize(
    ("setting", "said"),
    [("", "looked\n"), ("from initlint.garbage import collect_rarely; collect_rarely()", "")],
    ids=["as usual", "ours"],
)
def test_no_cycles_are_looked_for_at_the_end(setting: str, said: str) -> None:
    program = PROGRAM.format(setting=setting)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (said, "")

"""Measure commands: each in a fresh process, in turns, so that what slows the machine for a while slows them all."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

_LAUNCH = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launch.py"))]


class Run(NamedTuple):
    """What one process and its children cost; `peak` is the largest process's, in bytes."""

    wall: float
    cpu: float
    peak: float
    exit: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and most of some runs."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Summarise at least one value."""
        known = sorted(values)
        return cls(statistics.median(known), known[0], known[-1])


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command costs, over several runs."""

    cpu: Spread
    wall: Spread
    peak: Spread

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Cost:
        """Summarise the runs of one command."""
        return cls(*(Spread.of(getattr(run, field) for run in runs) for field in ("cpu", "wall", "peak")))


def run(command: Sequence[str], output: Path) -> Run:
    """Run a command once, its standard output into a file."""
    done = subprocess.run([*_LAUNCH, str(output), *command], capture_output=True, text=True, check=True)
    wall, cpu, peak, code = done.stdout.split()
    return Run(float(wall), float(cpu), float(peak), int(code))


def in_turns(
    commands: Mapping[str, Sequence[str]], rounds: int, folder: Path, said: Callable[[str], None]
) -> dict[str, Cost]:
    """Run each command once to warm up, then A B C A B C …; what `name` printed last is in the folder's file `name`."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        said(f"round {turn} of {rounds}" if turn else "warming up")
        for name, command in commands.items():
            runs[name].append(run(command, folder / name))
    return {name: Cost.of(every[1:]) for name, every in runs.items()}

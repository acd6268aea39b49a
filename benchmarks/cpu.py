"""CPU time of one process over a directory of manifests, and where it goes.

    python benchmarks/cpu.py DIRECTORY [--runs 5] [--top 15]

Whole processes are timed from outside, several times, so that start-up counts and the median can be trusted. The stages
and the profile come from further runs inside this process: a profiler slows things down, so that only its shares mean
anything.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from initlint.inputs import Inputs, collect
from initlint.report import Report
from initlint.run import check_inputs
from initlint.settings import Settings
from initlint.text.documents import documents

T = TypeVar("T")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--top", type=int, default=15)
    options = parser.parse_args()
    _whole_processes(options.directory, options.runs)
    _profile(_stages(options.directory), options.top)


def _whole_processes(directory: str, runs: int) -> None:
    command = [sys.executable, "-m", "initlint", "check", directory, "--jobs=1", "--quiet"]
    seconds = sorted(_cpu_of(command) for _ in range(runs))
    nothing = statistics.median(_cpu_of([*command[:3], "--version"]) for _ in range(runs))
    print(
        f"one process, median of {runs}: {statistics.median(seconds):.2f} s CPU ({seconds[0]:.2f} to {seconds[-1]:.2f})"
    )
    print(f"of which for `--version`: {nothing:.2f} s")


def _cpu_of(command: list[str]) -> float:
    before = os.times()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def _stages(directory: str) -> Inputs:
    inputs = _timed("find, read and decode", lambda: collect([directory]))
    _timed("compose alone", lambda: [list(documents(source)) for source in inputs.sources])
    report = _timed("compose and check", lambda: _check(inputs))
    characters = sum(len(source.text) for source in inputs.sources)
    print(f"{report.files:,} files, {characters / 1e6:.1f} M characters, {report.workloads:,} workloads")
    return inputs


def _check(inputs: Inputs) -> Report:
    return check_inputs(inputs, Settings(jobs=1))


def _timed(what: str, work: Callable[[], T]) -> T:
    began = time.process_time()
    result = work()
    print(f"{what}: {time.process_time() - began:.2f} s CPU")
    return result


def _profile(inputs: Inputs, top: int) -> None:
    profiler = cProfile.Profile()
    profiler.runcall(_check, inputs)
    pstats.Stats(profiler).strip_dirs().sort_stats("tottime").print_stats(top)


if __name__ == "__main__":
    main()

"""initlint and its peers on the same files: CPU and wall time, peak memory, as Markdown.

    python -m benchmarks.peers DIRECTORY [--kubeconform PATH --schemas DIR] [--kube-linter PATH] [--checkov PATH]

Whole processes are measured, after a warm-up, in turns. A tool that is absent is left out, and that is said.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.measure import in_turns
from benchmarks.peers.table import Row, Rows, goals, table
from benchmarks.peers.tools import Input, Tool, present

_SMALL = Path(__file__).parents[2] / "fixtures" / "shop" / "base" / "recommender.yaml"
_SUFFIXES = {".yaml", ".yml", ".json"}


def main() -> None:
    """Print the tables."""
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tools = present(options, folder, print)
        print(_conditions(tools, options.runs))
        small = _compare(tools, Input(options.small, (options.small,)), options.runs, folder)
        print(f"\n### One small file\n\n{table(small)}")
        given = _below(options.directory)
        many = _compare(tools, given, options.runs, folder)
        print(f"\n### {_described(given)}\n\n{table(many)}")
        print("\n### Goals\n", *goals(small, many), sep="\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, help="manifests")
    parser.add_argument("--small", type=Path, default=_SMALL, help="the small file")
    parser.add_argument("--runs", type=int, default=5, help="measured runs of each tool, after a warm-up")
    parser.add_argument("--schemas", type=Path, help="a version's folder in the kubernetes-validate package")
    beside = Path(sys.executable).parent
    parser.add_argument("--initlint", default=shutil.which("initlint", path=beside), help="default: this interpreter's")
    for name in ("kubeconform", "kube-linter", "checkov"):
        parser.add_argument(f"--{name}", default=shutil.which(name), help="default: found on PATH")
    return parser


def _conditions(tools: Sequence[Tool], runs: int) -> str:
    versions = dict.fromkeys(tool.version for tool in tools)
    system = f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{', '.join(versions)}. {system}. Median (least to most) of {runs} runs after a warm-up, in turns."


def _compare(tools: Sequence[Tool], given: Input, runs: int, folder: Path) -> Rows:
    commands = {tool.name: tool.command(given) for tool in tools}
    costs = in_turns(commands, runs, folder, lambda text: print(f"{given.path}: {text}", file=sys.stderr))
    return {tool.name: Row(costs[tool.name], tool.looked_at((folder / tool.name).read_text("utf-8"))) for tool in tools}


def _below(directory: Path) -> Input:
    return Input(directory, tuple(sorted(file for file in directory.rglob("*") if file.suffix in _SUFFIXES)))


def _described(given: Input) -> str:
    size = sum(file.stat().st_size for file in given.files)
    return f"{len(given.files):,} files, {size / 1e6:.1f} MB"


if __name__ == "__main__":
    main()

"""Several processes find what one finds, whether they inherit what was read or are sent it."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from initlint import parallel
from initlint.engine import read
from initlint.errors import InitlintError
from initlint.parallel import Work, bundle_of
from initlint.settings import Settings
from initlint.text.source import Source
from tests.mounted import config_map
from tests.waiting import service, until, workload

FILES = {
    "a.yaml": workload("a", until("b")),
    "b.yaml": service("b") + "---\n" + workload("b", until("b")),
    "kustomization.yaml": "kind: Kustomization\nresources: [a.yaml]\npatches: [{path: p.yaml, target: {name: a}}]\n",
    "p.yaml": "[{op: add, path: /spec/template/spec/initContainers/0/resources, value: {}}]\n",
    "chart.yaml": "{{ if .Values.on }}\nkind: Pod\n",
}
PROGRAM = """
import multiprocessing
multiprocessing.set_start_method({method!r})
from initlint.cli import main
main()
"""


def work(*paths: str) -> Work:
    """The analysis of some of the files, of which all are known."""
    readings = [read(Source(path, text)) for path, text in FILES.items()]
    own = [one for one in readings if one.source.path in paths]
    return Work([one.source for one in own], bundle_of(readings), Settings(jobs=1), own)


@pytest.mark.parametrize("paths", [tuple(FILES), ("a.yaml",), ("b.yaml", "a.yaml")])
def test_what_is_sent_is_read_again(paths: tuple[str, ...]) -> None:
    inherited = work(*paths)
    sent = pickle.loads(pickle.dumps(inherited))
    assert inherited.readings
    assert not sent.readings
    numbers = range(len(paths))
    found = list(map(inherited.summary, numbers))
    assert repr(list(map(sent.summary, numbers))) == repr(found)
    # What the patch sets in the first one is not known.
    unset = {one.path for one in found if "INIT401" in {each.code for each in one.diagnostics}}
    assert unset == {"b.yaml"} & set(paths)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_how_processes_begin_does_not_matter(tmp_path: Path, method: str) -> None:
    for path, text in FILES.items():
        (tmp_path / path).write_text(text)
    alone, together = (_output(tmp_path, method, jobs) for jobs in (1, 2))
    assert "INIT502" in alone
    assert together == alone


def _output(folder: Path, method: str, jobs: int) -> str:
    program = [sys.executable, "-c", PROGRAM.format(method=method)]
    options = ["check", ".", "--output-format", "concise", "--select", "ALL", f"--jobs={jobs}"]
    done = subprocess.run([*program, *options], cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr.count("Traceback") == 0, done.stderr
    return done.stdout


def test_a_process_that_is_killed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_summary", os._exit)
    sources = [Source(path, text) for path, text in FILES.items()]
    with pytest.raises(
        InitlintError, match="one of 2 processes was killed, perhaps for want of memory: try `--jobs 1`"
    ):
        parallel.analyse_all(sources, Settings(jobs=2))


ENDED = """
import os, signal
from concurrent.futures import ProcessPoolExecutor
from initlint.parallel import _begin

if __name__ == "__main__":
    pool = ProcessPoolExecutor(2, initializer=_begin, initargs=(None,))
    print(pool.submit(signal.getsignal, signal.SIGINT).result().name, flush=True)
    os._exit(3)
"""


def test_no_process_outlives_the_run() -> None:
    # They hold its output open, for the end of which `run` waits.
    done = subprocess.run([sys.executable, "-c", ENDED], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, "SIG_DFL\n", "")


@pytest.mark.parametrize(("script", "is_searched"), [("", False), ("---\n" + config_map("mkdir /x"), True)])
def test_the_context_only_answers(script: str, is_searched: bool) -> None:
    """Rules run on it where it may run a script that is reported."""
    files = {"a.yaml": FILES["a.yaml"] + script, "b.yaml": FILES["b.yaml"]}
    sources = [Source(path, text) for path, text in files.items()]
    _, (own, other) = parallel.analyse_all(sources, Settings(jobs=1), context={"b.yaml"})
    assert own.diagnostics
    assert other.facts
    assert bool(other.diagnostics) is is_searched

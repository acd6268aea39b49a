"""How time and memory grow with the number of workloads that wait for each other.

    python benchmarks/bundle.py [--sizes 500 1000 2000 5000] [--runs 3] [--jobs 1]

Each bundle is generated: Deployments, StatefulSets and Jobs with their Services, in files of ten, each of which waits
for two others. One in a hundred is part of a cycle, and all of a namespace mount scripts from one ConfigMap. Whole
processes are timed from outside, without the optional shellcheck; what counts is the last column, the time for each
workload, which stays the same if the time grows with the input.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_PER_FILE = 10
_PER_NAMESPACE = 250
_PER_CYCLE = 100
_KINDS = ("Deployment", "StatefulSet", "Job")


class Usage(NamedTuple):
    """What one process took: seconds of CPU, and the most memory in MiB."""

    cpu: float
    memory: float


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 1_000, 2_000, 5_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    print(f"{'workloads':>9}  {'CPU':>8}  {'memory':>9}  {'per workload':>12}")
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="initlint-bundle-") as folder:
            write(Path(folder), size)
            found = [_usage(folder, options.jobs) for _ in range(options.runs)]
        cpu, memory = statistics.median(one.cpu for one in found), max(one.memory for one in found)
        print(f"{size:9,}  {cpu:6.2f} s  {memory:5.0f} MiB  {cpu / size * 1000:9.2f} ms")


def write(folder: Path, size: int) -> None:
    """Write a bundle of so many workloads."""
    for start in range(0, size, _PER_FILE):
        documents = [text for index in range(start, min(start + _PER_FILE, size)) for text in _documents(index, size)]
        (folder / f"part-{start:05}.yaml").write_text("---\n".join(documents), "utf-8")


def _documents(index: int, size: int) -> Iterator[str]:
    """A workload with its Service; the first of a namespace comes with the scripts of all."""
    namespace = f"team-{index // _PER_NAMESPACE}"
    first = index - index % _PER_NAMESPACE
    if index == first:
        yield _SCRIPTS.format(namespace=namespace)
    # Those before it, so that the waits end; but the first of a hundred waits for the second one, too.
    is_cycle = index % _PER_CYCLE == 0 and index + 1 < size and index + 1 < first + _PER_NAMESPACE
    others = [max(first, index - 1), max(first, index // 2)]
    wanted = [index + 1] if is_cycle else sorted({other for other in others if other != index})
    hosts = [f"app-{other}.{namespace}.svc.cluster.local" for other in wanted] or ["db.example.com"]
    kind = _KINDS[index % len(_KINDS)]
    api = "batch/v1" if kind == "Job" else "apps/v1"
    own = "" if kind == "Job" else f"  selector: {{matchLabels: {{app: app-{index}}}}}\n"
    end = "      restartPolicy: OnFailure\n" if kind == "Job" else ""
    waits = "; ".join(f"until nc -z {host} 8080; do sleep 2; done" for host in hosts)
    yield _SERVICE.format(index=index, namespace=namespace)
    yield _WORKLOAD.format(api=api, kind=kind, index=index, namespace=namespace, own=own, end=end, waits=waits)


_SCRIPTS = """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: scripts, namespace: {namespace}}}
data:
  prepare.sh: |
    set -e
    mkdir -p /work/conf
    cp /etc/hostname /work/conf/host
"""
_SERVICE = """\
apiVersion: v1
kind: Service
metadata: {{name: app-{index}, namespace: {namespace}}}
spec:
  selector: {{app: app-{index}}}
  ports: [{{port: 8080}}]
"""
_WORKLOAD = """\
apiVersion: {api}
kind: {kind}
metadata: {{name: app-{index}, namespace: {namespace}}}
spec:
{own}  template:
    metadata: {{labels: {{app: app-{index}}}}}
    spec:
{end}      initContainers:
        - name: wait
          image: busybox:1.36
          command: [sh, -c, "{waits}"]
        - name: prepare
          image: busybox:1.36
          command: [sh, /scripts/prepare.sh]
          volumeMounts:
            - {{name: scripts, mountPath: /scripts}}
            - {{name: work, mountPath: /work}}
      containers:
        - name: app
          image: example.org/app:1.{index}
          volumeMounts:
            - {{name: work, mountPath: /work}}
      volumes:
        - {{name: work, emptyDir: {{}}}}
        - {{name: scripts, configMap: {{name: scripts}}}}
"""


def _usage(folder: str, jobs: int) -> Usage:
    command = [sys.executable, "-m", "initlint", "check", folder, f"--jobs={jobs}", "--quiet", "--isolated"]
    command += ["--ignore=shellcheck", "--output-format=concise"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"initlint exited with {process.returncode}")
    return Usage(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()

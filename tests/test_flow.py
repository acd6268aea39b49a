"""The way of the data: mounts as Kubernetes resolves them, and reads as they turn out when the scripts really run."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from initlint import check_text
from initlint.flow import Certainty, Fate, Flow, edges, follow
from initlint.kube.pods.locate import locate
from initlint.kube.pods.pod import Pod
from initlint.kube.terms.cluster import Cluster
from initlint.kube.terms.homes import manifests
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import MountTable, meet, normal
from initlint.shell.language.values import UNKNOWN, Value, whole
from initlint.text.documents import documents
from initlint.text.source import Source
from initlint.text.tree import Document
from tests.helpers import check

_PLACES = ("/data", "/data/sub", "/work", "/out")
_FILES = ("a", "b", "sub/a", "deep/b")
_SUB_PATHS = ("", "", "", "sub", "deep")


def pod_of(spec: dict[str, Any]) -> Pod:
    text = json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec})
    document = next(one for one in documents(Source("pod.json", text)) if isinstance(one, Document))
    workload = locate(next(manifests(document.root)), Cluster())
    assert workload is not None
    return workload.pods[0]


def table_of(mounts: list[dict[str, Any]], **container: Any) -> MountTable:
    volumes = [{"name": name} for name in sorted({mount["name"] for mount in mounts})]
    spec = {"containers": [{"name": "c", "image": "c:1", "volumeMounts": mounts, **container}], "volumes": volumes}
    return MountTable(pod_of(spec).containers[0])


@pytest.mark.parametrize(
    ("path", "volume", "within"),
    [
        ("/data/x", "a", "/x"),
        ("/data", "a", "/"),
        ("/data/sub/x", "b", "/in/x"),
        ("/database", "", "/database"),
        ("/var/run/app/x", "c", "/x"),
        ("/run/app/x", "c", "/x"),
    ],
)
def test_the_longest_mount_above_a_path_has_it(path: str, volume: str, within: str) -> None:
    table = table_of(
        [
            {"name": "a", "mountPath": "/data/"},
            {"name": "b", "mountPath": "/data/sub", "subPath": "in/"},
            {"name": "c", "mountPath": "/var/run/app"},
        ]
    )
    found = table.locate(whole(path))
    assert found is not None
    assert (found.volume, found.text) == (volume, within)


def test_what_is_not_known_of_a_path_may_decide() -> None:
    table = table_of([{"name": "a", "mountPath": "/data"}, {"name": "b", "mountPath": "/data/sub"}])
    assert table.locate(UNKNOWN) is None
    assert table.locate(Value("/data/")) is None
    assert table.locate(Value("/data/s")) is None
    other = table.locate(Value("/data/other-"))
    assert other is not None
    assert (other.volume, other.text, other.path.known) == ("a", None, "/other-")


def test_a_sub_path_with_a_variable_is_known_if_the_variable_is() -> None:
    mount = {"name": "a", "mountPath": "/d", "subPathExpr": "$(X)/y"}
    known = table_of([mount], env=[{"name": "X", "value": "x"}]).locate(whole("/d/z"))
    unknown = table_of([mount], env=[{"name": "X", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}])
    hidden = unknown.locate(whole("/d/z"))
    assert known is not None
    assert hidden is not None
    assert (known.text, hidden.volume, hidden.text) == ("/x/y/z", "a", None)


def test_places_meet_if_one_holds_the_other() -> None:
    assert meet(whole("/a"), whole("/a/b")) is True
    assert meet(whole("/a"), whole("/ab")) is False
    assert meet(whole("/a"), UNKNOWN) is None
    assert normal("/a//b/../c/") == "/a/c"


class World:
    """A Pod with a random layout of volumes, and the directories that stand for them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.volumes = ["one", "two"]
        self.names = [f"c{index}" for index in range(self.random.randint(2, 4))]
        self.mounts = {name: self.layout() for name in self.names}
        self.scripts = {name: self.script() for name in self.names}

    def layout(self) -> list[dict[str, Any]]:
        places = self.random.sample(_PLACES, self.random.randint(0, 2))
        found: list[dict[str, Any]] = []
        for place in places:
            mount = {"name": self.random.choice(self.volumes), "mountPath": place + self.random.choice(("", "/"))}
            sub_path = self.random.choice(_SUB_PATHS)
            found.append({**mount, "subPath": sub_path} if sub_path else mount)
        return found if _can_be_linked(found) else self.layout()

    def script(self) -> list[tuple[str, str]]:
        return [
            (self.random.choice(("write", "read", "copy", "read")), self.path())
            for _ in range(self.random.randint(1, 4))
        ]

    def path(self) -> str:
        return f"{self.random.choice(_PLACES)}/{self.random.choice(_FILES)}"

    def spec(self) -> dict[str, Any]:
        found = [
            {
                "name": name,
                "image": "busybox:1.36",
                "command": ["sh", "-c", "\n".join(_command(*step, "") for step in self.scripts[name])],
                "volumeMounts": self.mounts[name],
            }
            for name in self.names
        ]
        volumes = [{"name": name, "emptyDir": {}} for name in self.volumes]
        return {"initContainers": found[:-1], "containers": found[-1:], "volumes": volumes}

    def run(self, root: Path) -> dict[tuple[str, int], bool]:
        """Run every script in a tree that imitates the mounts; which of its reads succeed."""
        return {
            (name, index): done
            for name in self.names
            for index, done in enumerate(self._reads(name, root / name, root))
        }

    def _reads(self, name: str, base: Path, root: Path) -> Iterator[bool]:
        aside = [
            self._mount(mount, base, root) for mount in sorted(self.mounts[name], key=lambda one: one["mountPath"])
        ]
        for action, path in self.scripts[name]:
            done = subprocess.run(["sh", "-c", _command(action, path, str(base))], capture_output=True, check=False)
            if action == "read":
                yield done.returncode == 0
        for place, kept in reversed(aside):
            place.unlink()
            kept.rename(place)

    def _mount(self, mount: dict[str, Any], base: Path, root: Path) -> tuple[Path, Path]:
        """A link in the place of the mount point, which is kept aside until the container has ended."""
        target = root / f"volume-{mount['name']}" / mount.get("subPath", "")
        target.mkdir(parents=True, exist_ok=True)
        place = base / mount["mountPath"].strip("/")
        place.mkdir(parents=True, exist_ok=True)
        kept = place.with_name(place.name + "-aside")
        place.rename(kept)
        place.symlink_to(target)
        return place, kept


def _can_be_linked(mounts: list[dict[str, Any]]) -> bool:
    """Whether links can stand for the mounts: one within another's volume would be seen through a third."""
    by_place = {mount["mountPath"].rstrip("/"): mount["name"] for mount in mounts}
    outer = by_place.get("/data")
    return "/data/sub" not in by_place or outer is None or list(by_place.values()).count(outer) == 1


def _command(action: str, path: str, base: str) -> str:
    folder = path.rpartition("/")[0]
    if action == "read":
        return f"cat {base}{path}"
    if action == "write":
        return f"mkdir -p {base}{folder}\necho x > {base}{path}"
    return f"mkdir -p {base}{folder}\ncp /etc/passwd {base}{path}"


def _reads(flow: Flow) -> dict[tuple[str, int], Fate]:
    found: dict[tuple[str, int], Fate] = {}
    for station in flow.stations:
        reads = [use for use in station.uses if use.action is Action.READ and use.step.command.name == "cat"]
        found |= {(station.container.name.value, index): flow.fate(use) for index, use in enumerate(reads)}
    return found


_LOST = (Fate.EMPTY, Fate.IMAGE)
"""Nothing is there, or only the image has it, which in these Pods holds nothing."""


def test_no_read_that_succeeds_is_called_lost_and_those_that_fail_are_found(tmp_path: Path) -> None:
    failing = found = 0
    for seed in range(60):
        world = World(seed)
        really = world.run(tmp_path / str(seed))
        fates = _reads(follow(pod_of(world.spec())))
        assert really.keys() == fates.keys()
        for read, succeeded in really.items():
            assert not (succeeded and fates[read] in _LOST), (seed, read, world.mounts, world.scripts)
            assert not (not succeeded and fates[read] is Fate.WRITTEN), (seed, read, world.mounts, world.scripts)
            failing += not succeeded
            found += not succeeded and fates[read] in _LOST
    assert failing > 100
    assert found >= 0.9 * failing


def _findings(spec: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    text = json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}, indent=1)
    found = check(text, select="INIT20")
    return sorted((one.code, one.container, re.sub(r"`[^`]*`", "`…`", one.message)) for one in found)


@pytest.mark.parametrize("seed", range(25))
def test_names_of_volumes_and_the_order_of_mounts_change_nothing(seed: int) -> None:
    spec = World(seed).spec()
    other = json.loads(json.dumps(spec).replace('"one"', '"zebra"').replace('"two"', '"ape"'))
    for container in [*other["initContainers"], *other["containers"]]:
        container["volumeMounts"].reverse()
    other["volumes"].reverse()
    assert _findings(other) == _findings(spec)


def test_a_script_in_two_containers_loses_the_same() -> None:
    mounts = [{"name": "one", "mountPath": "/w"}]
    app = {"name": "app", "image": "app:1", "args": ["--model=/models/a"], "volumeMounts": mounts}

    def spec(*scripts: str) -> dict[str, Any]:
        inits = [
            {"name": f"i{index}", "image": "busybox:1.36", "command": ["sh", "-ec", script], "volumeMounts": mounts}
            for index, script in enumerate(scripts)
        ]
        return {"initContainers": inits, "containers": [app], "volumes": [{"name": "one"}]}

    together = _findings(spec("date > /w/x\ndate > /models/a"))
    apart = _findings(spec("date > /w/x", "date > /models/a"))
    assert [code for code, _, _ in together] == ["INIT202"]
    assert [(code, message) for code, _, message in apart] == [(code, message) for code, _, message in together]


def test_the_picture_has_every_edge() -> None:
    drawn = edges(
        pod_of(
            {
                "initContainers": [
                    {
                        "name": "get",
                        "image": "busybox:1.36",
                        "command": ["sh", "-c", "wget -O /out/a http://x/a; [ -z $X ] || date > $X"],
                        "volumeMounts": [{"name": "v", "mountPath": "/out"}],
                    }
                ],
                "containers": [
                    {
                        "name": "app",
                        "image": "app:1",
                        "args": ["--file=/in/a"],
                        "volumeMounts": [{"name": "v", "mountPath": "/in"}],
                    }
                ],
                "volumes": [{"name": "v"}],
            }
        )
    )
    assert drawn == (
        ("get", "mounts", "v", Certainty.CERTAIN),
        ("get", "writes", "v", Certainty.CERTAIN),
        ("app", "mounts", "v", Certainty.CERTAIN),
        ("app", "reads", "v", Certainty.POSSIBLE),
    )


@pytest.mark.parametrize(
    ("pod", "own", "severity", "result"),
    [
        ("OnFailure", None, "warning", "once anything has failed, no later try can succeed"),
        (
            "Never",
            None,
            "info",
            "with `restartPolicy: Never` it runs once only, with any other no later try could succeed",
        ),
        ("Never", "OnFailure", "warning", "once anything has failed, no later try can succeed"),
        (
            "Always",
            "Never",
            "info",
            "with `restartPolicy: Never` it runs once only, with any other no later try could succeed",
        ),
    ],
)
def test_what_never_runs_again_fails_in_no_later_try(pod: str, own: str | None, severity: str, result: str) -> None:
    mounts = [{"name": "src", "mountPath": "/src"}]
    clone = {"name": "clone", "image": "alpine/git:2.45.2", "args": ["clone", "https://x.example/a", "/src"]}
    policy = {"restartPolicy": own} if own else {}
    spec = {
        "restartPolicy": pod,
        "initContainers": [{**clone, **policy, "command": ["git"], "volumeMounts": mounts}],
        "containers": [{"name": "app", "image": "app:1", "volumeMounts": mounts}],
        "volumes": [{"name": "src", "emptyDir": {}}],
    }
    text = json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec})
    found = [(str(one.severity), one.message.partition("`/src/.git`: ")[2]) for one in check(text, select="INIT305")]
    assert found == [(severity, result)]


def test_a_mount_without_a_path_leaves_open_what_lies_where() -> None:
    table = table_of([{"name": "one"}, {"name": "two", "mountPath": "/two"}])
    assert not table.is_whole
    assert table.locate(whole("/srv/a")) is None
    assert table.locate(Value("/srv/")) is None
    held = table.locate(whole("/two/a"))
    assert held is not None
    assert held.volume == "two"


_MISSPELLED = """
apiVersion: v1
kind: Pod
metadata: {name: x}
spec:
  initContainers:
    - {name: first, image: "busybox:1.36", command: [sh, -ec, FIRST], volumeMounts: [MOUNT]}
    - {name: second, image: "busybox:1.36", command: [sh, -ec, SECOND], volumeMounts: [{name: conf, mountPath: /work}]}
    - {name: third, image: "busybox:1.36", command: [sh, -ec, THIRD], volumeMounts: [LAST]}
  containers: [{name: app, image: "app:1", volumeMounts: [APP]}]
  volumes: [{name: conf, emptyDir: {}}]
"""


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(
            {
                "FIRST": '"date > /work/a"',
                "SECOND": '"cat /work/a"',
                "THIRD": '"date > /work/a"',
                "MOUNT": "{name: cnof, mountPath: /work}",
            },
            id="who writes first may mean it",
        ),
        pytest.param(
            {"FIRST": "hostname", "SECOND": '"date > /work/a"', "LAST": "{name: cnof, mountPath: /work}", "APP": ""},
            id="who reads last may mean it",
        ),
        pytest.param(
            {
                "SECOND": '"date > /work/a"',
                "LAST": "{name: cnof, mountPath: /etc/app}, {name: conf, mountPath: /tmp, subPath: tmp}",
                "APP": "{name: conf, mountPath: /etc/app, subPath: conf}",
            },
            id="what misses the sub-path may be the other",
        ),
    ],
)
def test_a_mount_of_a_volume_that_there_is_not_is_one_defect(parts: dict[str, str]) -> None:
    mount = "{name: conf, mountPath: /work}"
    filled = {
        "FIRST": "hostname",
        "SECOND": "hostname",
        "THIRD": "hostname",
        "MOUNT": mount,
        "LAST": mount,
        "APP": mount,
    }
    text = _MISSPELLED
    for name, value in (filled | parts).items():
        text = text.replace(name, value)
    assert [one.rule for one in check(text)] == ["undeclared-volume"]


@pytest.mark.parametrize("words", ["tail -F /logs/app.log", "tail -n+1 -f /logs/app.log"])
def test_a_log_that_is_followed_need_not_be_there_yet(words: str) -> None:
    text = f"""
apiVersion: v1
kind: Pod
metadata: {{name: x}}
spec:
  initContainers:
    - name: log
      image: busybox:1.36
      command: [sh, -c, "{words}"]
      volumeMounts: [{{name: logs, mountPath: /logs}}]
  containers: [{{name: app, image: "app:1", volumeMounts: [{{name: logs, mountPath: /logs}}]}}]
  volumes: [{{name: logs, emptyDir: {{}}}}]
"""
    assert "hidden-path" not in [one.rule for one in check(text)]
    assert "hidden-path" in [one.rule for one in check(text.replace(words, "cat /logs/app.log"))]


def _in_a_row(count: int) -> str:
    """A Pod of so many init containers, each of which writes to the sub-path of a volume that the next one reads."""
    inits = "".join(
        f"    - name: i{n}\n      image: busybox:1.36\n"
        f"      command: [sh, -ec, 'cp /in/a{n} /data/a{n}; test -f /data/a{max(0, n - 1)} || echo no']\n"
        "      volumeMounts: [{name: v, mountPath: /data, subPath: s}]\n"
        for n in range(count)
    )
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  initContainers:\n{inits}"
        "  containers: [{name: app, image: 'app:1', args: ['--config=/data/z.conf'],"
        " volumeMounts: [{name: v, mountPath: /data}]}]\n  volumes: [{name: v, emptyDir: {}}]\n"
    )


def test_what_is_asked_of_the_flow_grows_with_the_containers_and_not_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that search what comes before a container search each one once."""
    asked: list[int] = []
    fate_at = Flow.fate_at

    def counting(self: Flow, *args: Any) -> Fate:
        asked.append(1)
        return fate_at(self, *args)

    monkeypatch.setattr(Flow, "fate_at", counting)
    counts = []
    for containers in (20, 40):
        asked.clear()
        assert check_text(_in_a_row(containers), path="a.yaml").active
        counts.append(len(asked))
    assert 0 < counts[1] <= 2 * counts[0] + 10

"""What starts when, as people and programs are shown it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from initlint.inputs import Inputs
from initlint.kube.pods.container import Role
from initlint.pictures.mermaid import label as labelled
from initlint.pictures.order import jsonformat, mermaid, text
from initlint.pictures.order.collect import collect_orders
from initlint.pictures.order.model import Phase, PodOrder, VolumeUse, pod_order
from initlint.reporters import Display
from initlint.settings import Settings
from initlint.text.source import Source
from tests.commandline import CLEAN, run
from tests.conftest import ROOT
from tests.goldens import golden
from tests.helpers import pod

GOLDEN = ROOT / "fixtures" / "order"
RENDER = {"text": text.render, "json": jsonformat.render, "mermaid": mermaid.render}
PLAIN = Display()
ORDERS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: web}
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      initContainers:
        - name: proxy
          image: envoyproxy/envoy:v1.34.1
          restartPolicy: Always
          startupProbe: {tcpSocket: {port: 9901}}
          resources: {requests: {cpu: 500m, memory: 128Mi}, limits: {memory: 128Mi}}
        - name: warm
          image: busybox:1.37
          command:
            - sh
            - -ec
            - |
              until nc -z db 5432; do sleep 2; done
              cp /etc/hostname /data/host
          resources: {requests: {cpu: "2", memory: 1Gi}, limits: {memory: 1Gi}}
          volumeMounts: [{name: data, mountPath: /data}]
      containers:
        - name: app
          image: busybox:1.37
          command: [sh, -ec, "cat /data/host; exec httpd -f"]
          resources: {requests: {cpu: "1", memory: 512Mi}, limits: {memory: 512Mi}}
          volumeMounts: [{name: data, mountPath: /data}]
      volumes:
        - name: data
          emptyDir: {}
"""


def orders(*texts: str) -> tuple[PodOrder, ...]:
    sources = tuple(Source(f"{index}.yaml", one) for index, one in enumerate(texts))
    return collect_orders(Inputs(sources, (), (), (), True, {}), Settings())[0]


def phase(*command: str, **fields: object) -> Phase:
    """The one phase of a Pod that runs a command."""
    container = {"name": "one", "image": "busybox:1.37", "command": command, **fields}
    return pod_order(pod(json.dumps({"initContainers": [container], "containers": []})), ()).phases[0]


@pytest.mark.parametrize("name", RENDER)
@pytest.mark.parametrize("case", ["shop", "orders"])
def test_output_is_the_golden_one(name: str, case: str) -> None:
    shop = sorted((ROOT / "fixtures" / "shop").rglob("*.yaml"))
    sources = {"shop": [(str(file.relative_to(ROOT)), file.read_text("utf-8")) for file in shop]}.get(
        case, [("orders.yaml", ORDERS)]
    )
    inputs = Inputs(tuple(Source(*one) for one in sources), (), (), (), True, {})
    written = RENDER[name](collect_orders(inputs, Settings())[0], PLAIN) + "\n"
    assert written == golden(GOLDEN / f"{case}.{name}", written)


def test_text_fits_the_terminal() -> None:
    shown = text.render(orders(ORDERS), PLAIN)
    assert max(map(len, shown.splitlines())) <= 80


def test_a_path_is_not_broken() -> None:
    path = f"{'deploy/' * 12}app.yaml"
    found = collect_orders(Inputs((Source(path, CLEAN),), (), (), (), True, {}), Settings())[0]
    assert text.render(found, PLAIN).splitlines()[:2] == ["Pod/app", f"  {path}:1"]


def test_json_says_what_starts_when_and_what_it_costs() -> None:
    (shown,) = json.loads(jsonformat.render(orders(ORDERS), PLAIN))["pods"]
    assert shown["object"] == {"kind": "Deployment", "name": "orders", "namespace": "web"}
    assert shown["place"] == {"path": "0.yaml", "line": 1, "column": 1}
    assert [(one["container"], one["role"], one["after"], one["gate"]) for one in shown["phases"]] == [
        ("proxy", "sidecar", [], "started"),
        ("warm", "init", ["proxy"], "completed"),
        ("app", "app", ["warm"], "started"),
    ]
    assert [(one["reads"], one["writes"]) for one in shown["phases"]] == [([], []), ([], ["data"]), (["data"], [])]
    assert shown["effective"] == {
        "requests": {"cpu": "2500m", "memory": "1152Mi"},
        "limits": {"memory": "1152Mi"},
    }
    assert shown["qos"] == "Burstable"


def test_json_is_of_its_schema() -> None:
    schema = json.loads((ROOT / "schemas" / "order.schema.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    unknown = CLEAN.replace("spec:", "spec:\n  runtimeClassName: gvisor")
    for found in (orders(), orders(ORDERS, unknown)):
        validator.validate(json.loads(jsonformat.render(found, PLAIN)))
    for file in GOLDEN.glob("*.json"):
        validator.validate(json.loads(file.read_text("utf-8")))


def test_app_containers_start_together() -> None:
    many = pod("{initContainers: [{name: a}, {name: b, restartPolicy: Always}], containers: [{name: c}, {name: d}]}")
    found = [(one.container, one.role, one.step, one.after) for one in pod_order(many, ()).phases]
    assert found == [
        ("a", Role.INIT, 1, ()),
        ("b", Role.SIDECAR, 2, ("a",)),
        ("c", Role.MAIN, 3, ("b",)),
        ("d", Role.MAIN, 3, ("b",)),
    ]


@pytest.mark.parametrize(
    ("command", "bound"),
    [
        (["sh", "-c", "until nc -z db 1; do sleep 1; done"], None),
        (["sh", "-c", "timeout 60 sh -c 'until nc -z db 1; do sleep 1; done'"], 60),
        (["timeout", "30", "sh", "-c", "until nc -z db 1; do sleep 1; done"], 30),
        (["timeout", "0", "sh", "-c", "until nc -z db 1; do sleep 1; done"], None),
        (["kubectl", "wait", "--for=condition=ready", "pod/db", "--timeout=90s"], 90),
        (
            ["sh", "-c", "kubectl wait --for=delete pod/a --timeout=9s; kubectl wait --for=delete pod/b --timeout=1s"],
            10,
        ),
        (["sh", "-c", "for i in a b; do kubectl wait --for=delete pod/$i --timeout=9s; done"], None),
        (["sh", "-c", "kubectl wait --for=delete pod/a --timeout=9s; until nc -z b 1; do sleep 1; done"], None),
        (["true"], None),
    ],
    ids=str,
)
def test_bound_is_claimed_only_where_it_is_known(command: list[str], bound: float | None) -> None:
    assert phase(*command).bound_seconds == bound


@pytest.mark.parametrize(
    ("script", "bound"),
    [("until nc -z db 1; do sleep 1; done", 45), ("kubectl wait pod/a --for=delete --timeout=30s", 30), ("true", None)],
)
def test_the_deadline_of_the_pod_bounds_its_waits(script: str, bound: float | None) -> None:
    init = f"{{name: a, image: busybox, command: [sh, -c, {script!r}]}}"
    of = pod(f"{{activeDeadlineSeconds: 45, initContainers: [{init}], containers: [{{name: b, image: b}}]}}")
    assert pod_order(of, ()).phases[0].bound_seconds == bound


@pytest.mark.parametrize(("read_only", "use"), [(False, "uses"), (True, "reads")])
def test_what_may_write_is_not_said_to_read(read_only: bool, use: str) -> None:
    mounts = [{"name": "data", "mountPath": "/data", "readOnly": read_only}]
    container = {"name": "one", "image": "tool:1", "args": ["--dir=/data"], "volumeMounts": mounts}
    spec = {"containers": [container], "volumes": [{"name": "data", "emptyDir": {}}]}
    (only,) = pod_order(pod(json.dumps(spec)), ()).phases
    assert VolumeUse(use, "data", False) in only.uses


def test_numbers_that_are_not_known_are_null() -> None:
    limits = "{apiVersion: v1, kind: LimitRange, spec: {limits: [{type: Container, max: {cpu: some}}]}}\n"
    with_overhead = CLEAN.replace("spec:", "spec:\n  runtimeClassName: gvisor")
    for texts in ([CLEAN, limits], [with_overhead]):
        shown = json.loads(jsonformat.render(orders(*texts), PLAIN))["pods"][0]
        assert shown["effective"] is None
    assert "not known" in text.render(orders(CLEAN, limits), PLAIN)
    assert "overhead of its RuntimeClass" in text.render(orders(with_overhead), PLAIN)


def test_findings_stand_at_their_container() -> None:
    broken = CLEAN.replace("image: app:1", "image: app:1, volumeMounts: [{name: gone, mountPath: /x}]")
    (shown,) = orders(broken)
    assert [one.code for one in shown.phases[0].findings] == ["INIT201"]
    assert "gone: not declared; mounted by app" in text.render([shown], PLAIN)


def test_labels_cannot_leave_their_quotes() -> None:
    shown = mermaid.render(orders(CLEAN.replace("{name: app}", "{name: 'a\"]; <b>'}", 1)), PLAIN)
    assert '["Pod/a#34;#93;#59; #60;b#62;' in shown


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("waits for db-0.db:5432, at most 9 s", "waits for db-0.db:5432, at most 9 s"),
        ("www.example.com:80", "www#46;example.com:80"),
        ("http://db/x", "http#58;//db/x"),
        ("__init__", "#95;#95;init#95;#95;"),
        ("1. list", "1#46; list"),
        ("- list", "#45; list"),
    ],
)
def test_no_label_is_markup(text: str, label: str) -> None:
    assert labelled(PLAIN, text, text) == f'"{label}<br/>{label}"'


def test_nothing_beyond_ascii_where_the_encoding_has_no_more() -> None:
    assert text.render(orders(ORDERS), Display(encoding="ascii")).isascii()


@pytest.mark.parametrize(
    ("content", "arguments", "code"),
    [(CLEAN, [], 0), ("a: 1\n", [], 0), (CLEAN, ["--format", "xml"], 2), (CLEAN, ["missing.yaml"], 2)],
    ids=str,
)
def test_exit_code(tmp_path: Path, content: str, arguments: list[str], code: int) -> None:
    (tmp_path / "app.yaml").write_text(content)
    assert run("order", *arguments, cwd=tmp_path)[0] == code


def test_what_is_not_shown_is_said(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("kind: Pod\nspec: {containers: [\n")
    (tmp_path / "template.yaml").write_text("kind: Pod\nspec:\n  containers: {{ .Values.all }}\n")
    code, out, err = run("order", cwd=tmp_path)
    assert (code, out) == (0, "no Pods\n")
    assert "broken.yaml:2:20: INIT001" in err
    assert err.splitlines()[1:] == ["1 skipped: Go template (1)"]
    assert run("order", "--verbose", cwd=tmp_path)[2].splitlines()[1:] == ["skipped: template.yaml:1: Go template"]


def test_a_patch_is_no_pod(tmp_path: Path) -> None:
    text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {%stemplate: {spec: %s}}\n"
    (tmp_path / "web.yaml").write_text(
        text % ("selector: {matchLabels: {a: b}}, ", "{containers: [{name: web, image: web}]}")
    )
    (tmp_path / "patch.yaml").write_text("# of an overlay\n" + text % ("", "{initContainers: [{name: warm}]}"))
    code, out, err = run("order", cwd=tmp_path)
    assert (code, out.count("Deployment/web"), err) == (
        0,
        1,
        "1 skipped: it has no `selector`, as patches have none (1)\n",
    )
    (tmp_path / "kustomization.yaml").write_text("resources: [web.yaml]\npatches: [{path: patch.yaml}]\n")
    code, out, err = run("order", "--format=json", "-v", cwd=tmp_path)
    assert [one["place"]["path"] for one in json.loads(out)["pods"]] == ["web.yaml"]
    assert err == "skipped: patch.yaml:2: a kustomization applies it as a patch\n"


def test_a_volume_that_a_patch_may_declare(tmp_path: Path) -> None:
    pod = "{containers: [{name: web, image: web, volumeMounts: [{name: data, mountPath: /data}]}]}"
    (tmp_path / "pod.yaml").write_text(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec: {pod}\n")
    patch = "[{op: add, path: /spec/volumes, value: [{name: data, emptyDir: {}}]}]"
    listed = f"resources: [pod.yaml]\npatches: [{{target: {{kind: Pod}}, patch: '{patch}'}}]\n"
    (tmp_path / "kustomization.yaml").write_text(listed)
    assert "data: not declared here; mounted by web" in run("order", cwd=tmp_path)[1]


def test_no_files(tmp_path: Path) -> None:
    assert run("order", cwd=tmp_path)[0] == 3

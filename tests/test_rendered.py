"""What templates render to: piped in, or rendered by the user's own helm and kustomize."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from initlint import rendered
from initlint.errors import InitlintError
from initlint.kube.terms.versions import Version
from initlint.origin import by_template
from initlint.text.source import Source
from tests.commandline import run
from tests.helpers import real

POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec:\n"
    "  containers: [{name: app, image: app:1, volumeMounts: [{name: gone, mountPath: /x}]}]\n"
)


def of(template: str, name: str) -> str:
    pod = POD.replace("name: app}", "name: %s}" % name, 1)  # noqa: UP031 - braces
    return f"---\n# Source: {template}\n{pod}"


# As helm prints it: by kind, so that the documents of a template need not stand together.
STREAM = (
    of("shop/templates/app.yaml", "a")
    + of("shop/charts/db/templates/db.yaml", "b")
    + of("shop/templates/app.yaml", "c")
)
PLACES = [
    ("shop/charts/db/templates/db.yaml", 7),
    ("shop/templates/app.yaml", 7),
    ("shop/templates/app.yaml", 14),
]


def found(out: str) -> list[tuple[str, int]]:
    return [(one["path"], one["line"]) for one in json.loads(out)["findings"]]


def test_findings_in_what_helm_renders_name_the_template(tmp_path: Path) -> None:
    code, out, _ = run("-", "--output-format", "json", cwd=tmp_path, stdin=STREAM)
    assert code == 1
    assert found(out) == PLACES
    crlf = STREAM.replace("\n", "\r\n")
    assert found(run("-", "--output-format", "json", cwd=tmp_path, stdin=crlf)[1]) == PLACES


def test_pictures_and_baselines_name_the_template(tmp_path: Path) -> None:
    pods = json.loads(run("order", "--format=json", "-", cwd=tmp_path, stdin=STREAM)[1])["pods"]
    assert sorted(one["place"]["path"] for one in pods) == [path for path, _ in PLACES]
    named = json.loads(run("graph", "--format=json", "-", cwd=tmp_path, stdin=STREAM)[1])["workloads"]
    assert sorted(one["place"]["path"] for one in named) == [path for path, _ in PLACES]
    run("baseline", "write", "-", cwd=tmp_path, stdin=STREAM)
    shown = run("baseline", "show", cwd=tmp_path)[1].splitlines()
    assert [line.partition(":")[0] for line in shown[:-1]] == [path for path, _ in PLACES]


def test_a_saved_rendering_keeps_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(STREAM)
    _, out, _ = run("all.yaml", "--output-format", "json", cwd=tmp_path)
    assert {path for path, _ in found(out)} == {"all.yaml"}


def test_what_no_template_is_named_for_is_standard_input(tmp_path: Path) -> None:
    _, out, _ = run("-", "--output-format", "json", cwd=tmp_path, stdin=POD + STREAM)
    assert found(out) == [("<stdin>", 5), *PLACES]
    _, out, _ = run("-", "--stdin-filename", "x.yaml", "--output-format", "json", cwd=tmp_path, stdin=POD)
    assert found(out) == [("x.yaml", 5)]


@pytest.mark.parametrize(
    "text",
    ["", POD, "# Source: a comment\n" + POD, "---\nkind: ConfigMap\ndata:\n  a: |\n    ---\n    # Source: b.yaml\n"],
)
def test_a_text_without_templates_is_left_whole(text: str) -> None:
    source = Source("<stdin>", text)
    assert by_template(source) == [source]


def test_no_text_is_lost() -> None:
    parts = by_template(Source("<stdin>", "# head\n" + STREAM))
    assert [part.path for part in parts] == ["<stdin>", *sorted({path for path, _ in PLACES}, reverse=True)]
    assert sorted("".join(part.text for part in parts).splitlines()) == sorted(("# head\n" + STREAM).splitlines())


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A directory for programs that is all of PATH."""
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def program(tools: Path, name: str, script: str) -> None:
    """A program that writes down its arguments."""
    record = (
        f"import json, sys, pathlib; pathlib.Path({str(tools / name)!r} + '.json').write_text(json.dumps(sys.argv[1:]))"
    )
    (tools / name).write_text(f"#!{sys.executable}\n{record}\n{script}\n")
    (tools / name).chmod(0o755)


def arguments(tools: Path, name: str) -> list[str]:
    told: list[str] = json.loads((tools / f"{name}.json").read_text())
    return told


def test_a_chart_is_rendered_by_helm(tmp_path: Path, tools: Path) -> None:
    program(tools, "helm", f"sys.stdout.write({STREAM!r})")
    (tmp_path / "charts" / "my shop").mkdir(parents=True)
    chart = ["--helm", "charts/my shop", "--values", "a.yaml", "--values", "$(touch injected).yaml"]
    told = [*chart, "--target-version", "1.31", "--output-format", "json"]
    code, out, _ = run(*told, cwd=tmp_path, PATH=str(tools))
    assert code == 1
    assert found(out) == [(path.replace("shop/", "charts/my shop/", 1), line) for path, line in PLACES]
    given = [
        "template",
        "--kube-version=1.31",
        "--values=a.yaml",
        "--values=$(touch injected).yaml",
        "--",
        "charts/my shop",
    ]
    assert arguments(tools, "helm") == given
    assert not (tmp_path / "injected").exists()


def test_a_chart_of_a_repository_keeps_its_name(tmp_path: Path, tools: Path) -> None:
    program(tools, "helm", f"sys.stdout.write({STREAM!r})")
    _, out, _ = run("--helm", "oci://example.com/shop", "--output-format", "json", cwd=tmp_path, PATH=str(tools))
    assert found(out) == PLACES


@pytest.mark.parametrize(
    ("installed", "given"),
    [
        (["kustomize", "kubectl"], ("kustomize", ["build", "--", "overlays/prod"])),
        (["kubectl"], ("kubectl", ["kustomize", "--", "overlays/prod"])),
    ],
)
def test_a_kustomization_is_built(
    tmp_path: Path, tools: Path, installed: list[str], given: tuple[str, list[str]]
) -> None:
    for name in installed:
        program(tools, name, f"sys.stdout.write({POD!r})")
    (tmp_path / "other.yaml").write_text(POD)
    told = ["--kustomize", "overlays/prod", "--output-format", "json"]
    _, out, _ = run(*told, cwd=tmp_path, PATH=str(tools))
    assert found(out) == [("<kustomize overlays/prod>", 5)]
    assert arguments(tools, given[0]) == given[1]
    _, out, _ = run("other.yaml", *told, cwd=tmp_path, PATH=str(tools))
    assert found(out) == [("<kustomize overlays/prod>", 5), ("other.yaml", 5)]


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--helm", "shop"], "`--helm` calls `helm`, which is not installed: https://helm.sh/"),
        (["--kustomize", "."], "`--kustomize` calls `kustomize` or `kubectl`, and neither is installed: https://"),
        (["--values", "a.yaml"], "`--values` are those of a chart: name one with `--helm`"),
    ],
)
def test_what_is_missing_is_told_with_what_to_do(tmp_path: Path, tools: Path, flags: list[str], message: str) -> None:
    code, out, err = run(*flags, cwd=tmp_path, PATH=str(tools))
    assert (code, out) == (2, "")
    assert message in err


def test_a_refusal_is_told_in_the_words_of_the_program(tmp_path: Path, tools: Path) -> None:
    program(tools, "helm", "sys.exit('Error: chart requires kubeVersion: <1.20')")
    code, _, err = run("--helm", "shop", cwd=tmp_path, PATH=str(tools))
    assert code == 2
    assert "`helm template shop` failed with exit code 1: Error: chart requires kubeVersion: <1.20" in err


def test_a_program_that_hangs_is_stopped(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tools, "helm", "sys.stdin.read(); import time; time.sleep(60)")
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setattr(rendered, "MOST_SECONDS", 1)
    with pytest.raises(InitlintError, match="`helm template shop` took more than 1 seconds"):
        rendered.helm("shop", [], Version(1, 36))


def test_a_program_that_cannot_run_is_told(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tools / "helm").write_text("#!/no/such/interpreter\n")
    (tools / "helm").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    with pytest.raises(InitlintError, match="`helm template shop` cannot be run: no such file or directory"):
        rendered.helm("shop", [], Version(1, 36))


def test_the_real_kustomize_builds(tmp_path: Path) -> None:
    real("kustomize", "kubectl")
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "kustomization.yaml").write_text("resources: [pod.yaml]\nnamePrefix: prod-\n")
    code, out, err = run("--kustomize", ".", "--output-format", "json", cwd=tmp_path)
    assert code == 1, err
    assert [one["object"]["name"] for one in json.loads(out)["findings"]] == ["prod-app"]


def test_the_real_helm_renders(tmp_path: Path) -> None:
    real("helm")
    chart = tmp_path / "charts" / "shop"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    (chart / "values.yaml").write_text("volume: data\n")
    (chart / "templates" / "pod.yaml").write_text(POD.replace("name: gone", "name: {{ .Values.volume }}"))
    (tmp_path / "prod.yaml").write_text("volume: prod\n")
    told = ["--helm", "charts/shop", "--values", "prod.yaml", "--output-format", "json"]
    code, out, err = run(*told, cwd=tmp_path)
    assert code == 1, err
    assert found(out) == [("charts/shop/templates/pod.yaml", 7)]
    assert "`prod`" in json.loads(out)["findings"][0]["message"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("none", "`none` does not exist, and `--kustomize` takes a directory that holds a kustomization"),
        ("empty", "`empty` holds no `kustomization.yaml`, and `--kustomize` takes a directory that holds a kustom"),
        ("kept/kustomization.yaml", "`kept/kustomization.yaml` is a file, and `--kustomize` takes a directory that "),
        ("kept", '`kubectl kustomize kept` failed with exit code 1: no "such" base and more'),
        ("https://example.com/base", "`kubectl kustomize https://example.com/base` failed with exit code 1: no "),
    ],
)
def test_a_kustomization_that_is_not_built(tmp_path: Path, tools: Path, place: str, message: str) -> None:
    log = 'E1127 03:18:16.943912    7527 run.go:72] "command failed" err="no \\"such\\" base"'
    program(tools, "kubectl", f"sys.exit({log!r} + '\\nand more')")
    (tmp_path / "empty").mkdir()
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "kustomization.yaml").write_text("resources: []\n")
    code, _, err = run("--kustomize", place, cwd=tmp_path, PATH=str(tools))
    assert code == 2
    assert err.startswith(f"error: {message}")


def test_a_line_that_only_looks_like_a_log_is_left(tmp_path: Path, tools: Path) -> None:
    line = 'E1127 03:18:16.943912 7527 run.go:72] "command failed" err="\\x"'
    program(tools, "kubectl", f"sys.exit({line!r})")
    assert line in run("--kustomize", "https://example.com/base", cwd=tmp_path, PATH=str(tools))[2]

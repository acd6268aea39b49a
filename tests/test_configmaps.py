"""Scripts that ConfigMaps hold: which are run, by whom, and where what is found in them is shown."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import permutations
from pathlib import Path
from typing import ClassVar

import pytest

from initlint.fixing.mend import mend
from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.source import Source
from tests.mounted import SCRIPT, check, config_map, job


def found(files: dict[str, str], select: str = "cannot-fail") -> list[str]:
    """Where something is found, and what stands there."""
    places = [one.place for one in check(files, select)]
    return [f"{place.source.path}: {place.source.text[place.span.start : place.span.end]}" for place in places]


def run_by(command: str, script: str = SCRIPT, **more: str) -> list[str]:
    return found({"job.yaml": job(command, **more), "map.yaml": config_map(script)})


ECHO = ["map.yaml: echo seeded"]


@pytest.mark.parametrize(
    "command",
    [
        "[sh, /scripts/init.sh]",
        "[/bin/sh, -x, /scripts/init.sh, --all]",
        "[bash, -u, /scripts/init.sh]",
        "[/scripts/init.sh]",
        "[/scripts/init.sh, one, two]",
        "[sh, -c, /scripts/init.sh]",
        "[/bin/sh, -c, 'exec /scripts/init.sh --all']",
        "[sh, -c, 'bash /scripts/init.sh']",
        "[tini, --, /scripts/init.sh]",
        "[env, A=b, sh, /scripts/init.sh]",
        "[timeout, '60', sh, /scripts/init.sh]",
        "[sh]\n          args: [/scripts//init.sh]",
        "[sh, init.sh]\n          workingDir: /scripts",
        "[./init.sh]\n          workingDir: /scripts/",
        "[sh, $(DIR)/init.sh]\n          env: [{name: DIR, value: /scripts}]",
        "[sh, -c, 'sh \"$DIR\"/init.sh']\n          env: [{name: DIR, value: /scripts}]",
    ],
)
def test_what_runs_a_script(command: str) -> None:
    assert run_by(command) == ECHO


@pytest.mark.parametrize(
    "command",
    [
        "[cat, /scripts/init.sh]",
        "[sh, /scripts/other.sh]",
        "[sh, -n, /scripts/init.sh]",
        "[sh, -e, /scripts/init.sh]",
        "[bash, -c, 'cd', /scripts/init.sh]",
        "[sh, -c, 'sh -s', /scripts/init.sh]",
        "[python3, /scripts/init.sh]",
        "[init.sh]",
        "[nsenter, -t, '1', -m, sh, /scripts/init.sh]",
        "[sh, $(DIR)/init.sh]",
    ],
)
def test_what_does_not_run_it(command: str) -> None:
    assert run_by(command) == []


@pytest.mark.parametrize(
    ("volume", "mount", "path"),
    [
        ("configMap: {name: scripts, items: [{key: init.sh, path: bin/go}]}", "mountPath: /opt/", "/opt/bin/go"),
        ("configMap: {name: scripts}", "mountPath: /go.sh, subPath: init.sh", "/go.sh"),
        ("configMap: {name: scripts, items: [{key: init.sh, path: a/b}]}", "mountPath: /x, subPath: a", "/x/b"),
        ("projected: {sources: [{configMap: {name: scripts}}]}", "mountPath: /p", "/p/init.sh"),
        (
            "projected: {sources: [{secret: {}}, {configMap: {name: scripts, items: [{key: init.sh, path: s}]}}]}",
            "mountPath: /p",
            "/p/s",
        ),
    ],
)
def test_where_it_is_mounted(volume: str, mount: str, path: str) -> None:
    assert run_by(f"[sh, {path}]", volume=volume, mount=mount) == ECHO
    assert run_by(f"[sh, {path}/x]", volume=volume, mount=mount) == []


@pytest.mark.parametrize(
    ("volume", "mount"),
    [
        ("configMap: {name: others}", "mountPath: /scripts"),
        ("configMap: {name: scripts, items: [{key: other.sh, path: init.sh}]}", "mountPath: /scripts"),
        ("secret: {secretName: scripts}", "mountPath: /scripts"),
        ("configMap: {name: scripts}", "mountPath: /scripts, subPath: other.sh"),
        ("configMap: {name: scripts}", "mountPath: /scripts, subPathExpr: $(POD)"),
        ("projected: {sources: [{configMap: {name: scripts}}, {configMap: {name: scripts}}]}", "mountPath: /scripts"),
    ],
)
def test_where_it_is_not(volume: str, mount: str) -> None:
    assert run_by("[sh, /scripts/init.sh]", volume=volume, mount=mount) == []


def test_another_mount_hides_it() -> None:
    hidden = "mountPath: /scripts}, {name: data, mountPath: /scripts/bin"
    items = "configMap: {name: scripts, items: [{key: init.sh, path: bin/init.sh}]}"
    assert run_by("[sh, /scripts/bin/init.sh]", volume=items, mount=hidden) == []


@pytest.mark.parametrize(
    ("mode", "runs"),
    [
        ("", False),
        (", defaultMode: 0644", False),
        (", defaultMode: 420", False),
        (", defaultMode: 493", True),
        (", defaultMode: 0o755", True),
        (", defaultMode: 0555", True),
        (", defaultMode: 0744", True),
        (", items: [{key: init.sh, path: init.sh, mode: 0700}]", True),
        (", defaultMode: 0755, items: [{key: init.sh, path: init.sh, mode: 0600}]", False),
        (", defaultMode: all", False),
    ],
)
def test_a_direct_call_needs_to_be_allowed(mode: str, runs: bool) -> None:
    volume = f"configMap: {{name: scripts{mode}}}"
    assert run_by("[/scripts/init.sh]", volume=volume) == (ECHO if runs else [])
    assert run_by("[sh, /scripts/init.sh]", volume=volume) == ECHO


def test_what_only_root_may_execute() -> None:
    volume = "configMap: {name: scripts, defaultMode: 0744}"
    other = "[/scripts/init.sh]\n          securityContext: {runAsUser: 1000}"
    assert run_by(other, volume=volume) == []


@pytest.mark.parametrize(
    ("first", "command", "runs"),
    [
        ("", "[/scripts/init.sh]", False),  # exec format error
        ("", "[sh, -c, /scripts/init.sh]", True),
        ("#!/usr/bin/env bash\n", "[/scripts/init.sh]", True),
        ("#!/usr/bin/env -S bash -x\n", "[/scripts/init.sh]", True),
        ("#! /bin/dash\n", "[/scripts/init.sh]", True),
        ("#!/usr/bin/env python3\n", "[/scripts/init.sh]", False),
        ("#!/usr/bin/python3\n", "[sh, -c, /scripts/init.sh]", False),
        ("#!/bin/sh -e\n", "[/scripts/init.sh]", False),  # it can fail
        ("#!/bin/sh -e\n", "[sh, /scripts/init.sh]", True),
        ("#!/bin/sh\n", "[sh, -e, /scripts/init.sh]", False),
    ],
)
def test_the_first_line_counts_for_a_direct_call(first: str, command: str, runs: bool) -> None:
    script = first + SCRIPT.split("\n", 1)[1]
    assert run_by(command, script) == (ECHO if runs else [])


def test_kubernetes_expands_nothing_in_files() -> None:
    script = "for tool in $(TOOLS); do echo $$; done\n"
    assert run_by("[sh, /scripts/init.sh]", script) == run_by("[sh, /scripts/init.sh]", script.replace("$$", "a"))
    assert found({"a": job("[sh, /scripts/init.sh]"), "b": config_map(script)}, "unresolved-variable") == []


def test_what_flux_substitutes_is_not_known() -> None:
    assert run_by("[sh, /scripts/init.sh]", SCRIPT + "echo $${DONE}\n") == []


def test_arguments_and_variables_are_known() -> None:
    script = 'set -e\ntouch "$1"/"$NAME"\n'
    command = "[sh, /scripts/init.sh, /scripts]\n          env: [{name: NAME, value: a}]"
    files = {"a.yaml": job(command), "b.yaml": config_map(script)}
    (written,) = check(files, "read-only-write")
    assert "`/scripts/a`" in written.message
    assert written.path == "b.yaml"


class TestWhichConfigMap:
    RUN = job("[sh, /scripts/init.sh]")
    OTHER = SCRIPT.replace("seeded", "done")

    def test_in_the_same_file(self) -> None:
        assert found({"all.yaml": f"{self.RUN}---\n{config_map()}"}) == ["all.yaml: echo seeded"]
        assert found({"all.yaml": f"{config_map()}---\n{self.RUN}"}) == ["all.yaml: echo seeded"]

    def test_in_a_list_and_in_json(self) -> None:
        data = {"init.sh": SCRIPT}
        one = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "scripts"}, "data": data}
        listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": [one]})
        assert found({"job.yaml": self.RUN, "map.json": listed}) == ["map.json: echo seeded"]

    def test_only_in_the_namespace(self) -> None:
        inside = self.RUN.replace("{name: seed}", "{name: seed, namespace: one}")
        assert found({"a": inside, "b": config_map(namespace="two")}) == []
        assert found({"a": inside, "b": config_map(namespace="one")}) == ["b: echo seeded"]
        assert found({"a": inside, "b": config_map()}) == ["b: echo seeded"]

    def test_several_that_agree(self) -> None:
        assert found({"a/job": self.RUN, "b/map": config_map(), "c/map": config_map()}) == ["b/map: echo seeded"]
        assert found({"a/job": self.RUN, "b/map": config_map(), "c/map": config_map(self.OTHER)}) == []
        others = config_map(self.OTHER, key="other.sh")
        assert found({"a/job": self.RUN, "b/map": config_map(), "c/map": others}) == ["b/map: echo seeded"]

    def test_the_nearest(self) -> None:
        far = {"b/map": config_map(self.OTHER)}
        assert found({"a/job": self.RUN, "a/map": config_map(), **far}) == ["a/map: echo seeded"]
        assert found({"a/job": f"{self.RUN}---\n{config_map()}", "a/map": config_map(self.OTHER)}) == [
            "a/job: echo seeded"
        ]

    def test_what_a_kustomization_takes_together(self) -> None:
        takes = "resources: [../jobs/job.yaml, ../maps/map.yaml]\n"
        files = {
            "jobs/job.yaml": self.RUN,
            "maps/map.yaml": config_map(),
            "other/map.yaml": config_map(self.OTHER),
            "k/kustomization.yaml": takes,
        }
        for order in permutations(files):
            assert found({path: files[path] for path in order}) == ["maps/map.yaml: echo seeded"]

    @pytest.mark.parametrize(
        "changes",
        [
            "patches: [{patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: scripts}, data: {init.sh: a}}'}]",
            "patches: [{path: patch.yaml, target: {kind: ConfigMap, labelSelector: a=b}}]",
            "patches: [{path: absent.yaml}]",
            "patches: [{target: {kind: ConfigMap}, patch: '[{op: remove, path: /data/init.sh}]'}]",
            "configMapGenerator: [{name: scripts, behavior: replace, files: [init.sh]}]",
            "replacements: [{path: replacement.yaml}]",
        ],
    )
    def test_what_a_kustomization_changes_is_not_known(self, changes: str) -> None:
        files = {
            "job.yaml": self.RUN,
            "map.yaml": config_map(),
            "patch.yaml": config_map(self.OTHER),
            "kustomization.yaml": "resources: [job.yaml, map.yaml]\n" + changes,
        }
        assert found(files) == []

    @pytest.mark.parametrize(
        "changes",
        [
            "patches: [{patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: others}, data: {init.sh: a}}'}]",
            "patches: [{patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: scripts, labels: {a: b}}}'}]",
            "patches: [{target: {kind: ConfigMap}, patch: '[{op: remove, path: /metadata/labels}]'}]",
            "configMapGenerator: [{name: settings, files: [init.sh]}]",
            "namePrefix: dev-",
        ],
    )
    def test_what_it_leaves_alone_is_known(self, changes: str) -> None:
        files = {
            "job.yaml": self.RUN,
            "map.yaml": config_map(),
            "kustomization.yaml": "resources: [job.yaml, map.yaml]\n" + changes,
        }
        assert found(files) == ["map.yaml: echo seeded"]

    def test_what_a_patch_makes_of_it_is_known(self) -> None:
        files = {
            "job.yaml": self.RUN,
            "map.yaml": config_map(),
            "patch.yaml": config_map(self.OTHER),
            "kustomization.yaml": "resources: [job.yaml, map.yaml]\npatches: [{path: patch.yaml}]",
        }
        assert found(files) == ["patch.yaml: echo done"]

    def test_a_patch_of_the_mounts_hides_it(self) -> None:
        patch = "{apiVersion: batch/v1, kind: Job, metadata: {name: seed}, spec: {template: {spec: {volumes: null}}}}"
        files = {
            "job.yaml": self.RUN,
            "map.yaml": config_map(),
            "kustomization.yaml": f"resources: [job.yaml, map.yaml]\npatches: [{{patch: '{patch}'}}]",
        }
        assert found(files) == []

    @pytest.mark.parametrize("text", ["42", "[a]", "null"])
    def test_what_is_no_text(self, text: str) -> None:
        given = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: scripts}}\ndata: {{init.sh: {text}}}\n"
        assert found({"a": self.RUN, "b": given}) == []


class TestWhatIsSaid:
    FILES: ClassVar = {"job.yaml": job("[sh, /scripts/init.sh]"), "map.yaml": config_map()}

    def test_who_runs_it(self) -> None:
        (one,) = check(self.FILES)
        assert (str(one.object), one.container) == ("Job/seed", "load")
        assert one.related[-1].message == "init container `load` runs it here"
        place = one.related[-1].place
        assert place.source.path == "job.yaml"
        assert place.source.text[place.span.start : place.span.end] == "/scripts/init.sh"

    def test_one_finding_for_all_who_run_it(self) -> None:
        second = self.FILES["job.yaml"].replace("{name: seed}", "{name: reseed}")
        (one,) = check({**self.FILES, "other.yaml": second})
        assert str(one.object) == "Job/seed"
        assert [(related.place.source.path, related.message) for related in one.related[-2:]] == [
            ("job.yaml", "init container `load` runs it here"),
            ("other.yaml", "init container `load` of Job/reseed runs it here, too"),
        ]

    def test_it_is_recognised(self) -> None:
        (one,) = check(self.FILES)
        (moved,) = check({"all.yaml": f"# all\n{self.FILES['map.yaml']}---\n{self.FILES['job.yaml']}"})
        assert one.fingerprint == moved.fingerprint
        (renamed,) = check(
            {**self.FILES, "map.yaml": config_map(name="others")}
            | {"job.yaml": job("[sh, /scripts/init.sh]", volume="configMap: {name: others}")}
        )
        assert one.fingerprint != renamed.fingerprint

    def test_the_same_in_several_processes(self) -> None:
        assert check(self.FILES, jobs=2) == check(self.FILES, jobs=1)

    def test_nothing_is_mended_there(self) -> None:
        files = {"job.yaml": job("[sh, /scripts/init.sh]"), "map.yaml": config_map("mkdir /data/new\n")}
        sources = [Source(path, text) for path, text in files.items()]
        (one,) = check(files, "not-rerunnable")
        assert one.fix is None
        assert not mend(sources, Settings(select=("not-rerunnable",)), unsafe=True).mended

    def test_an_inline_script_stays_too_large(self) -> None:
        large = "".join(f"echo {number}\n" for number in range(40))
        assert found({"job.yaml": job("[sh, /scripts/init.sh]"), "map.yaml": config_map(large)}, "complex-script") == []

    def test_the_command_line_shows_the_right_lines(self, tmp_path: Path) -> None:
        for name, text in self.FILES.items():
            (tmp_path / name).write_text(text)
        command = [sys.executable, "-m", "initlint", "check", "--isolated", "--select", "cannot-fail", "."]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run.returncode == 1
        assert "map.yaml:8:5\n" in run.stdout
        assert "8 |     echo seeded\n" in run.stdout
        assert "job.yaml:11:25\n" in run.stdout
        listed = subprocess.run([*command, "--output-format", "json"], cwd=tmp_path, capture_output=True, check=False)
        (one,) = json.loads(listed.stdout)["findings"]
        assert (one["path"], one["line"], one["container"]) == ("map.yaml", 8, "load")


class TestSilence:
    RUN = job("[sh, /scripts/init.sh]")

    def status(self, run: str, script: str, select: tuple[str, ...] = ("cannot-fail", "unused-ignore")) -> list[str]:
        sources = [Source("job.yaml", run), Source("map.yaml", script)]
        return [f"{one.rule} {one.status.value}" for one in check_sources(sources, Settings(select=select)).diagnostics]

    def test_in_the_script(self) -> None:
        silenced = SCRIPT.replace("echo", "# initlint: ignore[cannot-fail] on purpose\necho")
        assert self.status(self.RUN, config_map(silenced)) == ["cannot-fail suppressed"]

    def test_above_the_key(self) -> None:
        above = config_map().replace("  init.sh", "  # initlint: ignore[cannot-fail]\n  init.sh")
        assert self.status(self.RUN, above) == ["cannot-fail suppressed"]

    def test_on_the_workload(self) -> None:
        annotated = self.RUN.replace(
            "{name: seed}", '{name: seed, annotations: {ignore.initlint.dev/cannot-fail: "[load] on purpose"}}'
        )
        assert self.status(annotated, config_map()) == ["cannot-fail suppressed"]

    def test_only_for_one_of_the_workloads(self) -> None:
        annotated = self.RUN.replace("{name: seed}", "{name: quiet, annotations: {ignore.initlint.dev/INIT303: a}}")
        assert self.status(f"{self.RUN}---\n{annotated}", config_map()) == [
            "cannot-fail active",
            "cannot-fail suppressed",
        ]

    def test_it_may_be_for_others(self) -> None:
        unused = SCRIPT.replace("echo", "# initlint: ignore[unbounded-wait]\necho")
        assert self.status(job("[cat]"), config_map(unused)) == []

    def test_but_has_to_name_a_rule(self) -> None:
        unnamed = SCRIPT.replace("echo", "# initlint: ignore[no-such-rule]\necho")
        assert self.status(job("[cat]"), config_map(unnamed)) == ["unused-ignore active"]

    def test_in_what_is_only_read(self) -> None:
        silenced = SCRIPT.replace("echo", "# initlint: ignore[cannot-fail]\necho")
        context = [Source("map.yaml", config_map(silenced))]
        report = check_sources([Source("job.yaml", self.RUN)], Settings(select=("cannot-fail",)), context=context)
        assert [one.status.value for one in report.diagnostics] == ["suppressed"]


def test_what_a_script_asks_is_answered_whoever_asked_for_the_script() -> None:
    """Three rounds: the manifest asks for the ConfigMap, its script for a Service, and then there is no other one."""
    files = {
        "a.yaml": job("[sh, /scripts/init.sh]"),
        "b.yaml": config_map("until nc -z db 5432; do sleep 1; done\n"),
        "c.yaml": "{apiVersion: v1, kind: Service, metadata: {name: db}, spec: {selector: {a: b}, ports: [port: 80]}}",
    }
    for order in permutations(files):
        assert found({path: files[path] for path in order}, "wrong-target-port") == ["b.yaml: db 5432"]


class TestContext:
    """What is only read, and not reported."""

    RUN, HELD = Source("job.yaml", job("[sh, /scripts/init.sh]")), Source("map.yaml", config_map())

    def paths(self, reported: Source, context: Source) -> list[str]:
        settings = Settings(select=("cannot-fail",))
        return [one.path for one in check_sources([reported], settings, context=[context]).active]

    def test_the_script_is_there(self) -> None:
        assert self.paths(self.RUN, self.HELD) == ["map.yaml"]

    def test_what_runs_it_is_there(self) -> None:
        assert self.paths(self.HELD, self.RUN) == ["map.yaml"]

    def test_both_are_there(self) -> None:
        both = [self.RUN, self.HELD]
        assert not check_sources([Source("a.yaml", "")], Settings(), context=both).active


class TestWaits:
    """What is found of all workloads together."""

    FILES: ClassVar = {
        "app.yaml": job("[sh, /scripts/init.sh]").replace("{name: seed}", "{name: seed, labels: {app: seed}}"),
        "map.yaml": config_map("until nc -z seed 80; do sleep 1; done\n"),
        "service.yaml": "{apiVersion: v1, kind: Service, metadata: {name: seed}, spec: {selector: {a: b}}}",
    }

    def test_it_stands_in_the_script(self) -> None:
        run = self.FILES["app.yaml"].replace("  template:\n", "  template:\n    metadata: {labels: {a: b}}\n")
        found = check({**self.FILES, "app.yaml": run}, "ALL")
        (one,) = [one for one in found if one.rule in ("self-wait", "unbounded-wait")]
        assert (one.rule, one.path, one.container, str(one.object)) == ("self-wait", "map.yaml", "load", "Job/seed")
        assert one.related[-1].message == "init container `load` runs it here"


class TestRunFromAnotherScript:
    MAKE = "set -e\nmkdir /data/new\n"

    def made(self, script: str, held: str = MAKE, select: str = "not-rerunnable", more: str = "") -> list[str]:
        return found({"job.yaml": job(f"[sh, -c, '{script}']{more}"), "map.yaml": config_map(held)}, select)

    @pytest.mark.parametrize(
        "script",
        [
            "set -e; sh /scripts/init.sh",
            "/scripts/init.sh && touch /data/done",
            "cd /scripts && ./init.sh",
            "echo now; exec sh /scripts/init.sh",
            "timeout 60 bash /scripts/init.sh; exit $?",
            "if ! sh /scripts/init.sh; then echo failed; exit 1; fi",
            "A=b sh /scripts/init.sh",
            "D=/scripts; sh $D/init.sh one",
            "set -e; (sh /scripts/init.sh)",
            "set -e; run() { sh /scripts/init.sh; }; run",
        ],
    )
    def test_it_is_followed(self, script: str) -> None:
        assert self.made(script) == ["map.yaml: mkdir"]

    @pytest.mark.parametrize(
        "script",
        [
            "set -e; cat /scripts/init.sh",
            "set -e; sh /scripts/init.sh || true; echo",
            "set -e; if [ ! -d /data/new ]; then sh /scripts/init.sh; fi",
            "set -e; rm -rf /data/new; sh /scripts/init.sh",
            "set -e; run() { sh /scripts/$1.sh; }; run init; run done",
            "set -e; x=$(sh /scripts/init.sh)",
        ],
    )
    def test_what_is_not_said(self, script: str) -> None:
        assert self.made(script) == []

    def test_each_part_has_its_own_place(self) -> None:
        script = "set -e; mkdir /data/a; sh /scripts/init.sh; mkdir /data/b; sh /scripts/init.sh; mkdir /data/c"
        assert self.made(script) == ["job.yaml: mkdir"] * 3 + ["map.yaml: mkdir"]

    def test_a_file_that_runs_another_one(self) -> None:
        held = config_map("set -e\nsh /scripts/more.sh\n") + "  more.sh: |\n    set -e\n    mkdir /data/new\n"
        files = {"job.yaml": job("[sh, /scripts/init.sh]"), "map.yaml": held}
        (one,) = check(files, "not-rerunnable")
        assert one.place.start.line == 10
        assert one.related[-1].place.source.path == "job.yaml"

    def test_a_file_that_only_runs_another_one(self) -> None:
        held = config_map("exec sh /scripts/more.sh\n") + "  more.sh: |\n    wget -O /data/a http://a\n    echo\n"
        assert found({"job.yaml": job("[sh, /scripts/init.sh]"), "map.yaml": held}) == ["map.yaml: echo"]
        assert self.made("exec sh /scripts/init.sh", "exec sh /scripts/init.sh\n") == []

    def test_one_that_runs_itself(self) -> None:
        held = 'set -e\n[ -n "$1" ] || exec sh /scripts/init.sh again\nmkdir /data/new\n'
        assert self.made("exec sh /scripts/init.sh", held) == ["map.yaml: mkdir"]

    def test_only_what_is_exported_is_known(self) -> None:
        held = 'set -e\nmkdir "$DIR"\n'
        assert self.made("DIR=/data/new; sh /scripts/init.sh", held) == []
        assert self.made("DIR=/data/new sh /scripts/init.sh", held) == ["map.yaml: mkdir"]

    def test_what_it_ends_with_is_in_the_file(self) -> None:
        assert self.made("echo now; sh /scripts/init.sh", SCRIPT, "cannot-fail") == ["map.yaml: echo seeded"]
        assert self.made("sh /scripts/init.sh; echo done", SCRIPT, "cannot-fail") == ["job.yaml: echo done"]
        assert self.made("sh /scripts/init.sh", "set -e\n" + SCRIPT, "cannot-fail") == []

    def test_its_own_shell_counts(self) -> None:
        script, image = "names=(a b)\n", "\n          image: debian:12-slim"
        assert self.made("set -e; sh /scripts/init.sh", script, "wrong-shell", image) == ["map.yaml: (a b)"]
        assert self.made("set -e; bash /scripts/init.sh", script, "wrong-shell", image) == []

    def test_a_credential_in_it(self) -> None:
        held = "export PGPASSWORD=kX7-qP2-vL9\npsql\n"
        assert self.made("set -e; sh /scripts/init.sh", held, "plain-text-secret") == ["map.yaml: kX7-qP2-vL9"]

    def test_the_script_itself_is_not_larger(self) -> None:
        large = "".join(f"echo {number}\n" for number in range(40))
        assert self.made("set -e; sh /scripts/init.sh", large, "complex-script") == []

    def test_privileges_that_it_needs(self) -> None:
        more = "\n          securityContext: {privileged: true}"
        assert self.made("set -e; sh /scripts/init.sh", "sysctl -w a.b=1\n", "privileged-init", more) == []
        assert self.made("set -e; sh /scripts/init.sh", "touch /data/a\n", "privileged-init", more)

    def test_references_are_not_expanded_there(self) -> None:
        held = "echo $(DB_HOST)\n"
        assert self.made("sh /scripts/init.sh; echo $(DB_HOST)", held, "unresolved-variable") == [
            "job.yaml: $(DB_HOST)"
        ]

    def test_too_many(self) -> None:
        assert self.made("set -e; " + "sh /scripts/init.sh; " * 9) == []

"""What a careful reader says of real manifests, mapped to rules: found at the right line, and nothing they rule out."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pytest

from initlint import check_paths
from tests.conftest import corpus


class Label(NamedTuple):
    """A finding that must be there: in a file, by a rule, about a container, in a line that holds this text."""

    file: str
    rule: str
    container: str
    text: str


MUST = [
    Label(
        "01-init-volume-not-mounted-by-app.yaml", "unread-volume", "storage-initializer", "kfserving-provision-location"
    ),
    Label("s03-write-to-app-only-mount.yaml", "unmounted-target", "setup-tls", 'echo "ssl = on"'),
    Label("04-swallowed-failures-ls-last.yaml", "cannot-fail", "collect-artifacts", "ls ${WORKDIR}"),
    Label("05-swallowed-chain-of-inits.yaml", "cannot-fail", "pull-demo", "echo got jax stable-diffusion resources"),
    Label(
        "05-swallowed-chain-of-inits.yaml", "cannot-fail", "export-stable-diffusion", "echo exported stable-diffusion"
    ),
    Label("26-kubectl-wait-and-write.yaml", "pipeline-hides-failure", "setup", "kubectl get secret ${SECRET_NAME}"),
    Label("26-kubectl-wait-and-write.yaml", "unbounded-wait", "setup", "while [ -z"),
    Label("d01-counter-never-updated.yaml", "unchecked-download", "solr-init", "curl -k"),
    Label("d03-graylog-setup.yaml", "swallowed-failure", "setup", "wget https://storage.googleapis.com"),
    Label("d05-mkdir-not-rerunnable.yaml", "unchecked-download", "seed", "curl -Lo"),
    Label("04-swallowed-failures-ls-last.yaml", "not-rerunnable", "collect-artifacts", "git clone"),
    Label("05-swallowed-chain-of-inits.yaml", "not-rerunnable", "pull-demo", "git clone"),
    Label("d05-mkdir-not-rerunnable.yaml", "not-rerunnable", "seed", "mkdir 1"),
    Label("d15-append-environment.yaml", "not-rerunnable", "ssh-server-configure", 'echo "C_INCLUDE_PATH'),
    Label("d17-git-clone-rm-star.yaml", "not-rerunnable", "git-clone-repository", "git clone"),
    Label("31-configmap-script-ln.yaml", "not-rerunnable", "init-config", "ln -s"),
    Label("s01-env-var-order.yaml", "unresolved-variable", "migrate", "$(DB_PASSWORD)"),
]
"""Where what is there to be found is found."""

MUST_NOT = [
    ("25-chown-hostpath.yaml", "root-chown"),
    ("34-sparkapplication.yaml", "root-chown"),
    ("35-pod-template-hostpath-chown.yaml", "root-chown"),
    ("04-swallowed-failures-ls-last.yaml", "lost-write"),
    ("05-swallowed-chain-of-inits.yaml", "lost-effect"),
    ("05-swallowed-chain-of-inits.yaml", "unread-volume"),
    ("06-privileged-host-proc-on-purpose.yaml", "lost-write"),
    ("06-privileged-host-proc-on-purpose.yaml", "unread-volume"),
    ("18-glob-in-test.yaml", "unread-volume"),
    ("19-cp-R-into-parent-of-mount.yaml", "lost-write"),
    ("19-cp-R-into-parent-of-mount.yaml", "unmounted-target"),
    ("23-image-entrypoint-and-exec-cp.yaml", "lost-write"),
    ("23-image-entrypoint-and-exec-cp.yaml", "hidden-path"),
    ("24-init-args-only.yaml", "unread-volume"),
    ("27-toolbox-job.yaml", "read-only-write"),
    ("29-flux-escaped-dollar.yaml", "lost-write"),
    ("30-echo-last.yaml", "lost-write"),
    ("34-sparkapplication.yaml", "unmounted-target"),
    ("48-cross-mount-cp.yaml", "unread-volume"),
    ("d03-graylog-setup.yaml", "unmounted-target"),
    ("d09-cp-r-parent.yaml", "lost-write"),
    ("d15-append-environment.yaml", "lost-write"),
    ("s11-trap-pip-target.yaml", "lost-effect"),
    ("s13-trap-marker-and-k8s-dollar.yaml", "lost-write"),
    ("28-native-sidecar-helmrelease.yaml", "unresolved-variable"),
    ("29-flux-escaped-dollar.yaml", "unresolved-variable"),
    ("43-native-sidecar-cr-templated.yaml", "unresolved-variable"),
    ("s13-trap-marker-and-k8s-dollar.yaml", "unresolved-variable"),
    ("41-heredoc-patch.yaml", "plain-text-secret"),
    ("26-kubectl-wait-and-write.yaml", "not-rerunnable"),
    ("26-kubectl-wait-and-write.yaml", "wait-without-rbac"),
    ("s13-trap-marker-and-k8s-dollar.yaml", "not-rerunnable"),
    ("d05-mkdir-not-rerunnable.yaml", "swallowed-failure"),
    ("d11-nested-heredoc.yaml", "unchecked-download"),
    ("34-sparkapplication.yaml", "swallowed-failure"),
    ("34-sparkapplication.yaml", "cannot-fail"),
    ("18-glob-in-test.yaml", "swallowed-failure"),
    ("31-configmap-script-ln.yaml", "swallowed-failure"),
    ("41-heredoc-patch.yaml", "cannot-fail"),
    ("42-image-as-data-carrier.yaml", "swallowed-failure"),
    ("25-chown-hostpath.yaml", "cannot-fail"),
    ("d09-cp-r-parent.yaml", "cannot-fail"),
    ("d13-bounded-let.yaml", "empty-operand"),
]
"""Which rule has nothing to say of which file."""


BESIDE = {"31-configmap-script-ln.yaml": ["31b-configmap.yaml"]}
"""What a file needs to be understood."""


@cache
def findings(file: str) -> list[tuple[str, str | None, str]]:
    """Rule, container and line of everything that is found in a file."""
    report = check_paths([corpus("labelled") / one for one in (file, *BESIDE.get(file, ()))])
    return [(one.rule, one.container, one.place.source.line(one.place.start.line)) for one in report.active]


@pytest.mark.parametrize("label", MUST, ids=lambda label: f"{label.file}:{label.rule}")
def test_what_must_be_found(label: Label) -> None:
    found = [
        line for rule, container, line in findings(label.file) if (rule, container) == (label.rule, label.container)
    ]
    assert any(label.text in line for line in found), found


@pytest.mark.parametrize(("file", "rule"), MUST_NOT)
def test_what_must_not_be_found(file: str, rule: str) -> None:
    assert [line for name, _, line in findings(file) if name == rule] == []

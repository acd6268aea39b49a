"""Short ways to what tests need."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from initlint.config import NAMES, load, settings_of
from initlint.finding import Diagnostic
from initlint.kube.pods.locate import locate
from initlint.kube.pods.pod import Pod, Workload
from initlint.kube.terms.cluster import Cluster
from initlint.kube.terms.homes import manifests
from initlint.kube.terms.versions import Version
from initlint.run import check_sources
from initlint.settings import Base, Settings
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts
from initlint.text.documents import documents
from initlint.text.source import Source
from initlint.text.tree import Document, Node


def root(text: str, path: str = "app.yaml") -> Node:
    """The root of the one document of a text."""
    (document,) = documents(Source(path, text))
    assert isinstance(document, Document)
    return document.root


def workloads(text: str, version: str = "1.36") -> list[Workload]:
    """The workloads of the one document of a text."""
    cluster = Cluster(Version.parse(version))
    return [found for node in manifests(root(text)) if (found := locate(node, cluster))]


def pod(spec: str, version: str = "1.36") -> Pod:
    """A Pod of a spec in flow style."""
    (workload,) = workloads(f"{{apiVersion: v1, kind: Pod, metadata: {{name: app}}, spec: {spec}}}", version)
    return workload.pods[0]


def script(text: str, env: str = "", *, shell: str = "sh", image: str = "x", more: str = "") -> ContainerScript:
    """What a container with this script runs."""
    fields = f"image: {json.dumps(image)}, command: {json.dumps([shell, '-c', text])}, env: [{env}]{more}"
    (found,) = scripts(pod(f"{{containers: [{{name: a, {fields}}}]}}").containers[0])
    return found


def check(*texts: str, select: str = "ALL", ignore: str = "INIT401", version: str = "1.36") -> list[Diagnostic]:
    """What is reported of texts, as files of one run; missing resources left out, as most texts have none."""
    sources = [Source(f"{index}.yaml", text) for index, text in enumerate(texts)]
    settings = Settings(select=(select,), ignore=(ignore,), version=Version.parse(version))
    return list(check_sources(sources, settings).active)


def configured(folder: Path, text: str, base: str = "") -> Settings:
    """What a configuration file says that holds this text; `base` is the way from it to the working directory."""
    (folder / NAMES[0]).write_text(text)
    return settings_of(load(folder / NAMES[0]), (), Base(base))


def real(*programs: str) -> str:
    """Where the first of these programs is; a test that would compare with one is skipped if none is there."""
    found = next(filter(None, map(shutil.which, programs)), None)
    return found or pytest.skip(f"no {' or '.join(programs)} on this machine to compare with")

"""What is known of images, and above all what is not: a tool that is called absent and is there is a false alarm."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from initlint.kube.terms.image import parse
from initlint.shell.container import images
from initlint.shell.container.images import UNKNOWN_IMAGE, Shell, known_image
from tests.conftest import ROOT

DATA: dict[str, Any] = yaml.safe_load(Path(images.__file__).with_name("images.yaml").read_text(encoding="utf-8"))
LAYERS = [*DATA["bases"].values(), *DATA["images"], *(tag for image in DATA["images"] for tag in image.get("tags", ()))]
DIGEST = "@sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("image", "shell"),
    [
        ("busybox", Shell.BUSYBOX),
        ("busybox:1.28", Shell.BUSYBOX),
        ("docker.io/library/busybox:1.36.1-glibc", Shell.BUSYBOX),
        ("alpine:3.20", Shell.BUSYBOX),
        ("alpine:3.20" + DIGEST, Shell.BUSYBOX),
        ("debian:bookworm-slim", Shell.DASH),
        ("ubuntu:24.04", Shell.DASH),
        ("python:3.12", Shell.DASH),
        ("python:3.12-slim-bookworm", Shell.DASH),
        ("python:3.12-alpine3.20", Shell.BUSYBOX),
        ("node:22-alpine", Shell.BUSYBOX),
        ("eclipse-temurin:21-jre", Shell.DASH),
        ("registry.access.redhat.com/ubi9/ubi-minimal:9.4", Shell.BASH),
        ("registry.access.redhat.com/ubi8:latest", Shell.BASH),
        ("rockylinux:9", Shell.BASH),
        ("amazonlinux:2023", Shell.BASH),
        ("mysql:8.4", Shell.BASH),
        ("bitnamilegacy/postgresql:16.4.0-debian-12-r0", Shell.DASH),
        ("harbor.example.com/hub/curlimages/curl:8.9.1", Shell.BUSYBOX),
        ("gcr.io/distroless/base-debian12", Shell.NONE),
        ("gcr.io/distroless/java21-debian12:nonroot", Shell.NONE),
        ("gcr.io/distroless/base-debian12:debug", Shell.BUSYBOX),
        ("gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11.0", Shell.NONE),
        ("gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11.0-alpine", Shell.BUSYBOX),
        ("otel/opentelemetry-collector-contrib:0.104.0", Shell.NONE),
        ("registry.k8s.io/pause:3.10", Shell.NONE),
    ],
)
def test_shell(image: str, shell: Shell) -> None:
    facts = known_image(image)
    assert facts.shell is shell
    assert facts.has("sh") is (shell is not Shell.NONE)


def test_an_image_for_a_shell_has_one_whatever_it_is_made_of() -> None:
    assert known_image("gke.gcr.io/gke-distroless/bash:20220419").shell is not Shell.NONE
    assert known_image("example.com/acme/app:1-distroless").shell is Shell.NONE


@pytest.mark.parametrize(
    "image",
    [
        "",
        "acme/busybox:1.36",
        "acme/python:3.12",
        "my-debian",
        "python:3.12-windowsservercore",
        "python:3.12-custom",
        "python" + DIGEST,  # any of the variants
        "debian:jessie",
        "mysql:5.7",
        "bitnami/kubectl:latest",
        "bitnami/sealed-secrets-controller:0.27.0",
        "registry.example.com/team/alpine:3.20",
        "${IMAGE}",
        "<image>",
        "alpine:${TAG}",
        "image",
    ],
)
def test_unknown_image(image: str) -> None:
    facts = known_image(image)
    assert facts == UNKNOWN_IMAGE
    assert [facts.has("sh"), facts.has("curl"), facts.is_root, facts.uid, facts.workdir] == [None, None, None, None, ""]


def test_a_name_of_a_million_letters_is_looked_up_once() -> None:
    assert known_image("b" * 1_000_000) is UNKNOWN_IMAGE


@pytest.mark.parametrize(
    ("image", "present", "absent", "unsure"),
    [
        ("busybox:1.36", "wget nc nslookup tar unzip find xargs vi", "bash curl dig git jq rclone apk", "telnet bc"),
        ("alpine", "wget nc nslookup getent apk unzip", "bash curl git dig openssl kubectl python3 useradd", "telnet"),
        ("alpine:3.20", "apk", "update-ca-certificates", "bc"),
        ("debian:12", "bash apt-get getent perl tar useradd", "curl wget git nc nslookup ps ping vi yum", "journalctl"),
        ("ubuntu:22.04", "bash apt-get ps", "curl wget git nc dig python3 ip update-ca-certificates", "openssl"),
        ("python:3.10", "python3 pip curl wget git ps make unzip", "sudo jq nc dig kubectl psql vim", "envsubst"),
        ("python:3.10-slim", "python3 bash", "curl wget git gcc make ps", "openssl"),
        ("node:20-slim", "node npm", "curl wget git python3", "yarn openssl"),
        ("golang:1.22", "go git curl make", "jq sudo nc", "unzip"),
        ("golang:1.22-alpine", "go wget", "bash curl make", "git update-ca-certificates"),
        ("php:8.3-fpm", "php curl gcc", "wget git unzip", "openssl"),
        ("nginx:1.27", "nginx bash", "wget git nc", "curl envsubst"),
        ("postgres:16", "psql pg_isready", "curl wget nc git", "ps openssl"),
        ("postgres:16-alpine", "psql pg_isready bash wget nc", "curl git dig", "openssl"),
        ("mongo:7", "mongosh", "mongo", "curl"),
        ("mariadb:10.11", "bash", "psql", "mysql mysqladmin"),
        ("mariadb:11.4", "bash", "mysql mysqladmin psql", "mariadb"),
        ("mongo:4.4", "mongod", "kubectl", "mongo mongosh"),
        ("quay.io/keycloak/keycloak:26.0", "bash java", "curl wget microdnf", "keytool"),
        ("registry.access.redhat.com/ubi9/ubi-micro", "bash", "curl dnf python3", "tar"),
        ("gcr.io/distroless/static", "", "sh bash ls curl perl", "openssl cloud-sql-proxy"),
        ("bitnami/kubectl:1.29", "kubectl bash", "nc dig python3", "curl jq"),
        ("mcr.microsoft.com/dotnet/aspnet:8.0", "bash", "curl wget", "openssl"),
        ("nats:2.10", "", "sh ls curl", "nats-server"),
        ("quay.io/jetstack/cert-manager-controller:v1.15.1", "", "sh ls", "openssl"),
        ("registry.example.com/alpine:3.20", "wget apk", "", "curl bash"),  # perhaps a build of its owner
        ("registry.example.com/mirror/library/alpine:3.20", "wget apk", "curl bash", ""),
        ("public.ecr.aws/docker/library/alpine:3.20", "wget apk", "curl bash", ""),
    ],
)  # fmt: skip
def test_tools(image: str, present: str, absent: str, unsure: str) -> None:
    facts = known_image(image)
    for known, tools in ((True, present), (False, absent), (None, unsure)):
        assert {tool: facts.has(tool) for tool in tools.split()} == dict.fromkeys(tools.split(), known)


@pytest.mark.parametrize(
    ("image", "uid", "is_root"),
    [
        ("busybox", 0, True),
        ("gcr.io/distroless/static:nonroot", 65532, False),
        ("curlimages/curl", 100, False),
        ("memcached:1.6", None, False),
        ("nginxinc/nginx-unprivileged:1.27", 101, False),
        ("bitnami/kubectl:1.29", 1001, False),
        ("registry.access.redhat.com/ubi9/python-311:latest", 1001, False),
        ("prom/prometheus:v2.53.0", 65534, False),
        ("registry.k8s.io/git-sync/git-sync:v4.2.4", 65533, False),
        ("flyway/flyway:10", None, None),
    ],
)
def test_user(image: str, uid: int | None, is_root: bool | None) -> None:
    facts = known_image(image)
    assert (facts.uid, facts.is_root) == (uid, is_root)


@pytest.mark.parametrize(
    ("image", "knows"),
    [
        ("ubuntu:22.04", False),
        ("ubuntu", None),
        ("debian:12-slim", False),
        ("debian:13", True),
        ("debian:bookworm-20250101-slim", False),
        ("python:3.12-slim-trixie", True),
        ("python:3.12-bullseye", False),
        ("python:3.12", None),
        ("bitnamilegacy/redis:7.4.0-debian-12-r0", False),
        ("alpine:3.20", None),
    ],
)
def test_pipefail_is_known_where_the_release_is(image: str, knows: bool | None) -> None:
    assert known_image(image).knows_pipefail is knows


def test_the_data_file_is_as_its_schema_says() -> None:
    schema = json.loads((ROOT / "schemas" / "images.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(DATA, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**DATA, "images": [{"names": ["x"], "source": "https://x", "hass": ["curl"]}]}, schema)


def test_every_entry_can_be_found() -> None:
    names = [name for image in DATA["images"] for name in image["names"]]
    assert len(names) == len(set(names))
    for name in names:
        assert parse(name.rstrip("*-")).is_literal


def test_what_is_referred_to_is_there() -> None:
    lists = [
        *DATA["groups"].values(),
        *(layer[key] for layer in LAYERS for key in ("has", "lacks", "maybe") if key in layer),
    ]
    used = {tool[1:] for tools in lists for tool in tools if tool.startswith("$")}
    assert used == DATA["groups"].keys()
    assert {layer["base"] for layer in LAYERS if "base" in layer} <= DATA["bases"].keys()


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: str(layer.get("tag") or layer.get("names")))
def test_a_layer_does_not_contradict_itself(layer: dict[str, Any]) -> None:
    alone = [tool for key in ("has", "lacks", "maybe") for tool in layer.get(key, ()) if not tool.startswith("$")]
    assert len(alone) == len(set(alone))
    assert re.compile(layer.get("tag", ""))


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("alpine/git:2.43.0", "/git"),
        ("amazon/aws-cli:2.15.0", "/aws"),
        ("busybox:1.36", "/"),
        ("ubuntu:22.04", "/"),
        ("alpine/k8s:1.29.2", ""),  # built on alpine, and begins in /apps
    ],
)
def test_working_directories(image: str, expected: str) -> None:
    assert known_image(image).workdir == expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("eclipse-temurin:21-jre", {"JAVA_HOME": "/opt/java/openjdk"}),
        ("apache/airflow:2.10.1", {"AIRFLOW_HOME": "/opt/airflow"}),
        ("acme/airflow:2.10.1", {}),
    ],
)
def test_variables(image: str, expected: dict[str, str]) -> None:
    assert dict(known_image(image).env) == expected

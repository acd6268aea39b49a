"""The kinds of objects by the names that kubectl knows them by."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from initlint.shipped import data

_FILE = Path(__file__).with_name("kinds.yaml")


class Resource(NamedTuple):
    """A kind of objects, and the resource of the API that it is."""

    name: str
    kind: str
    group: str = ""
    is_namespaced: bool = True


@cache
def _resources() -> dict[str, Resource]:
    """Each under all its names."""
    found: dict[str, Resource] = {}
    for name, entry in data(_FILE).items():
        resource = Resource(name, entry["kind"], entry.get("group", ""), entry.get("scope") != "cluster")
        found |= dict.fromkeys((name, entry["kind"].lower(), *entry.get("short", "").split()), resource)
    return found


def find(word: str) -> Resource | None:
    """What kubectl understands by `po`, `Pod`, `pods`, `deployment.apps` or `deployments.v1.apps`; None if unknown."""
    name, _, rest = word.lower().partition(".")
    resource = _resources().get(name)
    if resource is None or not rest:
        return resource
    groups = (rest, rest.partition(".")[2])
    return resource if resource.group and resource.group in groups else None

"""The fields of every type that workloads consist of, as a Kubernetes version knows them."""

from __future__ import annotations

import json
from functools import cache
from typing import NamedTuple

from initlint.kube.terms.versions import Version
from initlint.regex import regex
from initlint.shipped import shipped

_NOTATION = regex(r"([\[{]?)([\w-]+)[\]}]?(!?)(?:@(\d+)(?:-(\d+))?)?")


class Field(NamedTuple):
    """The type of a field; `shape` is `[` of lists, `{` of mappings with any keys, and else empty."""

    type: str
    shape: str = ""
    is_required: bool = False

    @property
    def is_object(self) -> bool:
        """Whether it has fields of its own; types do, whose names begin with a capital letter."""
        return self.type[0].isupper()


class TypeTable:
    """The types of one version; what is asked for is read when it is asked for."""

    def __init__(self, version: Version) -> None:
        self._minor = version.minor
        self._types: dict[str, dict[str, Field]] = {}

    def fields(self, type_name: str) -> dict[str, Field]:
        """The fields of a type by name."""
        known = self._types.get(type_name)
        if known is None:
            notations = _notations()[type_name].items()
            found = {name: _read(notation, self._minor) for name, notation in notations}
            known = self._types[type_name] = {name: field for name, field in found.items() if field}
        return known

    def since(self, type_name: str, name: str) -> str | None:
        """The first later version in which a type has a field."""
        spans = _NOTATION.findall(_notations()[type_name].get(name, ""))
        minors = [int(first) for *_, first, _ in spans if first and int(first) > self._minor]
        return f"1.{min(minors)}" if minors else None


@cache
def table(version: Version) -> TypeTable:
    """The types of a version."""
    return TypeTable(version)


@cache
def _notations() -> dict[str, dict[str, str]]:
    """The table of all versions."""
    notations: dict[str, dict[str, str]] = json.loads((shipped("schemas") / "kubernetes.json").read_text("utf-8"))
    return notations


def _read(notation: str, minor: int) -> Field | None:
    """What a notation such as `string!@25-32|string@33` says of a version."""
    for shape, type_name, required, first, last in _NOTATION.findall(notation):
        if int(first or 0) <= minor <= int(last or minor):
            return Field(type_name, shape, bool(required))
    return None

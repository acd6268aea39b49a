"""The one place that knows what each Kubernetes version does."""

from __future__ import annotations

import re
from functools import total_ordering
from typing import NamedTuple

from initlint.errors import InitlintError


@total_ordering
class Version(NamedTuple):
    """A Kubernetes minor version."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read `1.34`; raises InitlintError for anything that is not a supported version."""
        match = re.fullmatch(r"v?(\d+)\.(\d+)", text)
        version = cls(int(match[1]), int(match[2])) if match else None
        if version is None or not OLDEST <= version <= NEWEST:
            raise InitlintError(f"unknown target version `{text}`: give one from {OLDEST} to {NEWEST}")
        return version

    @property
    def is_recorded(self) -> bool:
        """Whether the API server's verdicts were recorded from the real code, so that `rejected` may be claimed."""
        return Version(1, 31) <= self <= Version(1, 36)

    @property
    def validates_stateful_sets(self) -> bool:
        """Whether a StatefulSet's Pod template is validated at create: from 1.34 (kubernetes/kubernetes#131790)."""
        return self >= Version(1, 34)

    @property
    def knows_sidecars(self) -> bool:
        """Whether `restartPolicy: Always` makes a sidecar of an init container.

        Feature gate SidecarContainers: alpha and off in 1.28, on from 1.29 (KEP-753).
        """
        return self >= Version(1, 29)

    @property
    def has_pod_level_resources(self) -> bool:
        """Whether `spec.resources` is honoured: feature gate PodLevelResources, on from 1.34 (KEP-2837)."""
        return self >= Version(1, 34)


OLDEST = Version(1, 25)
NEWEST = Version(1, 37)
DEFAULT = Version(1, 36)

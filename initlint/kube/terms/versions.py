"""The one place that knows what each Kubernetes version does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import total_ordering
from typing import NamedTuple

from initlint.errors import InitlintError

# Beyond every version that is known.
_NEVER = 99

# The minor version from which a field is kept with default feature gates (dropDisabledFields of pkg/api/pod, of
# pkg/registry/batch/job and of pkg/registry/apps/statefulset; versioned_feature_list.yaml).
_KEPT_FROM: Mapping[tuple[str, str], int] = {
    ("Container", "resizePolicy"): 33,
    ("Container", "restartPolicyRules"): 35,
    ("EnvVarSource", "fileKeyRef"): 35,
    ("JobSpec", "backoffLimitPerIndex"): 29,
    ("JobSpec", "managedBy"): 32,
    ("JobSpec", "maxFailedIndexes"): 29,
    ("JobSpec", "podFailurePolicy"): 26,
    ("JobSpec", "podReplacementPolicy"): 29,
    ("JobSpec", "successPolicy"): 31,
    ("Lifecycle", "stopSignal"): _NEVER,
    ("LifecycleHandler", "sleep"): 30,
    ("PodSecurityContext", "appArmorProfile"): 30,
    ("PodSecurityContext", "seLinuxChangePolicy"): 33,
    ("PodSecurityContext", "supplementalGroupsPolicy"): 33,
    ("PodSpec", "hostnameOverride"): 35,
    ("PodSpec", "resourceClaims"): 34,
    ("PodSpec", "resources"): 34,
    ("PodSpec", "schedulingGates"): 27,
    ("PodSpec", "schedulingGroup"): _NEVER,
    ("PodSpec", "workloadRef"): _NEVER,
    ("ResourceRequirements", "claims"): 34,
    ("RollingUpdateStatefulSetStrategy", "maxUnavailable"): 35,
    ("SecurityContext", "appArmorProfile"): 30,
    ("SecurityContext", "procMount"): 33,
    ("StatefulSetSpec", "ordinals"): 27,
    ("StatefulSetSpec", "volumeClaimTemplates"): 34,
    ("Volume", "image"): 35,
    ("VolumeMount", "recursiveReadOnly"): 31,
    ("VolumeProjection", "clusterTrustBundle"): _NEVER,
    ("VolumeProjection", "podCertificate"): _NEVER,
}


@total_ordering
class Version(NamedTuple):
    """A Kubernetes minor version."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read `1.34`, or what a server says of itself, `v1.34.2-gke.100`; raises InitlintError for other texts."""
        match = re.fullmatch(r"v?(\d+)\.(\d+)(?:\.\d+(?:[-+]\S+)?)?", text)
        version = cls(int(match[1]), int(match[2])) if match else None
        if version is None or not OLDEST <= version <= NEWEST:
            raise InitlintError(f"unknown target version `{text}`: give one from {OLDEST} to {NEWEST}")
        return version

    @property
    def is_recorded(self) -> bool:
        """Whether the API server's verdicts were recorded from the real code, so that `rejected` may be claimed."""
        return Version(1, 31) <= self <= Version(1, 36)

    def keeps(self, type_name: str, field: str) -> bool:
        """Whether the API server keeps a field of a type, and validates it; else it vanishes at create."""
        return self.minor >= _KEPT_FROM.get((type_name, field), 0)

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
    def has_container_restart_policies(self) -> bool:
        """Whether containers have the field `restartPolicy`; before 1.28, strict decoding refuses it as unknown."""
        return self >= Version(1, 28)

    def container_restart_policies(self, *, init: bool) -> tuple[str, ...]:
        """What is honoured as `restartPolicy` of an init or app container.

        Feature gates SidecarContainers (KEP-753) and, on from 1.35, ContainerRestartRules (KEP-5307).
        """
        if self.has_restart_rules:
            return ("Always", "Never", "OnFailure")
        return ("Always",) if init and self.knows_sidecars else ()

    def drops_container_restart_policies(self, *, init: bool) -> bool:
        """Whether other values vanish at create, their feature gate being off (dropDisabledFields of pkg/api/pod)."""
        return self.drops_restart_rules or (init and self == Version(1, 28))

    @property
    def has_restart_rules(self) -> bool:
        """Whether `restartPolicyRules` are honoured: feature gate ContainerRestartRules, on from 1.35 (KEP-5307)."""
        return self.keeps("Container", "restartPolicyRules")

    @property
    def drops_restart_rules(self) -> bool:
        """Whether `restartPolicyRules` is a field and vanishes at create: alpha and off in 1.34."""
        return self == Version(1, 34)

    @property
    def allows_sidecar_restart_rules(self) -> bool:
        """Whether a sidecar may have `restartPolicyRules`: from 1.36."""
        return self >= Version(1, 36)

    @property
    def restart_actions(self) -> tuple[str, ...]:
        """What a restart rule may do; RestartAllContainersOnContainerExits is on from 1.36 (KEP-5532)."""
        return ("Restart", "RestartAllContainers") if self >= Version(1, 36) else ("Restart",)

    @property
    def has_relaxed_variables(self) -> bool:
        """Whether variables may have nearly any name: RelaxedEnvironmentVariableValidation, on from 1.32 (KEP-4369)."""
        return self >= Version(1, 32)

    @property
    def needs_valid_services(self) -> bool:
        """Whether the `serviceName` of a StatefulSet has to be a name: from 1.33."""
        return self >= Version(1, 33)

    @property
    def has_relaxed_searches(self) -> bool:
        """Whether search domains may hold underscores: RelaxedDNSSearchValidation, on from 1.33 (KEP-4427)."""
        return self >= Version(1, 33)

    @property
    def allows_zero_sleep(self) -> bool:
        """Whether it may do so for no time: PodLifecycleSleepActionAllowZero, on from 1.33 (KEP-4818)."""
        return self >= Version(1, 33)

    @property
    def forbids_restarting_init_containers(self) -> bool:
        """Whether a regular init container cannot be restarted for a resize: from 1.36."""
        return self >= Version(1, 36)

    @property
    def validates_node_affinity_values(self) -> bool:
        """Whether values in a required node affinity have to be those of labels: from 1.33."""
        return self >= Version(1, 33)

    @property
    def compares_taints(self) -> bool:
        """Whether tolerations know `Lt` and `Gt`: TaintTolerationComparisonOperators, on from 1.36 (KEP-5471)."""
        return self >= Version(1, 36)

    @property
    def has_user_namespaces(self) -> bool:
        """Whether `hostUsers: false` takes effect: feature gate UserNamespacesSupport, on from 1.33 (KEP-127)."""
        return self >= Version(1, 33)

    @property
    def forbids_devices_of_users(self) -> bool:
        """Whether a Pod with users of its own cannot have raw devices: from 1.34."""
        return self >= Version(1, 34)


OLDEST = Version(1, 25)
NEWEST = Version(1, 37)
DEFAULT = Version(1, 36)

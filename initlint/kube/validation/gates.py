"""Fields that the API server drops at create before their feature is on, or does not yet validate."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.kube.versions import Version

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


def keeps(version: Version, type_name: str, field: str) -> bool:
    """Whether the API server of a version keeps a field of a type, and validates it."""
    return version.minor >= _KEPT_FROM.get((type_name, field), 0)

"""What validation asks of single fields, by the type that has them; `!` marks what must not be missing or empty.

This is what pkg/apis/core/validation/validation.go, and validation.go of apps and batch, say field by field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from initlint.kube.validation.values import (
    PORT,
    USER,
    ValueCheck,
    absolute,
    address,
    among,
    anything,
    at_least,
    between,
    data_key,
    descending,
    dns_label,
    dns_subdomain,
    dotless,
    file_mode,
    header_name,
    local_path,
    no_steps_back,
    port,
    port_name,
    qualified,
    share,
    sysctl,
)

_NATURAL = at_least(0)
_POSITIVE = at_least(1)
_WEIGHT = between(1, 100)
_PARTITION = between(0, 255)
_PULL = among("Always", "IfNotPresent", "Never")
_PROFILE = among("Localhost", "RuntimeDefault", "Unconfined")
_RETENTION = among("Retain", "Delete")
_INCLUSION = among("Honor", "Ignore")
_LABEL_OPERATOR = among("In", "NotIn", "Exists", "DoesNotExist")
_HOST_PATH = (
    "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
)  # fmt: skip

_FIELDS: Mapping[str, Mapping[str, ValueCheck]] = {
    # Containers
    "Container": {
        "name!": dotless,
        "image!": anything,
        "imagePullPolicy": _PULL,
        "terminationMessagePolicy": among("File", "FallbackToLogsOnError", listed=("File", "FallbackToLogsOnError")),
    },
    "ContainerPort": {
        "containerPort!": PORT,
        "name": port_name,
        "protocol": among("TCP", "UDP", "SCTP"),
    },
    "ContainerResizePolicy": {
        "resourceName!": among("cpu", "memory"),
        "restartPolicy!": among("NotRequired", "RestartContainer"),
    },
    "ContainerRestartRuleOnExitCodes": {"operator!": among("In", "NotIn")},
    "EnvVar": {"name!": anything},
    "ConfigMapKeySelector": {"name!": dns_subdomain, "key!": data_key},
    "SecretKeySelector": {"name!": dns_subdomain, "key!": data_key},
    "ConfigMapEnvSource": {"name!": dns_subdomain},
    "SecretEnvSource": {"name!": dns_subdomain},
    "FileKeySelector": {"key!": anything, "volumeName!": dns_label, "path!": no_steps_back},
    "ObjectFieldSelector": {"fieldPath!": anything},
    "ResourceFieldSelector": {"resource!": anything},
    "VolumeMount": {
        "name!": anything,
        "mountPath!": anything,
        "subPath": descending,
        "subPathExpr": descending,
        "mountPropagation": among("Bidirectional", "HostToContainer", "None"),
        "recursiveReadOnly": among("Disabled", "Enabled", "IfPossible"),
    },
    "VolumeDevice": {"name!": anything, "devicePath!": no_steps_back},
    # Probes and hooks
    "Probe": {
        "initialDelaySeconds": _NATURAL,
        "timeoutSeconds": _NATURAL,
        "periodSeconds": _NATURAL,
        "successThreshold": _NATURAL,
        "failureThreshold": _NATURAL,
        "terminationGracePeriodSeconds": _POSITIVE,
    },
    "ExecAction": {"command!": anything},
    "HTTPGetAction": {"port!": port, "scheme": among("HTTP", "HTTPS")},
    "HTTPHeader": {"name!": header_name},
    "TCPSocketAction": {"port!": port},
    "GRPCAction": {"port!": PORT},
    # Security
    "SecurityContext": {
        "runAsUser": USER,
        "runAsGroup": USER,
        "procMount": among("Default", "Unmasked"),
    },
    "PodSecurityContext": {
        "runAsUser": USER,
        "runAsGroup": USER,
        "fsGroup": USER,
        "supplementalGroups": USER,
        "fsGroupChangePolicy": among("OnRootMismatch", "Always"),
        "supplementalGroupsPolicy": among("Merge", "Strict"),
        "seLinuxChangePolicy": among("MountOption", "Recursive"),
    },
    "SeccompProfile": {"type!": _PROFILE, "localhostProfile": descending},
    "AppArmorProfile": {"type!": _PROFILE},
    "Sysctl": {"name!": sysctl},
    # Volumes
    "Volume": {"name!": dotless},
    "ConfigMapVolumeSource": {"name!": anything, "defaultMode": file_mode},
    "SecretVolumeSource": {"secretName!": anything, "defaultMode": file_mode},
    "DownwardAPIVolumeSource": {"defaultMode": file_mode},
    "ProjectedVolumeSource": {"defaultMode": file_mode},
    "ConfigMapProjection": {"name!": anything},
    "SecretProjection": {"name!": anything},
    "ServiceAccountTokenProjection": {"path!": local_path, "expirationSeconds": between(600, 2**32)},
    "KeyToPath": {"key!": anything, "path!": local_path, "mode": file_mode},
    "DownwardAPIVolumeFile": {"path!": local_path, "mode": file_mode},
    "HostPathVolumeSource": {"path!": no_steps_back, "type": among(*_HOST_PATH)},
    "PersistentVolumeClaimVolumeSource": {"claimName!": anything},
    "PersistentVolumeClaimSpec": {
        "accessModes": among("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"),
        "storageClassName": dns_subdomain,
        "volumeMode": among("Block", "Filesystem"),
    },
    "ImageVolumeSource": {"reference!": anything, "pullPolicy": _PULL},
    "NFSVolumeSource": {"server!": anything, "path!": absolute},
    "CSIVolumeSource": {"driver!": anything},
    "GitRepoVolumeSource": {"repository!": anything, "directory": descending},
    "ISCSIVolumeSource": {"targetPortal!": anything, "iqn!": anything, "lun": _PARTITION},
    "GCEPersistentDiskVolumeSource": {"pdName!": anything, "partition": _PARTITION},
    "AWSElasticBlockStoreVolumeSource": {"volumeID!": anything, "partition": _PARTITION},
    "GlusterfsVolumeSource": {"endpoints!": anything, "path!": anything},
    "QuobyteVolumeSource": {"registry!": anything, "volume!": anything},
    "RBDVolumeSource": {"monitors!": anything, "image!": anything},
    "CephFSVolumeSource": {"monitors!": anything},
    "CinderVolumeSource": {"volumeID!": anything},
    "FlexVolumeSource": {"driver!": anything},
    "AzureFileVolumeSource": {"secretName!": anything, "shareName!": anything},
    "AzureDiskVolumeSource": {
        "diskName!": anything,
        "diskURI!": anything,
        "cachingMode": among("None", "ReadOnly", "ReadWrite"),
    },
    "VsphereVirtualDiskVolumeSource": {"volumePath!": anything},
    "PhotonPersistentDiskVolumeSource": {"pdID!": anything},
    "PortworxVolumeSource": {"volumeID!": anything},
    "ScaleIOVolumeSource": {"gateway!": anything, "system!": anything, "volumeName!": anything, "secretRef!": anything},
    # Pods
    "PodSpec": {
        "containers!": anything,
        "activeDeadlineSeconds": between(1, 2**31 - 1),
        "dnsPolicy": among("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
        "preemptionPolicy": among("Never", "PreemptLowerPriority"),
        "serviceAccountName": dns_subdomain,
        "nodeName": dns_subdomain,
        "hostname": dotless,
        "subdomain": dotless,
        "priorityClassName": dns_subdomain,
        "runtimeClassName": dns_subdomain,
        "hostnameOverride": dns_subdomain,
    },
    "PodOS": {"name!": among("linux", "windows")},
    "HostAlias": {"ip!": address, "hostnames": dns_subdomain},
    "PodDNSConfig": {"nameservers": address},
    "PodReadinessGate": {"conditionType!": qualified},
    "PodSchedulingGate": {"name!": qualified},
    "PodResourceClaim": {
        "name!": dotless,
        "resourceClaimName": dns_subdomain,
        "resourceClaimTemplateName": dns_subdomain,
    },
    # Scheduling
    "Toleration": {"key": qualified, "effect": among("NoSchedule", "PreferNoSchedule", "NoExecute")},
    "NodeSelector": {"nodeSelectorTerms!": anything},
    "NodeSelectorRequirement": {"key!": anything, "operator!": anything},
    "PreferredSchedulingTerm": {"weight!": _WEIGHT},
    "WeightedPodAffinityTerm": {"weight!": _WEIGHT},
    "PodAffinityTerm": {"topologyKey!": qualified, "namespaces": dns_label},
    "TopologySpreadConstraint": {
        "maxSkew!": _POSITIVE,
        "topologyKey!": anything,
        "whenUnsatisfiable!": among("DoNotSchedule", "ScheduleAnyway"),
        "minDomains": _POSITIVE,
        "nodeAffinityPolicy": _INCLUSION,
        "nodeTaintsPolicy": _INCLUSION,
    },
    "LabelSelectorRequirement": {"key!": qualified, "operator!": _LABEL_OPERATOR},
    # Workloads
    "OwnerReference": {"apiVersion!": anything, "kind!": anything, "name!": anything, "uid!": anything},
    "DeploymentSpec": {
        "replicas": _NATURAL,
        "minReadySeconds": _NATURAL,
        "revisionHistoryLimit": _NATURAL,
        "progressDeadlineSeconds": _NATURAL,
    },
    "DeploymentStrategy": {"type": among("Recreate", "RollingUpdate")},
    "RollingUpdateDeployment": {"maxUnavailable": share, "maxSurge": share},
    "ReplicaSetSpec": {"replicas": _NATURAL, "minReadySeconds": _NATURAL},
    "ReplicationControllerSpec": {"replicas": _NATURAL, "minReadySeconds": _NATURAL},
    "DaemonSetSpec": {"minReadySeconds": _NATURAL, "revisionHistoryLimit": _NATURAL},
    "DaemonSetUpdateStrategy": {"type": among("RollingUpdate", "OnDelete")},
    "RollingUpdateDaemonSet": {"maxUnavailable": share, "maxSurge": share},
    "StatefulSetSpec": {
        "replicas": _NATURAL,
        "minReadySeconds": _NATURAL,
        "podManagementPolicy": among("OrderedReady", "Parallel"),
    },
    "StatefulSetUpdateStrategy": {"type": among("RollingUpdate", "OnDelete")},
    "RollingUpdateStatefulSetStrategy": {"partition": _NATURAL},
    "StatefulSetOrdinals": {"start": _NATURAL},
    "StatefulSetPersistentVolumeClaimRetentionPolicy": {"whenDeleted": _RETENTION, "whenScaled": _RETENTION},
    "JobSpec": {
        "parallelism": _NATURAL,
        "completions": _NATURAL,
        "activeDeadlineSeconds": _NATURAL,
        "backoffLimit": _NATURAL,
        "ttlSecondsAfterFinished": _NATURAL,
        "backoffLimitPerIndex": _NATURAL,
        "maxFailedIndexes": _NATURAL,
        "completionMode": among("NonIndexed", "Indexed"),
        "podReplacementPolicy": among("TerminatingOrFailed", "Failed"),
    },
    "PodFailurePolicyRule": {"action!": among("FailJob", "FailIndex", "Ignore", "Count")},
    "PodFailurePolicyOnExitCodesRequirement": {"operator!": among("In", "NotIn"), "values!": anything},
    "PodFailurePolicyOnPodConditionsPattern": {"type!": qualified, "status": among("True", "False", "Unknown")},
    "SuccessPolicy": {"rules!": anything},
    "SuccessPolicyRule": {"succeededCount": _NATURAL},
    "CronJobSpec": {
        "schedule!": anything,
        "startingDeadlineSeconds": _NATURAL,
        "successfulJobsHistoryLimit": _NATURAL,
        "failedJobsHistoryLimit": _NATURAL,
        "concurrencyPolicy": among("Allow", "Forbid", "Replace"),
    },
}


class FieldDemand(NamedTuple):
    """What is asked of a field."""

    check: ValueCheck
    is_required: bool


DEMANDS: Mapping[str, Mapping[str, FieldDemand]] = {
    type_name: {name.rstrip("!"): FieldDemand(check, name.endswith("!")) for name, check in fields.items()}
    for type_name, fields in _FIELDS.items()
}
NONE: Mapping[str, FieldDemand] = {}

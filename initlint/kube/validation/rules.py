"""What validation asks of objects beyond their single fields, by their types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from initlint.kube.terms.homes import BUILT_IN
from initlint.kube.terms.objection import Objection
from initlint.kube.validation import containers, env, jobs, mounts, podspec, probes, scheduling, security, volumes
from initlint.kube.validation.case import ValidationCase
from initlint.kube.validation.metadata import metadata, named
from initlint.kube.validation.place import At
from initlint.kube.validation.workloads import (
    controller,
    deployment,
    rolling,
    rolling_daemons,
    selecting,
    stateful_set,
)

Rule = Callable[[At, ValidationCase], Iterator[Objection]]

RULES: Mapping[str, tuple[Rule, ...]] = {
    **{kind: (named,) for _, kind in BUILT_IN},
    "ObjectMeta": (metadata,),
    "PodSpec": (podspec.pod_spec, volumes.volumes, scheduling.spreading, security.on_windows),
    "Container": (containers.container, mounts.mounts),
    "ContainerPort": (containers.port,),
    "EnvVar": (env.variable,),
    "EnvFromSource": (env.variables_from,),
    "ObjectFieldSelector": (env.field_ref,),
    "ResourceFieldSelector": (env.resource_ref,),
    "ResourceRequirements": (podspec.devices,),
    "PodResourceClaim": (podspec.claims,),
    "Probe": (probes.probe,),
    "LifecycleHandler": (probes.handler,),
    "SecurityContext": (security.of_container,),
    "PodSecurityContext": (security.of_pod,),
    "SeccompProfile": (security.profile,),
    "AppArmorProfile": (security.profile,),
    "Volume": (volumes.volume,),
    "EmptyDirVolumeSource": (volumes.empty_dir,),
    "EphemeralVolumeSource": (volumes.claim_template,),
    "PersistentVolumeClaimSpec": (volumes.claim,),
    "FCVolumeSource": (volumes.fibre_channel,),
    "ProjectedVolumeSource": (volumes.projected,),
    "DownwardAPIVolumeFile": (volumes.downward_file,),
    "LabelSelector": (scheduling.selector,),
    "LabelSelectorRequirement": (scheduling.requirement,),
    "NodeSelectorRequirement": (scheduling.node_requirement,),
    "PodAffinityTerm": (scheduling.pod_term,),
    "Toleration": (scheduling.toleration,),
    "DeploymentSpec": (selecting, deployment),
    "RollingUpdateDeployment": (rolling,),
    "ReplicaSetSpec": (selecting,),
    "DaemonSetSpec": (selecting,),
    "RollingUpdateDaemonSet": (rolling_daemons,),
    "StatefulSetSpec": (selecting, stateful_set),
    "ReplicationControllerSpec": (controller,),
    "JobSpec": (jobs.job_spec,),
    "CronJobSpec": (jobs.cron_job_spec,),
}

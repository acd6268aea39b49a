"""What validation refuses, field by field; the fields are those that the API server names."""

from __future__ import annotations

import pytest

from initlint.kube.pods.locate import locate
from initlint.kube.terms.cluster import Cluster
from initlint.kube.terms.objection import Objection
from initlint.kube.terms.unknown import Part, Unknown
from initlint.kube.terms.versions import Version
from initlint.kube.validation.decode import verdict
from initlint.kube.validation.schedule import problem_of
from initlint.kube.validation.verdict import schema_objections
from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.source import Source
from tests.helpers import check, root, workloads

C = "{name: a, image: b}"
POD = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {%s}}"
OF_CONTAINER = POD % "containers: [{name: a, image: b, %s}]"
OF_POD = POD % f"containers: [{C}], %s"
DEPLOYMENT = (
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {matchLabels: {a: b}}, "
    f"template: {{metadata: {{labels: {{a: b}}}}, spec: {{containers: [{C}]}}}}, %s}}}}"
)
DAEMON_SET = DEPLOYMENT.replace("Deployment", "DaemonSet")
STATEFUL_SET = DEPLOYMENT.replace("Deployment", "StatefulSet")
JOB = (
    "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {template: "
    f"{{spec: {{restartPolicy: Never, containers: [{C}]}}}}, %s}}}}"
)
CRON_JOB = (
    "{apiVersion: batch/v1, kind: CronJob, metadata: {name: c}, spec: {jobTemplate: {spec: {template: "
    f"{{spec: {{restartPolicy: Never, containers: [{C}]}}}}}}}}, %s}}}}"
)
V = "volumes: [{name: v, %s}]"
KEYS = "matchExpressions: [{key: a, operator: %s}]"
REQUIRED = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]"
TERM = "requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{%s}]}"

TOLERATE = "tolerations: [{%s}]"
SPREAD = "topologySpreadConstraints: [%s]"
POLICY = "podFailurePolicy: {rules: [{action: FailJob, %s}]}"
NAMED = "{apiVersion: v1, kind: Pod, metadata: {%s}, spec: {containers: [%s]}}"

FURTHER = [
    (NAMED % ("name: p, labels: {'a b': c}", C), "metadata.labels"),
    (NAMED % ("name: p, labels: {a: 'b c'}", C), "metadata.labels"),
    (NAMED % ("name: p, annotations: {'a b': c}", C), "metadata.annotations"),
    (NAMED % ("name: p, namespace: A", C), "metadata.namespace"),
    (NAMED % ("labels: {a: b}", C), "metadata.name"),
    (NAMED % ("name: A_b", C), "metadata.name"),
    (OF_POD % "schedulingGates: [{name: a/b}, {name: c}, {name: a/b}]", "spec.schedulingGates[2]"),
    (OF_POD % (TOLERATE % "operator: exists"), "spec.tolerations[0].operator"),
    (OF_POD % (TOLERATE % "operator: Equal"), "spec.tolerations[0].operator"),
    (OF_POD % (TOLERATE % "key: a, operator: Exists, value: b"), "spec.tolerations[0].operator"),
    (OF_POD % (TOLERATE % "key: a, value: 'b c'"), "spec.tolerations[0].operator"),
    (OF_POD % (TOLERATE % "key: a, operator: Exists, tolerationSeconds: 5"), "spec.tolerations[0].effect"),
    (OF_POD % ("affinity: {nodeAffinity: {%s}}" % (TERM % (KEYS % "In"))), f"{REQUIRED}.matchExpressions[0].values"),
    (OF_POD % ("affinity: {nodeAffinity: {%s}}" % (TERM % (KEYS % "Exists, values: [b]"))),
     f"{REQUIRED}.matchExpressions[0].values"),
    (OF_POD % ("affinity: {nodeAffinity: {%s}}" % (TERM % (KEYS % "Gt, values: ['1', '2']"))),
     f"{REQUIRED}.matchExpressions[0].values"),
    (OF_POD % ("affinity: {nodeAffinity: {%s}}" % (TERM % (KEYS % "exists"))),
     f"{REQUIRED}.matchExpressions[0].operator"),
    (OF_POD % ("affinity: {nodeAffinity: {%s}}" % (TERM % "matchExpressions: [{key: 'a b', operator: Exists}]")),
     f"{REQUIRED}.matchExpressions[0].key"),
    (OF_POD % ("affinity: {nodeAffinity: {%s}}" % (TERM % "matchFields: [{key: a, operator: In, values: [b]}]")),
     f"{REQUIRED}.matchFields[0].key"),
    (OF_POD % ("affinity: {nodeAffinity: {%s}}" % (TERM % "matchFields: [{key: metadata.name, operator: In}]")),
     f"{REQUIRED}.matchFields[0].values"),
    (OF_POD % (SPREAD % "{maxSkew: 1, topologyKey: z, whenUnsatisfiable: ScheduleAnyway, minDomains: 2}"),
     "spec.topologySpreadConstraints[0].minDomains"),
    (OF_POD % (SPREAD % ", ".join(["{maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule}"] * 2)),
     "spec.topologySpreadConstraints[1].topologyKey"),
    (JOB % "maxFailedIndexes: 1, completionMode: Indexed, completions: 2", "spec.backoffLimitPerIndex"),
    (JOB % "completionMode: Indexed, parallelism: 2", "spec.completions"),
    (JOB % "completionMode: Indexed, completions: 2, parallelism: 200000", "spec.parallelism"),
    (JOB % "backoffLimitPerIndex: 1", "spec.backoffLimitPerIndex"),
    (JOB % "selector: {matchLabels: {a: b}}", "spec.selector"),
    (JOB % (POLICY % "onExitCodes: {operator: In, values: [0]}"),
     "spec.podFailurePolicy.rules[0].onExitCodes.values[0]"),
    (JOB % (POLICY % "onExitCodes: {operator: In, values: [2, 1]}"),
     "spec.podFailurePolicy.rules[0].onExitCodes.values"),
    (JOB % (POLICY % "onExitCodes: {operator: In, values: [1, 1]}"),
     "spec.podFailurePolicy.rules[0].onExitCodes.values[1]"),
    (JOB % (POLICY % "onExitCodes: {containerName: z, operator: In, values: [1]}"),
     "spec.podFailurePolicy.rules[0].onExitCodes.containerName"),
    (JOB % ("podReplacementPolicy: TerminatingOrFailed, " + POLICY % "onExitCodes: {operator: In, values: [1]}"),
     "spec.podReplacementPolicy"),
    (JOB % (POLICY % "onExitCodes: {operator: In, values: [1]}, onPodConditions: [{type: a, status: 'True'}]"),
     "spec.podFailurePolicy.rules[0]"),
    (OF_POD % (V % "downwardAPI: {items: [{path: p, fieldRef: {fieldPath: metadata.name}, "
                   "resourceFieldRef: {containerName: a, resource: limits.cpu}}]}"),
     "spec.volumes[0].downwardAPI.resourceFieldRef"),
    (OF_POD % (V % "projected: {sources: [{secret: {name: a, items: [{key: k, path: p}]}}, "
                   "{configMap: {name: b, items: [{key: k, path: p}]}}]}"),
     "spec.volumes[0].projected.sources[1].configMap.items[0].path"),
    (OF_POD % (V % "ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], "
                   "resources: {requests: {storage: 0}}}}}"),
     "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]"),
    (("{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {}, "
     f"template: {{metadata: {{labels: {{a: b}}}}, spec: {{containers: [{C}]}}}}}}}}"), "spec.selector"),
    (("{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {matchExpressions: "
     "[{key: a, operator: NotIn, values: [b]}]}, "
     f"template: {{metadata: {{labels: {{a: b}}}}, spec: {{containers: [{C}]}}}}}}}}"),
     "spec.template.metadata.labels"),
]  # fmt: skip

RESTARTING = "resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]"
RULES = "restartPolicy: Never, restartPolicyRules: [%s]"
RULE = "{action: Restart, exitCodes: {operator: In, values: [%s]}}"

OF_CONTAINERS = [
    (POD % "containers: [{name: a, image: ' b'}]", "spec.containers[0].image"),
    (OF_CONTAINER % f"resizePolicy: [{', '.join(['{resourceName: cpu, restartPolicy: NotRequired}'] * 2)}]",
     "spec.containers[0].resizePolicy"),
    (POD % f"restartPolicy: Never, containers: [{{name: a, image: b, {RESTARTING}}}]",
     "spec.containers[0].resizePolicy"),
    (OF_POD % f"initContainers: [{{name: i, image: b, {RESTARTING}}}]",
     "spec.initContainers[0].resizePolicy[0].restartPolicy"),
    (OF_CONTAINER % (RULES % ", ".join([RULE % 1] * 21)), "spec.containers[0].restartPolicyRules"),
    (OF_CONTAINER % (RULES % RULE % ", ".join(map(str, range(256)))),
     "spec.containers[0].restartPolicyRules[0].exitCodes.values"),
    (OF_CONTAINER % "volumeMounts: [{name: v, mountPath: /a, subPath: b, subPathExpr: $(C)}]",
     "spec.containers[0].volumeMounts[0].subPathExpr"),
    (OF_CONTAINER % "volumeMounts: [{name: v, mountPath: /a, mountPropagation: Bidirectional}]",
     "spec.containers[0].volumeMounts.mountPropagation"),
    (OF_CONTAINER % "volumeMounts: [{name: v, mountPath: /a, recursiveReadOnly: Enabled}]",
     "spec.containers[0].volumeMounts.recursiveReadOnly"),
    (OF_CONTAINER % ("volumeMounts: [{name: v, mountPath: /a, readOnly: true, recursiveReadOnly: IfPossible, "
                     "mountPropagation: HostToContainer}]"),
     "spec.containers[0].volumeMounts.recursiveReadOnly"),
    (OF_CONTAINER % "volumeMounts: [{name: v, mountPath: /a}, {name: w, mountPath: /a}]",
     "spec.containers[0].volumeMounts[1].mountPath"),
    (POD % "volumes: [{name: v, emptyDir: {}}], containers: [{name: a, volumeDevices: [{name: v, devicePath: /a}]}]",
     "spec.containers[0].volumeDevices[0].name"),
    (CRON_JOB.replace("name: c}", f"name: {'c' * 53}}}") % "schedule: '* * * * *'", "metadata.name"),
    (STATEFUL_SET.replace("name: d}", "name: a.b}") % "replicas: 1", "metadata.name"),
]  # fmt: skip

RC = "{apiVersion: v1, kind: ReplicationController, metadata: {name: r}, spec: {%s}}"
AFFINE = "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: z, %s}]}}"

RARE = [
    (OF_POD % (V % "emptyDir: {sizeLimit: 1 GB}"), "spec.volumes[0].emptyDir.sizeLimit"),
    (OF_POD % (V % "downwardAPI: {items: [{path: p, resourceFieldRef: {resource: limits.cpu}}]}"),
     "spec.volumes[0].downwardAPI.resourceFieldRef.containerName"),
    (JOB % "selector: {matchLabels: {a: b}}", "spec.selector"),
    (CRON_JOB.replace("{spec: {template", "{spec: {manualSelector: true, selector: {matchLabels: {a: b}}, template")
     % "schedule: '* * * * *'", "spec.jobTemplate.spec.selector"),
    (CRON_JOB.replace("{spec: {template", "{spec: {manualSelector: true, template") % "schedule: '* * * * *'",
     "spec.jobTemplate.spec.manualSelector"),
    (POD % "hostNetwork: true, containers: [{name: a, image: b, ports: [{containerPort: 1, hostPort: 2}]}]",
     "spec.containers[0].ports[0].hostPort"),
    (OF_POD % "hostUsers: false, hostIPC: true", "spec.hostIPC"),
    (OF_POD % "resourceClaims: [{name: gpu, resourceClaimName: a, resourceClaimTemplateName: b}]",
     "spec.resourceClaims[0]"),
    (POD % ("volumes: [{name: v, hostPath: {path: /a}}], containers: [{name: a, image: b, "
            "env: [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: p, key: A}}}]}]"),
     "spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName"),
    (OF_POD % ("affinity: {nodeAffinity: {%s}}" % (TERM % (
        "matchFields: [{key: metadata.name, operator: In, values: [a_b]}]"))), f"{REQUIRED}.matchFields[0].values[0]"),
    (OF_POD % (AFFINE % "matchLabelKeys: [a]"),
     "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys"),
    (OF_POD % "securityContext: {sysctls: [{name: A B, value: c}]}", "spec.securityContext.sysctls[0].name"),
    (OF_CONTAINER % "volumeMounts: [{name: v, mountPath: /a, subPath: /b}]",
     "spec.containers[0].volumeMounts.subPath"),
    (DEPLOYMENT % "strategy: {rollingUpdate: {maxSurge: half}}", "spec.strategy.rollingUpdate.maxSurge"),
    (OF_POD % (V % "ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}"),
     "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]"),
    (RC % f"template: {{spec: {{containers: [{C}]}}}}", "spec.selector"),
    (RC % f"selector: {{a: b}}, template: {{metadata: {{labels: {{a: c}}}}, spec: {{containers: [{C}]}}}}",
     "spec.template.metadata.labels"),
    (OF_CONTAINER % "lifecycle: {preStop: {sleep: {seconds: -1}}}", "spec.containers[0].lifecycle.preStop.sleep"),
]  # fmt: skip

ACCEPTED = [
    POD % "containers: [{name: a, image: '%IMAGE%'}]",
    OF_POD % f"initContainers: [{{name: i, image: b, restartPolicy: Always, {RESTARTING}}}]",
    OF_CONTAINER % (RULES % ", ".join([RULE % 1] * 20)),
    OF_CONTAINER % (RULES % RULE % ", ".join(map(str, range(255)))),
    POD % ("volumes: [{name: v, emptyDir: {}}], containers: [{name: a, image: b, securityContext: {privileged: true}, "
           "volumeMounts: [{name: v, mountPath: /a, mountPropagation: Bidirectional}]}]"),
    POD % ("volumes: [{name: v, emptyDir: {}}], containers: [{name: a, image: b, "
           "volumeMounts: [{name: v, mountPath: /a, readOnly: true, recursiveReadOnly: Enabled}]}]"),
    CRON_JOB.replace("name: c}", f"name: {'c' * 52}}}") % "schedule: '* * * * *'",
]  # fmt: skip

REFUSED = [
    (OF_CONTAINER % "ports: [{containerPort: 1, hostPort: 70000}]", "spec.containers[0].ports[0].hostPort"),
    (OF_CONTAINER % "ports: [{containerPort: 1, name: one}, {containerPort: 2, name: one}]",
     "spec.containers[0].ports[1].name"),
    (OF_CONTAINER % "ports: [{containerPort: 1, hostPort: 5}, {containerPort: 2, hostPort: 5}]",
     "spec.containers[0].ports[1].hostPort"),
    (OF_CONTAINER % "livenessProbe: {exec: {command: []}}", "spec.containers[0].livenessProbe.exec.command"),
    (OF_CONTAINER % "livenessProbe: {grpc: {port: 0}}", "spec.containers[0].livenessProbe.grpc.port"),
    (OF_CONTAINER % "livenessProbe: {httpGet: {path: /, port: no_name}}",
     "spec.containers[0].livenessProbe.httpGet.port"),
    (OF_CONTAINER % "livenessProbe: {httpGet: {path: /, port: 1, httpHeaders: [{name: a b, value: c}]}}",
     "spec.containers[0].livenessProbe.httpGet.httpHeaders"),
    (OF_CONTAINER % "livenessProbe: {tcpSocket: {port: 1}, exec: {command: [x]}}",
     "spec.containers[0].livenessProbe.tcpSocket"),
    (OF_CONTAINER % "readinessProbe: {tcpSocket: {port: 1}, terminationGracePeriodSeconds: 5}",
     "spec.containers[0].readinessProbe.terminationGracePeriodSeconds"),
    (OF_CONTAINER % "lifecycle: {preStop: {sleep: {seconds: 31}}}", "spec.containers[0].lifecycle.preStop.sleep"),
    (OF_CONTAINER % "volumeDevices: [{name: v, devicePath: /a}], volumeMounts: [{name: v, mountPath: /a}]",
     "spec.containers[0].volumeMounts[0].name"),
    (OF_CONTAINER % "securityContext: {seccompProfile: {type: Localhost}}",
     "spec.containers[0].securityContext.seccompProfile.localhostProfile"),
    (OF_CONTAINER % "securityContext: {appArmorProfile: {type: Unconfined, localhostProfile: x}}",
     "spec.containers[0].securityContext.appArmorProfile.localhostProfile"),
    (OF_CONTAINER % "securityContext: {procMount: Unmasked}", "spec.containers[0].securityContext.procMount"),
    (OF_CONTAINER % "securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [CAP_SYS_ADMIN]}}",
     "spec.containers[0].securityContext"),
    (OF_CONTAINER % "env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 2}}}]",
     "spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor"),
    (OF_CONTAINER % "env: [{name: A, valueFrom: {configMapKeyRef: {name: c, key: 'a b'}}}]",
     "spec.containers[0].env[0].valueFrom.configMapKeyRef.key"),
    (OF_CONTAINER % "env: [{name: A, valueFrom: {configMapKeyRef: &k {name: c, key: k}, secretKeyRef: *k}}]",
     "spec.containers[0].env[0].valueFrom"),
    (OF_CONTAINER % "env: [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: p, key: A}}}]",
     "spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName"),
    (OF_CONTAINER % "resources: {claims: [{name: gpu}]}", "spec.containers[0].resources.claims[0]"),
    (OF_CONTAINER % "restartPolicy: Never, restartPolicyRules: [{action: Restart}]",
     "spec.containers[0].restartPolicyRules[0].exitCodes"),
    (OF_POD % "activeDeadlineSeconds: 0", "spec.activeDeadlineSeconds"),
    (OF_POD % "hostname: a.b", "spec.hostname"),
    (OF_POD % "serviceAccountName: A", "spec.serviceAccountName"),
    (OF_POD % "shareProcessNamespace: true, hostPID: true", "spec.securityContext.shareProcessNamespace"),
    (OF_POD % "hostUsers: false, hostNetwork: true", "spec.hostNetwork"),
    (OF_POD % "dnsPolicy: None", "spec.dnsConfig"),
    (OF_POD % "dnsConfig: {nameservers: [1.1.1.1, 2.2.2.2, 3.3.3.3, 4.4.4.4]}", "spec.dnsConfig.nameservers"),
    (OF_POD % "dnsConfig: {nameservers: [one]}", "spec.dnsConfig.nameservers[0]"),
    (OF_POD % "dnsConfig: {searches: [-a]}", "spec.dnsConfig.searches[0]"),
    (OF_POD % "dnsConfig: {options: [{value: x}]}", "spec.dnsConfig.options[0]"),
    (OF_POD % "hostAliases: [{ip: 1.2.3}]", "spec.hostAliases[0].ip"),
    (OF_POD % "readinessGates: [{conditionType: a b}]", "spec.readinessGates[0].conditionType"),
    (OF_POD % "os: {name: beos}", "spec.os"),
    (OF_POD % "os: {name: windows}, securityContext: {fsGroup: 1}", "spec.securityContext.fsGroup"),
    (OF_POD % "os: {name: windows}, hostPID: true", "spec.hostPID"),
    (OF_POD % "os: {name: linux}, securityContext: {windowsOptions: {}}", "spec.securityContext.windowsOptions"),
    (OF_POD % "securityContext: {sysctls: [{name: a, value: b}, {name: a, value: c}]}",
     "spec.securityContext.sysctls[1].name"),
    (OF_POD % "hostNetwork: true, securityContext: {sysctls: [{name: net.core.somaxconn, value: '1'}]}",
     "spec.securityContext.sysctls[0].name"),
    (OF_POD % "resourceClaims: [{name: gpu}]", "spec.resourceClaims[0]"),
    (OF_POD % "ephemeralContainers: [{name: debug, image: x}]", "spec.ephemeralContainers"),
    (OF_POD % (V % "emptyDir: {sizeLimit: -1}"), "spec.volumes[0].emptyDir.sizeLimit"),
    (OF_POD % (V % "hostPath: {path: /a, type: dir}"), "spec.volumes[0].hostPath.type"),
    (OF_POD % (V % "secret: {secretName: s, defaultMode: 0o1777}"), "spec.volumes[0].secret.defaultMode"),
    (OF_POD % (V % "configMap: {name: c, items: [{key: k, path: ..x}]}"), "spec.volumes[0].configMap.items[0].path"),
    (OF_POD % (V % "nfs: {server: s, path: relative}"), "spec.volumes[0].nfs.path"),
    (OF_POD % (V % "fc: {lun: 1}"), "spec.volumes[0].fc.targetWWNs"),
    (OF_POD % (V % "fc: {targetWWNs: [a]}"), "spec.volumes[0].fc.lun"),
    (OF_POD % (V % "fc: {targetWWNs: [a], lun: 300}"), "spec.volumes[0].fc.lun"),
    (OF_POD % (V % "ephemeral: {}"), "spec.volumes[0].ephemeral.volumeClaimTemplate"),
    (OF_POD % (V % "ephemeral: {volumeClaimTemplate: {spec: {resources: {requests: {storage: 1}}}}}"),
     "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes"),
    (OF_POD % (V % "projected: {sources: [{secret: {name: a}, configMap: {name: b}}]}"),
     "spec.volumes[0].projected.sources[0]"),
    (OF_POD % (V % "downwardAPI: {items: [{path: p}]}"), "spec.volumes[0].downwardAPI"),
    (OF_POD % "tolerations: [{operator: Equal}]", "spec.tolerations[0].operator"),
    (OF_POD % "tolerations: [{key: a, tolerationSeconds: 1}]", "spec.tolerations[0].effect"),
    (OF_POD % "tolerations: [{key: a, operator: exists}]", "spec.tolerations[0].operator"),
    (OF_POD % f"affinity: {{nodeAffinity: {{{TERM % 'matchExpressions: [{key: a, operator: in, values: [b]}]'}}}}}",
     REQUIRED + ".matchExpressions[0].operator"),
    (OF_POD % f"affinity: {{nodeAffinity: {{{TERM % 'matchExpressions: [{key: a, operator: Gt}]'}}}}}",
     REQUIRED + ".matchExpressions[0].values"),
    (OF_POD % f"affinity: {{nodeAffinity: {{{TERM % 'matchFields: [{key: a, operator: In, values: [b]}]'}}}}}",
     REQUIRED + ".matchFields[0].key"),
    (DEPLOYMENT % "replicas: -1", "spec.replicas"),
    (DEPLOYMENT % "minReadySeconds: 600", "spec.progressDeadlineSeconds"),
    (DEPLOYMENT % "strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}", "spec.strategy.rollingUpdate"),
    (DEPLOYMENT % "strategy: {rollingUpdate: {maxUnavailable: 120%}}", "spec.strategy.rollingUpdate.maxUnavailable"),
    (DAEMON_SET % "updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}",
     "spec.updateStrategy.rollingUpdate.maxSurge"),
    (DAEMON_SET % "updateStrategy: {rollingUpdate: {maxUnavailable: 0}}",
     "spec.updateStrategy.rollingUpdate.maxUnavailable"),
    (STATEFUL_SET % "serviceName: a.b", "spec.serviceName"),
    (STATEFUL_SET % "updateStrategy: {type: OnDelete, rollingUpdate: {partition: 1}}",
     "spec.updateStrategy.rollingUpdate"),
    (JOB % "completionMode: Indexed, parallelism: 2", "spec.completions"),
    (JOB % "completionMode: Indexed, completions: 1, parallelism: 100001", "spec.parallelism"),
    (JOB % "backoffLimitPerIndex: 1", "spec.backoffLimitPerIndex"),
    (JOB % "podFailurePolicy: {rules: [{action: FailIndex, onExitCodes: {operator: In, values: [1]}}]}",
     "spec.podFailurePolicy.rules[0].action"),
    (JOB % "podFailurePolicy: {rules: [{action: Ignore}]}", "spec.podFailurePolicy.rules[0]"),
    (JOB % "podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [2, 1]}}]}",
     "spec.podFailurePolicy.rules[0].onExitCodes.values"),
    (JOB % "podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [0]}}]}",
     "spec.podFailurePolicy.rules[0].onExitCodes.values[0]"),
    (CRON_JOB % "schedule: '60 * * * *'", "spec.schedule"),
    (CRON_JOB % "schedule: 'TZ=UTC * * * * *'", "spec.schedule"),
    (CRON_JOB % "schedule: '* * * * *', timeZone: local", "spec.timeZone"),
    (CRON_JOB % "schedule: '* * * * *', concurrencyPolicy: allow", "spec.concurrencyPolicy"),
    (POD.replace("name: p", "name: P") % f"containers: [{C}]", "metadata.name"),
]  # fmt: skip


def refused(text: str, version: str = "1.36") -> list[Objection]:
    workload = locate(root(text), Cluster(Version.parse(version)))
    assert workload is not None
    found = verdict(workload)
    return [*found.unfit, *found.missing, *found.invalid]


@pytest.mark.parametrize(("text", "field"), [*REFUSED, *FURTHER, *OF_CONTAINERS, *RARE])
def test_what_is_refused_is_told_at_its_field(text: str, field: str) -> None:
    found = refused(text)
    assert field in [one.field for one in found]
    assert all(one.remedy and one.says for one in found)


@pytest.mark.parametrize(
    "text", [OF_CONTAINER % "securityContext: []", NAMED % ("name: p, labels: [a]", C), OF_POD % "securityContext: x"]
)
def test_what_cannot_be_decoded_is_told_with_what_is_expected(text: str) -> None:
    assert [one.remedy for one in refused(text)] == ["write a mapping"]


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_just_fits_is_accepted(text: str) -> None:
    assert refused(text) == []


@pytest.mark.parametrize(
    ("text", "before", "since"),
    [
        (OF_CONTAINER % "env: [{name: 1A, value: x}]", "1.31", "1.32"),
        (OF_CONTAINER % "lifecycle: {preStop: {sleep: {seconds: 0}}}", "1.32", "1.33"),
        (OF_CONTAINER % "env: [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: p, key: A}}}]", "1.34", "1.37"),
        (OF_POD % "dnsConfig: {searches: [_tcp.example.com]}", "1.32", "1.33"),
    ],
)
def test_what_a_later_version_allows(text: str, before: str, since: str) -> None:
    text = text.replace("containers:", "volumes: [{name: v, emptyDir: {}}], containers:")
    assert refused(text, before) != []
    assert refused(text, since) == []


@pytest.mark.parametrize(
    ("text", "before", "since"),
    [
        (OF_CONTAINER % "securityContext: {procMount: Bogus}", "1.32", "1.33"),
        (OF_CONTAINER % "resizePolicy: [{resourceName: gpu, restartPolicy: NotRequired}]", "1.32", "1.33"),
        (OF_POD % "hostUsers: false, hostNetwork: true", "1.32", "1.33"),
        (OF_POD % (V % "image: {reference: x, pullPolicy: Sometimes}"), "1.34", "1.35"),
        (STATEFUL_SET % "serviceName: a.b", "1.32", "1.33"),
        (OF_POD % f"initContainers: [{{name: i, image: b, {RESTARTING}}}]", "1.35", "1.36"),
    ],
)
def test_what_an_older_version_does_not_look_at(text: str, before: str, since: str) -> None:
    assert refused(text, before) == []
    assert refused(text, since) != []


@pytest.mark.parametrize(
    ("schedule", "is_valid"),
    [
        ("*/5 * * * *", True), ("0 3 1,15 jan-jun MON", True), ("@daily", True), ("@every 1h30m", True),
        ("? * * * ?", True),
        ("5/15 0-23/2 * * *", True), ("* * * *", False), ("60 * * * *", False),
        ("* * 0 * *", False), ("5-1 * * * *", False),
        ("*/0 * * * *", False), ("@sometimes", False), ("* * * foo *", False), ("* * * * 7", False),
        ("1/2/3 * * * *", False),
    ],
)  # fmt: skip
def test_schedules(schedule: str, is_valid: bool) -> None:
    assert (problem_of(schedule) is None) is is_valid


@pytest.mark.parametrize(
    ("item", "fact"),
    [
        ("[sh, -c]", "init container 1 is a list, where a mapping is expected: the API server rejects it"),
        ("render", "init container 1 is `render`, a string, where a mapping is expected: the API server rejects it"),
    ],
)
def test_a_container_that_is_none(item: str, fact: str) -> None:
    spec = f"{{initContainers: [{item}], containers: [{{name: a, image: a}}]}}"
    found = check(f"{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {spec}}}", select="INIT010")
    assert [one.message for one in found] == [fact]


def test_the_help_repeats_the_api_server() -> None:
    (found,) = check(OF_CONTAINER % "imagePullPolicy: always", select="INIT011")
    assert found.rejected
    assert found.help is not None
    assert found.help.startswith(
        "write `Always`; the API server says: spec.containers[0].imagePullPolicy: Unsupported value"
    )
    (found,) = check(OF_CONTAINER % "imagePullPolcy: Always", select="INIT010")
    assert found.help is not None
    assert found.help.startswith("did you mean `imagePullPolicy`? The API server says: strict decoding error")


def test_a_template_that_is_not_validated_is_accepted() -> None:
    text = STATEFUL_SET % "serviceName: d"
    text = text.replace("image: b}", "image: b, imagePullPolicy: always}")
    (found,) = check(text, select="INIT011", version="1.33")
    assert not found.rejected
    assert "the StatefulSet is accepted, and its Pods are never created" in found.message
    (found,) = check(text, select="INIT011", version="1.34")
    assert found.rejected


def test_why_nothing_is_known_is_said_in_the_same_words_every_time() -> None:
    (patch,) = workloads(DEPLOYMENT.replace("selector: {matchLabels: {a: b}}, ", "") % "replicas: 1")
    with pytest.raises(Unknown, match=f"^{next(iter(Part)).value} are unknown: it has no `selector`"):
        list(schema_objections(patch))


def test_what_patches_change_is_not_told_and_everything_else_is() -> None:
    patch = "[{op: replace, path: /spec/containers/0/image, value: c}]"
    files = {
        "kustomization.yaml": f"{{resources: [app.yaml], patches: [{{target: {{kind: Pod}}, patch: '{patch}'}}]}}",
        "app.yaml": POD % "activeDeadlineSeconds: 0, containers: [{name: a, image: ' b'}]",
    }
    report = check_sources([Source(*file) for file in files.items()], Settings(select=("INIT011", "INIT012")))
    assert [one.message.partition(",")[0] for one in report.active] == ["the Pod sets `activeDeadlineSeconds: 0`"]
    assert [note.reason for note in report.notes] == [
        "images are unknown: a kustomization patches them (kustomization.yaml)"
    ]


def test_an_object_without_a_version_is_no_object_yet() -> None:
    workload = locate(root("{kind: Pod, spec: {containers: [{name: a}]}}"), Cluster(Version.parse("1.36")))
    assert workload is not None
    with pytest.raises(Unknown, match="no `apiVersion`"):
        list(schema_objections(workload))

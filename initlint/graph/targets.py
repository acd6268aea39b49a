"""What a wait of an init container asks for: a host by its name, or an object that kubectl is told."""

from __future__ import annotations

from typing import NamedTuple

from initlint.kube.kustomize.applied import Labels
from initlint.kube.terms.expansion import OWN_NAMESPACE
from initlint.kube.terms.placeholder import is_placeholder
from initlint.rbac.kinds import find
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Probe, ProbeKind
from initlint.shell.container.script import ContainerScript
from initlint.shell.language.command import Context
from initlint.shell.questions.own import behind_own_name
from initlint.shell.waiting.waits import Wait, said

OWN_POD = "$(hostname)"
"""Stands in a host's name for that of the Pod, which nobody knows before it is made."""

# What `kubectl wait` and `rollout status` wait for that takes Pods which have started.
_STARTED = ("", *(f"condition={one}" for one in ("available", "ready", "containersready", "complete")))
# What of an object tells that Pods have started, and with what it is compared where something else is meant.
_STATE = regex(
    r"\.(?:ready|available)Replicas|\.numberReady|\.subsets|\.addresses|\.phase|\.succeeded|\.ready\b"
    r"|type\s*==\s*\\?[\"'](?:Ready|Available|Complete)\b"
)
_OTHERWISE = regex(
    r"\b(?:Pending|Failed|Terminating|Unknown|[Ff]alse)\b"
    r"|(?:\buntil\b|\bwhile\s+!)[^\n;]*(?:-z |(?:-eq|-le|==?)\s*(?:[\"']?0\b|\"\"|''))"
    r"|\bwhile\b[^\n;]*(?:-n |(?:-ne|-gt|!=)\s*(?:[\"']?0\b|\"\"|''))"
)
# Where the lines of all Pods are looked through for those that have started.
_SHOWN = regex(r"\|\s*e?grep\s+(?:-[a-uw-zA-KM-Z]+\s+)*['\"]?(?:[1-9]/[1-9]|Running|Completed)\b")
_SELECTOR = regex(r"[\w./-]+=[\w.-]*(?:,[\w./-]+=[\w.-]*)*")
_ONE_OF = regex(r"([\w./-]+)\s+in\s*\(\s*([\w.-]+)\s*\)")
_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "Pod")
# What k8s-wait-for asks for besides: those of the Service must be ready.
_BY_PODS = "list:pods"
# They look up names in /etc/hosts first, where the full own name stands.
_BY_HOSTS = ("getent", "ping")
_LABELS_OF_FULL_NAME = 4


class Target(NamedTuple):
    """What is asked for: a host by its name, or an object as kubectl is told.

    `only_name`: that the name resolves is enough; `port` is what is asked for else, empty if it is not known. `kind` is
    that of an object, in lower case, and `namespace` the one that is given for it. Without a name all Pods with these
    `labels` are meant.
    """

    name: str
    only_name: bool = False
    kind: str = ""
    namespace: str = ""
    port: str = ""
    labels: Labels | None = None

    @property
    def is_own_name(self) -> bool:
        """Whether it is the Pod's own name under a Service."""
        return self.name.startswith(OWN_POD)

    @property
    def is_host(self) -> bool:
        """Whether it is asked for by way of the network."""
        return not self.kind


def target(script: ContainerScript, wait: Wait, step: Step, probe: Probe) -> Target | None:
    """What a probe asks for, if all of it is known, and it is something that starts."""
    if probe.kind is ProbeKind.OBJECT:
        return _object(script, wait, step, probe)
    name = probe.host.text if probe.host else None
    if not name and (service := behind_own_name(probe, script)):
        name = f"{OWN_POD}.{service}"
    if name and _is_in_hosts(name, step, script):
        return None
    known = (name or "").replace(OWN_NAMESPACE, "").replace(OWN_POD, "")
    if not name or not known or is_placeholder(known) or probe.kind is ProbeKind.FILE or step.meaning.assumes_host:
        return None
    port = probe.port.text if probe.port else None
    return Target(name, only_name=probe.kind is ProbeKind.NAME, port=port or "")


def _is_in_hosts(name: str, step: Step, script: ContainerScript) -> bool:
    """Whether a name is the full one of the Pod itself, and looked up where it surely stands."""
    is_own = name.split(".")[0] in (OWN_POD, script.hostname)
    return is_own and name.count(".") >= _LABELS_OF_FULL_NAME and step.command.name in _BY_HOSTS


def _object(script: ContainerScript, wait: Wait, step: Step, probe: Probe) -> Target | None:
    """What kubectl waits for, or asks again and again: an object, the Pods with some labels, or those of a Service."""
    name, labels = (value.text if value else None for value in (probe.host, probe.labels))
    resource, namespace = find(probe.resource), probe.namespace.text if probe.namespace else ""
    if resource is None or namespace is None or not _asks_for_start(script, wait, step, probe):
        return None
    is_of_service = resource.kind == "Endpoints" or (resource.kind == "Service" and _BY_PODS in probe.verbs)
    if is_of_service and name and not is_placeholder(name):
        return Target(f"{name}.{namespace}" if namespace else name)
    kind = resource.kind.lower()
    if resource.kind not in _KINDS:
        return None
    if name:
        return None if is_placeholder(name) else Target(name, kind=kind, namespace=namespace)
    plain = _ONE_OF.sub(r"\1=\2", labels or "").replace("==", "=").replace(" ", "")
    is_known = labels is not None and kind == "pod" and (not labels or _SELECTOR.fullmatch(plain))
    if not is_known or not (step.meaning.waits or _is_looked_at(step.command.context)):
        return None
    pairs = (one.partition("=") for one in plain.split(",") if one)
    selector = frozenset((key, value) for key, _, value in pairs)
    return Target(said(probe), kind=kind, namespace=namespace, labels=selector)


def _is_looked_at(context: Context) -> bool:
    """Whether something looks at what a command says: where kubectl finds no Pods, it succeeds."""
    stage, stages = context.stage
    return context.in_substitution or stage + 1 < stages


def _asks_for_start(script: ContainerScript, wait: Wait, step: Step, probe: Probe) -> bool:
    """Whether it is only there once Pods have started."""
    if step.meaning.waits:
        is_state = _STATE.search(probe.condition) and not _OTHERWISE.search(probe.condition)
        return probe.condition.lower().removesuffix("=true") in _STARTED or bool(is_state)
    # A word with a pattern, `jsonpath={.subsets[*]}`, is nearly always what it says.
    words = " ".join(one.text or script.script.text[one.start : one.end] for one in step.command.arguments)
    text = script.script.text[wait.loop.start : wait.loop.end] if wait.loop else ""
    shows_state = _STATE.search(words) or _SHOWN.search(text)
    return " get " in words and bool(text and shows_state) and not _OTHERWISE.search(text)

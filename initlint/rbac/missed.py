"""What a wait asks for that is not there: Services by their hosts, other objects as kubectl is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.kube.inventory.absence import absent, absent_service, empty_service
from initlint.rbac.access import EVERYWHERE
from initlint.rbac.kinds import find
from initlint.rbac.requests import asks_own_cluster, namespace_of
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Probe, ProbeKind
from initlint.shell.container.script import ContainerScript
from initlint.shell.waiting.waits import Wait, needed

# Kinds whose objects are declared; others are often made by those who use them.
_DECLARED = ("CronJob", "DaemonSet", "Deployment", "Endpoints", "Job", "PersistentVolumeClaim", "Pod", "ReplicaSet",
             "Service", "StatefulSet")  # fmt: skip
_MAKING = frozenset({"apply", "create", "expose", "install", "replace", "run", "upgrade"})


class Missed(NamedTuple):
    """An object that is not there; `target` says it in words, `meant` is the name of one that may be meant.

    `is_empty`: it is a Service that is there, but no Pod behind it.
    """

    probe: Probe
    kind: str
    target: str
    meant: str
    is_empty: bool = False


def missed(script: ContainerScript, wait: Wait) -> Iterator[Missed]:
    """The objects that a wait asks for in vain; nothing of waits for the end of something."""
    if wait.is_for_absence or wait.context.in_background or wait.context.is_elsewhere:
        return
    asked = list(wait.certain(script.container.whole_env, of_host=True))
    for several in wait.rounds(asked):
        # Of what a loop asks for by turns, one may be enough.
        for group in needed(wait, several) if len(several) == len(asked) else [several]:
            found = [one for step, probe in group for one in _missed(script, step, probe)]
            if len(found) == len(group):
                yield from found


def _missed(script: ContainerScript, step: Step, probe: Probe) -> Iterator[Missed]:
    name = probe.host.text if probe.host else None
    if name and probe.kind is ProbeKind.OBJECT:
        yield from _object(script, step, probe, name)
    elif name and probe.kind is not ProbeKind.FILE:
        yield from _service(script, probe, name)


def _service(script: ContainerScript, probe: Probe, name: str) -> Iterator[Missed]:
    """A Service that is not there; or one without Pods, which its name alone has an address without."""
    if one := absent_service(script.container.pod, name):
        _, service, *namespace = one.name.split("/")
        where = _of("".join(namespace) or one.namespace, name)
        yield Missed(probe, "Service", f"Service `{service}`{where}", "".join(one.facts[:1]))
    elif (empty := empty_service(script.container.pod, name)) and (
        probe.kind is not ProbeKind.NAME or empty.is_headless
    ):
        yield Missed(probe, "Service", f"Service `{empty.service}`{_of(empty.namespace, name)}", "", is_empty=True)


def _object(script: ContainerScript, step: Step, probe: Probe, name: str) -> Iterator[Missed]:
    resource, (is_known, namespace) = find(probe.resource), namespace_of(probe, step, script)
    is_own = asks_own_cluster(script) and not _makes_objects(script)
    if resource is None or resource.kind not in _DECLARED or not is_known or namespace == EVERYWHERE or not is_own:
        return
    if one := absent(script.container.pod, resource.kind, name, namespace):
        where = f" in namespace `{namespace}`" if namespace else ""
        yield Missed(probe, resource.kind, f"{resource.kind} `{name}`{where}", "".join(one.facts[:1]))


def _of(namespace: str | None, host: str) -> str:
    """The namespace, where the host names it."""
    return f" in namespace `{namespace}`" if namespace and "." in host.removesuffix(".") else ""


def _makes_objects(script: ContainerScript) -> bool:
    """Whether the script may make objects itself."""
    return any(not _MAKING.isdisjoint(filter(None, step.command.words)) for step in script.steps)

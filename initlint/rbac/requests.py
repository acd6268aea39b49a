"""What the commands of a container ask the API server for, as its ServiceAccount."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from initlint.kube.pods.container import Container
from initlint.rbac.access import EVERYWHERE
from initlint.rbac.account import ANY_NAME, AccessRequest, Account
from initlint.rbac.kinds import Resource, find
from initlint.rbac.urls import OWN_NAMESPACE, requests_of
from initlint.regex import regex
from initlint.shell.commands.entrypoint import ENTRYPOINT
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Probe, ProbeKind
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts
from initlint.shell.waiting.waits import Wait, in_rounds

_CLIENTS = ("kubectl", "oc", "kubecolor", "k8s-wait-for", "wait_for", "wait_for.sh", ENTRYPOINT)
_TAKING = ("-n", "--namespace", "-l", "--selector", "-o", "--output", "--request-timeout")
# What gets a URL, and the options that have it do something else with it.
_TOKEN = regex(r"/serviceaccount\b.*/token\b", re.DOTALL)
_SENDING = {
    "curl": regex(r"-[XdFT]|--(?:request|data|json|form|upload-file)"),
    "wget": regex(r"--(?:method|post|body)"),
}
_FAILING = regex(r"-[a-zA-Z]*f[a-zA-Z]*|--fail(?:-with-body|-early)?")
# What makes kubectl ask another API server, or as somebody else.
_OTHERWISE = regex(
    r"kubeconfig|\.kube\b|get-credentials|config\s+(?:set|use)|oc\s+login|KUBERNETES_(?:MASTER|SERVICE_HOST)"
    r"|(?:kubectl|kubecolor|oc|wait_for\S*)\b(?:[^\n;|&]|\\\n)*?\s"
    r"(?:--(?:server|token|as|as-group|context|user|cluster|username)\b|-s[\s=])",
    re.IGNORECASE,
)
_NAMESPACE = regex(rf"(?:-n|--namespace)[\s=]*[\"']?(?:\$\{{?(\w+)\}}?|{OWN_NAMESPACE})")
_READ = regex(rf"(\w+)=[\"']?{OWN_NAMESPACE}")


class ApiCall(NamedTuple):
    """A command that asks the API server; `needs` are what it asks for, each with what would do as well."""

    script: ContainerScript
    step: Step
    wait: Wait | None
    needs: tuple[tuple[AccessRequest, ...], ...]

    @property
    def title(self) -> str:
        """The command with its verb, as messages say it."""
        if not self.is_client:
            return self.step.command.name
        words = self.step.command.words
        verbs = (word for before, word in pairwise(words) if word and word[0] != "-" and before not in _TAKING)
        return f"{self.step.command.name} {next(verbs, '')}".rstrip()

    @property
    def is_client(self) -> bool:
        """Whether it finds the API server and its token by itself."""
        return self.step.command.name in _CLIENTS

    def lacks(self, account: Account) -> list[AccessRequest]:
        """What the ServiceAccount is not allowed to ask for."""
        return [need[0] for need in self.needs if not any(map(account.may, need))]


def calls(container: Container) -> Iterator[ApiCall]:
    """What asks the API server as the Pod's ServiceAccount, and fails if it is not allowed to."""
    for script in scripts(container):
        if asks_own_cluster(script):
            yield from _of_script(script)


def asks_own_cluster(script: ContainerScript) -> bool:
    """Whether kubectl asks the API server of the Pod's cluster as its ServiceAccount, as nothing says otherwise."""
    container = script.container
    is_told = container.whole_env is None or any(map(_OTHERWISE.search, _setting(container)))
    return not is_told and not _OTHERWISE.search(script.script.text)


def _setting(container: Container) -> Iterator[str]:
    """What may tell kubectl of another API server, beside the script: variables, and where volumes are mounted."""
    yield from (one.name.value for one in container.env)
    yield from (one.path.value for one in container.mounts)


def _of_script(script: ContainerScript) -> Iterator[ApiCall]:
    waiting = {id(step.command): wait for wait in script.waits for step in wait.steps}
    for step in script.steps:
        command, wait = step.command, waiting.get(id(step.command))
        context = command.context
        is_passed = wait is not None and wait.loop is not None and wait.is_for_absence
        if command.name not in (*_CLIENTS, *_SENDING) or context.is_elsewhere or context.in_background or is_passed:
            continue
        asked = _needs if command.name in _CLIENTS else _gotten
        rounds = in_rounds([(step, probe) for probe in step.meaning.probes])
        needs = tuple(need for several in rounds for _, probe in several for need in asked(probe, step, script))
        is_heeded = wait is not None or not context.is_checked or script.fails_with(command)
        if is_heeded and (needs or (step.meaning.is_significant and command.name in _CLIENTS)):
            yield ApiCall(script, step, wait, needs)


def _gotten(probe: Probe, step: Step, script: ContainerScript) -> Iterator[tuple[AccessRequest, ...]]:
    """What is asked for by a URL, with the token of the ServiceAccount, by what fails if that is refused."""
    name, words = step.command.name, [word or "" for word in step.command.words]
    is_failing = name == "wget" or any(map(_FAILING.fullmatch, words))
    is_getting = is_failing and not any(map(_SENDING[name].match, words))
    if probe.kind is ProbeKind.HTTP and is_getting and _TOKEN.search(script.script.text):
        url = script.script.text[probe.start : probe.end]
        yield from ((request,) for request in requests_of(url, _own_names(script)))


def _needs(probe: Probe, step: Step, script: ContainerScript) -> Iterator[tuple[AccessRequest, ...]]:
    """What a probe asks for; nothing of kinds and namespaces that are not known."""
    is_known, namespace = namespace_of(probe, step, script)
    if probe.kind is not ProbeKind.OBJECT or not is_known:
        return
    for resource in filter(None, map(find, probe.resource.split(","))):
        for verb in probe.verbs:
            verbs, _, of = verb.partition(":")
            yield tuple(_request(one, of, probe, resource, namespace) for one in verbs.split("|"))


def _request(verb: str, of: str, probe: Probe, resource: Resource, namespace: str | None) -> AccessRequest:
    name = None if probe.host is None else probe.host.text or ANY_NAME
    kind, slash, sub = of.partition("/")
    meant = (find(kind) if kind else resource) or resource
    if meant != resource:
        name = None if verb == "list" else ANY_NAME
    elif verb == "create" and not sub:
        name = None  # it is in what is sent, where the authorizer does not look
    if not meant.is_namespaced:
        # Who gets a namespace asks in it (RequestInfoFactory.NewRequestInfo).
        namespace = name if meant.name == "namespaces" and name not in (None, ANY_NAME) else EVERYWHERE
    return AccessRequest(verb, meant.group, meant.name + slash + sub, name, namespace)


def namespace_of(probe: Probe, step: Step, script: ContainerScript) -> tuple[bool, str | None]:
    """Whether the namespace is known, and which it is; None is that of the Pod."""
    if probe.namespace is None:
        return True, None
    if probe.namespace.text is not None:
        return True, probe.namespace.text or EVERYWHERE
    words = script.script.text[step.command.start : max(one.end for one in step.command.arguments)]
    named = {match[1] or "" for match in _NAMESPACE.finditer(words)}
    return bool(named) and named <= _own_names(script), None


def _own_names(script: ContainerScript) -> set[str]:
    """The variables that hold the namespace of the Pod; the empty name stands for what reads it."""
    fields = {one.name.value: one.node["valueFrom"]["fieldRef"]["fieldPath"].value for one in script.container.env}
    told = {name for name, field in fields.items() if field == "metadata.namespace"}
    return {"", *told, *(match[1] for match in _READ.finditer(script.script.text))}

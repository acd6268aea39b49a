"""What may make objects that no manifest of the input holds: custom resources, scripts, and settings that name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from initlint.kube.terms.cluster import UNREAD, Offer
from initlint.kube.terms.homes import HOMES, group_of
from initlint.regex import regex
from initlint.text.tree import Node, Scalar, Sequence, mappings, walk

MAKES = "names of what may be made"

# Groups of Kubernetes have no dot, or belong to it; what else there is, an operator may make objects of.
_OWN_GROUP = regex(r"[a-z]*|(?!gateway\.)[a-z.]+\.k8s\.io")
# Custom resources whose controllers make no objects that a Pod refers to.
_MAKING_NONE = {
    "argoproj.io": ("Rollout", "AppProject", "AnalysisTemplate"), "cilium.io": (), "config.openshift.io": (),
    "crd.projectcalico.org": (), "keda.sh": (), "networking.istio.io": (), "projectcalico.org": (),
    "monitoring.coreos.com": ("ServiceMonitor", "PodMonitor", "PrometheusRule", "Probe", "ScrapeConfig"),
    "policy.linkerd.io": (), "route.openshift.io": (), "security.istio.io": (), "telemetry.istio.io": (),
    "traefik.containo.us": (), "traefik.io": (),
}  # fmt: skip
_COMMENT = regex(r"(?:^|(?<=\s))#.*$", re.MULTILINE)
_NAME = regex(r"[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?")
_PATH = regex(r"(?<![\w.-])/[\w./-]+")
# What a line speaks of that names an object to be made, but for kubectl, which is told what to do.
_TELLING = regex(r"secret|config-?map|\bcm\b|cert|\bpvc\b|claim|service-?account|\bsa\b|helm", re.IGNORECASE)
_KUBECTL = regex(r"\b(?:kubectl|oc)\s")
_CREATING = regex(r"\s(?:create|run|expose|annotate|patch)\s")
# What makes objects that it does not name.
_ANYTHING = regex(
    r"\b(?:kubectl|oc)\b[^\n;|&]*?\s(?:apply|replace)\s"
    r"|\b(?:kubectl|oc)\b[^\n;|&]*?\screate\s[^\n;|&]*?(?:\s-[fk]\b|--filename|--kustomize)"
    r"|\b(?:kubectl|oc)\b[^\n;|&]*?\screate\s[^\n;|&]*?\s[\"']?(?!-)[\w.-]*[$`]"
    r"|\b(?:helm|helmfile)\b[^\n;|&]*?\s(?:apply|install|upgrade|sync)\b"
    r"|\b(?:kapp\s+deploy|flux\s+(?:bootstrap|create|install|reconcile)|argocd\s+app|(?:terraform|tofu)\s+apply"
    r"|pulumi\s+up)\b"
)
_OF_SECRETS = regex(r"secret|cert|reflect|replicat", re.IGNORECASE)
_OF_INGRESS = regex(r"cert-?manager|acme|issuer", re.IGNORECASE)
_LONG = 300


def is_of_others(group: str) -> bool:
    """Whether a group is not of Kubernetes itself."""
    return not _OWN_GROUP.fullmatch(group)


def makes_others(group: str, kind: str) -> bool:
    """Whether the controller of a custom resource may make other objects of it."""
    kinds = _MAKING_NONE.get(group)
    return is_of_others(group) and (kinds is None or (bool(kinds) and kind not in kinds))


def offers(root: Node) -> Iterator[Offer]:
    """The names of what an object may bring about; that it may bring about anything, as a file that is not read."""
    path = root.source.path
    texts = [_COMMENT.sub("", text) for text in _texts(root)]
    if any(_ANYTHING.search(text) for text in texts):
        yield Offer(UNREAD, None, path)
    names = {name for text in texts for name in _named(text)} | {*_settings(root)}
    if names:
        yield Offer(MAKES, None, path, tuple(sorted(names)))


def _texts(root: Node) -> Iterator[str]:
    """The texts of an object that may tell of others to be made."""
    key = (group_of(root), root["kind"].value)
    if makes_others(*key) and key not in HOMES:
        for node in walk(root):
            if isinstance(node, Scalar) and node.value:
                yield node.value if len(node.value) > _LONG else f"secret {node.value}"
    elif key == ("", "ConfigMap"):
        yield from (value.value for _, value in root["data"].items())
    elif root.holds("ontainers"):
        yield from (text for node in mappings(root) for text in _of_container(node))


def _of_container(node: Node) -> Iterator[str]:
    words = [*node["command"], *node["args"]]
    if words and all(isinstance(node[key], Sequence) or not node[key] for key in ("command", "args")):
        yield " ".join(word.value for word in words)
    for variable in node["env"]:
        if variable["value"].value:
            yield f"{variable['name'].value} {variable['value'].value}"


def _named(text: str) -> Iterator[str]:
    """What may be a name, in the lines that speak of objects."""
    for line in text.replace("\\\n", " ").split("\n") if _TELLING.search(text) else ():
        if _TELLING.search(line) and (_CREATING.search(line) or not _KUBECTL.search(line)):
            yield from _NAME.findall(_PATH.sub(" ", line))


def _settings(root: Node) -> Iterable[str]:
    """Names in annotations that have controllers make Secrets."""
    annotations = [(key.value, value.value) for key, value in root["metadata"]["annotations"].items()]
    for key, value in annotations:
        if _OF_SECRETS.search(key):
            yield from _NAME.findall(value)
    if any(_OF_INGRESS.search(key) for key, _ in annotations):
        yield from (one["secretName"].value for one in root["spec"]["tls"])

"""What a pattern stands for where the manifests tell all names that there are: the keys of a ConfigMap."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator

from initlint.kube.pods import configmaps
from initlint.kube.pods.pod import Pod
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action, Effect
from initlint.shell.container.mounts import Attachment, MountTable, canonical
from initlint.shell.container.script import ContainerScript
from initlint.shell.language.values import Value, whole
from initlint.text.tree import Node

_KINDS = ("configMap", "secret", "downwardAPI", "serviceAccountToken")
# A directory that is written out, and a pattern for what lies in it.
_PATTERN = regex(r"([^*?\[{$`\"']*)/([^/{$`\"']*[*?\[][^/{$`\"']*)")


def listed(effect: Effect, script: ContainerScript, step: Step, table: MountTable) -> Effect:
    """The effect with the names of all that is copied: `cp /config/* /etc/app/`, with a ConfigMap at /config."""
    sources = [one for one in step.meaning.effects if one.action is Action.READ]
    if all(one.is_whole for one in effect.names) or len(sources) != len(effect.names) or effect.is_recursive:
        return effect
    pairs = zip(effect.names, sources, strict=True)
    names = tuple(one for name, source in pairs for one in _names(name, script.script.text_of(source), table))
    return effect._replace(names=names)


def _names(name: Value, written: str, table: MountTable) -> Iterator[Value]:
    match = None if name.is_whole else _PATTERN.fullmatch(written)
    mount = next((one for one in table.attachments if match and one.at == canonical(match[1])), None)
    held = _held(mount) if mount and mount.sub_path == whole("/") else None
    found = sorted(fnmatch.filter(held or (), match[2])) if match else []
    shown = [one for one in found if not one.startswith(".") or (match and match[2].startswith("."))]
    yield from map(whole, shown) if shown else [name]


def _held(mount: Attachment) -> frozenset[str] | None:
    """The files that a ConfigMap, a Secret or their like has there; None if that is not known."""
    volume, pod = mount.volume.node if mount.volume else None, mount.mount.container.pod
    if volume is None or mount.kind not in ("configMap", "secret", "projected"):
        return None
    if mount.kind != "projected":
        return _of_source(mount.kind, volume[mount.kind], pod)
    sources = [(kind, one[kind]) for one in volume["projected"]["sources"] for kind in _KINDS if one[kind]]
    found = [_of_source(kind, source, pod) for kind, source in sources]
    is_all = bool(found) and len(found) == len(list(volume["projected"]["sources"]))
    return frozenset().union(*(one or () for one in found)) if is_all and all(found) else None


def _of_source(kind: str, source: Node, pod: Pod) -> frozenset[str] | None:
    if kind == "serviceAccountToken":
        return frozenset({source["path"].value})
    items = frozenset(item["path"].value for item in source["items"])
    if items or kind != "configMap":
        return items
    return configmaps.keys(pod, source["name"].value)

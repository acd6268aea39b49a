"""Which volume a path of a container lies on: the longest mount above it, through its sub-path."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from initlint.kube.pods.container import Container, Mount
from initlint.kube.pods.pod import Volume
from initlint.kube.terms.expansion import expand
from initlint.regex import regex
from initlint.shell.language.values import UNKNOWN, Value, of_pod, whole

FRESH_KINDS = frozenset({"emptyDir", "ephemeral"})
"""Empty when the Pod starts, and gone with it."""

# Fields of a Pod in which there are no slashes.
_FIELDS = frozenset({"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName"})
# Nearly every image has these links, which the container runtime follows.
_LINKS = regex(r"/var/(run|lock)(?=/|$)")


class Location(NamedTuple):
    """Where a path lies: on a volume, or with no volume on the container's own file system.

    `path` is absolute within the volume, as far as it is known.
    """

    volume: str
    path: Value
    attachment: Attachment | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is the container's own file system."""
        return not self.volume

    @property
    def text(self) -> str | None:
        """The path if all of it is known."""
        return self.path.text


@dataclass(frozen=True, eq=False)
class Attachment:
    """A mount with what is known of it. `at` is its normal path, `sub_path` what of the volume it shows."""

    mount: Mount
    volume: Volume | None
    at: str
    sub_path: Value

    @property
    def kind(self) -> str:
        """The kind of its volume; empty if the Pod does not declare it."""
        return self.volume.kind if self.volume else ""

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be written there: by the mount, by the kind of the volume, or by its source."""
        is_source = self.volume is not None and self.volume.node[self.kind]["readOnly"].truth is True
        return self.mount.is_read_only or self.is_fixed or is_source

    @property
    def is_fixed(self) -> bool:
        """Whether nothing that runs in the Pod can change what is there: by the kind of its volume."""
        return self.volume is not None and self.volume.is_read_only

    def holds(self, path: str) -> bool:
        """Whether a path is it or below it."""
        return within(canonical(path), self.at)

    def shows(self, path: str) -> str | None:
        """Where a path of the volume is seen in the container; None if it is not."""
        root = self.sub_path.text
        if root is None or not within(path, root):
            return None
        return self.at if path == root else posixpath.join(self.at, path[len(root) :].lstrip("/"))

    def location(self, path: Value) -> Location:
        """Where a path below it lies on the volume."""
        rest = Value(path.known[len(self.at) :] if self.at != "/" else path.known, path.is_whole, ends=path.ends)
        return Location(self.mount.name.value, joined(self.sub_path, rest), self)


@dataclass(frozen=True, eq=False)
class MountTable:
    """The mounts of a container, the longest first."""

    container: Container

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        """What it mounts, the longest path first."""
        found = [_attach(mount) for mount in self.container.mounts if mount.path.value.startswith("/") and mount.name]
        return tuple(sorted(found, key=lambda one: -len(one.at)))

    @cached_property
    def is_whole(self) -> bool:
        """Whether each mount says where it is."""
        return len(self.attachments) == len(self.container.mounts)

    def locate(self, path: Value) -> Location | None:
        """Where a path lies; None if that is not known."""
        if not path.known.startswith("/"):
            return None
        known = canonical(path.known)
        if path.is_whole:
            holder = next((one for one in self.attachments if one.holds(known)), None)
            return holder.location(whole(known)) if holder else self._own(whole(known))
        folder = known.rpartition("/")[0] or "/"
        after = [one for one in self.attachments if one.at.startswith(known) and may_be(path, one.at)]
        if not all(within(folder, one.at) for one in after):
            return None  # what is not known of it decides
        holder = next((one for one in self.attachments if one.holds(folder)), None)
        below = Value(known, ends=path.ends)
        return holder.location(below) if holder else self._own(below)

    def _own(self, path: Value) -> Location | None:
        """What no mount is known to hold; a mount that does not say where it is may."""
        return Location("", path) if self.is_whole else None

    def leads_to(self, path: str) -> bool:
        """Whether a path is that of a mount, or one leads through it to a mount: it is there in any case."""
        above = canonical(path)
        return any(within(one.at, above) for one in self.attachments)

    def below(self, path: str, written: Value = UNKNOWN) -> list[Attachment]:
        """The mounts under a path, not at it, on which what is written there may come to lie."""
        above = canonical(path)
        found = (one for one in self.attachments if one.at != above and within(one.at, above))
        return [one for one in found if may_be(written, one.at)]

    def of_volume(self, volume: str) -> list[Attachment]:
        """The mounts of a volume."""
        return [one for one in self.attachments if one.mount.name.value == volume]


def canonical(path: str) -> str:
    """A path without the links that nearly every image has; what is no normal path stays as it ends."""
    return _LINKS.sub(r"/run", path, count=1) if path.startswith("/var/run") else path


def within(path: str, folder: str) -> bool:
    """Whether a normal path is a folder or below it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def meet(one: Value, other: Value) -> bool | None:
    """Whether of two places in a volume one is the other or below it; None if that is not known."""
    if one.is_whole and other.is_whole:
        return within(one.known, other.known) or within(other.known, one.known)
    first, second = (value.text or value.of_pod for value in (one, other))
    if first and second:
        return _are_one(first, second)
    shorter, longer = sorted((one, other), key=lambda value: len(value.known))
    if longer.known.startswith(shorter.known) or shorter.is_whole:
        return None if longer.known.startswith(shorter.known) else False
    return False


def _are_one(one: str, other: str) -> bool | None:
    """The same of places of which fields of the Pod are a part: what differs beside the same field is another one."""
    for first, second in zip(one.split("/"), other.split("/"), strict=False):
        if first != second and "<" in first + second:
            fields = [name.rpartition(">")[0] for name in (first, second)]
            is_same = fields[0] == fields[1] and first.count("<") == second.count("<") == 1
            return False if is_same else None
        if first != second:
            return False
    return True


def may_be(written: Value, path: str) -> bool:
    """Whether a path may be what is written, below or above it, by how its name ends if that is not known in whole."""
    if not written.ends:
        return True
    folder = written.known.rpartition("/")[0]
    if not within(path, folder or "/") or path == folder:
        return within(folder, path)
    name = path.removeprefix(folder).lstrip("/").partition("/")[0]
    return not name or name.endswith(written.ends)


def joined(folder: Value, rest: Value) -> Value:
    """A path below a folder of the volume."""
    if not folder.is_whole:
        return folder
    text = folder.known.rstrip("/") + (
        "/" + rest.known.lstrip("/") if rest.known.strip("/") or not rest.is_whole else ""
    )
    return Value(text or "/", rest.is_whole, ends=rest.ends)


def normal(path: str) -> str:
    """An absolute path without dots, doubled and trailing slashes."""
    return canonical("/" + posixpath.normpath(path).lstrip("/")) if path else "/"


def _attach(mount: Mount) -> Attachment:
    volume = mount.container.pod.volumes.get(mount.name.value)
    return Attachment(mount, volume, normal(mount.path.value), _sub_path(mount))


def _sub_path(mount: Mount) -> Value:
    expression = mount.node["subPathExpr"].value
    if expression:
        container = mount.container
        known, others = container.known_env, bool(container.node["envFrom"])
        text = expand(expression, known, others=others)
        named = expand(expression, known | _of_pod(container), others=others) if text is None else None
        if named is not None and "$(" not in named:
            return of_pod(normal("/" + named))
        return UNKNOWN if text is None or "$(" in text else whole(normal("/" + text))
    return whole(normal("/" + mount.node["subPath"].value.strip("/")))


def _of_pod(container: Container) -> dict[str, str | None]:
    """The variables that are the same in every container of a Pod, though only the cluster knows them."""
    fields = {one.name.value: one.node["valueFrom"]["fieldRef"]["fieldPath"].value for one in container.env}
    return {name: f"<{field}>" for name, field in fields.items() if field in _FIELDS}

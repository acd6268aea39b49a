"""Who a container's processes are: as the manifest says, else as its image does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from posixpath import normpath
from typing import NamedTuple

from initlint.kube.pods.container import Container
from initlint.kube.pods.pod import Pod
from initlint.shell.container.images import image_of
from initlint.text.scalarkind import ScalarKind
from initlint.text.tree import Node, Scalar


class User(NamedTuple):
    """A user as far as it is known. `uid` is None if its number is not, `is_root` if not even that is known.

    `where` is the field that says so; the image if none does. `is_of_image`: the number is that of the image.
    """

    where: Node
    uid: int | None = None
    is_root: bool | None = None
    is_of_image: bool = False


def user_of(container: Container) -> User:
    """The user of a container: `runAsUser` of its own, then of its Pod, then what its image says."""
    field = _setting(container, "runAsUser")
    if field:
        uid = _number(field)
        return User(field, uid, None if uid is None else uid == 0)
    non_root = _setting(container, "runAsNonRoot")
    image = image_of(container)
    if non_root.truth is True:
        return User(non_root, image.uid or None, False, True)  # as root it would not be started
    return User(container.image, image.uid, image.is_root, True)


def server_of(container: Container) -> int | None:
    """The number of the user to whom the entry point of an image goes over, which is started as root; None if none."""
    image = image_of(container)
    user = user_of(container)
    first = next(iter(container.words(container.args)), image.serves)
    is_server = first == image.serves or (first or "").startswith("-")
    is_served = user.uid == 0 and user.is_of_image and not container.overrides_entrypoint and is_server
    return int(image.becomes) if is_served and image.becomes else None


def directories_of_root(container: Container) -> frozenset[str]:
    """Where it mounts an `emptyDir` as the kubelet makes it, which nothing before it can have given to anybody else."""
    kept = {name for name, volume in container.pod.volumes.items() if volume.kind == "emptyDir"}
    for other in itertools.takewhile(lambda one: one is not container, container.pod.init_containers):
        if kept and user_of(other).is_root is not False:
            kept -= {str(mount.name.value) for mount in other.mounts}
    whole = [one for one in container.mounts if not one.node["subPath"] and not one.node["subPathExpr"]]
    return frozenset(normpath(str(one.path.value)) for one in whole if one.name.value in kept)


class RefusedContainer(NamedTuple):
    """A container that the kubelet does not start: `runAsUser` makes it root, and `runAsNonRoot` forbids that."""

    container: Container
    user: Node
    non_root: Node


def refused_root(pod: Pod) -> Iterator[RefusedContainer]:
    """The containers that must not be root and are (verifyRunAsNonRoot); where the Pod itself says both, the first."""
    seen: set[int] = set()
    for container in (*pod.init_containers, *pod.containers):
        user, non_root = _setting(container, "runAsUser"), _setting(container, "runAsNonRoot")
        if non_root.truth is True and _number(user) == 0 and not {id(user), id(non_root)} <= seen:
            seen |= {id(user), id(non_root)}
            yield RefusedContainer(container, user, non_root)


def _setting(container: Container, name: str) -> Node:
    own = container.node["securityContext"][name]
    return own or container.pod.node["securityContext"][name]


def _number(node: Node) -> int | None:
    is_number = isinstance(node, Scalar) and node.kind is ScalarKind.INTEGER and node.value.isdecimal()
    return int(node.value) if is_number else None

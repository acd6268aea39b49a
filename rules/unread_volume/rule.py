"""An emptyDir that init containers fill and nobody reads: what they prepared never reaches the app."""

import re
from collections.abc import Iterator

from initlint.api import (
    ERROR,
    HIGH,
    MEDIUM,
    WARNING,
    Container,
    Finding,
    Findings,
    Mount,
    Node,
    Part,
    Related,
    Role,
    rule,
)

# Where programs put what they need only while they run.
_SCRATCH = re.compile(
    r"(?:/(?:var/)?tmp|/(?:var/)?run|/dev/shm|.*/\.?cache|.*/\.(?:config|local|npm|aws|kube|docker))(?:/.*)?/?"
)
_SCRATCH_NAME = re.compile(r"(?i)(?:.*[-_])?(?:e?te?mp|scratch|cache|workspace|work-?dir)(?:[-_].*)?")


@rule("INIT203", "volume that is filled and never read", severity=WARNING, confidence=MEDIUM)
def check(container: Container) -> Findings:
    if container.role is not Role.INIT:
        return
    for mount in container.mounts:
        if _is_last_use(mount):
            container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES)
            yield from _unread(mount)


def _is_last_use(mount: Mount) -> bool:
    """Whether only init containers mount an emptyDir, this one last."""
    pod, name = mount.container.pod, mount.name.value
    volume = pod.volumes.get(name)
    if not volume or volume.kind != "emptyDir" or mount.is_read_only:
        return False
    users = [one for one in pod.all_containers() if name in {other.name.value for other in one.mounts}]
    return all(user.role is Role.INIT for user in users) and users[-1] is mount.container and not _read_as_env(mount)


def _read_as_env(mount: Mount) -> bool:
    """`fileKeyRef` reads a volume without a mount (KEP-3721)."""
    variables = (variable for container in mount.container.pod.all_containers() for variable in container.env)
    keys = (variable.node["valueFrom"]["fileKeyRef"]["volumeName"].value for variable in variables)
    return mount.name.value in keys


def _unread(mount: Mount) -> Iterator[Finding]:
    named = _who_names(mount)
    declared = Related(mount.container.pod.volumes[mount.name.value].name, "the volume is declared here")
    if named:
        app, place = named
        yield Finding(
            mount.name,
            f"{app} is told to use `{mount.path}`, where {mount.container} mounts volume `{mount.name}` and it does "
            f"not: the app starts without what was prepared for it",
            related=(Related(place, f"{app} is told the path here"), declared),
            severity=ERROR,
            confidence=HIGH,
            defect=mount.path.value,
            help=f"mount `{mount.name}` at `{mount.path}` in `{app.name}`",
        )
    elif _is_sole_user(mount) and not _is_scratch(mount):
        yield Finding(
            mount.name,
            f"{mount.container} mounts emptyDir `{mount.name}`, which no later container does: whatever it writes to "
            f"`{mount.path}` is never read",
            related=(declared,),
            defect=mount.path.value,
            help=f"mount `{mount.name}` in the container that needs it, or drop the volume",
        )


def _is_sole_user(mount: Mount) -> bool:
    """Whether no other init container uses it: between two of them it may be all that is meant."""
    name = mount.name.value
    users = [one for one in mount.container.pod.init_containers if name in {other.name.value for other in one.mounts}]
    return len(users) == 1


def _is_scratch(mount: Mount) -> bool:
    return bool(_SCRATCH.fullmatch(mount.path.value) or _SCRATCH_NAME.fullmatch(mount.name.value))


def _who_names(mount: Mount) -> tuple[Container, Node] | None:
    """The first app container or sidecar that an argument or a variable tells to use the path, and where."""
    path = mount.path.value.rstrip("/")
    if path.count("/") == 0 or _SCRATCH.fullmatch(path):
        return None
    pattern = re.compile(rf"(?<![\w./-]){re.escape(path)}(?![\w.-])")
    for container in mount.container.pod.all_containers():
        if container.role in (Role.MAIN, Role.SIDECAR) and not _has_own(container, path):
            for text in _texts(container):
                if pattern.search(text.value):
                    return container, text
    return None


def _has_own(container: Container, path: str) -> bool:
    """Whether the container mounts something else there, or above or below it."""
    own = (mount.path.value.rstrip("/") for mount in container.mounts)
    return any(f"{path}/".startswith(f"{one}/") or f"{one}/".startswith(f"{path}/") for one in own)


def _texts(container: Container) -> Iterator[Node]:
    yield from container.command
    yield from container.args
    yield from (variable.value for variable in container.env if variable.is_literal)

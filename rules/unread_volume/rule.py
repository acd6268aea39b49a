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
    Fix,
    Mount,
    Node,
    Part,
    Related,
    Role,
    edit,
    rule,
)

# Where programs put what they need only while they run.
_SCRATCH = re.compile(
    r".*/te?mp|.*/te?mp/.*|/(?:var/)?run(?:/.*)?|/var/log(?:/.*)?|/dev/shm|(?:/root|/home/[^/]+)"
    r"|.*/\.?cache(?:/.*)?|.*/\.[^/]+"
)
_SCRATCH_NAME = re.compile(r"(?i)(?:.*[-_])?(?:te?mp|scratch|cache|workspace|work-?dir|home)(?:[-_].*)?")
_SCRATCH_OPTION = re.compile(r"(?i)--?[\w-]*(?:te?mp|scratch|cache|work|home)[\w-]*(?:=.*)?")
# Paths that are those of a URL, not of a file system.
_OF_URL = re.compile(
    r"(?i)-*[\w.-]*(?:(?:telemetry|metrics|context|base|url|health|web|probe)[\w.-]*path|ur[il]|prefix|route)"
)


@rule("INIT203", "volume that is filled and never read", severity=WARNING, confidence=MEDIUM)
def check(container: Container) -> Findings:
    if container.role is not Role.INIT or container.node["restartPolicy"].value == "Always":
        return
    for mount in {mount.name.value: mount for mount in reversed(container.mounts)}.values():
        if mount.path and _is_last_use(mount):
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
    told = _who_is_told(mount)
    if told or (_is_filled(mount) and _is_sole_user(mount)):
        mount.container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES)
        yield _missing_mount(mount, *told) if told else _unused(mount)


def _missing_mount(mount: Mount, app: Container, place: Node) -> Finding:
    return Finding(
        mount.name,
        f"{app} is told to use `{mount.path}`, where {mount.container} mounts volume `{mount.name}` and it does not: "
        "the app starts without what was prepared for it",
        related=(Related(place, f"{app} is told the path here"), _declaration(mount)),
        severity=ERROR,
        confidence=HIGH,
        defect=mount.path.value,
        fix=Fix.of(f"mount `{mount.name}` in `{app.name}`", edit.mount_like(app, mount)),
        help=f"mount `{mount.name}` at `{mount.path}` in `{app.name}`",
    )


def _unused(mount: Mount) -> Finding:
    return Finding(
        mount.name,
        f"{mount.container} is told to use `{mount.path}` on emptyDir `{mount.name}`, which no later container mounts: "
        "what it writes there is never read",
        related=(_declaration(mount),),
        defect=mount.path.value,
        help=f"mount `{mount.name}` in the container that needs it, or drop the volume",
    )


def _declaration(mount: Mount) -> Related:
    return Related(mount.container.pod.volumes[mount.name.value].name, "the volume is declared here")


def _is_sole_user(mount: Mount) -> bool:
    """Whether no other init container uses it: between two of them it may be all that is meant."""
    name = mount.name.value
    users = [one for one in mount.container.pod.init_containers if name in {other.name.value for other in one.mounts}]
    return len(users) == 1


def _is_filled(mount: Mount) -> bool:
    """Whether the init container is told to use the volume once, and not for what it needs only while it runs.

    A script that names the path again may itself read what it wrote.
    """
    path = _path(mount)
    if not path or _SCRATCH_NAME.fullmatch(mount.name.value):
        return False
    words = [word.value for word in (*mount.container.command, *mount.container.args)]
    uses = [match for word in words for match in _mentions(path).finditer(word)]
    scratch = any(_SCRATCH_OPTION.fullmatch(word) for word in words)
    return len(uses) == 1 and not scratch and not re.search(r"\b(?:cd|pushd)\s", uses[0].string)


def _who_is_told(mount: Mount) -> tuple[Container, Node] | None:
    """The first app container or sidecar that an argument or a variable tells to use the path, and where."""
    path = _path(mount)
    for container in mount.container.pod.all_containers() if path else ():
        if container.role in (Role.MAIN, Role.SIDECAR) and not _has_own(container, path):
            for option, text in _texts(container):
                if _mentions(path).search(text.value) and not _makes_it_itself(path, option, text.value):
                    return container, text
    return None


def _path(mount: Mount) -> str:
    """Where it is mounted, without the last slash; nothing if that is where scratch space is."""
    path = mount.path.value.rstrip("/")
    return "" if _SCRATCH.fullmatch(path) else path


def _mentions(path: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w./-]){re.escape(path)}(?![\w.-])")


def _makes_it_itself(path: str, option: str, text: str) -> bool:
    """Whether a text means another thing of that name: a directory that its script makes, or the path of a URL."""
    name = text.partition("=")[0] if text.startswith("-") else option
    made = re.search(rf"\b(?:mkdir|install|git clone|cp|mv|ln)\b[^;&|\n]*{re.escape(path)}", text)
    return bool(made or _OF_URL.fullmatch(name))


def _has_own(container: Container, path: str) -> bool:
    """Whether the container mounts something else there, or above or below it."""
    own = (mount.path.value.rstrip("/") for mount in container.mounts)
    return any(f"{path}/".startswith(f"{one}/") or f"{one}/".startswith(f"{path}/") for one in own)


def _texts(container: Container) -> Iterator[tuple[str, Node]]:
    """What the container is told, each with the option or variable before it."""
    words = [*container.command, *container.args]
    yield from zip(["", *(word.value for word in words)], words, strict=False)
    yield from ((variable.name.value, variable.value) for variable in container.env if variable.is_literal)

"""A script that writes where nothing can be written."""

from initlint.api import (
    ERROR,
    MEDIUM,
    Action,
    Container,
    Finding,
    Findings,
    Mount,
    Part,
    ReadOnly,
    Related,
    Role,
    follow,
    read_only_writes,
    rule,
)

_KINDS = {
    "configMap": "a ConfigMap",
    "secret": "a Secret",
    "projected": "a projected volume",
    "downwardAPI": "a downwardAPI volume",
    "image": "an image volume",
}


@rule("INIT206", "write to what is read-only", severity=ERROR)
def check(container: Container) -> Findings:
    if container.role is Role.EPHEMERAL:
        return
    for found in read_only_writes(follow(container.pod).of(container)):
        container.pod.require(Part.COMMANDS, Part.MOUNTS, Part.VOLUMES)
        if found.kernel:
            container.require_as_written()
        yield _of_kernel(container, found) or _of_mount(container, found) or _finding(container, found)


def _finding(container: Container, found: ReadOnly) -> Finding:
    use = found.use
    if use is None:
        return Finding(
            found.where,
            f"{container} installs packages on its root file system, which `readOnlyRootFilesystem` makes read-only: "
            "the command fails",
            (_setting(container),),
            help="use an image that has them",
        )
    verb = "changes" if use.action is Action.CHANGE else "writes"
    path = use.paths[0].known or "a file in its working directory"
    path = f"`{path}`" if use.paths[0].known else path
    if found.attachment is None:
        meant = found.meant.mount if found.meant else None
        return Finding(
            found.where,
            f"{container} {verb} {path} on its root file system, which `readOnlyRootFilesystem` makes read-only: the "
            "command fails",
            (_setting(container), *_mounted(meant)),
            defect=path.strip("`"),
            help=f"mount `{meant.name}` at `{meant.path}` in `{container.name}`"
            if meant
            else "mount an emptyDir there",
        )
    mount, kind = found.attachment.mount, found.attachment.kind
    if not found.attachment.holds(use.paths[0].known):  # it is a part of what is changed
        path = f"all of {path}, and in it what is"
    why = f"{_KINDS[kind]}, always mounted read-only" if kind in _KINDS else "which is mounted read-only"
    return Finding(
        use.where,
        f"{container} {verb} {path} on volume `{mount.name}`, {why}: the command fails",
        (Related(mount.node, "the volume is mounted here"),),
        defect=path.strip("`"),
        help="copy it to an emptyDir and work there" if kind in _KINDS else "drop `readOnly` from the mount",
    )


def _mounted(mount: Mount | None) -> tuple[Related, ...]:
    return (Related(mount.node, f"{mount.container} mounts volume `{mount.name}` here"),) if mount else ()


def _of_kernel(container: Container, found: ReadOnly) -> Finding | None:
    one = found.kernel
    if one is None:
        return None
    verb = "writes" if one.name.startswith("/") else "sets"
    return Finding(
        one.where,
        f"{container} {verb} `{one.name}`, and `{one.root}` is mounted read-only in a container that is not "
        "privileged: the command fails",
        defect=one.name,
        help="make this container privileged, or name what is namespaced in the Pod's `securityContext.sysctls`",
    )


def _of_mount(container: Container, found: ReadOnly) -> Finding | None:
    if found.inner is None or found.attachment is None:
        return None
    inner, outer = found.inner.mount, found.attachment.mount
    return Finding(
        inner.path,
        f"{container} mounts `{inner.name}` at `{inner.path}`, within volume `{outer.name}`, which it mounts read-only "
        "and where nobody has put anything by that name: it cannot be made there, and the container never starts",
        (Related(outer.node, "the volume is mounted read-only here"),),
        confidence=MEDIUM,
        defect=found.inner.at,
        help=f"let an init container make it on `{outer.name}`, or mount it elsewhere",
    )


def _setting(container: Container) -> Related:
    return Related(container.node["securityContext"]["readOnlyRootFilesystem"], "the root file system is read-only")

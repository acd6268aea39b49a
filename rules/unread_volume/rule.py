"""An emptyDir that init containers fill and nobody reads: what they prepared never reaches the app."""

from initlint.api import (
    ERROR,
    HIGH,
    MEDIUM,
    WARNING,
    Container,
    Finding,
    Findings,
    Fix,
    InitContainer,
    Mount,
    Need,
    Part,
    Related,
    UnreadMount,
    Via,
    edit,
    follow,
    rule,
    through,
    unread,
)


@rule("INIT203", "volume that is filled and never read", severity=WARNING, confidence=MEDIUM)
def check(container: InitContainer) -> Findings:
    flow = follow(container.pod)
    for found in unread(flow.of(container), flow):
        container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES)
        mount = found.attachment.mount
        if found.need and found.later:
            yield _missing_mount(mount, found.later.container, found.need)
        else:
            yield _unused(mount, found)


def _missing_mount(mount: Mount, app: Container, need: Need) -> Finding:
    told = need.via in (Via.ARGUMENT, Via.VARIABLE)
    does = f"is told to use `{mount.path}`" if told else f"needs `{mount.path}`"
    return Finding(
        mount.name,
        f"{app} {does}, where {mount.container} mounts volume `{mount.name}` and it does not: "
        "the app starts without what was prepared for it",
        related=(
            Related(need.where, f"{app} is told the path here" if told else f"{app} {through(need)}"),
            _declaration(mount),
        ),
        severity=ERROR,
        confidence=HIGH,
        defect=mount.path.value,
        fix=Fix.of(f"mount `{mount.name}` in `{app.name}`", edit.mount_like(app, mount)),
        help=f"mount `{mount.name}` at `{mount.path}` in `{app.name}`",
    )


def _unused(mount: Mount, found: UnreadMount) -> Finding:
    does = "writes to" if found.write else "is told to use"
    written = (Related(found.write.where, "it is written here"),) if found.write else ()
    return Finding(
        mount.name,
        f"{mount.container} {does} `{mount.path}` on emptyDir `{mount.name}`, which no later container mounts: "
        "what it writes there is never read",
        related=(*written, _declaration(mount)),
        defect=mount.path.value,
        help=f"mount `{mount.name}` in the container that needs it, or drop the volume",
    )


def _declaration(mount: Mount) -> Related:
    return Related(mount.container.pod.volumes[mount.name.value].name, "the volume is declared here")

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
    Misplaced,
    Mount,
    Need,
    Part,
    Related,
    Role,
    UnreadMount,
    Via,
    edit,
    elsewhere,
    follow,
    rule,
    through,
    unread,
)


@rule("INIT203", "volume that is filled and never read", severity=WARNING, confidence=MEDIUM)
def check(container: Container) -> Findings:
    if container.role is Role.EPHEMERAL:
        return
    flow = follow(container.pod)
    me = flow.of(container)
    for found in unread(me, flow):
        container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES)
        mount = found.attachment.mount
        if found.need and found.later:
            yield _missing_mount(mount, found.later.container, found.need)
        else:
            yield _unused(mount, found)
    for one in elsewhere(me, flow):
        container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES)
        yield _elsewhere(one)


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
    does = "writes to" if found.write else "has" if found.twin else "is told to use"
    other = found.twin.mount if found.twin else None
    but = f": {other.container} mounts volume `{other.name}` there, and finds nothing" if other else ""
    but = but or ": what it writes there is never read"
    written = (Related(found.write.where, "it is written here"),) if found.write else ()
    beside = (Related(other.node, "the other volume is mounted here"),) if other else ()
    return Finding(
        mount.name,
        f"{mount.container} {does} `{mount.path}` on emptyDir `{mount.name}`, which no later container mounts{but}",
        related=(*written, *beside, _declaration(mount)),
        defect=mount.path.value,
        help=f"mount `{mount.name}` in the container that needs it, or drop the volume",
    )


def _elsewhere(found: Misplaced) -> Finding:
    app, maker, need, source = found.later.container, found.maker.container, found.need, found.source.mount
    mount = found.attachment.mount if found.attachment else None
    but = f"but mounts the volume at `{mount.path}`" if mount else "but does not mount the volume"
    better = f", or name `{found.better}`" if found.better and found.better != need.path else ""
    named = (Related(need.where, "it is named here"),) if mount and need.via is not Via.IMAGE else ()
    makes = (Related(found.write.where, f"{maker} makes it here"),) if found.write else ()
    which = f"which {maker} makes on volume `{source.name}`, {but}"
    if found.is_unnamed:
        which = f"but mounts volume `{source.name}`, onto which {maker} puts something for that, at another path"
    return Finding(
        mount.path if mount else need.where,
        f"{app} {_looks_for(need)} `{need.path}`, {which}: it does not find what was prepared for it",
        related=(*named, *makes, Related(source.path, f"{maker} mounts the volume here")),
        severity=ERROR,
        confidence=HIGH,
        defect=need.path,
        fix=None if mount else Fix.of(f"mount `{source.name}` in `{app.name}`", edit.mount_like(app, source)),
        help=f"mount `{source.name}` at `{source.path}` in `{app.name}`{better}",
    )


def _looks_for(need: Need) -> str:
    """What an app does with a path that it names."""
    does = {Via.SCRIPT: "reads", Via.FOLDER: "works in", Via.IMAGE: "reads by default", Via.PROGRAM: "starts"}
    return does.get(need.via, "is told to use")


def _declaration(mount: Mount) -> Related:
    return Related(mount.container.pod.volumes[mount.name.value].name, "the volume is declared here")

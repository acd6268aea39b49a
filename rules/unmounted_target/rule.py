"""An init container that works on a directory which only a later container mounts."""

from initlint.api import (
    ERROR,
    Action,
    Container,
    Finding,
    Findings,
    Fix,
    Mount,
    Need,
    Part,
    RegularInitContainer,
    Related,
    Unmounted,
    Via,
    edit,
    follow,
    rule,
    unmounted,
)

_DOES = {Action.REMOVE: "removes", Action.CHANGE: "changes", Action.MAKE_DIRECTORY: "makes"}


@rule("INIT204", "init container works on a path that only a later container mounts", severity=ERROR)
def check(container: RegularInitContainer) -> Findings:
    flow = follow(container.pod)
    station = flow.of(container)
    for found in station.all_of(unmounted(station, flow)):
        container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES, Part.COMMANDS)
        yield _finding(container, found)


def _finding(container: Container, found: Unmounted) -> Finding:
    use, later, mount = found.use, found.later.container, found.attachment.mount
    if isinstance(use, Need):
        too = "is told of it, too, and " if use.via is Via.ARGUMENT else ""
        return Finding(
            use.where,
            f"{container} is told of `{use.path}`, which is on no volume there: what it makes is gone when the "
            f"container exits, and {later}, which {too}mounts volume `{mount.name}` at `{mount.path}`, never sees it",
            related=(Related(mount.node, f"{later} mounts volume `{mount.name}` here"),),
            defect=found.attachment.at,
            fix=_fix(container, mount),
            help=f"mount `{mount.name}` at `{mount.path}` in `{container.name}`",
        )
    verb = _DOES.get(use.action, "writes")
    what = "it" if verb in ("writes", "makes") else "the change"
    return Finding(
        use.where,
        f"{container} {verb} `{use.paths[0].known}`, which is on no volume there: {what} is gone when the container "
        f"exits, and {later}, which mounts volume `{mount.name}` at `{mount.path}`, never sees it",
        related=(
            Related(mount.node, f"{later} mounts volume `{mount.name}` here"),
            *(Related(other.where, "this, too") for other in found.more),
        ),
        defect=found.attachment.at,
        fix=_fix(container, mount),
        help=f"mount `{mount.name}` at `{mount.path}` in `{container.name}`",
    )


def _fix(container: Container, mount: Mount) -> Fix | None:
    volume = container.pod.volumes.get(mount.name.value)
    if volume is None or volume.is_read_only:
        return None
    return Fix.of(
        f"mount `{mount.name}` in `{container.name}`",
        edit.mount_like(container, mount),
        reveals=("unbounded-empty-dir", "not-rerunnable", "root-chown"),
    )

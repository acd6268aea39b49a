"""A file that an init container makes as root, and that an app running as another user cannot use."""

from initlint.api import (
    WARNING,
    Action,
    Container,
    Finding,
    Findings,
    Part,
    Related,
    Role,
    Station,
    Unusable,
    closed,
    follow,
    rule,
    unusable,
)


@rule("INIT209", "output of root that the app cannot use", severity=WARNING)
def check(container: Container) -> Findings:
    if container.role is Role.EPHEMERAL:
        return
    flow = follow(container.pod)
    station = flow.of(container)
    yield from _of_kubelet(container, station)
    for found in station.all_of(unusable(station, flow)) if container.is_init else ():
        container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES, Part.COMMANDS)
        container.pod.require(*([Part.IMAGES] if found.is_of_images else []))
        yield _finding(container, found)


def _of_kubelet(container: Container, station: Station) -> Findings:
    for one in closed(station):
        container.pod.require(Part.MOUNTS, Part.VOLUMES, Part.COMMANDS)
        mount, path = one.attachment.mount, one.need.path
        yield Finding(
            one.need.where,
            f"{container} needs `{path}` on volume `{mount.name}`, where it is root's with mode {one.mode:04o}, and "
            f"runs as user {one.user.uid}: it cannot read it",
            (
                *([Related(one.by, "this says its mode")] if one.by else []),
                Related(mount.node, "the volume is mounted here"),
                Related(one.user.where, "this says as whom it runs"),
            ),
            defect=path,
            help="set `fsGroup` in the `securityContext` of the Pod, which lets its group read the file",
        )


def _finding(container: Container, found: Unusable) -> Finding:
    later, path = found.later.container, found.made.paths[0].known
    related = []
    if found.by is not found.made:
        related.append(Related(found.made.where, "it is made here"))
    if found.need is not None:
        related.append(Related(found.need.where, f"{later} needs it here"))
    else:
        related.append(Related(later.where, f"{later} runs as user {found.user}"))
    whose = f"to user {found.owner}" if found.owner else "as root"
    does = (
        "leaves"
        if found.owner
        else "makes"
        if found.made.action in (Action.WRITE, Action.APPEND, Action.MAKE_DIRECTORY)
        else "leaves"
    )
    return Finding(
        found.by.where,
        f"{container} {does} `{path}` {whose} with mode {found.mode:04o}, and {later} runs as user {found.user}: "
        f"`{later.name}` cannot {found.does} it",
        tuple(related),
        defect=path,
        help=f"`chown` it to {found.user} in `{container.name}`, or run both as the same user",
    )

"""A file that an init container makes as root, and that an app running as another user cannot use."""

from initlint.api import (
    WARNING,
    Action,
    Container,
    Finding,
    Findings,
    InitContainer,
    Part,
    Related,
    Unusable,
    follow,
    rule,
    unusable,
)


@rule("INIT209", "output of root that the app cannot use", severity=WARNING)
def check(container: InitContainer) -> Findings:
    flow = follow(container.pod)
    station = flow.of(container)
    for found in station.all_of(unusable(station, flow)):
        container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES, Part.COMMANDS)
        container.pod.require(*([Part.IMAGES] if found.is_of_images else []))
        yield _finding(container, found)


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

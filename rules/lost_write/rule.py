"""What an init container writes under no mount: it dies with the container."""

from initlint.api import (
    ERROR,
    MEDIUM,
    Action,
    Container,
    Finding,
    Findings,
    Fix,
    Lost,
    Part,
    RegularInitContainer,
    Related,
    Use,
    edit,
    follow,
    lost,
    rule,
    through,
)


@rule("INIT202", "init container writes where no volume keeps it", severity=ERROR)
def check(container: RegularInitContainer) -> Findings:
    flow = follow(container.pod)
    station = flow.of(container)
    for one in station.all_of(lost(station, flow)):
        container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES, Part.COMMANDS)
        yield _finding(container, one)


def _finding(container: Container, found: Lost) -> Finding:
    path, more = found.use.paths[0].known, tuple(Related(use.where, "this, too") for use in found.more)
    does = ("changes", "the change") if found.use.action is Action.CHANGE else ("writes", "it")
    where = f"{does[0]} `{path}`, which is on no volume"
    if _is_unnamed(found.use):
        where = f"{does[0]} `{path}` by `{found.use.step.command.name}`, and no volume is there"
    gone = f"{container} {where}: {does[1]} is gone when the container exits"
    if found.meant:
        mount = found.meant.mount
        return Finding(
            found.use.where,
            f"{gone}, and nothing comes to lie on volume `{mount.name}`, which {mount.container} mounts at "
            f"`{mount.path}`",
            (Related(mount.node, "the volume is mounted here"), *more),
            confidence=MEDIUM,
            defect=path,
            help=f"write it to volume `{mount.name}`",
        )
    if found.need is None or found.later is None:
        return Finding(
            found.use.where,
            f"{gone}, and nobody else ever sees it",
            more,
            confidence=MEDIUM,
            defect=path,
            help="mount one volume there in this container and in the one that needs it",
        )
    later, place = found.later.container, found.need.location
    told = Related(found.need.where, f"{later} {through(found.need)} here")
    if place and not place.is_own:
        return Finding(
            found.use.where,
            f"{gone}, and {later}, which needs `{found.need.path}`, finds nothing there",
            (told, *more),
            defect=path,
            help=f"write it to volume `{place.volume}`, which `{container.name}` mounts",
        )
    is_change, folder = found.use.action is Action.CHANGE, found.use.folder
    return Finding(
        found.use.where,
        f"{gone}, and {later}, which needs it, never sees it",
        (told, *more),
        defect=path,
        fix=None if is_change else _fix(container, later, folder),  # a mount would hide what is to be changed
        help=f"change a copy on a volume that `{later.name}` mounts there"
        if is_change
        else f"mount one volume at `{folder}` in `{container.name}` and `{later.name}`",
    )


def _is_unnamed(use: Use) -> bool:
    """Whether no word names the path: the program fills it."""
    program = use.step.command.arguments[:1]
    return any((one.start, one.end) == (use.effect.start, use.effect.end) for one in program)


def _fix(container: Container, later: Container, folder: str) -> Fix | None:
    """Mount the one emptyDir that is declared and that nobody mounts: it is what is meant."""
    pod = container.pod
    mounted = {mount.name.value for one in pod.all_containers() for mount in one.mounts}
    unused = [name for name, volume in pod.volumes.items() if name not in mounted and volume.kind == "emptyDir"]
    if len(unused) != 1 or not folder:
        return None
    (name,) = unused
    return Fix.of(
        f"mount `{name}` in both",
        edit.mount(container, name, folder),
        edit.mount(later, name, folder),
        reveals=("unbounded-empty-dir", "not-rerunnable", "root-chown"),
    )

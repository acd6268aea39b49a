"""An init container that reads what only a later container writes."""

from initlint.api import (
    ERROR,
    Action,
    Container,
    Early,
    Finding,
    Findings,
    Key,
    Need,
    Part,
    Related,
    Role,
    Use,
    early_keys,
    early_looks,
    early_reads,
    early_words,
    follow,
    is_explained,
    rule,
)


@rule("INIT205", "read of what a later container writes", severity=ERROR, supersedes=("unbounded-wait",))
def check(container: Container) -> Findings:
    if container.role is Role.EPHEMERAL or not container.pod.init_containers:
        return
    flow = follow(container.pod)
    station = flow.of(container)
    found = (*early_reads(station, flow), *early_words(station, flow), *early_keys(station, flow))
    found = found or tuple(early_looks(station, flow))
    # What only could be written later is missing because of what was lost before.
    found = tuple(one for one in found if one.write or not is_explained(station, flow)) if found else ()
    for one in station.all_of(found) if container.is_init else found:
        container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES, Part.COMMANDS)
        yield _finding(container, one)


def _unmade(container: Container, key: Key, beside: Use | None) -> Finding:
    related = Related(container.pod.volumes[key.volume].name, "the volume is empty when the Pod starts")
    but = f"but {beside.container} writes `{beside.written}` there, and" if beside else "so"
    return Finding(
        key.node,
        f"{container} takes a variable from `{key.path.lstrip('/')}` on volume `{key.volume}`, which no container "
        f"writes, {but} the container never starts",
        (Related(beside.where, "this is written instead"), related) if beside else (related,),
        defect=key.path,
        help="name the file that is written" if beside else f"let an init container before `{container.name}` write it",
    )


def _finding(container: Container, found: Early) -> Finding:
    if isinstance(found.reading, Key) and found.is_never:
        return _unmade(container, found.reading, found.write)
    later, volume = found.later.container, container.pod.volumes[found.volume]
    related = [Related(volume.name, "the volume is empty when the Pod starts")]
    if found.write:
        related.insert(0, Related(found.write.where, f"{later} writes it here"))
    if isinstance(found.reading, Key):
        who = "it alone" if later.node is container.node else f"only {later}, which starts later,"
        message = (
            f"{container} takes a variable from `{found.path.lstrip('/')}` on volume `{found.volume}`, which {who} can "
            "write: the file is not there yet, and the container never starts"
        )
        return Finding(found.reading.node, message, tuple(related), defect=found.path, help=_remedy(container, later))
    if isinstance(found.reading, Use) and found.reading.action is Action.LOOK:
        return _look(container, found, found.reading, related)
    does = f"{later} writes only later" if found.write else f"only {later}, which starts later, can write"
    path = found.reading.path if isinstance(found.reading, Need) else found.reading.paths[0].known
    return Finding(
        found.reading.where,
        f"{container} reads `{path}` on volume `{found.volume}`, which {does}: nothing is there yet",
        tuple(related),
        defect=found.path,
        help=_remedy(container, later),
    )


def _look(container: Container, found: Early, use: Use, related: list[Related]) -> Finding:
    path = use.paths[0].known
    return Finding(
        use.where,
        f"{container} does not go on without `{path}` on volume `{found.volume}`, which {found.later.container} writes "
        "only later: it is never there",
        tuple(related),
        defect=f"wait for {path}",
        help=_remedy(container, found.later.container),
    )


def _remedy(container: Container, later: Container) -> str:
    """Another order where that can help: nothing can be listed before itself, nor an app before what starts it."""
    if later.is_init and later.node is not container.node:
        return f"list `{later.name}` before `{container.name}`"
    return f"let an init container before `{container.name}` write it"

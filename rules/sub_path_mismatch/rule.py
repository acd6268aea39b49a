"""Init container and app mount the same volume, through sub-paths that never meet."""

from functools import lru_cache

from initlint.api import (
    HIGH,
    MEDIUM,
    WARNING,
    Container,
    Finding,
    Findings,
    Flow,
    InitContainer,
    Mismatch,
    Mount,
    Node,
    Part,
    Related,
    Shifted,
    Station,
    follow,
    mismatches,
    rule,
    shifted,
)


@rule("INIT207", "sub-paths of one volume that never meet", severity=WARNING)
def check(container: InitContainer) -> Findings:
    flow = follow(container.pod)
    station = flow.of(container)
    before = [one for earlier in flow.stations[: station.index] for one in _found(earlier, flow)]
    told = {id(_place(one)) for one in before}  # one slip parts a container from those on both of its sides
    for found in _found(station, flow):
        if id(_place(found)) not in told:
            container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES)
            told.add(id(_place(found)))
            yield _tell(container, found)


@lru_cache(maxsize=1024)  # each later container asks
def _found(station: Station, flow: Flow) -> tuple[Mismatch | Shifted, ...]:
    return (*mismatches(station, flow), *shifted(station, flow))


def _tell(container: Container, found: Mismatch | Shifted) -> Finding:
    if isinstance(found, Shifted):
        return _other_place(container, found)
    return _beside(container, found) if found.write else _finding(container, found)


def _place(found: Mismatch | Shifted) -> Node:
    """The mount that a finding points at."""
    mine, theirs = found.mine.mount, found.theirs.mount
    if isinstance(found, Shifted):
        return _where(mine if mine.node["subPath"] or mine.node["subPathExpr"] else theirs)
    return _where(theirs if found.write else mine)


def _finding(container: Container, found: Mismatch) -> Finding:
    mine, theirs, later = found.mine.mount, found.theirs.mount, found.later.container
    return Finding(
        _place(found),
        f"{container} mounts sub-path `{_sub_path(mine)}` of volume `{mine.name}`, and {later} sub-path "
        f"`{_sub_path(theirs)}`: what the one writes the other never sees",
        (Related(_where(theirs), f"{later} mounts this sub-path"),),
        confidence=MEDIUM if found.is_lasting else HIGH,
        defect=mine.name.value,
        help=f"use the same `subPath` in both, or mount all of `{mine.name}` in `{container.name}`",
    )


def _other_place(container: Container, found: Shifted) -> Finding:
    mine, theirs, later = found.mine.mount, found.theirs.mount, found.later.container
    made = found.write.text or found.write.folder
    sought = "it" if made == found.need.path else f"`{found.need.path}`"
    return Finding(
        _place(found),
        f"{container} writes `{made}` through sub-path `{_sub_path(mine)}` of volume `{mine.name}`, and {later} looks "
        f"for {sought} through sub-path `{_sub_path(theirs)}`: it finds nothing there",
        (
            Related(found.write.where, f"{container} writes it here"),
            Related(found.need.where, f"{later} looks for it here"),
        ),
        defect=mine.name.value,
        help=f"mount volume `{mine.name}` with the same `subPath` in both",
    )


def _beside(container: Container, found: Mismatch) -> Finding:
    theirs, later = found.theirs.mount, found.later.container
    writes = (Related(found.write.where, f"{container} writes here"),) if found.write else ()
    unseen = f"what {container} writes to the volume"
    if found.write and found.is_meant:
        unseen = f"`{found.write.text}`, which {container} writes,"
    return Finding(
        _place(found),
        f"{later} mounts sub-path `{_sub_path(theirs)}` of volume `{theirs.name}`, into which nobody writes: "
        f"{unseen} it never sees",
        (*writes, Related(found.mine.mount.path, f"{container} mounts the volume here")),
        confidence=MEDIUM,
        defect=theirs.name.value,
        help=f"write it to that sub-path, or mount all of `{theirs.name}` in `{later.name}`",
    )


def _where(mount: Mount) -> Node:
    return mount.node["subPath"] or mount.node["subPathExpr"] or mount.name


def _sub_path(mount: Mount) -> str:
    return (mount.node["subPath"] or mount.node["subPathExpr"]).value or "/"

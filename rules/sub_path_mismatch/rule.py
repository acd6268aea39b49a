"""Init container and app mount the same volume, through sub-paths that never meet."""

from initlint.api import (
    MEDIUM,
    WARNING,
    Container,
    Finding,
    Findings,
    InitContainer,
    Mismatch,
    Mount,
    Node,
    Part,
    Related,
    Shifted,
    follow,
    mismatches,
    rule,
    shifted,
)


@rule("INIT207", "sub-paths of one volume that never meet", severity=WARNING)
def check(container: InitContainer) -> Findings:
    flow = follow(container.pod)
    for found in mismatches(flow.of(container), flow):
        container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES)
        yield _beside(container, found) if found.write else _finding(container, found)
    for one in shifted(flow.of(container), flow):
        container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES)
        yield _other_place(container, one)


def _finding(container: Container, found: Mismatch) -> Finding:
    mine, theirs, later = found.mine.mount, found.theirs.mount, found.later.container
    return Finding(
        _where(mine),
        f"{container} mounts sub-path `{_sub_path(mine)}` of volume `{mine.name}`, and {later} sub-path "
        f"`{_sub_path(theirs)}`: what the one writes the other never sees",
        (Related(_where(theirs), f"{later} mounts this sub-path"),),
        defect=mine.name.value,
        help=f"use the same `subPath` in both, or mount all of `{mine.name}` in `{container.name}`",
    )


def _other_place(container: Container, found: Shifted) -> Finding:
    mine, theirs, later = found.mine.mount, found.theirs.mount, found.later.container
    return Finding(
        _where(mine if mine.node["subPath"] or mine.node["subPathExpr"] else theirs),
        f"{container} writes `{found.need.path}` through sub-path `{_sub_path(mine)}` of volume `{mine.name}`, "
        f"and {later} looks for it through sub-path `{_sub_path(theirs)}`: it finds nothing there",
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
    return Finding(
        _where(theirs),
        f"{later} mounts sub-path `{_sub_path(theirs)}` of volume `{theirs.name}`, into which nobody writes: what "
        f"{container} writes to the volume it never sees",
        (*writes, Related(found.mine.mount.path, f"{container} mounts the volume here")),
        confidence=MEDIUM,
        defect=theirs.name.value,
        help=f"write it to that sub-path, or mount all of `{theirs.name}` in `{later.name}`",
    )


def _where(mount: Mount) -> Node:
    return mount.node["subPath"] or mount.node["subPathExpr"] or mount.name


def _sub_path(mount: Mount) -> str:
    return (mount.node["subPath"] or mount.node["subPathExpr"]).value or "/"

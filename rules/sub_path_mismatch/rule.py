"""Init container and app mount the same volume, through sub-paths that never meet."""

from initlint.api import (
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
    follow,
    mismatches,
    rule,
)


@rule("INIT207", "sub-paths of one volume that never meet", severity=WARNING)
def check(container: InitContainer) -> Findings:
    flow = follow(container.pod)
    for found in mismatches(flow.of(container), flow):
        container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES)
        yield _finding(container, found)


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


def _where(mount: Mount) -> Node:
    return mount.node["subPath"] or mount.node["subPathExpr"] or mount.name


def _sub_path(mount: Mount) -> str:
    return (mount.node["subPath"] or mount.node["subPathExpr"]).value or "/"

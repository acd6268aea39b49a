"""A download into an emptyDir that nothing bounds, or that takes the Pod's memory."""

from initlint.api import (
    INFO,
    Container,
    Finding,
    Findings,
    InitContainer,
    Part,
    Related,
    Use,
    Volume,
    downloads,
    follow,
    rule,
)


@rule("INIT211", "download into an unbounded emptyDir", severity=INFO)
def check(container: InitContainer) -> Findings:
    seen: set[str] = set()
    for use in downloads(follow(container.pod).of(container)):
        location = use.location
        volume = container.pod.volumes.get(location.volume) if location else None
        if volume and volume.kind == "emptyDir" and volume.name.value not in seen and _is_open(container, volume):
            container.pod.require(Part.COMMANDS, Part.MOUNTS, Part.VOLUMES)
            seen.add(volume.name.value)
            yield _finding(container, use, volume)


def _is_open(container: Container, volume: Volume) -> bool:
    """Whether it takes memory, or whatever of the node's disk it likes."""
    limits = container.node["resources"]["limits"]
    is_bounded = volume.node["emptyDir"]["sizeLimit"] or limits["ephemeral-storage"]
    return _is_memory(volume) or not is_bounded


def _is_memory(volume: Volume) -> bool:
    return volume.node["emptyDir"]["medium"].value == "Memory"


def _finding(container: Container, use: Use, volume: Volume) -> Finding:
    why = (
        "which is memory: the download counts against the container's memory limit, and stays as long as the Pod"
        if _is_memory(volume)
        else "which has no `sizeLimit`: a download larger than expected fills the node's disk"
    )
    return Finding(
        use.where,
        f"{container} downloads into emptyDir `{volume.name}`, {why}",
        (Related(volume.name, "the volume is declared here"),),
        defect=volume.name.value,
        help="drop `medium: Memory`" if _is_memory(volume) else "set `sizeLimit` on the emptyDir",
    )

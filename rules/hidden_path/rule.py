"""A mount that hides what an init container prepared, or what the container needs from its image."""

from initlint.api import (
    WARNING,
    Container,
    Finding,
    Findings,
    Hidden,
    Part,
    Related,
    Role,
    follow,
    hidden_outputs,
    hidden_programs,
    hidden_sources,
    rule,
)


@rule("INIT208", "mount that hides what start-up needs", severity=WARNING)
def check(container: Container) -> Findings:
    if container.role is Role.EPHEMERAL:
        return
    flow = follow(container.pod)
    station = flow.of(container)
    for search, tell in ((hidden_outputs, _output), (hidden_sources, _source), (hidden_programs, _program)):
        for found in search(station, flow):
            container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES, Part.COMMANDS)
            yield tell(container, found)


def _output(container: Container, found: Hidden) -> Finding:
    mount, later = found.attachment.mount, found.later.container if found.later else container
    location = found.wrote.locations[0] if found.wrote else None
    volume = location.volume if location else ""
    related = (Related(found.wrote.where, f"{container} writes it here"),) if found.wrote else ()
    return Finding(
        mount.path,
        f"{later} mounts volume `{mount.name}` at `{mount.path}`, over what {container} writes to volume `{volume}`: "
        f"`{found.path}` is hidden from it",
        related,
        defect=found.path,
        help=f"mount `{mount.name}` elsewhere in `{later.name}`",
    )


def _source(container: Container, found: Hidden) -> Finding:
    mount = found.attachment.mount
    related = (Related(found.needed.where, "it reads it here"),) if found.needed else ()
    return Finding(
        mount.path,
        f"{container} reads `{found.path}`, over which it mounts volume `{mount.name}`, where nothing is yet: what its "
        "image holds there is hidden",
        related,
        defect=found.path,
        help=f"mount `{mount.name}` elsewhere in `{container.name}`",
    )


def _program(container: Container, found: Hidden) -> Finding:
    mount, kind = found.attachment.mount, found.attachment.kind
    related = (Related(found.needed.where, f"{container} starts it here"),) if found.needed else ()
    what = f"starts `{found.path}`" if found.needed else f"needs what its image holds at `{found.path}`"
    empty = "does not hold it" if kind in ("configMap", "secret") else "no container has written to by then"
    return Finding(
        mount.path,
        f"{container} {what}, and mounts {kind} `{mount.name}` over it, which {empty}: what its image "
        "holds there is hidden",
        related,
        defect=found.path,
        help=f"copy it to `{mount.name}` in an init container, or mount the volume elsewhere",
    )

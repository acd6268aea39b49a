"""A mount that hides what an init container prepared, or what the container needs from its image."""

from pathlib import PurePosixPath

from initlint.api import (
    HIGH,
    MEDIUM,
    WARNING,
    Action,
    Container,
    Finding,
    Findings,
    Hidden,
    Need,
    Part,
    Related,
    Role,
    Unwritten,
    Use,
    Via,
    follow,
    hidden_outputs,
    hidden_programs,
    hidden_sources,
    regex,
    rule,
    unwritten,
)

# What a program reads when it starts, and is no program.
_SETTINGS = regex(r".*\.(?:conf|cfg|ya?ml|ini|json|toml|properties)|.*/Caddyfile")


@rule("INIT208", "mount that hides what start-up needs", severity=WARNING)
def check(container: Container) -> Findings:
    if container.role is Role.EPHEMERAL:
        return
    flow = follow(container.pod)
    station = flow.of(container)
    beside = list(unwritten(station, flow))
    # It names both sides, where a hidden file of the image may be what is meant else.
    names = {one.need.path for one in beside if container.is_init or _is_same_but_suffix(one)}
    told: set[str] = set()
    for search, tell in ((hidden_outputs, _output), (hidden_sources, _source), (hidden_programs, _program)):
        for found in (one for one in search(station, flow) if one.path not in names):
            container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES, Part.COMMANDS)
            told.add(found.path)
            yield tell(container, found)
    for one in (one for one in beside if one.need.path not in told):
        container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES, Part.COMMANDS)
        yield _unwritten(container, one, one.beside) if one.beside else _unmade(container, one)


def _is_same_but_suffix(found: Unwritten) -> bool:
    """Whether it is put there under its name with another suffix: `app.yaml`, and not `app.yml`."""
    needed, written = (
        PurePosixPath(path).name for path in (found.need.path, (found.beside and found.beside.text) or "")
    )
    return needed.rpartition(".")[0] == written.rpartition(".")[0] != ""


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
    if found.attachment.kind in ("configMap", "secret"):
        return _no_key(container, found)
    mount, volume = found.attachment.mount, found.attachment.volume
    related = (Related(found.needed.where, "it reads it here"),) if found.needed else ()
    void = (
        next((key for key, value in volume.node.items() if not value and key.value != "emptyDir"), None)
        if volume
        else None
    )
    if void:
        return Finding(
            mount.path,
            f"{container} reads `{found.path}` on volume `{mount.name}`, whose `{void.value}` is null, which makes it "
            "an emptyDir: nothing is there",
            (Related(void, "nothing stands here"), *related),
            defect=found.path,
            help=f"say of which `{void.value}` the volume is",
        )
    if isinstance(found.needed, Use) and found.needed.action is Action.CHANGE and found.needed.of_pattern:
        return Finding(
            found.needed.where,
            f"{container} changes `{found.needed.written}` on volume `{mount.name}`, where nothing is yet: the pattern "
            "stands for nothing, and the command fails",
            (Related(mount.path, "the volume is mounted here"),),
            defect=found.path,
            help=f"name `{mount.path}` itself, or look first whether there is anything",
        )
    path = found.path
    if isinstance(found.needed, Use) and found.needed.of_pattern and found.needed.written.startswith("/"):
        path = found.needed.written
    return Finding(
        mount.path,
        f"{container} reads `{path}`, over which it mounts volume `{mount.name}`, where nothing is yet: what its "
        "image holds there is hidden",
        related,
        defect=found.path,
        help=f"mount `{mount.name}` elsewhere in `{container.name}`",
    )


def _program(container: Container, found: Hidden) -> Finding:
    mount, kind = found.attachment.mount, found.attachment.kind
    if found.instead:
        return _no_key(container, found)
    does = "reads" if _SETTINGS.fullmatch(found.path) else "starts"
    related = (Related(found.needed.where, f"{container} {does} it here"),) if found.needed else ()
    what = f"{does} `{found.path}`" if found.needed else f"needs what its image holds at `{found.path}`"
    without = "where no such program can be" if does == "starts" else "which does not hold it"
    empty = without if kind in ("configMap", "secret") else "where nobody has put it by then"
    return Finding(
        mount.path,
        f"{container} {what}, and mounts {kind} `{mount.name}` over it, {empty}: what its image holds there is hidden",
        related,
        confidence=MEDIUM if "Claim" in kind else HIGH,  # somebody may have filled the claim by hand
        defect=found.path,
        help=f"copy it to `{mount.name}` in an init container, or mount the volume elsewhere",
    )


def _no_key(container: Container, found: Hidden) -> Finding:
    mount, what = found.attachment.mount, "ConfigMap" if found.attachment.kind == "configMap" else "Secret"
    does = "starts" if found.instead else "reads"
    if found.needed is None:
        return _no_sub_path(container, found, what)
    is_told = isinstance(found.needed, Need) and not found.instead
    does, fails = ("is told to read", "it is not found") if is_told else (does, "the command fails")
    return Finding(
        found.needed.where,
        f"{container} {does} `{found.path}` on volume `{mount.name}`, a {what} without such a file: {fails}",
        (Related(mount.node, "it is mounted here"),),
        defect=found.path,
        help=f"name a file that the {what} holds, or add that one to it",
    )


def _no_sub_path(container: Container, found: Hidden, what: str) -> Finding:
    mount = found.attachment.mount
    key = mount.node["subPath"] or mount.node["subPathExpr"]
    return Finding(
        key,
        f"{container} mounts sub-path `{key.value}` of volume `{mount.name}`, a {what} without such a key: at "
        f"`{mount.path}` it finds an empty directory",
        defect=found.path,
        help=f"name a key of the {what}, or add that one to it",
    )


def _unmade(container: Container, found: Unwritten) -> Finding:
    need, mount = found.need, found.attachment.mount
    does = "reads" if need.via is Via.SCRIPT else "is told to read"
    return Finding(
        need.where,
        f"{container} {does} `{need.path}` on {found.attachment.kind} `{mount.name}`, to which no other container can "
        "write: nothing is there when it starts",
        (Related(mount.path, "the volume is mounted here"),),
        confidence=HIGH if found.attachment.is_read_only else MEDIUM,
        defect=need.path,
        help=f"let an init container that mounts `{mount.name}` write it",
    )


def _unwritten(container: Container, found: Unwritten, beside: Use) -> Finding:
    need, mount, writer = found.need, found.attachment.mount, beside.container
    does = "reads" if need.via is Via.SCRIPT else "is told to read"
    is_beside = found.volume == mount.name.value
    written, text = beside.written, beside.paths[0].known.rstrip("/")
    named = written if written.rpartition("/")[2] == text.rpartition("/")[2] else text  # into a directory: `cp x /etc/`
    there = f"`{named}` there" if is_beside else f"it to volume `{found.volume}`"
    return Finding(
        need.where,
        f"{container} {does} `{need.path}`, which nobody puts on {found.attachment.kind} `{mount.name}`: {writer} "
        f"writes {there}, and {'the directory' if beside.is_tree else 'the file'} is not found",
        (Related(beside.where, f"{writer} writes this"), Related(mount.path, "the volume is mounted here")),
        defect=need.path,
        help=f"name `{found.better}`" if found.better else f"write it in `{writer.name}`",
    )

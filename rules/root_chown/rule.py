"""`chown -R` as root over a volume that the kubelet gives to a group itself, where `fsGroup` says so."""

import re

from initlint.api import (
    INFO,
    Action,
    Container,
    Finding,
    Findings,
    Flow,
    Location,
    Part,
    RegularInitContainer,
    Station,
    Use,
    Volume,
    follow,
    forbidden,
    regex,
    rule,
    user_of,
)

_KINDS = ("emptyDir", "persistentVolumeClaim", "volumeClaimTemplate", "ephemeral")
# Storage that many nodes mount at once, whose files keep the owner that the server says (fsGroupPolicy: None).
_SHARED = regex(r"(?i)nfs|efs|cephfs|gluster|smb|cifs|azure-?file|filestore|lustre|fsx|beegfs|rwx|hostpath|local-?path")
# They want to own their files, and refuse those that a group may write.
_OWNING = regex(r"(?i)postgres|pgdata|\.ssh|sshd?\b|gnupg|rabbitmq|\.erlang")
_STRICT = regex(r"0?[0-7][0-7]?00|[ugoa]+[-=].*|u\+.*")


@rule("INIT605", "ownership that fsGroup gives", severity=INFO)
def check(container: RegularInitContainer) -> Findings:
    is_root = user_of(container).is_root
    if is_root is False or any(one.capability == "CHOWN" for one in forbidden(container)):
        return
    flow = follow(container.pod)
    station = flow.of(container)
    given: dict[int, tuple[Use, dict[str, None]]] = {}  # one command may give away several volumes
    for use in station.uses:
        location = use.location
        if is_root is None and use.step.command.context.is_checked:
            continue  # it may fail there, as it does for any other user
        if location and _is_recursive_chown(use) and _is_for_group(use, location, station, flow):
            given.setdefault(use.index, (use, {}))[1][location.volume] = None
    for use, volumes in given.values():
        container.pod.require(Part.VOLUMES, Part.MOUNTS, Part.COMMANDS)
        yield _finding(container, use, list(volumes))


def _is_recursive_chown(use: Use) -> bool:
    command = use.step.command
    is_whole = use.effect.is_recursive and command.name in ("chown", "chgrp")
    looked = any(
        one.command.name in ("stat", "find", "test", "[") or one.meaning.probes
        for guard in command.context.guards
        for one in use.script.steps
        if guard.start <= one.command.start < guard.statement.end
    )
    is_given_away = command.name == "chgrp" or use.step.meaning.needs_root
    return is_whole and is_given_away and use.action is Action.CHANGE and not looked and not _is_to_root(use)


def _is_to_root(use: Use) -> bool:
    owner = use.step.meaning.owner
    return owner is not None and bool(re.match(r"(?:root|0)(?:[:.]|$)", owner.known))


def _is_for_group(use: Use, location: Location, station: Station, flow: Flow) -> bool:
    """Whether the volume is one that the kubelet prepares, and nothing that root writes there comes on top."""
    attachment = location.attachment
    if attachment is None or attachment.volume is None or attachment.kind not in _KINDS:
        return False
    owner = use.step.meaning.owner
    texts = (
        use.text or "",
        owner.known if owner else "",
        location.volume,
        str(use.container.image.value),
        str(use.container.pod.workload.ref.name),
    )
    if attachment.sub_path.text != "/" or _is_shared(attachment.volume) or any(map(_OWNING.search, texts)):
        return False
    earlier = flow.earlier(station)
    if not station.is_clear_before(use) or any(one.doubt and one.may_write(location.volume) for one in earlier):
        return False
    before = [one for each in (station, *earlier) for one in each.uses]
    return not any(_changes_that(one, use, attachment.at, location.volume) for one in before)


def _is_shared(volume: Volume) -> bool:
    """Whether it is surely, or by its name, storage that keeps its own owners."""
    claim = volume.node["ephemeral"]["volumeClaimTemplate"] or volume.node
    spec = claim["spec"]
    named = (volume.name.value, volume.node["persistentVolumeClaim"]["claimName"].value, spec["storageClassName"].value)
    modes = [mode.value for mode in spec["accessModes"]]
    return any(map(_SHARED.search, named)) or "ReadWriteMany" in modes


def _changes_that(one: Use, use: Use, at: str, volume: str) -> bool:
    """Whether something is written there, or a mode is set that says more than a group can have."""
    if one.step is use.step or not any(place is None or place.volume == volume for place in one.locations):
        return False
    if one.action is Action.CHANGE:
        return one.step.command.name == "chmod" and any(
            _STRICT.fullmatch(word or "") for word in one.step.command.words
        )
    is_there = one.action is Action.MAKE_DIRECTORY and one.text == at
    return one.action in (Action.WRITE, Action.APPEND, Action.LINK, Action.MAKE_DIRECTORY) and not is_there


def _finding(container: Container, use: Use, volumes: list[str]) -> Finding:
    named = ("volume " if len(volumes) == 1 else "volumes ") + ", ".join(f"`{one}`" for one in volumes)
    has_group = bool(container.pod.node["securityContext"]["fsGroup"])
    program = use.step.command.arguments[0]
    why = "as `fsGroup` is set, the kubelet has done so already" if has_group else "`fsGroup` lets the kubelet do it"
    return Finding(
        use.script.span(program.start, program.end),
        f"{container} runs as root to give all files of {named} to another user, at every start: "
        f"{why}, without root, and with `fsGroupChangePolicy: OnRootMismatch` only when it is needed",
        help="remove the command" if has_group else "set `fsGroup` in `securityContext` of the Pod",
    )

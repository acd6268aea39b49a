"""What a container is told to read on an empty volume that no other one can write to: nobody can have put it there."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.flow.apart import fills
from initlint.flow.early import is_plainly_told
from initlint.flow.explained import is_explained
from initlint.flow.history import Fate, Flow
from initlint.flow.misplaced import is_sure
from initlint.flow.model import Need, Via
from initlint.flow.stations import Station
from initlint.flow.told import is_operand, must_be_there
from initlint.flow.tolerance import surely
from initlint.flow.unread import is_left_behind, is_scratch_name
from initlint.flow.unwritten import Unwritten as Unwritten
from initlint.flow.unwritten import is_hidden, misnamed
from initlint.flow.users import is_annotated
from initlint.kube.pods.container import Role
from initlint.regex import regex
from initlint.shell.container.mounts import FRESH_KINDS, Attachment, Location

# What a program never makes for itself where it is told of it.
_NEVER_MADE = regex(r"(?i).*\.(?:gguf|jar|js|lua|onnx|py|rb|rego|safetensors|sh|so|tmpl|war|wasm|whl)")
# By them a program may fetch what is not there, or make it.
_FETCHING = regex(r"(?i).*(?:://|[-_.](?:repo|hub|hf|url|download|fetch|generate|auto|self-?signed|create|init)\b).*")
# What may write settings before it starts the program that is told of them.
_SCRIPT = regex(r".*\.sh|.*/[^/]*(?:entrypoint|entry-point|launcher|bootstrap)[^/]*")


def unwritten(station: Station, flow: Flow) -> Iterator[Unwritten]:
    """What is needed and not there: something else is, or nobody can have put it there."""
    yield from misnamed(station, flow)
    yield from _unmade(station, flow)


def _unmade(station: Station, flow: Flow) -> Iterator[Unwritten]:
    """What is missing from the beginning, once for each volume; what init containers do elsewhere does not matter."""
    if station.role is Role.INIT or not any(one.role is Role.INIT for one in flow.stations):
        return
    seen: set[str] = set()
    for need in station.needs:
        place = need.location
        attachment = place.attachment if place else None
        if place is None or attachment is None or place.volume in seen or not _is_alone(attachment, station, flow):
            continue
        is_missed = _is_missed(need, place, attachment, station, flow) and not is_hidden(need, station, flow)
        if is_missed and not is_explained(station, flow):
            seen.add(place.volume)
            yield Unwritten(need, attachment)


def _is_alone(attachment: Attachment, station: Station, flow: Flow) -> bool:
    """Whether no other container can write to a volume that is empty when the Pod starts."""
    name = attachment.mount.name.value
    if attachment.kind not in FRESH_KINDS or is_annotated(name, flow):
        return False
    others = (one for one in flow.stations if one is not station)
    is_free = any(one.may_write(name) or one.is_astray or not one.table.is_whole for one in others)
    return not is_free and not fills(station, name)


def _is_missed(need: Need, place: Location, attachment: Attachment, station: Station, flow: Flow) -> bool:
    """Whether a container surely needs it, and cannot make it, or would not."""
    if need.via is Via.SCRIPT:
        return place.text != "/" and any(flow.fate(use) is Fate.EMPTY for use in surely(need, station.uses))
    is_told = (need.via is Via.VARIABLE or is_plainly_told(need)) and is_sure(need, station)
    if not is_told or not (must_be_there(need, station) or is_operand(need, station)):
        return False
    return attachment.is_read_only or (place.text != "/" and not _may_make(need, attachment, station))


def _may_make(need: Need, attachment: Attachment, station: Station) -> bool:
    """Whether a program that may write there may make it, or its entry point: settings that it begins with, a key."""
    container = station.container
    words = [*container.words(container.command), *container.words(container.args), *container.known_env.values()]
    if any(_FETCHING.fullmatch(word or "") for word in words):
        return True
    if _NEVER_MADE.fullmatch(need.path):
        return False
    if any(_SCRIPT.fullmatch(word or "") for word in container.words(container.command)):
        return True
    is_room = is_left_behind(attachment.at) or is_scratch_name(attachment.mount.name.value)
    return need.via is Via.VARIABLE or not need.is_input or is_room

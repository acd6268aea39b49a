"""Where a path leads that goes through a link which an init container makes on a volume."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from initlint.flow.history import Flow
from initlint.flow.kept import is_left
from initlint.flow.model import Need, Use
from initlint.flow.stations import Station
from initlint.kube.pods.container import Role
from initlint.regex import regex
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import canonical, within
from initlint.shell.language.values import whole

_SYMBOLIC = regex(r"-\w*s\w*|--symbolic")


def through_links(need: Need, later: Station, flow: Flow) -> Iterator[Need]:
    """What a container finds there, if the link is to a path on a volume, as it is in the init container.

    A link is followed by who reads it: with the mounts of that one.
    """
    place = need.location
    if place is None or place.is_own or place.text is None:
        return
    for one in (maker for maker in flow.earlier(later) if maker.role is Role.INIT and maker.mounts(place.volume)):
        for use in one.uses_on(place.volume):
            at = use.locations[0].text if use.action is Action.LINK and use.locations[0] else None
            origin = _origin(use) if at and within(place.text, at) and is_left(use, one) else None
            if at and origin:
                yield replace(need, path=origin + place.text[len(at) :])


def makes_room(use: Use, station: Station) -> bool:
    """Whether a directory is removed, or moved away, so that a link onto a volume comes into its place."""
    if use.action is not Action.REMOVE or use.text is None:
        return False
    links = [one for one in station.uses if one.index > use.index and one.action is Action.LINK]
    # It is no longer there, and so the link does not come to lie in it.
    return any(canonical(one.paths[0].known) == canonical(use.text) and _origin(one) for one in links)


def _origin(use: Use) -> str | None:
    """Where a link points, if that is a path on a volume, not relative to the link."""
    command = use.step.command
    words = command.words[1:]
    operands = [word for word in words if word is None or not word.startswith("-")]
    is_link = command.name == "ln" and any(_SYMBOLIC.fullmatch(word or "") for word in words)
    origin = operands[0] if is_link and len(operands) == 2 else None
    place = use.table.locate(whole(canonical(origin))) if origin and origin.startswith("/") else None
    return canonical(origin.rstrip("/")) if origin and place and not place.is_own else None

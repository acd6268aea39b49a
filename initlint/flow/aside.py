"""Where a container looks beside its mount of a volume for the very file that an init container puts onto that."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from fnmatch import fnmatchcase

from initlint.flow.history import Flow
from initlint.flow.instead import is_touched
from initlint.flow.kept import is_left
from initlint.flow.lost import lost, unmounted
from initlint.flow.misplaced import Misplaced, has_own, is_sure, may_make, misplaced
from initlint.flow.model import Need, Use, Via
from initlint.flow.needs import known_image, paths
from initlint.flow.settings import DOCUMENT_ROOT
from initlint.flow.stations import Station
from initlint.flow.targets import TELLING
from initlint.kube.pods.container import Role
from initlint.regex import regex
from initlint.shell.container.mounts import Attachment, canonical, within
from initlint.shell.language.values import UNKNOWN

# What is made for one Pod or one use, so that hardly any image holds it.
_OWN = regex(r"(?i).*\.(?:cer|crt|gguf|jks|key|mmdb|onnx|p12|pem|pfx|safetensors)")
# What is called for a version or in several words is hardly there by chance: `mistral-7b`.
_OF_MODEL = regex(r"(?=.*\d)[\w.]+(?:-[\w.]+)+")
# Where programs, or what they are linked with, look by themselves.
_LOOKED_INTO = regex(r"/(?:etc/(?:pki|ssl)|home|lib|root|run|usr|var/run)(?:/.*)?")

# What web servers serve by default.
_SITES = frozenset({
    "/srv", "/srv/http", "/usr/local/apache2/htdocs", "/usr/local/openresty/nginx/html", "/usr/share/caddy",
    "/usr/share/nginx/html", "/usr/share/nginx/www", "/var/www", "/var/www/html", "/var/www/localhost/htdocs",
})  # fmt: skip
_OF_DIRECTORY = regex(r"[^.]*|.*\.d")


def elsewhere(later: Station, flow: Flow) -> Iterable[Misplaced]:
    """What a container looks for where its own mounts do not show it, once for each volume.

    Nothing of those whose writes there are lost as well: that is one defect.
    """
    found = {one.source.mount.name.value: one for one in (*_aside(later, flow), *misplaced(later, flow))}
    if not found or later.role is not Role.INIT:
        return found.values()
    gone = [one.use for search in (unmounted, lost) for one in search(later, flow)]
    written = [canonical(one.folder if isinstance(one, Use) else one.path) for one in gone]
    return [one for one in found.values() if not any(one.source.holds(path) for path in written)]


def _aside(later: Station, flow: Flow) -> Iterator[Misplaced]:
    """What it is told of, or reads by itself, where it has no mount.

    Nothing of it may speak of where the volume is mounted: then it is meant for something else.
    """
    if later.role is Role.INIT:
        return
    for attachment in later.table.attachments:
        makers = [one for one in flow.stations[: later.index] if one.role is Role.INIT and _fills(one, attachment)]
        if makers and attachment.at != "/" and not _is_named(attachment, later):
            found = next((found for one in makers for found in _beside(attachment, one, later, flow)), None)
            if found:
                yield found


def _fills(one: Station, attachment: Attachment) -> bool:
    return one.may_write(attachment.mount.name.value)


def _is_named(attachment: Attachment, later: Station) -> bool:
    """Whether anything in a container names a mount, what is in it, or what it is in."""
    container = later.container
    hooks = (container.node["lifecycle"][one]["exec"]["command"] for one in ("postStart", "preStop"))
    named = [path for hook in hooks for word in hook for path in paths(word.value)]
    named += [need.path for need in later.needs]
    is_near = any(_meet(canonical(path), attachment.at) for path in named if path != "/")
    return is_near or bool(container.node["envFrom"]) or is_touched(attachment, later)


def _meet(one: str, other: str) -> bool:
    return within(one, other) or within(other, one)


def _beside(attachment: Attachment, maker: Station, later: Station, flow: Flow) -> Iterator[Misplaced]:
    sources = maker.table.of_volume(attachment.mount.name.value)
    for need in later.needs if sources else ():
        path = canonical(need.path)
        if need.location is None or not need.location.is_own or has_own(path, later) or may_make(path, later):
            continue
        use = _made(need, attachment, maker, later, flow)
        place = use.locations[0].text if use and use.locations[0] else None
        source = sources[0] if use else next((one for one in sources if _is_told_to_fill(need, one, maker)), None)
        is_site = (
            source is None
            and _is_of_another_server(need, attachment, later)
            and _is_alone(attachment.mount.name.value, flow)
        )
        source = source or next((one for one in sources if is_site and _is_output(one, maker)), None)
        if source and (use or is_sure(need, later)):
            yield Misplaced(need, later, maker, source, use, attachment, attachment.shows(place) if place else None)


def _made(need: Need, attachment: Attachment, maker: Station, later: Station, flow: Flow) -> Use | None:
    """What an init container writes that is needed."""
    name = attachment.mount.name.value
    for use in maker.uses_on(name):
        if use.fills and is_left(use, maker):
            path, is_told = canonical(need.path), need.via in (Via.ARGUMENT, Via.VARIABLE)
            is_it = need.via in TELLING and _is_same(use, path, attachment, later)
            is_it = (is_it or (is_told and _is_slip(path, attachment))) and is_sure(need, later)
            is_for = _is_for_image(use, need, later) or _is_served(need, later)
            is_for = is_for or _is_of_another_server(need, attachment, later)
            if is_it or (is_for and _is_alone(name, flow)):
                return use
    return None


def _is_served(need: Need, later: Station) -> bool:
    """Whether the settings of a well-known image name the directory that it serves, which it does not hold itself."""
    return need.option == DOCUMENT_ROOT and known_image(later.container) is not None


def _is_of_another_server(need: Need, attachment: Attachment, later: Station) -> bool:
    """Whether a web server that serves what it does by default mounts a volume where another one would serve it."""
    known = known_image(later.container)
    is_site = need.via is Via.IMAGE and known is not None and "*.html" in known.finds.get(need.path, "").split()
    is_plain = known is not None and _is_plain(later, known.unless) and not later.container.overrides_entrypoint
    return is_site and is_plain and attachment.at in _SITES


def _is_output(source: Attachment, maker: Station) -> bool:
    """Whether a program of which nothing else is known is told of that directory, and not to read it."""
    told = (
        canonical(one.path) for one in maker.needs if one.via is Via.ARGUMENT and not (one.is_input or one.is_source)
    )
    return bool(maker.doubt) and any(source.holds(path) for path in told)


def _is_alone(volume: str, flow: Flow) -> bool:
    """Whether only one sidecar or app mounts a volume: else it may be there for another."""
    return sum(one.mounts(volume) for one in flow.stations if one.role is not Role.INIT) == 1


def _is_told_to_fill(need: Need, source: Attachment, maker: Station) -> bool:
    """Whether a program of which nothing else is known is told to fill the directory that the path is in."""
    path = canonical(need.path)
    if need.via not in (Via.ARGUMENT, Via.VARIABLE) or not source.holds(path) or path == source.at or not maker.doubt:
        return False
    told = (canonical(one.path) for one in maker.needs if one.via is Via.ARGUMENT and not one.is_input)
    return any(within(path, one) and source.holds(one) for one in told)


def _is_same(use: Use, path: str, attachment: Attachment, later: Station) -> bool:
    """Whether it is the file of that name, which no image holds, or which is meant by where the volume is mounted.

    Of images of which it is known what they read by themselves, it is known that they read nothing there.
    """
    place = use.locations[0].path if use.locations[0] else UNKNOWN
    is_known = place.is_whole or (place.known.endswith("/") and place.known != "/")
    shown = attachment.shows(place.known.rstrip("/")) if is_known else None
    if shown is None or posixpath.basename(shown) != posixpath.basename(path):
        return False
    folder = posixpath.dirname(path)
    known = known_image(later.container)
    is_read = known is not None and bool(known.reads)
    is_own = _OWN.fullmatch(path) is not None or _OF_MODEL.fullmatch(posixpath.basename(path)) is not None
    is_meant = is_read or is_own or _is_alike(folder, posixpath.dirname(shown))
    return is_meant and not _LOOKED_INTO.fullmatch(attachment.at)


def _is_slip(path: str, attachment: Attachment) -> bool:
    """Whether a path begins nearly as the mount does, but for a number: `/mnt/model` and `/mnt/models`."""
    depth, parts = attachment.at.count("/"), path.split("/")
    folder, meant = posixpath.split(attachment.at)
    name = parts[depth] if len(parts) > depth and "/".join(parts[:depth]) == folder.rstrip("/") else ""
    is_close = min(len(name), len(meant)) > 3 and bool(get_close_matches(name, [meant], 1, 0.8))
    return is_close and name.strip("0123456789") != meant.strip("0123456789")


def _is_alike(one: str, other: str) -> bool:
    """Whether of two directories one is plainly meant by the other: `/models` and `/model`, `/conf` and `/etc/conf`."""
    if posixpath.basename(one) == posixpath.basename(other):
        return True
    shorter, longer = sorted((one, other), key=len)
    rest = longer[len(shorter) :]
    return longer.startswith(shorter) and "/" not in rest and posixpath.dirname(one) == posixpath.dirname(other)


def _is_for_image(use: Use, need: Need, later: Station) -> bool:
    """Whether the program of an image looks for files of that name elsewhere, and nothing tells it otherwise."""
    known = known_image(later.container)
    if need.via is not Via.IMAGE or known is None or not _is_plain(later, known.unless):
        return False
    name = posixpath.basename(need.path)
    is_directory = _OF_DIRECTORY.fullmatch(name) is not None and need.path not in known.starts
    patterns = known.finds.get(need.path, "" if is_directory else name).split()
    words = (use.script.script.text_of(one) for one in use.step.command.arguments[1:])
    names = [posixpath.basename(word.strip("\"'")) for word in (use.text or "", *words)]
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _is_plain(later: Station, unless: str) -> bool:
    """Whether neither settings that are mounted, nor a variable or an argument, may say where it looks."""
    container, others = later.container, tuple(unless.split())
    is_set = any(_meet(one.at, at) for one in later.table.attachments for at in others if at.startswith("/"))
    is_told = bool(others) and any(one.name.value.startswith(others) for one in container.env)
    return not is_set and not is_told and all(map(_is_of_no_file, container.words(container.args)))


def _is_of_no_file(word: str | None) -> bool:
    return word is not None and "/" not in word and "conf" not in word

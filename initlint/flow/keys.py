"""Which files a ConfigMap or a Secret has, where a container looks for one of them."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from initlint.flow.stations import Station
from initlint.kube.pods import configmaps
from initlint.kube.terms.placeholder import is_placeholder
from initlint.shell.container.mounted import file_mode
from initlint.shell.container.mounts import Location

FLAT_KINDS = frozenset({"configMap", "secret"})
"""The volumes whose files are keys of an object."""


def is_no_key(place: Location, station: Station) -> bool | None:
    """Whether a ConfigMap or a Secret has no file of that name; None if that is not known."""
    held, text = _held(place, station), place.text or ""
    if held is None or any(map(is_placeholder, (text, *held))):
        return None
    return text not in held and not text.startswith("/..data")


def instead_of(place: Location, station: Station) -> str:
    """A file in the same directory of a ConfigMap or a Secret whose name ends like the one that is not there."""
    folder, suffix = posixpath.dirname(place.text or ""), posixpath.splitext(place.text or "")[1]
    named = (one for one in _held(place, station) or () if suffix and posixpath.splitext(one)[1] == suffix)
    return next((one for one in named if posixpath.dirname(one) == folder), "")


def is_binary(place: Location, station: Station) -> bool:
    """Whether a path can only be a program of the image, which a ConfigMap or a Secret hides: it is not called like a
    script, nothing there is executable, and which files there are is not known.
    """
    attachment, name = place.attachment, posixpath.basename(place.text or "")
    if attachment is None or attachment.volume is None or attachment.kind not in FLAT_KINDS or not name or "." in name:
        return False
    mode = file_mode(attachment.volume.node, place.text or "")
    return mode is not None and not mode & 0o111 and is_no_key(place, station) is None


def _held(place: Location, station: Station) -> Sequence[str] | None:
    """The files that a ConfigMap or a Secret has; None if they are not known, or it is no place in one."""
    attachment = place.attachment
    if attachment is None or attachment.kind not in FLAT_KINDS or place.text is None or attachment.volume is None:
        return None
    items = attachment.volume.node[attachment.kind]["items"]
    listed = ["/" + item["path"].value.strip("/") for item in items]
    if listed or place.text.count("/") > 1:
        return listed
    if attachment.kind == "secret":
        return None
    held = configmaps.keys(station.container.pod, attachment.volume.node["configMap"]["name"].value)
    return None if held is None else sorted(f"/{one}" for one in held)

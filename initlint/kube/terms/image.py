"""The one home of image references: `host:5000/folder/name:tag@sha256:…`, and what is none."""

from __future__ import annotations

import re
from typing import NamedTuple

from initlint.regex import regex

# github.com/distribution/reference, regexp.go, but for hosts in upper case: those are placeholders.
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d+)?"
_REFERENCE = regex(
    rf"(?:{_HOST}/)?{_COMPONENT}(?:/{_COMPONENT})*(?::\w[\w.-]{{0,127}})?(?:@[A-Za-z][\w+.-]*:[0-9a-fA-F]{{32,}})?",
    re.ASCII,
)
# What people write where something else fills the image in; Istio's injection fills in `auto`.
_STAND_INS = frozenset({"auto", "container-image", "image", "image-name", "my-image", "placeholder", "your-image"})


class Reference(NamedTuple):
    """The parts of an image reference; what is absent is empty. `name` is all but tag and digest."""

    name: str
    host: str
    repository: str
    tag: str
    digest: str
    is_literal: bool
    """Whether it names an image, rather than being a placeholder that something else fills in."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which it may be known, the longest first: `acme/x` is it on any mirror, `x` only if official."""
        parts = self.repository.split("/")
        return tuple(
            "/".join(parts[start:])
            for start in range(len(parts))
            if start < len(parts) - 1 or start == 0 or parts[start - 1] == "library"
        )

    @property
    def base(self) -> str:
        """The last part of the repository, which says what is in the image."""
        return self.repository.rpartition("/")[2]


def parse(image: str) -> Reference:
    """Take a reference apart. A first part with a dot or a port, or `localhost`, is the registry's host."""
    tagged, _, digest = image.partition("@")
    folder, slash, last = tagged.rpartition("/")
    base, _, tag = last.partition(":")
    name = folder + slash + base
    host, slash, path = name.partition("/")
    if not slash or not (host == "localhost" or "." in host or ":" in host):
        host, path = "", name
    is_literal = bool(_REFERENCE.fullmatch(image)) and base not in _STAND_INS
    return Reference(name, host, path, tag, digest, is_literal)

"""What images have, as `images.yaml` says: their shell, their tools, their user. Of one that is not known, nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from initlint.kube.pods.container import Container
from initlint.kube.terms.image import parse
from initlint.shipped import data

_FILE = Path(__file__).with_name("images.yaml")
# Where `host/x` is the official `x` or a name that only its owner gives away; elsewhere it may be anybody's own build.
_PUBLIC = frozenset({
    "cgr.dev", "docker.elastic.co", "docker.io", "gcr.io", "ghcr.io", "index.docker.io", "k8s.gcr.io",
    "mcr.microsoft.com", "mirror.gcr.io", "public.ecr.aws", "quay.io", "registry-1.docker.io",
    "registry.access.redhat.com", "registry.hub.docker.com", "registry.k8s.io", "registry.redhat.io",
})  # fmt: skip


class Shell(Enum):
    """Which shell is `sh`. `NONE`: there is no shell at all."""

    BASH = "bash"
    BUSYBOX = "busybox"
    DASH = "dash"
    NONE = "none"


class ImageFacts(NamedTuple):
    """What is known of an image; the defaults say that nothing is. `user` and `workdir` are empty if not known.

    `env` are variables that it sets, `accounts` the names of all its users, none if they are not known. As root its
    entry point goes over to user `becomes` to start `serves`. `lookup` says of which names its nslookup makes nothing.
    """

    shell: Shell | None = None
    knows_pipefail: bool | None = None
    present: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    user: str = ""
    workdir: str = ""
    env: tuple[tuple[str, str], ...] = ()
    becomes: str = ""
    serves: str = ""
    accounts: frozenset[str] = frozenset()
    lookup: str = ""

    def has(self, tool: str) -> bool | None:
        """Whether a tool is on the PATH; None if that is not known."""
        if tool == "sh":
            return None if self.shell is None else self.shell is not Shell.NONE
        if tool in self.present:
            return True
        return False if tool in self.absent else None

    @property
    def has_busybox_tools(self) -> bool:
        """Whether `cp` and its like are surely those of busybox: nothing else of GNU coreutils is there."""
        return self.shell is Shell.BUSYBOX and self.has("numfmt") is False

    @property
    def uid(self) -> int | None:
        """The number of the user that it runs as; None if it is not known."""
        name = self.user.partition(":")[0]
        return 0 if name == "root" else int(name) if name.isdecimal() else None

    @property
    def is_root(self) -> bool | None:
        """Whether it runs as root; None if that is not known."""
        return self.uid == 0 if self.user else None


UNKNOWN_IMAGE = ImageFacts()
_NO_SHELL = ImageFacts(Shell.NONE, absent=frozenset({"ash", "bash", "dash"}))


class _Layer(NamedTuple):
    """What a base, an image or a tag adds; the fields are explained at the top of `images.yaml`."""

    tag: str = ""
    base: str = ""
    sh: str = ""
    pipefail: bool | None = None
    has: Sequence[str] = ()
    lacks: Sequence[str] = ()
    maybe: Sequence[str] = ()
    only: bool = False
    open: bool = False
    user: str = ""
    workdir: str = ""
    env: Mapping[str, str] = MappingProxyType({})
    becomes: str = ""
    serves: str = ""
    accounts: Sequence[str] = ()
    lookup: str = ""


class _Data(NamedTuple):
    pipefail: Mapping[bool, re.Pattern[str]]
    groups: Mapping[str, Sequence[str]]
    bases: Mapping[str, _Layer]
    images: Mapping[str, Mapping[str, Any]]


def known_image(image: str) -> ImageFacts:
    """What is known of the image that a reference names."""
    reference = parse(image)
    if not reference.is_literal:
        return UNKNOWN_IMAGE
    facts = _known(reference.names, reference.tag or ("" if reference.digest else "latest"))
    if facts == UNKNOWN_IMAGE and _calls_itself_distroless(f"{reference.repository}:{reference.tag}"):
        return _NO_SHELL
    is_anybodys = reference.host and reference.host not in _PUBLIC and "/" not in reference.repository
    return _opened(facts) if is_anybodys else facts


def _calls_itself_distroless(name: str) -> bool:
    """Whether its name or tag says so, as `proxyv2:1.22-distroless` does; some, as `distroless/bash`, have a shell."""
    return "distroless" in re.split(r"[-_./:]", name) and not re.search(r"bash|debug|dev|shell|busybox|build", name)


def image_of(container: Container) -> ImageFacts:
    """What is known of a container's image: nothing where a kustomization of the input replaces it."""
    return UNKNOWN_IMAGE if container.is_image_replaced else known_image(container.image.value)


@cache
def _known(names: tuple[str, ...], tag: str) -> ImageFacts:
    entry = next(filter(None, map(_find, names)), None)
    if entry is None:
        return UNKNOWN_IMAGE
    own = _Layer(**{field: value for field, value in entry.items() if field in _Layer._fields})
    if "tags" not in entry:
        return _lay(own, ImageFacts())
    layer = next((one for one in _tags(entry) if _matches(one.tag, tag)), None)
    if layer is None:
        return UNKNOWN_IMAGE
    facts = _lay(layer._replace(base="", accounts=own.accounts), _lay(own, _base(layer.base)))
    known = next((is_known for is_known, part in _load().pipefail.items() if part.search(tag)), facts.knows_pipefail)
    return facts._replace(knows_pipefail=known)


def _find(name: str) -> Mapping[str, Any] | None:
    images = _load().images
    patterns = [key for key in images if key.endswith("*") and name.startswith(key[:-1])]
    key = name if name in images else max(patterns, key=len, default=None)
    return images[key] if key else None


def _tags(entry: Mapping[str, Any]) -> Iterator[_Layer]:
    return (_Layer(**layer) for layer in entry["tags"])


def _matches(pattern: str, tag: str) -> bool:
    return bool(re.fullmatch(pattern.replace("<suite>", "(?:buster|bullseye|bookworm|trixie)"), tag))


def _base(name: str) -> ImageFacts:
    return _lay(_load().bases[name], ImageFacts()) if name else ImageFacts()


def _lay(layer: _Layer, below: ImageFacts) -> ImageFacts:
    """With a layer on top: what it lists itself is stronger than its groups, and these than what is below."""
    below = _base(layer.base) if layer.base else below
    below = _opened(below) if layer.open else below
    tools: dict[str, bool | None] = dict.fromkeys(_vocabulary() if layer.only else below.absent, False)
    tools.update(dict.fromkeys(below.present, True))
    for take in (_grouped, _single):
        for known, listed in ((False, layer.lacks), (True, layer.has), (None, layer.maybe)):
            tools.update(dict.fromkeys(take(listed), known))
    return ImageFacts(
        Shell(layer.sh) if layer.sh else below.shell,
        below.knows_pipefail if layer.pipefail is None else layer.pipefail,
        frozenset(tool for tool, is_there in tools.items() if is_there),
        frozenset(tool for tool, is_there in tools.items() if is_there is False),
        layer.user or below.user,
        layer.workdir or below.workdir,
        tuple({**dict(below.env), **layer.env}.items()),
        layer.becomes or below.becomes,
        layer.serves or below.serves,
        frozenset(layer.accounts),
        layer.lookup or below.lookup,
    )


@cache
def _vocabulary() -> frozenset[str]:
    """Every tool that the groups and the bases name."""
    lists = [*_load().groups.values(), *(names for base in _load().bases.values() for names in (base.has, base.lacks))]
    return frozenset(name for names in lists for name in _single(names))


def _single(names: Sequence[str]) -> list[str]:
    return [name for name in names if not name.startswith("$")]


def _grouped(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if name.startswith("$"):
            listed = _load().groups[name[1:]]
            yield from (*_single(listed), *_grouped(listed))


def _opened(facts: ImageFacts) -> ImageFacts:
    """The same of an image that may have more."""
    return facts._replace(absent=frozenset(), accounts=frozenset())


@cache
def _load() -> _Data:
    raw = data(_FILE)
    bases = {name: _Layer(**entry) for name, entry in raw["bases"].items()}
    pipefail = {name == "always": re.compile(rf"(?<![^-])(?:{part})(?![^-])") for name, part in raw["pipefail"].items()}
    return _Data(pipefail, raw["groups"], bases, {name: entry for entry in raw["images"] for name in entry["names"]})

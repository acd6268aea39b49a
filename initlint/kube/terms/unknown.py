"""What a manifest may not tell for certain of a Pod, and how a view or a rule says that it needs it."""

from __future__ import annotations

from enum import Enum


class Part(Enum):
    """What may be filled in by something that is not in the manifest: an operator, a patch, a template."""

    CONTAINERS = "containers"
    IMAGES = "images"
    COMMANDS = "commands"
    MOUNTS = "volume mounts"
    VOLUMES = "volumes"
    RESOURCES = "resources"
    ACCOUNT = "service accounts"
    ENVIRONMENT = "environment variables"


EVERYTHING = frozenset(Part)


class Unknown(Exception):  # noqa: N818 - not an error: the third value beside known good and known bad
    """Raised by a rule or a view where something is not known; the engine notes the reason, and the rule is silent."""

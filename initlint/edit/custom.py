"""In which order the fields of a container are written, by custom."""

from __future__ import annotations

_FIELDS = (
    "name", "image", "imagePullPolicy", "restartPolicy", "command", "args", "workingDir", "ports", "env", "envFrom",
    "resources", "volumeMounts",
)  # fmt: skip


def fields_before(field: str) -> tuple[str, ...]:
    """What a container has in front of a field."""
    return _FIELDS[: _FIELDS.index(field)]

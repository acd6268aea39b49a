"""A mount of a volume that the Pod does not declare."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from initlint.api import (
    ERROR,
    Container,
    Finding,
    Findings,
    Fix,
    Mount,
    Part,
    Related,
    Volume,
    edit,
    is_placeholder,
    rule,
)


@rule("INIT201", "mount of a volume the Pod does not declare", severity=ERROR)
def check(container: Container) -> Findings:
    mounts = [("mounts", mount) for mount in container.mounts]
    devices = [("uses as a device the", Mount(node, container)) for node in container.devices]
    for does, mount in mounts + devices:
        if mount.name.value and not _may_be_declared(mount.name.value, container.pod.volumes):
            container.pod.require(Part.VOLUMES)
            yield _undeclared(mount, does)


def _may_be_declared(name: str, volumes: Iterable[str]) -> bool:
    """Whether a volume has the name, or gets it when something fills in a template."""
    return name in volumes or any(map(is_placeholder, (name, *volumes)))


def _undeclared(mount: Mount, does: str) -> Finding:
    container, workload = mount.container, mount.container.pod.workload
    meant = _meant(mount)
    return Finding(
        mount.name,
        f"{container} {does} volume `{mount.name}`, which the Pod does not declare: {workload.refusal()}",
        related=(Related(meant.name, "did you mean this volume?"),) if meant else (),
        fix=_rename(mount, meant.name.value) if meant else None,
        rejected=workload.rejects_invalid_pods,
        help=f"mend the name, or declare `{mount.name}` in `volumes` of the Pod",
    )


def _meant(mount: Mount) -> Volume | None:
    """The one declared volume with a similar name, if there is exactly one."""
    volumes = mount.container.pod.volumes
    close = get_close_matches(mount.name.value, volumes, 2)
    return volumes[close[0]] if len(close) == 1 else None


def _rename(mount: Mount, meant: str) -> Fix | None:
    """A slip of the pen is safe to mend; of other names that are close it is not certain that the same is meant."""
    change = edit.replace(mount.name, meant)
    return Fix.of(f"rename to `{meant}`", change, safe=_is_slip(mount.name.value, meant))


def _is_slip(written: str, meant: str) -> bool:
    """Whether they differ in hyphens, or in one letter that is missing, doubled, too many or swapped with the next."""
    one, other = written.replace("-", ""), meant.replace("-", "")
    if re.sub("[^0-9]", "", one) != re.sub("[^0-9]", "", other):
        return False
    shorter, longer = sorted((one, other), key=len)
    cut = any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    swapped = any(one[:at] + one[at : at + 2][::-1] + one[at + 2 :] == other for at in range(len(one)))
    return one == other or (len(shorter) > 2 and (cut or swapped))

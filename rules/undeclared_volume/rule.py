"""A mount of a volume that the Pod does not declare."""

from difflib import get_close_matches

from initlint.api import ERROR, Container, Finding, Findings, Fix, Mount, Part, Related, Volume, edit, rule


@rule("INIT201", "mount of a volume the Pod does not declare", severity=ERROR)
def check(container: Container) -> Findings:
    for mount in container.mounts:
        if mount.name and mount.name.value not in container.pod.volumes:
            container.pod.require(Part.VOLUMES)
            yield _undeclared(mount)


def _undeclared(mount: Mount) -> Finding:
    container, workload = mount.container, mount.container.pod.workload
    consequence = "the API server rejects it" if workload.rejects_invalid_pods else "its Pods are never created"
    meant = _meant(mount)
    return Finding(
        mount.name,
        f"{container} mounts volume `{mount.name}`, which the Pod does not declare: {consequence}",
        related=(Related(meant.name, "did you mean this volume?"),) if meant else (),
        fix=Fix.of(f"rename to `{meant.name}`", edit.replace(mount.name, meant.name.value)) if meant else None,
        rejected=workload.rejects_invalid_pods,
    )


def _meant(mount: Mount) -> Volume | None:
    """The one declared volume with a similar name, if there is exactly one."""
    volumes = mount.container.pod.volumes
    close = get_close_matches(mount.name.value, volumes, 2)
    return volumes[close[0]] if len(close) == 1 else None

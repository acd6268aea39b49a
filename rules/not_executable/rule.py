"""A file that a container starts and may not execute: a script of a ConfigMap, or what an init container has made."""

from initlint.api import ERROR, Container, Finding, Findings, Part, Related, Role, Via, follow, rule, unexecutable

_KINDS = {"configMap": "ConfigMap", "secret": "Secret", "projected": "projected", "downwardAPI": "downwardAPI"}


@rule("INIT212", "file that is started and not executable", severity=ERROR)
def check(container: Container) -> Findings:
    if container.role is Role.EPHEMERAL:
        return
    flow = follow(container.pod)
    for found in unexecutable(flow.of(container), flow):
        container.pod.require(Part.CONTAINERS, Part.MOUNTS, Part.VOLUMES, Part.COMMANDS)
        mount, made, path = found.attachment.mount, found.made, found.need.path
        ends = "the command fails" if found.need.step else "the container never starts"
        ends = "the probe never succeeds" if found.need.via is Via.PROBE else ends
        if made:
            yield Finding(
                found.need.where,
                f"{container} starts `{path}`, which {made.container} leaves with mode {found.mode:04o}: nobody may "
                f"execute it, and {ends}",
                (Related(made.where, f"{made.container} makes it here"),),
                defect=path,
                help=f"call `chmod +x` in `{made.container.name}`",
            )
            continue
        who = "nobody" if not found.mode & 0o111 else "its user"
        kind = _KINDS[found.attachment.kind]
        may = f"{who} may execute it" if who == "nobody" else f"{who} may not execute it"
        yield Finding(
            found.need.where,
            f"{container} starts `{path}` on {kind} volume `{mount.name}`, where it has mode {found.mode:04o}: {may}, "
            f"and {ends}",
            (Related(mount.node, "the volume is mounted here"),),
            defect=path,
            help="set `defaultMode: 0755` on the volume, or start it with its shell",
        )

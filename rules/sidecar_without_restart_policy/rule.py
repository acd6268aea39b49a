"""An init container that never exits by itself, and so keeps everything after it from starting."""

from initlint.api import ERROR, Container, Finding, Findings, Fix, Part, RegularInitContainer, edit, endless, rule


@rule("INIT101", "init container that never exits", severity=ERROR)
def check(container: RegularInitContainer) -> Findings:
    if container.node["restartPolicy"].value not in ("", "Never", "OnFailure"):
        return  # it may be meant as a sidecar: a placeholder, or a slip, which another rule tells
    runs = endless(container)
    if runs:
        if container.pod.cluster.is_patch(container.node.source.path):
            container.pod.require(Part.CONTAINERS)  # what is patched may be a sidecar
        yield Finding(
            runs.where,
            f"{container} runs `{runs.program}`, {runs.description} that never exits: nothing after it starts, "
            f"the Pod stays in `{container.init_status}`",
            fix=Fix.of("let it always restart, as a sidecar", edit.make_sidecar(container), reveals=edit.LOOKED_AT_NOW),
            help=_remedy(container),
        )


def _remedy(container: Container) -> str:
    if container.pod.cluster.version.knows_sidecars:
        return "make it a native sidecar with `restartPolicy: Always`, or let it exit when its work is done"
    return "move it to `containers`: native sidecars need Kubernetes 1.29"

"""What an init container does that cannot outlive it."""

from initlint.api import ERROR, Finding, Findings, InitContainer, Part, fleeting, follow, rule, unmounted

_LOST = {
    "setting": "changes its own shell only with `{text}`: the change is gone when the container exits, and no other "
    "one has it",
    "image": "installs software with `{text}` into its own file system: it is gone when the container exits, and no "
    "other one has it",
    "account": "changes accounts of its own file system only with `{text}`: the change is gone when the container "
    "exits, and no other one has it",
    "setup": "keeps what `{text}` sets up in its own file system: it is gone when the container exits, and no other "
    "one has it",
    "mount": "mounts with `{text}` in its own namespace only: the mount is gone when the container exits, and no other "
    "one sees it",
    "process": "ends with `{text}` in the background: the process is killed when the container exits",
    "links": "copies only links with `{text}`: what they point at in the mounted volume is not copied, and whoever "
    "reads them finds nothing",
    "hosts": "changes `/etc/hosts` with `{text}`, which the kubelet writes anew for each container: no other one has "
    "the change",
    "skipped": "copies nothing with `{text}`: what the kubelet mounts there are links, which `rsync` leaves out",
    "work": "runs `{text}` in the background and waits for it nowhere: what is not done when the container exits "
    "never is",
}
_HELP = {
    "setting": "set it in the container that needs it",
    "image": "build an image that has it, or install it onto a volume",
    "account": "build an image that has it, or run the container that needs it with `runAsUser`",
    "setup": "do it in the container that needs it, or let both mount a volume where it is kept",
    "mount": "declare it as a volume of the Pod; only a privileged container whose mount has `mountPropagation: "
    "Bidirectional` leaves one behind",
    "process": "make it a sidecar, an init container with `restartPolicy: Always`, or wait for it",
    "links": "add `-L`, or copy the directory as a whole: `cp -r dir/. …`",
    "hosts": "set `hostAliases` in the Pod",
    "skipped": "add `-L`, which copies what links point at",
    "work": 'keep its number (`job=$!`) and end with `wait "$job"`, which fails if it does',
}


@rule("INIT210", "effect that cannot outlive the init container", severity=ERROR)
def check(container: InitContainer) -> Findings:
    flow = follow(container.pod)
    station = flow.of(container)
    for found in station.all_of(fleeting(station)):
        if any(one.use.step is found.step for one in unmounted(station, flow)):
            continue  # a later container has a volume for it, which says more
        container.pod.require(Part.COMMANDS, Part.MOUNTS)
        text = found.text if len(found.text) <= 60 else f"{found.text[:57]}..."
        message = f"{container} {_LOST[found.kind].format(text=text)}"
        yield Finding(found.span, message, defect=found.kind, help=_HELP[found.kind])

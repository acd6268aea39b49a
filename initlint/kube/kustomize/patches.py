"""Which parts of a Pod a patch changes: a strategic merge patch, or a list of JSON 6902 operations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from initlint.kube.terms.homes import BUILT_IN, HOMES, NO_PODS, Home, group_of
from initlint.kube.terms.unknown import Part
from initlint.text.tree import Missing, Node, Sequence, walk

LISTS = ("initContainers", "containers", "ephemeralContainers")
"""Where a Pod keeps its containers."""

EVERY_PART = tuple(sorted(part.name for part in Part))
"""What a patch touches that cannot be read."""

SERVICE = "SERVICE"
"""What a patch touches that decides which Pods answer for a Service, and on which ports."""

DATA = "DATA"
"""What a patch touches that files and variables of a ConfigMap or a Secret are made of."""

QUOTA = "QUOTA"
"""What a patch touches that says how much a namespace, or a container in it, may have."""

RBAC = "RBAC"
"""What a patch touches that decides what a ServiceAccount may do, or whether its token is mounted."""

PORTS = "PORTS"
"""What a patch touches that names the ports of a container."""

TURN = "TURN"
"""What a patch touches that says when an installer makes an object."""

SYNC_WAVE = "argocd.argoproj.io/sync-wave"
_OF_TURN = (SYNC_WAVE, "argocd.argoproj.io/hook", "helm.sh/hook")

IDLE, RUNNING = "IDLE", "RUNNING"
"""What a patch touches that scales a workload: to nothing, or to some Pods."""

ACCOUNT_IS = "account "
"""Before the ServiceAccount that a patch gives to Pods; it is empty where the patch changes something else of that."""

SAYS = "says "
"""Before what a patch says, as one text, where it touches a Service, what a ServiceAccount may do, or a turn."""

OTHER = "OTHER"
"""What a patch touches of a workload that nobody asks for by itself."""

AT_TURN = "turn "
"""Before which list of its kustomization a patch stands in, and where in it, of one that says whom it is for."""

LABELS = "label "
"""Before the key of a label of Pods that a patch sets or takes away; before `ANY_KEY` it is any."""
ANY_KEY = "*"

_OF_POD = {
    "volumes": Part.VOLUMES.name,
    "volumeClaimTemplates": Part.VOLUMES.name,
    "resources": Part.RESOURCES.name,
    "restartPolicy": Part.CONTAINERS.name,
    "serviceAccountName": Part.ACCOUNT.name,
    "serviceAccount": Part.ACCOUNT.name,
    "automountServiceAccountToken": Part.ACCOUNT.name,
}
_OF_CONTAINER = {
    "image": (Part.IMAGES.name,),
    "command": (Part.COMMANDS.name,),
    "args": (Part.COMMANDS.name,),
    "env": (Part.ENVIRONMENT.name,),
    "envFrom": (Part.ENVIRONMENT.name,),
    "volumeMounts": (Part.MOUNTS.name,),
    "resources": (Part.RESOURCES.name,),
    "ports": (PORTS,),
    # It tells whether a container has to end.
    "restartPolicy": (Part.CONTAINERS.name, Part.COMMANDS.name),
}
_OF_SERVICE = {
    (), ("metadata",), ("metadata", "name"), ("metadata", "namespace"), ("spec",),
    *(("spec", key) for key in ("clusterIP", "externalName", "ports", "publishNotReadyAddresses", "selector", "type")),
}  # fmt: skip
_OF_DATA = ("data", "binaryData", "stringData")
_OF_RBAC = ("rules", "aggregationRule", "subjects", "roleRef", "automountServiceAccountToken")
_OF_QUOTA = ("", "spec", "spechard", "speclimits", "specscopes", "specscopeSelector")
_RBAC_KINDS = ("ServiceAccount", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")
_OF_LIST = tuple(part for part in EVERY_PART if part not in (Part.VOLUMES.name, Part.ACCOUNT.name))
# What the text of a patch holds if it changes a Pod, wherever that may be.
_TELLING = ("ontainers", "olume", "resources")
_PATHS = {tuple(path.split(".")) for home in HOMES.values() for path in home.paths}
_ABOVE_PODS = {path[:depth] for path in _PATHS for depth in range(len(path) + 1)}


def touched(patch: Node) -> tuple[str, ...]:
    """What a patch touches, for `parts` to read; facts of an offer, so that they are texts."""
    if isinstance(patch, Sequence):
        return tuple(sorted(set(_operations(patch)))) or _other(patch)
    found = (*_touched(patch), *_turn(patch["metadata"]["annotations"]))
    return found or _other(patch["spec"] if (group_of(patch), patch["kind"].value) in BUILT_IN else Missing(patch))


def _other(node: Node) -> tuple[str, ...]:
    return (OTHER,) if node else ()


def _turn(annotations: Node) -> tuple[str, ...]:
    return (TURN,) if any(annotations[key] for key in _OF_TURN) else ()


def _touched(patch: Node) -> tuple[str, ...]:
    """What a strategic merge patch touches of what an object is."""
    group, kind = group_of(patch), patch["kind"].value
    if group.endswith(NO_PODS):
        return ()
    if (group, kind) == ("", "Service"):
        is_changed = any(("spec", key.value) in _OF_SERVICE for key, _ in patch["spec"].items())
        return (SERVICE,) if is_changed or has_directive(patch) else ()
    if (group, kind) in (("", "ConfigMap"), ("", "Secret")):
        return (DATA,) if has_directive(patch) or any(patch[key] for key in _OF_DATA) else ()
    if (group, kind) in (("", "ResourceQuota"), ("", "LimitRange")):
        return (QUOTA,)
    if kind in _RBAC_KINDS:
        return (RBAC,) if any(patch[key] for key in _OF_RBAC) or has_directive(patch) else ()
    home = HOMES.get((group, kind))
    if has_directive(patch) or (home is None and _has_telling_spec(patch)):
        return EVERY_PART
    return tuple(sorted(set(_merged(patch, home, is_by_name=(group, kind) in BUILT_IN)))) if home else ()


def parts(facts: Iterable[str], names: Collection[str]) -> Iterator[tuple[Part, str]]:
    """The parts that a patch changes of a Pod with containers of these names, each with the name of its container.

    It is empty for what is not in one container; what is in a container that is not there makes a new one.
    """
    for fact in facts:
        part, _, container = fact.partition("@")
        if container and container not in names:
            yield Part.CONTAINERS, ""
        elif part in Part.__members__:
            yield Part[part], container


def has_directive(patch: Node) -> bool:
    """Whether a strategic merge patch says what to do with one of its mappings or lists."""
    return patch.holds("$patch") and any(node.key("$patch") for node in walk(patch))


def _has_telling_spec(patch: Node) -> bool:
    """Whether a patch to a kind that is not known may change a Pod; the text is looked at before the tree."""
    return patch.holds("spec") and _is_telling(patch) and _is_telling(patch["spec"])


def _is_telling(node: Node) -> bool:
    return any(node.holds(word) for word in _TELLING) and bool(node)


def _merged(patch: Node, home: Home, *, is_by_name: bool) -> Iterator[str]:
    """A strategic merge patch. The lists of a custom resource are not merged by name, but replaced."""
    for spec in home.specs(patch):
        for key, value in spec.items():
            if key.value in _OF_POD:
                yield _OF_POD[key.value]
                yield from _account(key.value, value)
            elif key.value in LISTS:
                yield from () if is_by_name and isinstance(value, Sequence) else _OF_LIST
                yield from (part for container in value for part in _entry(container))
    if patch["spec"].key("volumeClaimTemplates"):
        yield Part.VOLUMES.name
    spec = patch["spec"]
    yield from _scaled(spec["replicas"])
    template = (spec["jobTemplate"]["spec"] or spec)["template"] or patch["template"]
    labels = (patch if patch["kind"].value == "Pod" else template)["metadata"]["labels"]
    yield from (f"{LABELS}{key.value}" for key, _ in labels.items())


def _account(key: str, value: Node) -> Iterator[str]:
    if _OF_POD[key] == Part.ACCOUNT.name:
        yield f"{ACCOUNT_IS}{value.value if key.startswith('serviceAccount') else ''}"


def _entry(container: Node) -> Iterator[str]:
    """What is said of a container, with its name, as it may be a new one."""
    name = container["name"].value
    yield f"@{name}" if name else Part.CONTAINERS.name
    for part in (part for key, _ in container.items() for part in _OF_CONTAINER.get(key.value, ())):
        yield f"{part}@{name}"


def _operations(patch: Sequence) -> Iterator[str]:
    """JSON 6902: each operation names one place, or two."""
    for operation in patch:
        pointers = [operation[key].value for key in ("path", "from") if operation[key]]
        for pointer in pointers if operation["op"].value != "test" else ():
            steps = pointer.split("/")[1:]
            yield from _at(steps, operation)
            yield from _labels_at(steps)
            yield from (SERVICE,) if tuple(steps[:2]) in _OF_SERVICE else ()
            yield from (DATA,) if "".join(steps[:1]) in ("", *_OF_DATA) else ()
            yield from (QUOTA,) if "".join(steps[:2]) in _OF_QUOTA else ()
            yield from _scaled(operation["value"]) if steps == ["spec", "replicas"] else ()
            yield from (RBAC,) if not steps or steps[0] in _OF_RBAC else ()
            yield from (TURN,) if steps[:2] == ["metadata", "annotations"] else ()


def _scaled(replicas: Node) -> Iterator[str]:
    if replicas.value.isdecimal():
        yield RUNNING if replicas.value.strip("0") else IDLE


def _labels_at(steps: list[str]) -> Iterator[str]:
    """Which labels of Pods are changed by an operation in one place."""
    place = next((index for index, step in enumerate(steps) if step == "labels"), None)
    if place is not None:
        key = "".join(steps[place + 1 : place + 2]).replace("~1", "/").replace("~0", "~")
        yield f"{LABELS}{key or ANY_KEY}"
    elif steps[-1:] in ([], ["metadata"], ["spec"], ["template"]):
        yield f"{LABELS}{ANY_KEY}"


def _at(steps: list[str], operation: Node) -> Iterable[str]:
    """What is changed by an operation in one place, given as the steps to it."""
    place = next((index for index, step in enumerate(steps) if step in LISTS or step in _OF_POD), None)
    if place is None:
        return EVERY_PART if _is_above_pods(steps, operation["value"]) else ()
    if steps[place] in _OF_POD:
        return (_OF_POD[steps[place]], *_account(steps[place], operation["value"]))
    if len(steps) > place + 2:
        return _OF_CONTAINER.get(steps[place + 2], ())
    is_added = len(steps) > place + 1 and operation["op"].value == "add"
    return (Part.CONTAINERS.name,) if is_added else _OF_LIST


def _is_above_pods(steps: list[str], value: Node) -> bool:
    """Whether what is changed holds Pods, or may hold some."""
    place = tuple("*" if step.isdigit() or step == "-" else step for step in steps)
    return place in _ABOVE_PODS or ("metadata" not in steps and _is_telling(value))

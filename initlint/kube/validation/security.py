"""Security contexts of containers and Pods (ValidateSecurityContext, validatePodSpecSecurityContext)."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.terms.objection import Objection
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.validation.case import ValidationCase
from initlint.kube.validation.place import At, repeated
from initlint.kube.validation.values import Wrong, invalid

_NOT_ON_WINDOWS_CONTAINER = (
    "appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem", "privileged",
    "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup",
)  # fmt: skip
_NOT_ON_WINDOWS_POD = (
    "appArmorProfile", "seLinuxOptions", "seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls", "runAsUser",
    "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy", "seLinuxChangePolicy",
)  # fmt: skip
_IPC = ("kernel.shm", "kernel.msg", "fs.mqueue.")
_SEM = "kernel.sem"


def of_container(at: At, case: ValidationCase) -> Iterator[Objection]:
    """The security context of a container."""
    escalation, privileged = at["allowPrivilegeEscalation"], at["privileged"]
    if escalation.truth is False and privileged.truth is True:
        says = "Invalid value: cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
        wrong = Wrong("which a privileged container cannot have", "remove one of them", says)
        yield case.wrong(escalation, wrong, related=privileged.node)._replace(field=at.path)
    for capability in at["capabilities"]["add"].each() if escalation.truth is False else ():
        if capability.text == "CAP_SYS_ADMIN":
            says = "Invalid value: cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"
            wrong = Wrong("where `allowPrivilegeEscalation` is false", "remove one of them", says)
            yield case.wrong(capability, wrong, related=escalation.node)._replace(field=at.path)
    if (
        at["procMount"].text == "Unmasked"
        and case.spec["hostUsers"].truth is not False
        and case.version.has_user_namespaces
    ):
        says = invalid(at["procMount"], "`hostUsers` must be false to use `Unmasked`")
        wrong = Wrong("where the Pod's `hostUsers` is not false", "set `hostUsers: false`, or remove it", says)
        yield case.wrong(at["procMount"], wrong)
    yield from _of_system(at, _NOT_ON_WINDOWS_CONTAINER, case)


def of_pod(at: At, case: ValidationCase) -> Iterator[Objection]:
    """The security context of a Pod."""
    names = [sysctl["name"] for sysctl in at["sysctls"].each()]
    for name, first in repeated(names):
        wrong = Wrong("which it sets twice", "keep one of them", f'Duplicate value: "{name}"')
        yield case.wrong(name, wrong, related=first.node)
    for name in names:
        yield from _of_host(name, case)
    yield from _of_system(at, _NOT_ON_WINDOWS_POD, case)


def _of_host(name: At, case: ValidationCase) -> Iterator[Objection]:
    """A parameter of a namespace that is the host's cannot be set (ValidateHostSysctl)."""
    is_net = name.text.replace("/", ".").startswith("net.")
    is_ipc = name.text.startswith(_IPC) or name.text == _SEM
    namespace = "hostNetwork" if is_net else "hostIPC" if is_ipc else ""
    if namespace and case.spec[namespace].truth is True:
        says = invalid(name, f"may not be specified when '{namespace}' is true")
        wrong = Wrong(f"where `{namespace}` is true: it would be the host's", "remove one of them", says)
        yield case.wrong(name, wrong, related=case.spec[namespace].node)


def _of_system(at: At, not_on_windows: tuple[str, ...], case: ValidationCase) -> Iterator[Objection]:
    """What the Pod's operating system does not have (validateLinux, validateWindows)."""
    system = case.spec["os"]["name"]
    others = not_on_windows if system.text == "windows" else ("windowsOptions",) if system.text == "linux" else ()
    for field in at.among(*others):
        says = "cannot be set for a windows pod" if system.text == "windows" else "windows options cannot be set"
        wrong = Wrong(f"which a Pod for {system} cannot have", "remove it", f"Forbidden: {says}")
        yield case.wrong(field, wrong, related=system.node)


def on_windows(at: At, case: ValidationCase) -> Iterator[Objection]:
    """What the spec of a Pod for Windows cannot have beside its security context."""
    system = at["os"]["name"]
    if system.text != "windows":
        return
    namespaces = [field for field in at.among("hostPID", "hostIPC") if field.truth is True]
    resources = at.among("resources") if case.version.keeps("PodSpec", "resources") else []
    for field in (*at.among("hostUsers", "shareProcessNamespace"), *namespaces, *resources):
        says = "Forbidden: cannot be set for a windows pod"
        yield case.wrong(field, Wrong("which a Pod for windows cannot have", "remove it", says), related=system.node)


def profile(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A seccomp or AppArmor profile of the node has a name, any other has none."""
    kind, name = at["type"], at["localhostProfile"]
    if kind.text == "Localhost" and not name.node.value:
        says = "Required value: must be set when seccomp type is Localhost"
        yield case.wrong(name, Wrong("which the type `Localhost` needs", "name the profile", says))
    elif kind.text in ("RuntimeDefault", "Unconfined") and name and not is_placeholder(name.text):
        says = "Invalid value: can only be set when seccomp type is Localhost"
        wrong = Wrong(f"where the type is `{kind}`", "set `type: Localhost`, or remove it", says)
        yield case.wrong(name, wrong, related=kind.node)

"""A Pod as a whole: its containers among each other, the host's namespaces, names (ValidatePodSpec)."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.terms.objection import Noticed, Objection
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.validation.case import ValidationCase
from initlint.kube.validation.place import At, repeated
from initlint.kube.validation.scheduling import labels
from initlint.kube.validation.values import Wrong, invalid, is_subdomain

# MaxDNSNameservers, MaxDNSSearchPaths
_MOST_NAMESERVERS = 3
_MOST_SEARCHES = 32


def pod_spec(at: At, case: ValidationCase) -> Iterator[Objection]:
    """What is asked of a Pod beyond its containers and volumes."""
    yield from _names(at, case)
    yield from _gates(at, case)
    yield from _host_ports(at, case)
    yield from _network(at, case)
    yield from _namespaces(at, case)
    yield from _dns(at, case)
    yield from _files(at, case)
    yield from labels(at["nodeSelector"], case)
    yield from _ephemeral(at, case)


def _names(at: At, case: ValidationCase) -> Iterator[Objection]:
    """Names of containers; one of an init container and an app container is told of the former."""
    containers = (*at["containers"].each(), *at["initContainers"].each())
    for name, first in repeated(container["name"] for container in containers):
        wrong = Wrong("", "rename one of them", f'Duplicate value: "{name}"')
        fact = "has a name that another container of the Pod has, too"
        yield case.about(name, fact, wrong, related=first.node)


def _gates(at: At, case: ValidationCase) -> Iterator[Objection]:
    """Gates of scheduling, each of which is named once (validateSchedulingGates)."""
    gates = at["schedulingGates"].each() if case.version.keeps("PodSpec", "schedulingGates") else ()
    for name, first in repeated(gate["name"] for gate in gates):
        wrong = Wrong("which is there already", "remove one of them", f'Duplicate value: "{name}"')
        yield case.wrong(name, wrong, related=first.node)._replace(field=name.path.removesuffix(".name"))


def _host_ports(at: At, case: ValidationCase) -> Iterator[Objection]:
    """Ports of the host: of all app containers, and of each init container for itself (checkHostPortConflicts)."""
    groups = [list(at["containers"].each()), *([one] for one in at["initContainers"].each())]
    for group in groups:
        seen: dict[tuple[str, str, int], At] = {}
        for port in (port for container in group for port in container["ports"].each()):
            host = _host_port(port, at)
            key = (port["protocol"].text or "TCP", port["hostIP"].text, host.number or 0)
            if key in seen and key[2]:
                says = f'Duplicate value: "{key[0]}/{key[1]}/{key[2]}"'
                wrong = Wrong("which is taken already", "use another port of the host", says)
                noticed = None if port["hostPort"] else Noticed.IN_PODS
                yield case.wrong(host, wrong, related=seen[key].node, noticed=noticed)._replace(
                    field=port["hostPort"].path
                )
            seen.setdefault(key, host)


def _host_port(port: At, spec: At) -> At:
    """In the host's network every port is one of the host; templates are not given that default."""
    if port["hostPort"].number or spec["hostNetwork"].truth is not True:
        return port["hostPort"]
    return port["containerPort"]


def _network(at: At, case: ValidationCase) -> Iterator[Objection]:
    """In the host's network a port is the same on both sides (validatePodHostNetworkDeps)."""
    if at["hostNetwork"].truth is not True:
        return
    for container in at["containers"].each():
        for port in container["ports"].each():
            host, own = port["hostPort"], port["containerPort"]
            if host.number and own.number and host.number != own.number:
                says = invalid(host, "must match `containerPort` when `hostNetwork` is true")
                wrong = Wrong("where the Pod is in the host's network and both ports are the same", "remove it", says)
                yield case.wrong(host, wrong, related=own.node)


def _namespaces(at: At, case: ValidationCase) -> Iterator[Objection]:
    """Namespaces of the host that exclude each other (validateHostUsers, validatePodSpecSecurityContext)."""
    if at["shareProcessNamespace"].truth is True and at["hostPID"].truth is True:
        says = "Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled"
        wrong = Wrong("where `hostPID` is true, too", "remove one of them", says)
        yield case.wrong(at["shareProcessNamespace"], wrong, related=at["hostPID"].node)
    if at["hostUsers"].truth is not False or not case.version.has_user_namespaces:
        return
    for field in at.among("hostNetwork", "hostPID", "hostIPC"):
        if field.truth is True:
            wrong = Wrong("where `hostUsers` is false", "remove one of them", "Forbidden: when `hostUsers` is false")
            yield case.wrong(field, wrong, related=at["hostUsers"].node)
    if case.version.forbids_devices_of_users:
        yield from _devices(at, case)


def _devices(at: At, case: ValidationCase) -> Iterator[Objection]:
    for container in (*at["containers"].each(), *at["initContainers"].each()):
        if list(container["volumeDevices"].each()):
            wrong = Wrong("where `hostUsers` is false", "remove one of them", "Forbidden: when `hostUsers` is false")
            yield case.wrong(container["volumeDevices"], wrong, related=at["hostUsers"].node)


def _dns(at: At, case: ValidationCase) -> Iterator[Objection]:
    """Name servers (validatePodDNSConfig)."""
    config = at["dnsConfig"]
    if at["dnsPolicy"].text == "None" and not list(config["nameservers"].each()):
        place = config["nameservers"] if config else config
        says = "Required value: must provide at least one DNS nameserver when `dnsPolicy` is None"
        wrong = Wrong("which `dnsPolicy: None` needs", "name a server in `dnsConfig.nameservers`", says)
        yield case.wrong(place, wrong, related=at["dnsPolicy"].node)
    for field, most in (("nameservers", _MOST_NAMESERVERS), ("searches", _MOST_SEARCHES)):
        count = len(list(config[field].each()))
        if count > most:
            says = f"Invalid value: must not have more than {most}"
            yield case.wrong(config[field], Wrong(f"which are more than {most}", f"keep at most {most}", says))
    for search in config["searches"].each():
        yield from _search(search, case)
    for option in config["options"].each():
        if not option["name"].node.value:
            wrong = Wrong("which an option needs", "name the option", "Required value: must not be empty")
            yield case.wrong(option["name"], wrong)._replace(field=option.path)


def _search(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A domain to search in; from 1.33 with underscores, and `.` by itself (RelaxedDNSSearchValidation)."""
    plain = at.text.removesuffix(".")
    if case.version.has_relaxed_searches:
        plain = plain.replace("_", "0") or "0"
    if not is_subdomain(plain) and not is_placeholder(at.text):
        says = invalid(at, "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters")
        remedy = "write a domain such as `example.com`"
        yield case.wrong(at, Wrong("which is no domain to search in", remedy, says))


def _files(at: At, case: ValidationCase) -> Iterator[Objection]:
    """Variables from files of an emptyDir (validateFileKeyRefVolumes)."""
    if not case.version.keeps("EnvVarSource", "fileKeyRef"):
        return
    for container in (*at["containers"].each(), *at["initContainers"].each()):
        for variable in container["env"].each():
            name = variable["valueFrom"]["fileKeyRef"]["volumeName"]
            volume = case.own_volumes.get(name.text)
            if not name.text or is_placeholder(name.text):
                continue
            if volume is None:
                wrong = Wrong("which the Pod does not declare", "declare it as an `emptyDir`", f'Not found: "{name}"')
                yield case.wrong(name, wrong)
            elif not volume["emptyDir"] and len(list(volume.entries())) > 1:
                says = invalid(name, "referenced volume must be of type emptyDir")
                yield case.wrong(name, Wrong("which is no `emptyDir`", "use an `emptyDir`", says), related=volume.where)


def _ephemeral(at: At, case: ValidationCase) -> Iterator[Objection]:
    """Debugging containers are added to a running Pod, never created with it."""
    if list(at["ephemeralContainers"].each()):
        says = "Forbidden: ephemeral containers not allowed in pod template"
        if case.workload.kind == "Pod":
            says = "Forbidden: cannot be set on create"
        wrong = Wrong("which only a running Pod can be given", "remove them, and use `kubectl debug`", says)
        yield case.wrong(at["ephemeralContainers"], wrong)


def claims(at: At, case: ValidationCase) -> Iterator[Objection]:
    """One of the devices that a Pod claims (validatePodResourceClaim)."""
    given = at.among("resourceClaimName", "resourceClaimTemplateName")
    if len(given) != 1:
        says = "Invalid value: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
        fact = f"has `{case.name(at)}` with {'both' if given else 'none'} of its sources, where it needs exactly one"
        yield case.about(at, fact, Wrong("", "name a claim, or a template", says))


def devices(at: At, case: ValidationCase) -> Iterator[Objection]:
    """The claims that a container uses have to be claims of its Pod."""
    if not case.version.keeps("ResourceRequirements", "claims"):
        return
    known = {claim["name"].text for claim in case.spec["resourceClaims"].each()}
    for claim in at["claims"].each():
        name = claim["name"]
        if name.text and name.text not in known and not is_placeholder(name.text):
            says = f'Not found: "{name}": must be one of the names in pod.spec.resourceClaims'
            wrong = Wrong("which the Pod does not claim", "add it to `resourceClaims`", says)
            yield case.wrong(name, wrong)._replace(field=claim.path)

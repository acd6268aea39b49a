"""Which hosts are the Pod itself: localhost, its address and its name, however a script comes by them."""

from __future__ import annotations

import re

from initlint.kube.terms.expansion import OWN_NAMESPACE
from initlint.regex import regex
from initlint.shell.commands.meaning import Probe
from initlint.shell.container.script import ContainerScript

LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "[::1]", "0.0.0.0", "ip6-localhost"})
"""Names and addresses of the Pod itself that are the same in each."""

_FIELDS = ("status.podIP", "status.podIPs", "metadata.name")
_ASKED = r"""(?:\$\(\s*hostname(?:\s+-[fiIs])?\s*\)|`hostname(?:\s+-[fiIs])?`)"""
_SAID = regex(rf"{_ASKED}|\$(\w+)|\$\{{(\w+)\}}")
# Kubernetes expands `$(NAME)`; what else stands in brackets is run.
_NAMED = regex(
    r"""["']?(?:\w+://)?["']?(?:(?:\$\(\s*hostname(?:\s+-s)?\s*\)|`hostname`)|\$(\w+)|\$\{(\w+)\}|\$\((\w+)\))["']?"""
    rf"""\.([a-z0-9](?:(?:[-.\w]|{OWN_NAMESPACE})*(?:\w|{OWN_NAMESPACE}))?)(?![\w.$-])"""
)
_VARIABLE = regex(r"\$(?:(\w+)|\{(\w+)\}|\((\w+)\))")
# Behind a host: `:$PORT`, in an address that a variable holds also a number, and so in `/dev/tcp/$POD_IP/27017`.
_PORT = regex(r":(?:(\d{1,5})(?!\w)|\$(?:(\w+)|\{(\w+)\}))|/(?:(\d{1,5})(?!\w)|\$(?:(\w+)|\{(\w+)\}))")
_SOCKET = "/dev/tcp/"
_GIVEN = regex(r"""(?<![\w$-])(?P<name>\w+)=(?:"([^"]*)"|([^\s;&|"']*))""")
_EXPANDED = regex(r"(?<!\$)\$\((\w+)\)")
_ASSIGNED = regex(rf"\b(\w+)=[\"']?{_ASKED}")


def own_host(probe: Probe, script: ContainerScript) -> str | None:
    """What the script calls the host that it asks, if that is its own Pod; None if it is another, or not known."""
    if probe.host is not None and probe.host.text is not None:
        own = {script.container.pod.hostname} - {""}
        return probe.host.text if probe.host.text in LOCAL | own else None
    found = _found(probe, script)
    return _as_written(found, script) if found else None


def behind_own_name(probe: Probe, script: ContainerScript) -> str:
    """What stands behind the own name of the Pod in a host's name: `zk.shop` of `$(hostname).zk.shop`."""
    match = _NAMED.match(_filled(_text(probe, script), script))
    if match is None:
        return ""
    name = match[1] or match[2] or match[3]
    env = script.container.env
    told = {one.name.value for one in env if one.is_name_of_pod} | {"HOSTNAME"} - {one.name.value for one in env}
    assigned = f"{name}=" in script.script.text
    return match[4].rstrip(".") if not name or (name in told and not assigned) else ""


def _filled(text: str, script: ContainerScript) -> str:
    """The same with what the manifest says of the variables behind the first dot."""
    first, dot, rest = text.partition(".")
    container = script.container
    known = {**container.known_env, **container.env_of_namespace}

    def said(match: re.Match[str]) -> str:
        name = match[1] or match[2] or match[3]
        return (None if f"{name}=" in script.script.text else known.get(name)) or match[0]

    return first + dot + _VARIABLE.sub(said, rest)


def own_port(probe: Probe, script: ContainerScript) -> str | None:
    """The port that it asks there, also where a variable behind what is not known holds it: `$POD_IP:$PORT`."""
    if probe.port and probe.port.text is not None:
        return probe.port.text
    found = _found(probe, script)
    behind = _PORT.match(found.string, found.end()) if found else None
    if found is None or behind is None or (behind[0][0] == "/") is not found.string[: found.start()].endswith(_SOCKET):
        return None
    number, name = behind[1] or behind[4], behind[2] or behind[3] or behind[5] or behind[6]
    return number or script.container.known_env.get(name)


def _found(probe: Probe, script: ContainerScript) -> re.Match[str] | None:
    """Where the script says what stands for its own Pod, in a text that holds nothing else that is not known."""
    text = _spelled(_text(probe, script), script)
    said = list(_SAID.finditer(text))
    own, known = _variables(script), {name for name, value in script.container.known_env.items() if value is not None}
    hosts = [one for one in said if _name(one) in {"", *own}]
    others = {_name(one) for one in said} - {"", "PORT"} - own - known
    return hosts[0] if hosts and not others and _is_alone(hosts[0]) else None


def _spelled(text: str, script: ContainerScript) -> str:
    """The same with what a variable is given in one place, where the own Pod is named: `$URL` of `http://$POD_IP:80`."""
    env = {one.name.value: _EXPANDED.sub(r"${\1}", one.value.value) for one in script.container.env}

    def said(match: re.Match[str]) -> str:
        name = _name(match)
        given = [one[2] or one[3] or "" for one in _GIVEN.finditer(script.script.text) if one["name"] == name]
        given = given or ([env[name]] if env.get(name) else [])
        return given[0] if len(given) == 1 and _SAID.search(given[0]) else match[0]

    return _SAID.sub(said, text)


def _as_written(found: re.Match[str], script: ContainerScript) -> str:
    """What Kubernetes expands is written with round brackets; without a shell it is all that is expanded."""
    return f"$({found[2]})" if found[2] and not script.is_shell else found[0]


def _name(said: re.Match[str]) -> str:
    """The variable that is named; none if a command is asked."""
    return said[1] or said[2] or ""


def _text(probe: Probe, script: ContainerScript) -> str:
    """What the script says of host and port; what may be no word at all stands before the port."""
    if probe.host is not None:
        return script.script.text_of(probe)
    words = [one for step in script.steps for one in step.command.arguments if one.end <= probe.start]
    before = max(words, key=lambda one: one.end, default=None)
    return script.script.text[before.start if before else probe.start : probe.end]


def _is_alone(host: re.Match[str]) -> bool:
    """Whether it is all of a host's name: `$HOSTNAME.db` is another."""
    text = host.string
    before, after = text[: host.start()].rstrip("\"'"), text[host.end() :].lstrip("\"'")
    return not re.search(r"[\w.})-]$", before) and not re.match(r"[\w.$-]", after)


def _variables(script: ContainerScript) -> set[str]:
    """The variables that hold the Pod's address or name."""
    fields = {one.name.value: one.node["valueFrom"]["fieldRef"]["fieldPath"].value for one in script.container.env}
    told = {name for name, field in fields.items() if field in _FIELDS}
    assigned = {match[1] for match in _ASSIGNED.finditer(script.script.text)}
    return told | assigned | ({"HOSTNAME"} - fields.keys())

"""What a URL of the API server asks for: `https://kubernetes.default.svc/api/v1/namespaces/shop/pods/db-0`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from initlint.rbac.access import EVERYWHERE
from initlint.rbac.account import ANY_NAME, AccessRequest
from initlint.rbac.kinds import find
from initlint.regex import regex

# What reads the namespace of the Pod.
OWN_NAMESPACE = r"(?:\$\((?:cat\s+|<\s*)|`cat\s+)\S*serviceaccount/namespace[)`]"

_READ = regex(OWN_NAMESPACE)
_URL = regex(
    r"https://kubernetes(?:\.default(?:\.svc(?:\.cluster\.local)?)?)?(?::443)?/(?:api/v1|apis/(?P<group>[\w.-]+)/v\w+)"
    r"(?:/namespaces/(?P<namespace>[^/?]+))?/(?P<resource>[a-z]+)(?:/(?P<name>[^/?]+))?(?:/(?P<sub>[a-z]+))?"
    r"/?(?:\?(?P<query>.*))?"
)
_VARIABLE = regex(r"\$\{?(\w*)\}?")


class _Asked(NamedTuple):
    """The parts of a URL; `namespace` is None where none is named."""

    group: str
    namespace: str | None
    resource: str
    name: str
    sub: str
    query: str


def requests_of(url: str, own: Collection[str]) -> Iterator[AccessRequest]:
    """What is asked for by getting a URL as a script writes it; `own` are the variables with the Pod's namespace.

    Nothing of what is not known, or has no kind that is known (RequestInfoFactory.NewRequestInfo).
    """
    match = _URL.fullmatch(_READ.sub("$", url.strip("\"'")))
    asked = _Asked(*(match[key] or "" for key in _Asked._fields)) if match else None
    resource = find(f"{asked.resource}.{asked.group}".rstrip(".")) if asked else None
    if not asked or not resource or "$" in f"{asked.resource}{asked.sub}":
        return
    variable = _VARIABLE.fullmatch(asked.namespace or "")
    if asked.namespace and "$" in asked.namespace and not (variable and variable[1] in own):
        return
    is_watch = bool(re.search(r"\bwatch=(?:1|true)", asked.query))
    name = ANY_NAME if "$" in asked.name or "fieldSelector" in asked.query else asked.name or None
    # Who gets a namespace asks in it.
    within = name if resource.name == "namespaces" and name != ANY_NAME else None
    namespace = None if variable else asked.namespace or within or EVERYWHERE
    verb = "watch" if is_watch else "get" if asked.name else "list"
    yield AccessRequest(verb, resource.group, resource.name + (f"/{asked.sub}" if asked.sub else ""), name, namespace)

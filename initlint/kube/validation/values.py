"""What the API server asks of single values: names, numbers, words of a set, paths, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import NamedTuple

from initlint.kube.terms.objection import one_of, permitted
from initlint.kube.validation.place import At
from initlint.regex import regex

_LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_DNS_LABEL = regex(_LABEL)
_DNS_SUBDOMAIN = regex(rf"{_LABEL}(?:\.{_LABEL})*")
_QUALIFIED = regex(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?")
_PORT_NAME = regex(r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
_ENV_NAME = regex(r"(?!\.\.)[-._a-zA-Z][-._a-zA-Z0-9]*|")
_RELAXED_ENV_NAME = regex(r"[ -<>-~]+")
_KEY = regex(r"(?!\.\.)(?!\.\Z)[-._a-zA-Z0-9]{1,253}")
_HEADER = regex(r"[-A-Za-z0-9]+")
_SYSCTL = regex(r"(?:[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?")
_PERCENT = regex(r"[0-9]+%")
_LABEL_MEANS = "at most 63 lower-case letters, digits and `-`, beginning and ending with a letter or digit"
_LABEL_SAYS = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
_SUBDOMAIN_SAYS = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)


class Wrong(NamedTuple):
    """What is wrong with a value, how to mend it, and the API server's words for it."""

    problem: str
    remedy: str
    says: str


ValueCheck = Callable[[At], Wrong | None]


def invalid(at: At, says: str) -> str:
    """The API server's words for a value that is not as it has to be."""
    return f"Invalid value: {_shown(at)}: {says}"


def _shown(at: At) -> str:
    number = at.number
    return f'"{at}"' if number is None else str(number)


def anything(_: At) -> Wrong | None:
    """A value that only has to be there."""
    return None


def among(*allowed: str, listed: tuple[str, ...] = ()) -> ValueCheck:
    """One of several words; `listed` is the order in which the API server names them."""
    said = ", ".join(f'"{word}"' for word in listed or sorted(allowed))

    def check(at: At) -> Wrong | None:
        if not at.text or at.text in allowed:
            return None
        close = [word for word in allowed if word.lower() == at.text.lower()]
        remedy = f"write `{close[0]}`" if close else f"set it to {one_of(allowed)}"
        says = f'Unsupported value: "{at}": supported values: {said}'
        return Wrong(f"where Kubernetes allows {permitted(allowed)}", remedy, says)

    return check


def between(low: int, high: int) -> ValueCheck:
    """A number within limits."""

    def check(at: At) -> Wrong | None:
        number = at.number
        if number is None or low <= number <= high:
            return None
        says = invalid(at, f"must be between {low} and {high}, inclusive")
        return Wrong(f"which is not between {low} and {high}", f"set a number from {low} to {high}", says)

    return check


def at_least(low: int) -> ValueCheck:
    """A number that is large enough."""

    def check(at: At) -> Wrong | None:
        number = at.number
        if number is None or number >= low:
            return None
        says = invalid(at, "must be greater than 0" if low == 1 else f"must be greater than or equal to {low}")
        return Wrong(f"which is less than {low}", f"set a number from {low}", says)

    return check


PORT = between(1, 65535)
USER = between(0, 2**31 - 1)


def file_mode(at: At) -> Wrong | None:
    """Permissions of a file."""
    number = at.number
    if number is None or 0 <= number <= 0o777:
        return None
    remedy = "write it in octal with a leading 0, as `0644`, in JSON in decimal, as `420`"
    says = invalid(at, "must be a number between 0 and 0777 (octal), both inclusive")
    return Wrong("which is no mode of a file: it is not between 0 and 0777", remedy, says)


def dns_label(at: At) -> Wrong | None:
    """A name such as that of a container (IsDNS1123Label)."""
    text = at.text
    if not text or (len(text) <= 63 and _DNS_LABEL.fullmatch(text)):
        return None
    says = invalid(at, _LABEL_SAYS if not _DNS_LABEL.fullmatch(text) else "must be no more than 63 characters")
    return Wrong("which is no valid name", f"use {_LABEL_MEANS}", says)


def dotless(at: At) -> Wrong | None:
    """A DNS label, of which the API server says apart that it has no dots (ValidateDNS1123Label)."""
    wrong = dns_label(at)
    return wrong._replace(says=invalid(at, "must not contain dots")) if wrong and "." in at.text else wrong


def is_subdomain(text: str) -> bool:
    """Whether a text is the name of a domain (IsDNS1123Subdomain)."""
    return len(text) <= 253 and bool(_DNS_SUBDOMAIN.fullmatch(text))


def dns_subdomain(at: At) -> Wrong | None:
    """A name such as that of an object (NameIsDNSSubdomain)."""
    if not at.text or is_subdomain(at.text):
        return None
    remedy = "use at most 253 lower-case letters, digits, `-` and `.`, beginning and ending with a letter or digit"
    return Wrong("which is no valid name of an object", remedy, invalid(at, _SUBDOMAIN_SAYS))


def label_value(text: str) -> bool:
    """Whether a text can be the value of a label (IsValidLabelValue)."""
    return not text or (len(text) <= 63 and bool(_QUALIFIED.fullmatch(text)))


def is_qualified(text: str) -> bool:
    """Whether a text is a name with or without a domain, as the key of a label (IsQualifiedName)."""
    domain, slash, name = text.rpartition("/")
    return (is_subdomain(domain) or not slash) and 0 < len(name) <= 63 and bool(_QUALIFIED.fullmatch(name))


def qualified(at: At) -> Wrong | None:
    """The key of a label, or a name like it."""
    if not at.text or is_qualified(at.text):
        return None
    remedy = "use letters, digits, `-`, `_` and `.`, after a domain and `/` if one is needed"
    return Wrong("which is no qualified name", remedy, invalid(at, "name part must consist of alphanumeric characters"))


def port_name(at: At) -> Wrong | None:
    """The name of a port (IsValidPortName)."""
    text = at.text
    if not text or (len(text) <= 15 and _PORT_NAME.fullmatch(text)):
        return None
    remedy = "use at most 15 lower-case letters, digits and single `-`, with a letter among them"
    too_long = "must be no more than 15 characters"
    says = too_long if len(text) > 15 else "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
    return Wrong("which is no valid name of a port", remedy, invalid(at, says))


def port(at: At) -> Wrong | None:
    """The number or the name of a port (ValidatePortNumOrName)."""
    return PORT(at) if at.number is not None else port_name(at)


def env_name(at: At) -> Wrong | None:
    """The name of an environment variable before RelaxedEnvironmentVariableValidation (IsEnvVarName)."""
    if not at.text or (at.text not in (".", "..") and _ENV_NAME.fullmatch(at.text)):
        return None
    says = (
        "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must "
        "not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is "
        "'[-._a-zA-Z][-._a-zA-Z0-9]*')"
    )
    remedy = "use letters, digits, `_`, `-` and `.`, and do not begin with a digit"
    return Wrong("which is no valid name of a variable", remedy, invalid(at, says))


def relaxed_env_name(at: At) -> Wrong | None:
    """The name of an environment variable, which may be nearly anything (IsRelaxedEnvVarName)."""
    if not at.text or _RELAXED_ENV_NAME.fullmatch(at.text):
        return None
    says = "a valid environment variable name must consist only of printable ASCII characters other than '='"
    remedy = "use printable ASCII characters other than `=`"
    return Wrong("which is no valid name of a variable", remedy, invalid(at, says))


def data_key(at: At) -> Wrong | None:
    """The key of a ConfigMap or Secret (IsConfigMapKey)."""
    if not at.text or _KEY.fullmatch(at.text):
        return None
    says = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
    return Wrong("which cannot be a key", "use letters, digits, `-`, `_` and `.`", invalid(at, says))


def header_name(at: At) -> Wrong | None:
    """The name of an HTTP header (IsHTTPHeaderName)."""
    if _HEADER.fullmatch(at.text):
        return None
    says = "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for"
    return Wrong("which is no name of an HTTP header", "use letters, digits and `-`", invalid(at, says))


def sysctl(at: At) -> Wrong | None:
    """The name of a kernel parameter (IsValidSysctlName)."""
    if not at.text or (len(at.text) <= 253 and _SYSCTL.fullmatch(at.text)):
        return None
    remedy = "use lower-case words with `.` or `/` between them"
    return Wrong("which is no name of a kernel parameter", remedy, invalid(at, "must have at most 253 characters"))


def no_steps_back(at: At) -> Wrong | None:
    """A path without `..` (validatePathNoBacksteps)."""
    if ".." not in at.text.split("/"):
        return None
    return Wrong("which must not contain `..`", "remove the `..`", invalid(at, "must not contain '..'"))


def descending(at: At) -> Wrong | None:
    """A relative path without `..` (validateLocalDescendingPath)."""
    if at.text.startswith("/"):
        return Wrong("which must be a relative path", "remove the leading `/`", invalid(at, "must be a relative path"))
    return no_steps_back(at)


def local_path(at: At) -> Wrong | None:
    """A relative path that does not begin with `..` either (ValidateLocalNonReservedPath)."""
    if at.text.startswith("..") and not at.text.startswith("../"):
        return Wrong("which must not begin with `..`", "rename it", invalid(at, "must not start with '..'"))
    return descending(at)


def absolute(at: At) -> Wrong | None:
    """An absolute path."""
    if not at.text or at.text.startswith("/"):
        return None
    return Wrong("which must be an absolute path", "begin it with `/`", invalid(at, "must be an absolute path"))


def address(at: At) -> Wrong | None:
    """An IP address; leading zeros are left to the API server."""
    try:
        ip_address(re.sub(r"\b0+(?=\d)", "", at.text))
    except ValueError:
        says = invalid(at, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
        return Wrong("which is no IP address", "write an address such as `10.9.8.7`", says)
    return None


def share(at: At) -> Wrong | None:
    """A number that is not negative, or a percentage (ValidatePositiveIntOrPercent)."""
    if at.number is not None:
        return at_least(0)(at)
    if not at.text or _PERCENT.fullmatch(at.text):
        return None
    says = invalid(at, "a valid percent string must be a numeric string followed by an ending '%'")
    return Wrong("which is no percentage", "write a number, or a percentage such as `25%`", says)

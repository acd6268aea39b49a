"""What is told of fields that do not fit their types: unknown, of another type, missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from initlint.kube.terms.objection import Noticed, Objection
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.validation.case import ValidationCase, shortened
from initlint.kube.validation.place import At
from initlint.kube.validation.table import TypeTable
from initlint.kube.validation.values import Wrong
from initlint.regex import regex
from initlint.text.scalarkind import ScalarKind
from initlint.text.tree import Mapping, Node, Scalar, Sequence

A_STRING, A_LIST, A_MAPPING = "a string", "a list", "a mapping"
_KINDS = {
    ScalarKind.BOOLEAN: "a boolean",
    ScalarKind.INTEGER: "a number",
    ScalarKind.NUMBER: "a number",
    ScalarKind.STRING: A_STRING,
}
# Words in capital letters stand where something else puts a value.
_CAPITALS = regex(r"[A-Z][A-Z0-9_]+")


def unserved(case: ValidationCase) -> Objection:
    """A kind of Kubernetes' own in a group or version that has gone."""
    at, kind = case.root["apiVersion"], case.workload.kind
    fact = f"sets `apiVersion: {at}`, in which Kubernetes {case.version} has no {kind}"
    says = f'no kind "{kind}" is registered for version "{at}"'
    wrong = Wrong("", f"write `{case.served_version}`, and what it demands", says)
    return case.about(at, fact, wrong, noticed=Noticed.ALWAYS)


def missing(case: ValidationCase, at: At) -> Objection:
    """A field that has to be there."""
    wrong = Wrong("", f"set `{at.step}`", "Required value")
    return case.about(at, f"lacks `{case.name(at)}`, which is required", wrong)


def is_misspelt(name: str, others: Iterable[str]) -> bool:
    """Whether a field that is missing is there under a name that does not exist."""
    return bool(get_close_matches(name.lower(), [other.lower() for other in others], 1, 0.75))


def unknown(case: ValidationCase, known: TypeTable, at: At, type_name: str) -> Objection:
    """A field that the version does not have; the place is that of its key."""
    since = known.since(type_name, str(at.step))
    later = f", which Kubernetes has from {since}" if since else ""
    remedy = "remove it" if since else _meant(case, known, at, type_name)
    wrong = Wrong("", remedy, f'strict decoding error: unknown field "{at.path}"')
    fact = f"has an unknown field `{case.name(at)}`{later}"
    return case.about(at, fact, wrong, noticed=Noticed.ALWAYS)


def _meant(case: ValidationCase, known: TypeTable, at: At, type_name: str) -> str:
    """What may be meant: a field that is written otherwise, or one of something around it."""
    name, fields = str(at.step), known.fields(type_name)
    same = [other for other in fields if other.lower() == name.lower()]
    if close := same or get_close_matches(name, fields, 1, 0.75):
        return f"did you mean `{close[0]}`?"
    above = _types_above(case, known, at)
    return _home_of(known, name, above, type_name) or "remove it, or check its place and its spelling"


def _types_above(case: ValidationCase, known: TypeTable, at: At) -> Iterator[tuple[str, str]]:
    """The types of what a place is in, from the inside, each with its name for messages."""
    found = [(case.workload.kind, f"the {case.workload.kind}")]
    for place in at.ways()[:-1]:
        if not place.is_list_item:
            field_type = known.fields(found[-1][0]).get(str(place.step))
            if field_type is None or not field_type.is_object:
                break
            found.append((field_type.type, f"`{place.path}`"))
    return iter(found[::-1])


def _home_of(known: TypeTable, name: str, above: Iterator[tuple[str, str]], own: str) -> str | None:
    """Where a field belongs: in something around the place, or in something right below it."""
    for type_name, label in above:
        if type_name != own and name in known.fields(type_name):
            return f"it is a field of {label}"
    for field_name, below in known.fields(own).items():
        if below.is_object and name in known.fields(below.type):
            return f"it is a field of `{field_name}`"
    return None


def is_pending(node: Node, expected: str) -> bool:
    """Whether something puts another value there before the manifest is applied."""
    is_text = isinstance(node, Scalar) and node.kind is ScalarKind.STRING and expected != A_STRING
    return is_text and (is_placeholder(node.value) or bool(_CAPITALS.fullmatch(node.value)))


def mistyped(case: ValidationCase, at: At, expected: str) -> Objection:
    """A value that cannot be decoded as what is expected."""
    wrong = Wrong("", _retyped(at.node, expected), "")
    fact = f"{_stated(at.node, case.name(at))}, where {expected} is expected"
    return case.about(at, fact, wrong, noticed=Noticed.ALWAYS)


def _stated(node: Node, name: str) -> str:
    """What is written there; without a name it is the container, or the Pod, itself."""
    kind = _kind(node)
    if not isinstance(node, Scalar):
        return f"sets `{name}` to {kind}" if name else f"is {kind}"
    text = shortened(node.value)
    return f"sets `{name}: {text}`, {kind}" if name else f"is `{text}`, {kind}"


def _kind(node: Node) -> str:
    if isinstance(node, Scalar):
        return _KINDS.get(node.kind, "nothing")
    return A_LIST if isinstance(node, Sequence) else A_MAPPING


def _retyped(node: Node, expected: str) -> str:
    if not isinstance(node, Scalar):
        # `- echo done: ok` is a mapping, whatever was meant.
        is_text = isinstance(node, Mapping) and len(list(node.items())) == 1 and expected == A_STRING
        return "quote the whole of it: `: ` makes it a mapping" if is_text else f"write {expected}"
    if expected == A_STRING:
        return f'quote it: `"{node.value}"`'
    if expected == A_LIST and node.value.startswith("-") and "\n" in node.source.text[node.start : node.end]:
        return "put a space behind each `-`"
    if expected == A_LIST:
        return "write a list, each word an item of its own"
    return "remove the quotes" if _would_fit(node, expected) else f"write {expected}"


def _would_fit(node: Scalar, expected: str) -> bool:
    """Whether only quotes keep a text from being what is expected."""
    is_number = re.fullmatch(r"-?[0-9]+", node.value) and "number" in expected
    return bool(is_number) or (node.value in ("true", "false") and "true" in expected)

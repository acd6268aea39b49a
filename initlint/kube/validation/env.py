"""Environment variables: their names, and where their values come from (ValidateEnv, ValidateEnvFrom)."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.terms.objection import Objection, one_of
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.terms.quantity import ZERO, parse, read_quantity
from initlint.kube.terms.resourcenames import is_huge_pages
from initlint.kube.validation.case import ValidationCase
from initlint.kube.validation.place import At
from initlint.kube.validation.values import Wrong, env_name, invalid, is_qualified, relaxed_env_name

_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef")
_ENV_FIELDS = (
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP",
    "status.hostIPs", "status.podIP", "status.podIPs",
)  # fmt: skip
_VOLUME_FIELDS = ("metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid")
_RESOURCES = tuple(
    f"{part}.{name}" for part in ("limits", "requests") for name in ("cpu", "ephemeral-storage", "memory")
)
_UNITS = frozenset({"1", *("1" + unit + i for unit in "MGTPE" for i in ("", "i")), "1k", "1Ki"})
# ConvertDownwardAPIFieldLabel knows more labels than variables may ask for.
_CONVERTED = frozenset(
    {*_ENV_FIELDS, *_VOLUME_FIELDS, "spec.restartPolicy", "spec.schedulerName", "status.phase", "spec.host"}
)


def variable(at: At, case: ValidationCase) -> Iterator[Objection]:
    """One entry of `env`."""
    yield from _named(at["name"], case)
    if at["valueFrom"]:
        yield from _value_from(at, case)


def variables_from(at: At, case: ValidationCase) -> Iterator[Objection]:
    """One entry of `envFrom`, of which the API server speaks as a whole."""
    yield from _named(at["prefix"], case)
    sources = at.among("configMapRef", "secretRef")
    if len(sources) != 1:
        problem = "where it needs exactly one of `configMapRef` and `secretRef`"
        says = (
            "may not have more than one field specified at a time"
            if sources
            else "must specify one of: `configMapRef` or `secretRef`"
        )
        fact = f"has `{case.name(at)}` with {'both' if sources else 'none'} of its sources, {problem}"
        wrong = Wrong(problem, "name one ConfigMap or one Secret", f'Invalid value: "": {says}')
        yield case.about(at, fact, wrong)._replace(field=at.path.rpartition("[")[0])


def _named(at: At, case: ValidationCase) -> Iterator[Objection]:
    wrong = (relaxed_env_name if case.version.has_relaxed_variables else env_name)(at)
    if wrong and not is_placeholder(at.text):
        yield case.wrong(at, wrong)


def _value_from(at: At, case: ValidationCase) -> Iterator[Objection]:
    source = at["valueFrom"]
    known = (*_SOURCES, "fileKeyRef") if case.version.keeps("EnvVarSource", "fileKeyRef") else _SOURCES
    given = source.among(*known)
    if not given:
        dropped = source.among("fileKeyRef")
        problem = f"where it needs one of {one_of(known)}"
        if dropped:
            problem = f"of which Kubernetes {case.version} drops the `fileKeyRef`, so that no source is left"
        *most, last = (f"`{name}`" for name in known)
        says = f'Invalid value: "": must specify one of: {", ".join(most)} or {last}'
        yield case.wrong(source, Wrong(problem, "name one source", says))
    elif at["value"].node.value:
        problem = "beside a `value`, where only one of them can be"
        says = 'Invalid value: "": may not be specified when `value` is not empty'
        yield case.wrong(source, Wrong(problem, "remove one of them", says), related=at["value"].node)
    elif len(given) > 1:
        problem = f"with {len(given)} sources, where only one can be"
        says = 'Invalid value: "": may not have more than one field specified at a time'
        yield case.wrong(source, Wrong(problem, "keep one of them", says), related=given[1].key)


def field_ref(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A field of the Pod, for a variable or a file (validateObjectFieldSelector)."""
    path, text = at["fieldPath"], at["fieldPath"].text
    in_variable = at.parent is not None and at.parent.step == "valueFrom"
    allowed = _ENV_FIELDS if in_variable else _VOLUME_FIELDS
    name, bracket, key = text.partition("['")
    if not text or is_placeholder(text) or text in allowed:
        return
    if bracket and text.endswith("']") and name in ("metadata.labels", "metadata.annotations"):
        key = key.removesuffix("']")
        if is_qualified(key if name.endswith("labels") else key.lower()):
            return
    listed = ", ".join(f'"{one}"' for one in sorted(allowed))
    says = f'Unsupported value: "{text}": supported values: {listed}'
    if text not in _CONVERTED and not bracket:
        says = invalid(path, f"error converting fieldPath: field label not supported: {text}")
    problem = "which is no field that can be asked for"
    examples = ("metadata.name", "status.podIP", "metadata.labels['key']") if in_variable else ("metadata.labels",)
    yield case.wrong(path, Wrong(problem, f"name a field such as {one_of(examples)}", says))


def resource_ref(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A resource of a container, for a variable or a file (validateContainerResourceFieldSelector)."""
    in_volume = at.parent is not None and at.parent.step != "valueFrom"
    name = at["resource"]
    if in_volume and not at["containerName"].node.value:
        problem = "where a volume has to say whose resource it means"
        yield case.wrong(at["containerName"], Wrong(problem, "set `containerName`", "Required value"))
    elif name.text and name.text not in _RESOURCES and not _of_huge_pages(name.text) and not is_placeholder(name.text):
        listed = ", ".join(f'"{one}"' for one in sorted(_RESOURCES))
        says = f'Unsupported value: "{name}": supported values: {listed}'
        problem = "which is no resource that can be asked for"
        yield case.wrong(name, Wrong(problem, f"name one of {one_of(_RESOURCES)}", says))
    yield from _divisor(at, case)


def _divisor(at: At, case: ValidationCase) -> Iterator[Objection]:
    name, divisor = at["resource"].text, at["divisor"]
    amount = read_quantity(divisor.node)
    if amount is None or amount == ZERO:
        return
    is_cpu = name.endswith(".cpu")
    units = {"1m", "1"} if is_cpu else _UNITS
    known = name in _RESOURCES or _of_huge_pages(name)
    if known and amount not in {parse(unit) for unit in units}:
        examples = ("1m", "1") if is_cpu else ("1", "1Ki", "1Mi")
        problem = f"which is no unit that {name} can be told in"
        says = f'Invalid value: "{name}": only divisor\'s values {", ".join(examples)} are supported'
        yield case.wrong(divisor, Wrong(problem, f"set it to {one_of(examples)}", says))


def _of_huge_pages(name: str) -> bool:
    part, _, resource = name.partition(".")
    return part in ("requests", "limits") and is_huge_pages(resource)

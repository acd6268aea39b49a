"""What Kubernetes itself said of manifests: nothing it accepted is called rejected, and its own errors are found."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest

from initlint.finding import Diagnostic
from initlint.kube.terms.versions import Version
from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.documents import documents
from initlint.text.source import Source, Span
from initlint.text.tree import Document, Missing, Node
from tests.conftest import corpus, vectors
from tests.helpers import check

# To count the lines of each version again takes longer than to run them: the newest one is enough.
VERSIONS = [*(pytest.param(f"1.{minor}", marks=pytest.mark.no_cover) for minor in range(31, 36)), "1.36"]
CODES = ("INIT105", "INIT106", "INIT404")

# Which errors of the API server which rule finds: the code, the field, the message. What has no field could not even
# be decoded. Ephemeral containers are left out: no manifest can create them.
PATTERNS = [
    (code, re.compile(field), re.compile(message))
    for code, field, message in (
        ("INIT105", r"initContainers\[\d+\]\.(lifecycle|\w+Probe)$", r"Forbidden: may not be set for init containers"),
        ("INIT106", r"(^|\.)spec\.restartPolicy$", r"(Unsupported|Required|Invalid) value"),
        ("INIT106", r"\.(initC|c)ontainers\[\d+\]\.restartPolicy$", r"(Unsupported|Required) value|Forbidden"),
        ("INIT106", r"\.restartPolicyRules$", r"Forbidden: restartPolicyRules are not allowed"),
        ("INIT106", r"\.restartPolicyRules\[\d+\]\.action$", r"Unsupported value"),
        ("INIT404", r"\.(initC|c)ontainers\[\d+\]\.resources(\.(requests|limits)(\[.*\])?)?$", r"value|HugePages"),
        ("INIT404", r"(^|\.)spec\.resources\.(requests|limits)(\[.*\])?$", r"value"),
        ("INIT404", r"(^|\.)spec\.resources\.containers\[\d+\]\[.*\]\.limits$", r"must be less than or equal to pod"),
        ("INIT404", r"^$", r"quantities must match the regular expression"),
    )
]

PLACEHOLDER = re.compile(r"^\s+(cpu|memory|nvidia\.com/gpu): *[\"']?(\$|<|PLACEHOLDER)", re.MULTILINE)

# Why a document that was refused is unknown: no selector, no containers or image, a placeholder, or no name yet.
UNKNOWN = re.compile(
    r"selector`? does not match|spec\.selector: Required|containers: Required|image: Required|quantities must match"
    r'|"[^"]*(\$|<|[A-Z]+_[A-Z])[^"]*"|was not generated|cannot unmarshal string|is missing in|volcano'
)

TEMPLATE = """
apiVersion: apps/v1
kind: {kind}
metadata: {{name: d}}
spec: {{selector: {{}}, template: {{spec: {spec}}}}}
"""


class Recorded(NamedTuple):
    """One manifest and what one version said of it: pairs of field and message, none if it was accepted."""

    source: Source
    errors: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        return self.source.path


@cache
def generated(version: str) -> list[Recorded]:
    lines = vectors("verdicts.jsonl").read_text("utf-8").splitlines()
    return [_generated(index, json.loads(line), version) for index, line in enumerate(lines)]


def _generated(index: int, record: dict[str, Any], version: str) -> Recorded:
    verdict = record["verdicts"][version]
    errors = [(error["field"], error["message"]) for error in verdict.get("errors", [])]
    errors += [("", verdict["decode"])] if "decode" in verdict else []
    assert bool(errors) == (verdict["verdict"] == "rejected")
    return Recorded(Source(f"{index:03}.json", json.dumps(record["manifest"])), tuple(errors))


@cache
def hand_made(version: str) -> list[Recorded]:
    found = []
    for file in sorted(vectors("api").glob("*.yaml")):
        texts = file.read_text("utf-8").split("\n---\n")
        said = file.with_name(f"{file.stem}.expected-{version}.txt").read_text("utf-8").split("=== ")[1:]
        for text, answer in zip(texts, said, strict=True):
            title, *lines = answer.splitlines()
            assert text.startswith(title)
            found.append(Recorded(Source(f"{file.stem}{title}.yaml", text), tuple(_errors(lines))))
    return found


def _errors(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if line.startswith("ERROR "):
            field, _, message = line.removeprefix("ERROR ").partition(": ")
            yield field, message
        elif line.startswith("DECODE: "):
            yield "", line.removeprefix("DECODE: ")


@cache
def findings(kind: str, version: str) -> dict[str, list[Diagnostic]]:
    """What all rules find in the recorded manifests, by path."""
    recorded = (generated if kind == "generated" else hand_made)(version)
    settings = Settings(jobs=1, version=Version.parse(version))
    found: dict[str, list[Diagnostic]] = {one.label: [] for one in recorded}
    for diagnostic in check_sources([one.source for one in recorded], settings).active:
        found[diagnostic.path].append(diagnostic)
    return found


def show(*lines: str) -> None:
    """The figures, which `pytest -rP` prints."""
    sys.stdout.write("\n  ".join(lines) + "\n")


def expected(field: str, message: str) -> str | None:
    """The rule that has to find an error."""
    if "ephemeralContainers" in field:
        return None
    return next((code for code, of, says in PATTERNS if of.search(field) and says.search(message)), None)


def place(source: Source, field: str) -> Span:
    """Where the field of an error stands, with its key; of what is absent, where its parent does."""
    (document,) = documents(source)
    assert isinstance(document, Document)
    node, span = document.root, document.root.span
    for name, index, key in re.findall(r"(\w+)|\[(\d+)\]|\[([^\]]+)\]", _mended(field)):
        child, entry = _step(node, name or key, index)
        if not child:
            break
        node, span = child, entry
    return span


def _mended(field: str) -> str:
    """A missing limit is reported where the request stands; one path of the API server names no field there is."""
    field = re.sub(r"\.resources\.containers\[(\d+)\]\[(.*)\]\.limits$", r".containers[\1].resources.limits[\2]", field)
    return re.sub(r"\.resources\.limits$", ".resources", field)


def _step(node: Node, name: str, index: str) -> tuple[Node, Span]:
    if index:
        children = list(node)
        child = children[int(index)] if int(index) < len(children) else Missing(node)
        return child, child.span
    return node[name], Span(node.key(name).start, node[name].end)


def is_found(recorded: Recorded, error: tuple[str, str], found: list[Diagnostic]) -> bool:
    code, span = expected(*error), place(recorded.source, error[0])
    said = [one for one in found if one.code == code and one.rejected and span.contains(one.place.span)]
    return any(error[0] or "is no quantity" in one.message for one in said)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["generated", "hand-made"])
def test_what_was_accepted_is_never_called_rejected(kind: str, version: str) -> None:
    found = findings(kind, version)
    recorded = (generated if kind == "generated" else hand_made)(version)
    accepted = [one for one in recorded if not one.errors]
    wrong = [f"{one.label}: {each.message}" for one in accepted for each in found[one.label] if each.rejected]
    show(f"{kind} {version}: {len(accepted)} accepted, {len(wrong)} of them called rejected")
    assert len(accepted) > 40
    assert wrong == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["generated", "hand-made"])
def test_errors_of_the_api_server_are_found(kind: str, version: str) -> None:
    found = findings(kind, version)
    recorded = (generated if kind == "generated" else hand_made)(version)
    errors = [(one, error) for one in recorded for error in one.errors if expected(*error)]
    missed = [f"{one.label}: {': '.join(error)}" for one, error in errors if not is_found(one, error, found[one.label])]
    show(f"{kind} {version}: {len(errors) - len(missed)} of {len(errors)} errors found", *missed)
    assert len(errors) > 30
    assert missed == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["generated", "hand-made"])
def test_what_is_called_rejected_was_rejected_for_that(kind: str, version: str) -> None:
    found = findings(kind, version)
    claims, wrong = 0, []
    for one in (generated if kind == "generated" else hand_made)(version):
        spans = [(code, place(one.source, error[0])) for error in one.errors if (code := expected(*error))]
        for each in found[one.label]:
            if each.code in CODES and each.rejected:
                claims += 1
                said = any(code == each.code and span.contains(each.place.span) for code, span in spans)
                wrong += [] if said else [f"{one.label}: {each.message}"]
    show(f"{kind} {version}: {claims - len(wrong)} of {claims} claims of a rejection recorded", *wrong)
    assert wrong == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["generated", "hand-made"])
def test_the_verdict_is_that_of_the_api_server(kind: str, version: str) -> None:
    found = findings(kind, version)
    recorded = (generated if kind == "generated" else hand_made)(version)
    wrong = [one.label for one in recorded if bool(one.errors) != any(each.rejected for each in found[one.label])]
    show(f"{kind} {version}: {len(recorded) - len(wrong)} of {len(recorded)} verdicts", *wrong)
    assert len(recorded) > 120
    assert wrong == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["generated", "hand-made"])
def test_fields_that_the_api_server_names_carry_a_finding(kind: str, version: str) -> None:
    found = findings(kind, version)
    recorded = (generated if kind == "generated" else hand_made)(version)
    fields = [(one, field) for one in recorded for error in one.errors for field in _named(*error)]
    missed = [f"{one.label}: {field}" for one, field in fields if not _carries(one, field, found[one.label])]
    show(f"{kind} {version}: {len(fields) - len(missed)} of {len(fields)} fields", *missed)
    assert len(fields) > 130
    assert len(missed) <= (0 if kind == "generated" else len(fields) * 0.1)


def _named(field: str, message: str) -> list[str]:
    """The fields that an error names; what cannot be decoded names those that are unknown."""
    if "ephemeralContainers" in field:
        return []
    return [field] if field else re.findall(r'unknown field "([^"]*)"', message)


def _carries(recorded: Recorded, field: str, found: list[Diagnostic]) -> bool:
    span = place(recorded.source, field)
    return any(each.rejected and span.contains(each.place.span) for each in found)


def test_the_words_are_those_of_the_api_server() -> None:
    """Most errors of the newest version are repeated word for word, so that a search for them finds the same."""
    found = findings("hand-made", "1.36")
    texts = {label: "\n".join(each.help or "" for each in each_found) for label, each_found in found.items()}
    errors = [(one.label, error) for one in hand_made("1.36") for error in one.errors if error[0]]
    ours = [error for error in errors if expected(*error[1]) is None and ".name: Not found" not in ": ".join(error[1])]
    same = [(label, error) for label, error in ours if _words(*error) in texts[label]]
    show(f"{len(same)} of {len(ours)} errors in the same words", *(str(one) for one in ours if one not in same))
    assert len(ours) > 80
    assert len(same) > 0.75 * len(ours)


def _words(field: str, message: str) -> str:
    return f"{field}: {message.partition(' (e.g.')[0]}"


def wild() -> list[dict[str, Any]]:
    """Recorded documents of real files: the path, the verdicts, and the errors of the newest version."""
    return [json.loads(line) for line in vectors("wild-verdicts.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("version", ["1.31", "1.33", "1.34", "1.36"])
def test_what_was_accepted_in_the_wild_is_never_called_rejected(version: str) -> None:
    base, recorded = corpus("wild"), wild()
    refused = {one["path"] for one in recorded if one["verdicts"][version] != "accepted"}
    accepted = {one["path"] for one in recorded} - refused
    sources = [Source(path, (base / path).read_text("utf-8")) for path in accepted]
    found = check_sources(sources, Settings(jobs=1, version=Version.parse(version))).active
    wrong = [f"{one.path}: {one.message}" for one in found if one.rejected]
    show(f"wild {version}: {len(accepted)} files accepted, {len(wrong)} findings call one rejected", *wrong)
    assert len(accepted) > 100
    assert wrong == []


def test_errors_in_the_wild_are_found_or_of_placeholders() -> None:
    base = corpus("wild")
    errors = [(one["path"], error) for one in wild() for error in one.get("errors", []) if expected(*_split(error))]
    codes = {(path, expected(*_split(error))) for path, error in errors}
    texts = {path: (base / path).read_text("utf-8") for path, _ in codes}
    found = check_sources([Source(path, text) for path, text in texts.items()], Settings(jobs=1)).active
    missed = codes - {(one.path, one.code) for one in found}
    unexplained = sorted(path for path, _ in missed if not PLACEHOLDER.search(texts[path]))
    show(f"wild: {len(codes)} files have errors, {len(missed)} of them not found, {len(unexplained)} unexplained")
    assert unexplained == []


@pytest.mark.parametrize("version", ["1.31", "1.33", "1.34", "1.36"])
def test_what_was_refused_in_the_wild_is_found_or_unknown(version: str) -> None:
    """Unknown are patches, pod templates of other tools, placeholders, and names that the recording did not give."""
    base = corpus("wild")
    refused = {one["path"]: _messages(one, version) for one in wild() if one["verdicts"][version] != "accepted"}
    sources = [Source(path, (base / path).read_text("utf-8")) for path in refused]
    found = check_sources(sources, Settings(jobs=1, version=Version.parse(version))).active
    missed = refused.keys() - {one.path for one in found if one.rejected}
    unexplained = sorted(path for path in missed if not _is_unknown("\n".join(refused[path])))
    show(
        f"wild {version}: {len(refused)} files refused, {len(missed)} unknown, {len(unexplained)} missed", *unexplained
    )
    assert len(refused) > 150
    assert unexplained == []


def _messages(record: dict[str, Any], version: str) -> list[str]:
    errors = record["errors"]
    found: list[str] = errors if isinstance(errors, list) else errors[version]
    return found


def _is_unknown(errors: str) -> bool:
    return bool(UNKNOWN.search(errors))


def _split(error: str) -> tuple[str, str]:
    field, _, message = error.partition(": ")
    return ("", message) if field == "DECODE" else (field, message)


@pytest.mark.parametrize(
    ("kind", "version", "spec", "rejected"),
    [
        ("StatefulSet", "1.33", "{containers: [{name: a, image: a:1, resources: {limits: {cpu: 1x}}}]}", True),
        ("StatefulSet", "1.33", "{containers: [{name: a, image: a:1, resources: {limits: {cpu: -1}}}]}", False),
        ("StatefulSet", "1.34", "{containers: [{name: a, image: a:1, resources: {limits: {cpu: -1}}}]}", True),
        ("Deployment", "1.37", "{containers: [{name: a, image: a:1, resources: {limits: {cpu: -1}}}]}", False),
        # What containers request is compared as it is written: a limit counts as a request in a Pod, not in a template.
        (
            "Deployment",
            "1.36",
            "{resources: {requests: {cpu: 1}}, containers: [{name: a, image: a:1, resources: {requests: {cpu: 2}}}]}",
            True,
        ),
        (
            "Deployment",
            "1.36",
            "{resources: {requests: {cpu: 1}}, containers: [{name: a, image: a:1, resources: {limits: {cpu: 2}}}]}",
            False,
        ),
    ],
)
def test_rejected_is_what_is_refused_at_once(kind: str, version: str, spec: str, rejected: bool) -> None:
    (found,) = check(TEMPLATE.format(kind=kind, spec=spec), select="INIT404", version=version)
    assert found.rejected is rejected

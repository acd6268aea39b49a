"""What a rule may import: the only surface of initlint with a stability promise."""

from initlint.finding import Confidence, Edit, Finding, Fix, Place, Related, Severity
from initlint.kube.container import Container, EnvVar, Mount, Role
from initlint.kube.endless import Endless, endless
from initlint.kube.manifest import Manifest
from initlint.kube.pod import Part, Pod, Unknown, Volume, Workload
from initlint.kube.quantity import Quantity
from initlint.kube.startup import effective, limited, requested
from initlint.rule import Findings, Rule, rule
from initlint.source import Source, Span
from initlint.tree import Breach, Kind, Mapping, Missing, Node, Scalar, Sequence, SyntaxProblem

INFO, WARNING, ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR
LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH

__all__ = [
    "ERROR",
    "HIGH",
    "INFO",
    "LOW",
    "MEDIUM",
    "WARNING",
    "Breach",
    "Confidence",
    "Container",
    "Edit",
    "Endless",
    "EnvVar",
    "Finding",
    "Findings",
    "Fix",
    "Kind",
    "Manifest",
    "Mapping",
    "Missing",
    "Mount",
    "Node",
    "Part",
    "Place",
    "Pod",
    "Quantity",
    "Related",
    "Role",
    "Rule",
    "Scalar",
    "Sequence",
    "Severity",
    "Source",
    "Span",
    "SyntaxProblem",
    "Unknown",
    "Volume",
    "Workload",
    "effective",
    "endless",
    "limited",
    "requested",
    "rule",
]

"""What a rule may import: the only surface of initlint with a stability promise."""

from initlint import edit
from initlint.extras import program
from initlint.finding import Confidence, Edit, Finding, Fix, Place, Related, Severity, Where
from initlint.flow import Flow, Key, Location, Need, Station, Use, Via, closed, elsewhere, follow, unexecutable
from initlint.flow.access import Unusable, unusable
from initlint.flow.again import Again, Second, again
from initlint.flow.apart import Hidden, hidden_outputs, hidden_programs, hidden_sources
from initlint.flow.downloads import downloads
from initlint.flow.early import Early, early_keys, early_looks, early_reads, early_words
from initlint.flow.explained import is_explained
from initlint.flow.fleeting import fleeting
from initlint.flow.lost import Lost, lost, through, unmounted
from initlint.flow.mismatched import mismatches
from initlint.flow.misplaced import Misplaced, Shifted, Unmounted, shifted
from initlint.flow.readonly import ReadOnly, read_only_writes
from initlint.flow.standing import is_over_at_once
from initlint.flow.subpaths import Mismatch
from initlint.flow.unmade import Unwritten, unwritten
from initlint.flow.unread import UnreadMount, unread
from initlint.flow.unstarted import Unstarted, unstarted
from initlint.graph.edge import WaitEdge
from initlint.graph.graph import Graph
from initlint.graph.ways import WayRound
from initlint.kube.inventory.absence import Unmet, unmet
from initlint.kube.inventory.quotas import QuotaBreach, breaches
from initlint.kube.inventory.services import Exposed, asks_cluster, exposed
from initlint.kube.pods.container import (
    AppContainer,
    Container,
    EnvVar,
    InitContainer,
    Mount,
    RegularInitContainer,
    Role,
    SidecarContainer,
)
from initlint.kube.pods.defaults import Default
from initlint.kube.pods.manifest import Manifest
from initlint.kube.pods.pod import Pod, Volume, Workload
from initlint.kube.pods.required import Purpose, Required
from initlint.kube.pods.resources import Amount, accelerator, amounts, resource_objections
from initlint.kube.pods.restart import restart_objections
from initlint.kube.pods.startup import Term, costs_class, effective_term, limited, requested
from initlint.kube.terms.credentials import credentials, holds_secret
from initlint.kube.terms.expansion import is_of_service, references
from initlint.kube.terms.objection import Noticed, Objection, one_of, permitted
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.terms.quantity import Quantity, read_quantity
from initlint.kube.terms.unknown import Part, Unknown
from initlint.kube.validation.verdict import invalid_objections, schema_objections
from initlint.rbac.account import AccessRequest, Account, account_of, tokenless
from initlint.rbac.blame import Blamed, blamed, withheld
from initlint.rbac.missed import Missed, missed
from initlint.rbac.requests import ApiCall, calls
from initlint.refusal import refused
from initlint.regex import regex
from initlint.rule import Findings, rule
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action, Effect, Probe
from initlint.shell.container.depends import verifies
from initlint.shell.container.images import Shell, image_of
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts, scripts_of
from initlint.shell.container.user import RefusedContainer, refused_root, user_of
from initlint.shell.language import syntax
from initlint.shell.language.command import Command
from initlint.shell.language.shells import RUNNING_TEXT
from initlint.shell.questions.attempts import attempts
from initlint.shell.questions.dialect import Misfit, misfits, shell_of
from initlint.shell.questions.empty import EmptyOperand, empty_operands
from initlint.shell.questions.endless import Endless, endless, told_to_end
from initlint.shell.questions.executed import runner, takes_substituted
from initlint.shell.questions.local import (
    Asked,
    asked_of_pod,
    declared_ports,
    is_served_by_then,
    may_be_injected,
    served_ports,
    sidecars_after,
    sidecars_before,
    vainly,
)
from initlint.shell.questions.once import Once, once
from initlint.shell.questions.own import own_host
from initlint.shell.questions.pipes import (
    accepts_nothing,
    consumers,
    feeds,
    is_log,
    is_looked_at,
    is_seen_with_pipefail,
    is_worked_in,
    knows_pipefail,
    last_stage,
    sends,
)
from initlint.shell.questions.ports import may_be_taken as may_be_taken
from initlint.shell.questions.privilege import Forbidden, forbidden
from initlint.shell.questions.size import Size, size_of
from initlint.shell.questions.spent import Spent, spent
from initlint.shell.questions.tools import MissingTool, missing_tools
from initlint.shell.waiting.atoms import atoms
from initlint.shell.waiting.loops import Loop
from initlint.shell.waiting.waits import Asking, Wait, needed
from initlint.shell.way.context import silenced
from initlint.suppress import Stale
from initlint.text.scalarkind import ScalarKind
from initlint.text.source import Source, Span
from initlint.text.tree import Breach, Mapping, Node, Scalar, Sequence, SyntaxProblem

INFO, WARNING, ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR
LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH

__all__ = [
    "ERROR",
    "HIGH",
    "INFO",
    "LOW",
    "MEDIUM",
    "RUNNING_TEXT",
    "WARNING",
    "AccessRequest",
    "Account",
    "Action",
    "Again",
    "Amount",
    "ApiCall",
    "AppContainer",
    "Asked",
    "Asking",
    "Blamed",
    "Breach",
    "Command",
    "Confidence",
    "Container",
    "ContainerScript",
    "Default",
    "Early",
    "Edit",
    "Effect",
    "EmptyOperand",
    "Endless",
    "EnvVar",
    "Exposed",
    "Finding",
    "Findings",
    "Fix",
    "Flow",
    "Forbidden",
    "Graph",
    "Hidden",
    "InitContainer",
    "Key",
    "Location",
    "Loop",
    "Lost",
    "Manifest",
    "Mapping",
    "Misfit",
    "Mismatch",
    "Misplaced",
    "Missed",
    "MissingTool",
    "Mount",
    "Need",
    "Node",
    "Noticed",
    "Objection",
    "Once",
    "Part",
    "Place",
    "Pod",
    "Probe",
    "Purpose",
    "Quantity",
    "QuotaBreach",
    "ReadOnly",
    "RefusedContainer",
    "RegularInitContainer",
    "Related",
    "Required",
    "Role",
    "Scalar",
    "ScalarKind",
    "Second",
    "Sequence",
    "Severity",
    "Shell",
    "Shifted",
    "SidecarContainer",
    "Size",
    "Source",
    "Span",
    "Spent",
    "Stale",
    "Station",
    "Step",
    "SyntaxProblem",
    "Term",
    "Unknown",
    "Unmet",
    "Unmounted",
    "UnreadMount",
    "Unstarted",
    "Unusable",
    "Unwritten",
    "Use",
    "Via",
    "Volume",
    "Wait",
    "WaitEdge",
    "WayRound",
    "Where",
    "Workload",
    "accelerator",
    "accepts_nothing",
    "account_of",
    "again",
    "amounts",
    "asked_of_pod",
    "asks_cluster",
    "atoms",
    "attempts",
    "blamed",
    "breaches",
    "calls",
    "closed",
    "consumers",
    "costs_class",
    "credentials",
    "declared_ports",
    "downloads",
    "early_keys",
    "early_looks",
    "early_reads",
    "early_words",
    "edit",
    "effective_term",
    "elsewhere",
    "empty_operands",
    "endless",
    "exposed",
    "feeds",
    "fleeting",
    "follow",
    "forbidden",
    "hidden_outputs",
    "hidden_programs",
    "hidden_sources",
    "holds_secret",
    "image_of",
    "invalid_objections",
    "is_explained",
    "is_log",
    "is_looked_at",
    "is_of_service",
    "is_over_at_once",
    "is_placeholder",
    "is_seen_with_pipefail",
    "is_served_by_then",
    "is_worked_in",
    "knows_pipefail",
    "last_stage",
    "limited",
    "lost",
    "may_be_injected",
    "may_be_taken",
    "misfits",
    "mismatches",
    "missed",
    "missing_tools",
    "needed",
    "once",
    "one_of",
    "own_host",
    "permitted",
    "program",
    "read_only_writes",
    "read_quantity",
    "references",
    "refused",
    "refused_root",
    "regex",
    "requested",
    "resource_objections",
    "restart_objections",
    "rule",
    "runner",
    "schema_objections",
    "scripts",
    "scripts_of",
    "sends",
    "served_ports",
    "shell_of",
    "shifted",
    "sidecars_after",
    "sidecars_before",
    "silenced",
    "size_of",
    "spent",
    "syntax",
    "takes_substituted",
    "through",
    "tokenless",
    "told_to_end",
    "unexecutable",
    "unmet",
    "unmounted",
    "unread",
    "unstarted",
    "unusable",
    "unwritten",
    "user_of",
    "vainly",
    "verifies",
    "withheld",
]

"""From an objection of the API server to the finding that tells it."""

from __future__ import annotations

from initlint.finding import Finding, Related
from initlint.kube.pods.pod import Workload
from initlint.kube.terms.objection import Objection


def refused(objection: Objection, workload: Workload) -> Finding:
    """The finding: whose field it is, what becomes of the object, how to mend it, and what the API server says."""
    is_rejected = workload.rejects(objection.noticed)
    remedy = f"{objection.remedy} The" if objection.remedy.endswith("?") else f"{objection.remedy}; the"
    says = f"{remedy} API server says: {_words(objection)}"
    return Finding(
        objection.where,
        f"{objection.fact}: {workload.refusal(objection.noticed)}",
        related=(Related(objection.related, "what it is compared with"),) if objection.related else (),
        defect=objection.field,
        rejected=is_rejected,
        help=says if is_rejected and objection.says else objection.remedy,
    )


def _words(objection: Objection) -> str:
    """As `kubectl` shows them, without the regular expressions at their end."""
    says = objection.says.partition(" (e.g.")[0]
    return says if "decoding" in says else f"{objection.field}: {says}"

"""Objects of an input that is said to be complete, in one line each."""

from __future__ import annotations


def thing(kind: str, name: str, namespace: str = "n", api: str = "v1") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    return f"{{apiVersion: {api}, kind: {kind}, metadata: {{name: {name}{where}}}}}"


SET = thing("StatefulSet", "x", api="apps/v1").replace(
    "}}", "}, spec: {volumeClaimTemplates: [{metadata: {name: data}}]}}"
)

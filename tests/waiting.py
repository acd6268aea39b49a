"""Manifests of workloads that wait for one another."""

from __future__ import annotations


def service(name: str, extra: str = "", namespace: str = "", app: str = "") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    selector = "" if app == "-" else f"selector: {{app: {app or name}}}, "
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}{where}}}\n"
        f"spec: {{{selector}ports: [{{port: 80}}]{extra}}}\n"
    )


def workload(name: str, *scripts: str, kind: str = "Deployment", extra: str = "", namespace: str = "") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    inits = "".join(
        f"        - name: init{index}\n          image: busybox:1.36\n          command: [sh, -c, {script!r}]\n"
        for index, script in enumerate(scripts)
    )
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}{where}}}\nspec:\n"
        f"  selector: {{matchLabels: {{app: {name}}}}}\n{extra}  template:\n"
        f"    metadata: {{labels: {{app: {name}}}}}\n    spec:\n"
        + (f"      initContainers:\n{inits}" if inits else "")
        + "      containers: [{name: app, image: 'nginx:1.27'}]\n"
    )


def until(host: str) -> str:
    return f"until nc -z {host} 80; do sleep 1; done"


def looked_up(host: str) -> str:
    return f"until nslookup {host}; do sleep 1; done"

"""Jobs that run a script which a ConfigMap holds, and what is found in both."""

from __future__ import annotations

from initlint.finding import Diagnostic
from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.source import Source

# Whatever happens, its status is that of `echo`.
SCRIPT = "#!/bin/sh\nwget -O /data/seed.db https://example.com/seed.db\necho seeded\n"
MODE = "configMap: {name: scripts, defaultMode: 0755}"


def job(command: str, volume: str = MODE, mount: str = "mountPath: /scripts") -> str:
    return f"""\
apiVersion: batch/v1
kind: Job
metadata: {{name: seed}}
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
        - name: load
          image: alpine:3.20
          command: {command}
          volumeMounts: [{{name: scripts, {mount}}}, {{name: data, mountPath: /data}}]
      containers:
        - name: app
          image: app:1
          volumeMounts: [{{name: data, mountPath: /data}}]
      volumes:
        - name: scripts
          {volume}
        - name: data
          persistentVolumeClaim: {{claimName: data}}
"""


def config_map(script: str = SCRIPT, key: str = "init.sh", name: str = "scripts", namespace: str = "") -> str:
    lines = "".join(f"    {line}\n" if line else "\n" for line in script.splitlines())
    placed = f", namespace: {namespace}" if namespace else ""
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}{placed}}}\ndata:\n  {key}: |\n{lines}"


def check(files: dict[str, str], select: str = "cannot-fail", **more: int) -> list[Diagnostic]:
    sources = [Source(path, text) for path, text in files.items()]
    return list(check_sources(sources, Settings(select=(select,), **more)).active)  # type: ignore[arg-type]

"""The folder of a new rule: a small rule that works, with the cases that prove it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from initlint.errors import InitlintError, unwritten
from initlint.rule import Rule, refuse_code, rule_name
from initlint.settings import Settings, all_rules

_RULE = '''\
"""{sentence}."""

from initlint.api import WARNING, Finding, Findings, RegularInitContainer, rule


@rule("{code}", "{title}", severity=WARNING)
def check(container: RegularInitContainer) -> Findings:
    if container.node["stdin"].truth:
        yield Finding(container.node.key("stdin"), f"{{container}} waits for input, which nobody gives: it never ends")
'''
_README = """\
# {name}

{title}.

## Why start-up breaks

What happens, and what people see of it.

## How to mend it

What to write instead.

## References

- [Init containers](https://kubernetes.io/docs/concepts/workloads/pods/init-containers/)
"""
_POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: app}}
spec:
  initContainers:
    - name: {container}
      image: prepare:1
{more}  containers:
    - {{name: app, image: app:1}}
"""


def write(name: str, code: str, pack: Path) -> Path:
    """Write a rule folder into a pack; raises InitlintError for a name that cannot be one, or is there already."""
    name = rule_name(name)
    folder = pack / name.replace("-", "_")
    if folder.exists():
        raise InitlintError(f"`{folder}` is there already: choose another name")
    known = all_rules(Settings(packs=(pack,) if pack.is_dir() else ()))
    _refuse_taken(name, code.upper(), known)
    files = _files(name, code.upper() or _free_code(known), name.replace("-", " "))
    try:
        folder.mkdir(parents=True)
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise unwritten(folder, error, "name another pack with `--rules-dir`") from error
    return folder


def _refuse_taken(name: str, code: str, known: Iterable[Rule]) -> None:
    if code:
        refuse_code(code)
    for rule in known:
        if rule.name == name or rule.code == code:
            taken = f"name `{name}`" if rule.name == name else f"code `{code}`"
            raise InitlintError(f"{rule.code} {rule.name} has the {taken} already: choose another one")


def _free_code(known: Iterable[Rule]) -> str:
    """The next code of a pack of one's own: INIT9xx are for those."""
    used = {rule.code for rule in known}
    return next(code for code in (f"INIT{number}" for number in range(901, 1000)) if code not in used)


def _files(name: str, code: str, title: str) -> dict[str, str]:
    stdin = "      stdin: true\n"
    return {
        "rule.py": _RULE.format(code=code, title=title, sentence=title.capitalize()),
        "README.md": _README.format(name=name, title=title.capitalize()),
        "bad.yaml": _cases([("first", stdin + "#     ^^^^^\n"), ("second", "      env: []\n" + stdin + "#     ^^^^^\n"),
                            ("third", stdin + "#     ^^^^^\n      tty: true\n")]),
        "good.yaml": _cases([("without it", ""), ("false", "      stdin: false\n"), ("tty", "      tty: true\n")]),
    }  # fmt: skip


def _cases(cases: list[tuple[str, str]]) -> str:
    pods = (f"# case: {case}\n{_POD.format(container='prepare', more=more)}" for case, more in cases)
    return "---\n".join(pods)

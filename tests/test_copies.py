"""Copies that scripts make of mounted files, and run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from initlint.shell.container.inserts import Inserting
from initlint.shell.container.mounted import MountedFile
from initlint.shell.language.command import Context
from initlint.shell.language.parse import parse
from initlint.shell.language.scope import Scope
from initlint.shell.language.values import whole
from initlint.shell.way.walk import walk
from initlint.text.tree import Scalar


def runs(text: str) -> bool:
    """Whether a script runs the one file that is mounted, which nobody may execute where it is."""
    found = walk(parse(text), Scope(cwd=whole("/work")), Context())
    assert found is not None
    file = MountedFile(cast("Scalar", SimpleNamespace(value="#!/bin/sh\ntrue\n")), "ConfigMap/boot.a.sh", False)
    made = Inserting({"/cm/a.sh": file}, "sh", None).inserts(found.commands)
    assert len(made) < 2
    return bool(made)


@pytest.mark.parametrize(
    "text",
    [
        "cp /cm/a.sh /tmp/b.sh; chmod +x /tmp/b.sh; /tmp/b.sh",
        "cp -f /cm/a.sh /tmp && chmod 0755 /tmp/a.sh && exec /tmp/a.sh",
        "cp /cm/a.sh .; chmod u+rx a.sh; ls -l; echo ok; ./a.sh",
        "install -m 755 /cm/a.sh /usr/local/bin/a; /usr/local/bin/a",
        "cp /cm/a.sh /tmp/; sed -i s/a/b/ /etc/hosts; sh /tmp/a.sh",
    ],
)
def test_a_copy_is_run(text: str) -> None:
    assert runs(text)


@pytest.mark.parametrize(
    "text",
    [
        "/cm/a.sh",
        "cp /cm/a.sh /tmp/b.sh; /tmp/b.sh",
        "cp /cm/a.sh /tmp/b.sh; chmod 644 /tmp/b.sh; /tmp/b.sh",
        "cp /cm/c.sh /tmp/b.sh; chmod +x /tmp/b.sh; /tmp/b.sh",
        "cp /cm/a.sh /tmp/b.sh; chmod +x /tmp/b.sh; sed -i s/a/b/ /tmp/b.sh; /tmp/b.sh",
        "cp /cm/a.sh /tmp/b.sh; chmod +x /tmp/b.sh; echo false >> /tmp/b.sh; /tmp/b.sh",
        "cp /cm/a.sh /tmp/b.sh; chmod +x /tmp/b.sh; rm -rf /tmp/*; /tmp/b.sh",
        "cp /cm/a.sh /tmp/b.sh; cp /cm/c.sh /tmp/b.sh; sh /tmp/b.sh",
    ],
)
def test_no_copy_is_run_that_is_known(text: str) -> None:
    assert not runs(text)

"""Find what breaks Pod start-up in Kubernetes manifests, before anything is deployed.

import initlint

report = initlint.check_paths(["deploy/"])
for found in report.active:
    print(found.path, found.place.start.line, found.code, found.message)
"""

from initlint.version import __version__

TYPE_CHECKING = False
"""As type checkers know it: the module that defines it takes longer to import than this one."""

if TYPE_CHECKING:
    from initlint.library import (
        Confidence,
        Diagnostic,
        InitlintError,
        Report,
        Settings,
        Severity,
        Version,
        check_paths,
        check_text,
        fix_text,
        read_settings,
        shown,
    )

__all__ = [
    "Confidence",
    "Diagnostic",
    "InitlintError",
    "Report",
    "Settings",
    "Severity",
    "Version",
    "__version__",
    "check_paths",
    "check_text",
    "fix_text",
    "read_settings",
    "shown",
]

if not TYPE_CHECKING:  # or any name would be one

    def __getattr__(name: str) -> object:
        """Import the library when it is first used: every program that begins with `initlint.` imports this module."""
        if name in __all__:
            from importlib import import_module

            return getattr(import_module("initlint.library"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})

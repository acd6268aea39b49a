"""Find what breaks Pod start-up in Kubernetes manifests, before anything is deployed.

import initlint

report = initlint.check_paths(["deploy/"])
for found in report.active:
    print(found.path, found.place.start.line, found.code, found.message)
"""

from initlint.errors import InitlintError
from initlint.finding import Confidence, Diagnostic, Severity
from initlint.kube.terms.versions import Version
from initlint.library import check_paths, check_text, fix_text, read_settings, shown
from initlint.report import Report
from initlint.settings import Settings
from initlint.version import __version__

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

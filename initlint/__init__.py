"""Find what breaks Pod start-up in Kubernetes manifests, before anything is deployed.

import initlint

report = initlint.check_paths(["deploy/"])
for found in report.active:
    print(found.path, found.place.start.line, found.code, found.message)
"""

from initlint.library import check_paths, check_text, fix_text
from initlint.report import Report
from initlint.settings import Settings
from initlint.version import __version__

__all__ = ["Report", "Settings", "__version__", "check_paths", "check_text", "fix_text"]

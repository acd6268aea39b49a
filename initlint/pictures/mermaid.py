"""Text in Mermaid flowcharts, in which nothing can end a label or be taken for markup."""

from __future__ import annotations

import re

from initlint.regex import regex
from initlint.reporters.display import Display

# All that could end a label, begin an entity or be taken for markup, such as a link or a list, which Mermaid refuses to
# show up to 11.4 ("Unsupported markdown").
_SPECIAL = regex(r"[^\w ./:,()=+-]|_|:(?=//)|(?<=www)\.|^[ +-]|(?<=\d)[.)](?= )")


def label(display: Display, *lines: str) -> str:
    """Quoted text of several lines, every special character as its number."""
    return '"' + "<br/>".join(_SPECIAL.sub(_number, display.prose(line)) for line in lines) + '"'


def _number(match: re.Match[str]) -> str:
    return f"#{ord(match.group())};"

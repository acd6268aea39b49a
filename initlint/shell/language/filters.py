"""What programs make of a text that comes through a pipe: `cut`, `tr`, `awk` and `sed`, as scripts mostly call them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence

from initlint.regex import regex

_COMMENTS = regex(r"-v?E?v? \^(?:\\s\*|\[\[:space:\]\]\*| \*)?(?:#|\$|\(#\|\$\))")
_CUT = regex(r"-d ?(\S) -f ?([1-9])")
_AWK = regex(r"(?:-F ?(\S) )?\{ ?print \$(NF|[1-9]) ?;? ?\}")
_SPECIAL = r"\^$.*+?|[](){}"
_SED = regex(r"(?:-e )?s([/|,#])([\w:,;@=/ -]+)\1([\w:,;@=/. -]*)\1(g?)")

# One command of `sed`, with a pattern that Python understands as `sed` does, and that takes no time: `s|.*@||`.
_SUBSTITUTION = regex(r"s([/|,#])(\^?(?:[\w:/@,;=-]|\\[./]|\.\*|\[\^?[\w:/@,.]+\]\*?){1,40}\$?)\1([\w:,;@=/.-]*)\1(g?)")
_MOST_STARS = 2
_LONGEST = 1_000


def shows(words: Sequence[str | None]) -> int:
    """How many words stand before the files that a command shows, but for comments, as `cat` does; 0 if it does not."""
    if words[:1] == ["cat"]:
        return 0 if any((word or "").startswith("-") for word in words) else 1
    is_search = words[:1] == ["grep"] and _COMMENTS.fullmatch(" ".join(word or "$" for word in words[1:3]))
    return 3 if is_search else 0


def part_of(name: str, suffix: str, path: str) -> str:
    """What `basename path suffix` and `dirname path` say."""
    if name == "dirname":
        return posixpath.dirname(path.rstrip("/")) or ("/" if path.startswith("/") else ".")
    taken = posixpath.basename(path.rstrip("/")) or path[:1]
    return taken if taken == suffix else taken.removesuffix(suffix)


def filtered(name: str, operands: Sequence[str | None], text: str) -> str | None:
    """What the program leaves of a text; None where that is not clear."""
    if name not in _FILTERS or None in operands:
        return None
    return _FILTERS[name](" ".join(one or "" for one in operands), text)


def _of_cut(options: str, line: str) -> str | None:
    """`cut -d: -f1`; a line without the delimiter stays as it is."""
    match = _CUT.fullmatch(options)
    if match is None or "\n" in line:
        return None
    return _field(line.split(match[1]), match[2]) if match[1] in line else line


def _of_awk(options: str, line: str) -> str | None:
    """`awk -F: '{print $1}'`."""
    match = _AWK.fullmatch(options)
    if match is None or "\n" in line or (match[1] and match[1] in _SPECIAL):
        return None
    return _field(line.split(match[1]), match[2])


def _field(fields: Sequence[str], number: str) -> str:
    if number == "NF":
        return fields[-1] if fields else ""
    return fields[int(number) - 1] if int(number) <= len(fields) else ""


def _of_sed(options: str, line: str) -> str | None:
    """`sed 's/,/ /g'`, `sed -e 's|.*@||' -e 's|/.*||'`, of plain patterns."""
    if "\n" in line or len(line) > _LONGEST:
        return None
    match = _SED.fullmatch(options)
    if match and match[1] not in match[2] + match[3]:
        return line.replace(match[2], match[3], -1 if match[4] else 1)
    for command in re.split(r";(?=s[/|,#])| ", options.removeprefix("-e ").replace(" -e ", " ")):
        match = _SUBSTITUTION.fullmatch(command)
        stars = match[2].count("*") if match else 0
        # Where an empty match stands beside another, they differ.
        if (
            match is None
            or stars > (0 if match[4] else _MOST_STARS)
            or match[1] in match[2].replace("\\/", "") + match[3]
        ):
            return None
        line = re.sub(match[2], match[3], line, count=0 if match[4] else 1)
    return line


def _of_tr(options: str, text: str) -> str | None:
    """`tr , '\\n'` and `tr -d ' '`, one character for one."""
    plain = options.replace("\\n", "\n")
    if plain.startswith("-d ") and len(plain) == len("-d x"):
        return text.replace(plain[-1], "")
    return text.replace(plain[0], plain[2]) if len(plain) == len("a b") and plain[1] == " " else None


_FILTERS: Mapping[str, Callable[[str, str], str | None]] = {
    "cut": _of_cut,
    "awk": _of_awk,
    "sed": _of_sed,
    "tr": _of_tr,
}

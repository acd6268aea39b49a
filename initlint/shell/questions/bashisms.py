"""What bash has and other shells do not: by each shell, what becomes of it there.

Tried with dash 0.5.12 and busybox 1.35, as `tests/test_dialect.py` does again with those that are installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from initlint.shell.container.images import Shell

_BOTH = (Shell.DASH, Shell.BUSYBOX)
_DASH = (Shell.DASH,)
_SYNTAX = "the script ends there with a syntax error"
_SUBSTITUTION = "the script ends there with `bad substitution`"
_NOT_FOUND = "it is not found"
_OPTION = "it fails with `illegal option`"
_NAME = "it fails with `bad variable name`, and the script ends there"


class Bashism(NamedTuple):
    """Something that some `shells` lack: `what` it is, `{}` for its text, and what they do `instead`."""

    what: str
    shells: tuple[Shell, ...]
    instead: str
    remedy: str = ""


# What is said of it depends on what is missing.
BROKEN = Bashism("syntax", (), "any shell stops there")

BASHISMS: Mapping[str, Bashism] = {
    "brace-range": Bashism("the range `{}`", _BOTH, "it stays as it is, and a loop over it runs once", "use `seq`"),
    "brace-list": Bashism("the braces `{}`", _BOTH, "they stay as they are, in one word", "write the words out"),
    "array": Bashism("an array", _BOTH, _SYNTAX, "use words, or the arguments (`set -- a b`)"),
    "subscript": Bashism("the array `{}`", _BOTH, _SUBSTITUTION, "use words, or the arguments (`set -- a b`)"),
    "item": Bashism("the array `{}`", _BOTH, _NOT_FOUND, "use words, or the arguments (`set -- a b`)"),
    "double-bracket": Bashism("`[[`", _DASH, "it is not found, and so never true", "use `[`, or `case`"),
    "source": Bashism("`source`", _DASH, _NOT_FOUND, "use `.`"),
    "function": Bashism("the word `function`", _DASH, _SYNTAX, "write `name() { …; }`"),
    "function-name": Bashism("the function's name `{}`", _BOTH, _SYNTAX, "use letters, digits and `_`"),
    "here-string": Bashism("the here-string `{}`", _BOTH, _SYNTAX, "use a pipe, or a here-document"),
    "process": Bashism("the process substitution `{}`", _DASH, _SYNTAX, "use a pipe, or a file"),
    "file": Bashism("`{}`", _BOTH, "it is empty", "use `$(cat …)`"),
    "replacement": Bashism("the replacement `{}`", _DASH, _SUBSTITUTION, "use `sed`"),
    "substring": Bashism("the substring `{}`", _DASH, _SUBSTITUTION, "use `cut`, or `${x#…}` and `${x%…}`"),
    "case-change": Bashism("the change of case `{}`", _BOTH, _SUBSTITUTION, "use `tr`"),
    "indirection": Bashism("the indirection `{}`", _BOTH, _SUBSTITUTION, "use `eval`, or `printenv`"),
    "transformation": Bashism("the transformation `{}`", _BOTH, _SUBSTITUTION),
    "escapes": Bashism("the quotes `{}`", _DASH, "the `$` stays, and escapes are not read", "use `printf`"),
    "arithmetic": Bashism("`((`", _BOTH, "what stands in it is run as a command", "use `$((…))` and `[`"),
    "increment": Bashism("the arithmetic `{}`", _DASH, "the script ends there with an error", "write `x=$((x + 1))`"),
    "arithmetic-for": Bashism("a `for` with arithmetic", _BOTH, _SYNTAX, "use `seq`, or `while`"),
    "select": Bashism("`select`", _BOTH, _SYNTAX),
    "let": Bashism("`let`", _DASH, _NOT_FOUND, "use `x=$((…))`"),
    "command": Bashism("the command `{}`", _BOTH, _NOT_FOUND),
    "random": Bashism("the variable `{}`", _DASH, "it is empty", "use `shuf`, or `awk`"),
    "seconds": Bashism("the variable `{}`", _BOTH, "it does not count", "use `date +%s`"),
    "variable": Bashism("the variable `{}`", _BOTH, "it is empty"),
    "read-option": Bashism("the option `{}` of `read`", _DASH, _OPTION),
    "read-array": Bashism("the option `{}` of `read`", _BOTH, _OPTION),
    "read-nothing": Bashism("`read` without a name", _DASH, "it fails", "give it the name of a variable"),
    "echo-option": Bashism("the option `{}` of `echo`", _DASH, "it is printed, too", "use `printf`"),
    "equals": Bashism("`==`", _DASH, "the test fails with `unexpected operator`, and is never true", "use `=`"),
    "is-set": Bashism("the test `{}`", _BOTH, "the test fails, and is never true", 'use `[ -n "${x+x}" ]`'),
    "both": Bashism("the redirection `{}`", _DASH, "the command goes to the background, and its output to the log",
                    "write `>file 2>&1`"),
    "append-both": Bashism("the redirection `{}`", _BOTH, "nothing is appended", "write `>>file 2>&1`"),
    "pipe-both": Bashism("the pipe `{}`", _BOTH, _SYNTAX, "write `2>&1 |`"),
    "fall-through": Bashism("`{}` at the end of a case", _BOTH, _SYNTAX, "end it with `;;`"),
    "append": Bashism("`+=`", _BOTH, _NOT_FOUND, 'write `x="${x}…"`'),
    "local-option": Bashism("the option `{}` of `local`", _BOTH, _NAME),
    "export-option": Bashism("the option `{}` of `export`", _BOTH, f"{_OPTION}, and the script ends there"),
    "printf-variable": Bashism("the option `{}` of `printf`", _BOTH, "nothing is assigned", 'write `x="$(printf …)"`'),
    "printf-quote": Bashism("the directive `%q` of `printf`", _BOTH, "it fails with `invalid directive`"),
    "trap-error": Bashism("the condition `{}` of `trap`", _DASH, "it fails with `bad trap`", "use `EXIT`"),
    "signal": Bashism("the signal's name `{}`", _DASH, "it fails", "leave out `SIG`"),
    "wait-option": Bashism("the option `{}` of `wait`", _DASH, _OPTION),
    "pipefail": Bashism("`pipefail`", _DASH, "the script ends there with `Illegal option`", "call it with `bash`"),
    "socket": Bashism("the path `{}`", _BOTH, "there is no such file", "use `nc -z`"),
}  # fmt: skip
"""By a name of its own. `pipefail` is that of releases of which it is known; a later dash has it."""

COMMANDS = frozenset({
    "builtin", "caller", "compgen", "complete", "compopt", "coproc", "declare", "dirs", "disown", "enable", "mapfile",
    "popd", "pushd", "readarray", "shopt", "typeset",
})  # fmt: skip
VARIABLES = frozenset({"BASHPID", "BASH_LINENO", "BASH_SOURCE", "FUNCNAME", "PIPESTATUS"})

"""What a script knows at a point of its way: variables, the working directory, its arguments; words are read in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce

from initlint.kube.terms.expansion import OWN_NAMESPACE, is_of_service, service_of
from initlint.regex import regex
from initlint.shell.language import syntax
from initlint.shell.language.expand import calculated, is_behind, operator_of, removed, replaced
from initlint.shell.language.filters import filtered, part_of, shows
from initlint.shell.language.syntax import Word
from initlint.shell.language.values import UNKNOWN, Argument, Value, folder, of_namespace, of_url, resolve, whole

SOURCE = "BASH_SOURCE"
_OF_SOURCE = regex(r"\$\{BASH_SOURCE\[0\](.*)\}")
_NAMED = regex(r"\$\{?([A-Za-z_]\w*)\}?")
_ELEMENT = regex(r"\$\{(\w+)\[(\$?)\{?(\w+)\}?\]\}")
_GLOB = regex(r"[*?\[{~$<>`]")
_NOTHING = whole("")
_SOMETHING = Value(may_be_empty=False)
_NEVER_EMPTY = ("?", "#", "$", "RANDOM", "SECONDS", "LINENO", "UID", "EUID", "HOSTNAME", "HOME", "PWD", "OLDPWD")
# Their output is never nothing, unless they fail.
_ALWAYS_SAY = frozenset({"date", "hostname", "id", "nproc", "uname", "whoami", "mktemp", "expr", "seq", "wc", "arch",
                         "sha256sum", "md5sum"})  # fmt: skip
# Mounted with the token of each ServiceAccount (serviceaccount/admission.go DefaultAPITokenMountPath).
_NAMESPACE_FILES = [[f"{run}/secrets/kubernetes.io/serviceaccount/namespace"] for run in ("/var/run", "/run")]
_NEW_LINE = whole("\n")
_EACH_ON_A_LINE = ("%s\\n", "%s\n")
_DEFAULTS = (":-", "-", ":=", "=")
# What images and runtimes set without a word in the manifest.
_OF_IMAGE = regex(
    r"\w*(?:HOME|PATH|VERSION)|PGDATA|USER|LOGNAME|SHELL|TERM|LANG|LC_\w+|TMPDIR|HOSTNAME|IFS|BASH\w*|NODE_\w+"
    r"|(?:AIRFLOW|APACHE|BUNDLE|CARGO|CATALINA|CUDA|GEM|GF_PATHS|GHOST|GITEA|GO|JAVA|JENKINS|NEXUS|NIFI|PHP|PIP|RABBITMQ"
    r"|RAILS|RUST|S6|SOLR|TOMCAT)_\w+|PYTHON\w+|REF"
)
# A budget: scopes are copied at each branch.
_MAX_VARIABLES = 500
_SHORT: list[list[str | None]] = [[], ["-s"]]
ITEMS = "{}[@]"
"""Under which name the items of an array are kept."""


@dataclass
class Scope:
    """Variables by name; `env` is what the manifest says of the container's, `is_open` that others come from elsewhere.

    What is assigned in a loop or by a file that is read in is not known: `forget`, `taint`. `has_braces`: the shell
    surely makes a list of `{1..9}`. `knows_image`: it is known what the image sets. `env_of_namespace` are variables
    that say the Pod's namespace. `has_services`: the kubelet sets those of Services, for which their names stand.
    `files` are the texts of files by their paths, `input` is what there is to be read. `hostname` is empty if it is
    not known.
    """

    env: Mapping[str, str | None] = field(default_factory=dict)
    cwd: Value = UNKNOWN
    arguments: tuple[Value, ...] | None = ()
    variables: dict[str, Value] = field(default_factory=dict)
    is_tainted: bool = False
    is_open: bool = True
    has_braces: bool = False
    knows_image: bool = False
    env_of_namespace: Mapping[str, str] = field(default_factory=dict)
    has_services: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    input: Value = UNKNOWN
    hostname: str = ""

    def copy(self) -> Scope:
        """Another one, to be changed on its own."""
        return replace(self, variables=dict(self.variables))

    def join(self, others: Iterable[Scope]) -> None:
        """Know only what is the same whichever way was taken."""
        for other in others:
            for name in {*self.variables, *other.variables}:
                self.variables[name] = self.look_up(name).join(other.look_up(name))
            self.cwd = self.cwd if self.cwd == other.cwd else UNKNOWN
            self.arguments = self.arguments if self.arguments == other.arguments else None
            self.is_tainted |= other.is_tainted

    def replace(self, other: Scope) -> None:
        """Become the other one."""
        self.cwd, self.arguments, self.is_tainted = other.cwd, other.arguments, other.is_tainted
        self.variables = dict(other.variables)

    def assign(self, name: str, value: Value) -> None:
        """Set a variable; of too many none is known."""
        self.variables[name] = value if len(self.variables) < _MAX_VARIABLES else UNKNOWN

    def assign_items(self, name: str, items: Mapping[str, str]) -> None:
        """Set what is in an array, each by its place or its key; nothing if it is none that is known."""
        key = ITEMS.format(name)
        if items and len(self.variables) < _MAX_VARIABLES:
            self.variables[key] = whole("\n".join(f"{at}\t{text}" for at, text in items.items()))
        else:
            self.variables.pop(key, None)

    def items(self, name: str) -> Mapping[str, str]:
        """What is in an array, by its places or its keys; nothing if that is not known."""
        known = self.variables.get(ITEMS.format(name))
        parts = (line.partition("\t") for line in known.known.split("\n")) if known and known.is_whole else ()
        return {at: text for at, _, text in parts}

    def name(self, path: Value) -> None:
        """What the script is called by, as a file."""
        self.variables |= {"0": path, SOURCE: path}

    def forget(self, names: Iterable[str]) -> None:
        """Know nothing more of these variables."""
        for name in names:
            self.variables[name] = UNKNOWN
            self.variables.pop(ITEMS.format(name), None)

    def taint(self) -> None:
        """Any variable may have been set by something that is not followed."""
        self.variables.clear()
        self.is_tainted = True

    def look_up(self, name: str) -> Value:
        """What is known of a variable; one that is not set here may be set by the image."""
        if name in self.variables:
            return self.variables[name]
        if name == "PWD":
            return self.cwd
        if name.isdecimal() and self.arguments is not None and 0 < int(name) <= len(self.arguments):
            return self.arguments[int(name) - 1]
        known = None if self.is_tainted else self.env.get(name)
        if known is not None:
            return whole(known)
        if name in self.env_of_namespace and not self.is_tainted:
            return of_namespace(self.env_of_namespace[name])
        if self.is_of_kubelet(name):
            return whole(service_of(name))
        return _SOMETHING if name in _NEVER_EMPTY else UNKNOWN

    def is_of_kubelet(self, name: str) -> bool:
        """Whether the kubelet sets a variable to the address of a Service, if there is one."""
        is_set = name in self.variables or name in self.env
        return self.has_services and not (is_set or self.is_open or self.is_tainted) and bool(service_of(name))

    def is_unset(self, name: str) -> bool:
        """Whether nothing sets a variable: not the script, not the manifest, and hardly the image; nor an argument."""
        if name.isdecimal() and self.arguments is not None:
            return int(name) > len(self.arguments)
        if self.is_open or self.is_tainted or name in self.variables or name in self.env:
            return False
        is_of_image = name in _NEVER_EMPTY or _OF_IMAGE.fullmatch(name) is not None
        return name.isidentifier() and not is_of_image and not is_of_service(name)

    def _trusts(self, default: str) -> bool:
        """Whether a default holds: an image of which nothing is known may set by ENV where its own files lie."""
        return self.knows_image or not default.lstrip("\"'").startswith("/")

    def argument(self, word: Word) -> Argument:
        """A word with what is known of it."""
        return Argument(word.start, word.end, self.value(word), word)

    def path(self, word: Word) -> Value:
        """The path that a word names."""
        return resolve(self.value(word), self.cwd)

    def value(self, word: Word) -> Value:
        """What is known of a word."""
        parts = [self.part(part) for part in word.parts]
        found = reduce(Value.then, parts) if parts else _NOTHING
        return found if found.is_whole or "://" not in found.known else of_url(parts, word)

    def part(self, part: syntax.Part) -> Value:
        """What is known of a part of a word."""
        match part:
            case syntax.Literal():
                return whole(part.text)
            case syntax.Variable():
                return self.variable(part)
            case syntax.Substitution():
                return self.output(part.body)
            case syntax.Pattern(text=text) if text.startswith("$(("):
                return self.calculated(text)
        if of_source := _OF_SOURCE.fullmatch(part.text):
            return self.variable(syntax.Variable(SOURCE, part.quote, of_source[1]))
        if element := _ELEMENT.fullmatch(part.text):
            return self.element(element[1], element[3], is_variable=bool(element[2]))
        start = _GLOB.search(part.text)
        # A glob that matches nothing stays as it is.
        return Value(part.text[: start.start()] if start else "", False, False)

    def element(self, name: str, index: str, *, is_variable: bool) -> Value:
        """What is at a place of an array: `${hosts[0]}`, `${hosts[$i]}`, `${ports[db]}`."""
        items = self.items(name)
        is_said = index.isdecimal() or (not is_variable and index in items)
        return (whole(index) if is_said else self.look_up(index)).map(items.get)

    def variable(self, part: syntax.Variable) -> Value:
        """What is known of `$x`, and of it with a default, or with what `%` and `#` take off."""
        operator, rest = operator_of(part.operation)
        takes_default = operator in _DEFAULTS and rest and self.is_unset(part.name) and self._trusts(rest)
        value = whole("") if takes_default else self.look_up(part.name)
        if operator in _DEFAULTS and self.is_of_kubelet(part.name):
            return UNKNOWN  # there may be no such Service
        if operator in _DEFAULTS:
            return self.or_default(value, rest)
        if operator in (":?", "?"):
            return Value(value.known, value.is_whole, False)
        if operator in ("%", "%%") and not value.is_whole and not value.each and is_behind(rest, value.known):
            return Value(value.known, False, value.may_be_empty)
        if operator in ("%", "%%", "#", "##"):
            return value.map(lambda text: removed(text, operator, rest))
        return value.map(lambda text: replaced(text, rest)) if part.operation else value

    def calculated(self, text: str) -> Value:
        """What `$((n - 1))` comes to."""
        number = calculated(text, lambda name: self.look_up(name).text)
        return _SOMETHING if number is None else whole(str(number))

    def or_default(self, value: Value, default: str) -> Value:
        """`${x:-default}`."""
        if value.known if value.is_whole else value.each and not value.may_be_empty:
            return value
        plain = default[1:-1] if default[:1] in ("'", '"') and default[-1:] == default[:1] else default
        named = _NAMED.fullmatch(plain) if default[:1] != "'" else None
        is_plain = not (_GLOB.search(plain) or re.search(r"[\"'\\]", plain))
        other = self.look_up(named[1]) if named else whole(plain) if is_plain else _SOMETHING
        if value.is_whole:
            return other
        return Value(value.known and other.join(value).known, False, value.may_be_empty and not default)

    def output(self, body: syntax.Block) -> Value:
        """What is known of the output of a command substitution."""
        statement = body.items[-1].statement if body.items else None
        if isinstance(statement, syntax.AndOr) and statement.operator == "||":
            says = isinstance(statement.right, syntax.Simple) and statement.right.name in ("echo", "printf")
            return _SOMETHING if says else UNKNOWN
        if isinstance(statement, syntax.AndOr):
            return self.where(statement.left, statement.right)
        if isinstance(statement, syntax.Pipeline):
            *before, last = statement.stages
            return self.filtered(before, last) if isinstance(last, syntax.Simple) else UNKNOWN
        if not isinstance(statement, syntax.Simple) or len(body.items) > 1:
            return UNKNOWN
        words = [self.value(word) for word in statement.words]
        shown = shows([one.text for one in words])
        if len(words) == shown and not statement.assignments:
            return self.fed_by(statement.redirects).map(lambda text: text.rstrip("\n"))
        held = self.held(words[shown:]) if shown else UNKNOWN
        return held if held.is_whole else self.said(words)

    def filtered(self, before: Sequence[syntax.Statement], last: syntax.Simple) -> Value:
        """What the last command of a pipeline makes of what comes through the others."""
        if last.name == "wc":
            return _SOMETHING
        operands = [self.value(word).text for word in last.words[1:]]
        return self.said_by(before).map(partial(filtered, last.name or "", operands))

    def said_by(self, stages: Sequence[syntax.Statement]) -> Value:
        """What comes out of a pipeline of these."""
        start, end = stages[0].start, stages[-1].end
        statement = stages[0] if len(stages) == 1 else syntax.Pipeline(start, end, tuple(stages))
        return self.output(syntax.Block(start, end, (syntax.Item(statement),)))

    def fed_by(self, redirects: Sequence[syntax.Redirect]) -> Value:
        """What a statement with these redirections reads: a file, a here-document, or a text behind `<<<`."""
        read = [one for one in redirects if one.operator.startswith("<") and one.descriptor in ("", "0")]
        if not read or read[-1].target is None:
            return UNKNOWN if read else self.input
        word = self.value(read[-1].target)
        return {"<": self.held([word]), "<<": word, "<<<": word}.get(read[-1].operator, UNKNOWN)

    def held(self, paths: Iterable[Value]) -> Value:
        """What is in files, without the ends of lines behind it."""
        texts = [self.files.get(resolve(one, self.cwd).text or "") for one in paths]
        known = [text for text in texts if text is not None]
        return whole("".join(known).rstrip("\n")) if known and len(known) == len(texts) else UNKNOWN

    def where(self, left: syntax.Statement, right: syntax.Statement) -> Value:
        """The folder that `cd … && pwd` comes to."""
        if not (isinstance(left, syntax.Simple) and isinstance(right, syntax.Simple)) or right.name != "pwd":
            return UNKNOWN
        words = [word for word in left.words[1:] if word.text not in ("-P", "-L", "--")]
        return self.path(words[0]) if left.name == "cd" and len(words) == 1 else UNKNOWN

    def said(self, words: list[Value]) -> Value:
        """The output of a command with these words."""
        name, operands = (words[0].text if words else None), [one for one in words[1:] if one.known[:1] != "-"]
        if name == "pwd":
            return self.cwd
        if name in ("echo", "printf") and len(words) == len(operands) + 1 == 2:
            return operands[0] if "%" not in operands[0].known else UNKNOWN
        if name == "printf" and operands and operands[0].text in _EACH_ON_A_LINE:
            return reduce(Value.then, (part for one in operands[1:] for part in (_NEW_LINE, one)), _NOTHING).after(1)
        if name in ("dirname", "basename") and operands and (operands[0].is_whole or operands[0].each):
            suffix = operands[1].text if len(operands) > 1 else ""
            return UNKNOWN if suffix is None else operands[0].map(partial(part_of, name, suffix))
        if name == "dirname" and operands:
            return folder(operands[0])
        if name in ("readlink", "realpath") and operands:
            return resolve(operands[0], self.cwd)
        if name == "hostname" and self.hostname and [one.text for one in words[1:]] in _SHORT:
            return whole(self.hostname)
        if name == "cat" and [one.text for one in operands] in _NAMESPACE_FILES:
            return of_namespace(OWN_NAMESPACE)
        if name == "mktemp" and not operands:
            return self.temporary()
        return _SOMETHING if name in _ALWAYS_SAY else UNKNOWN

    def temporary(self) -> Value:
        """Where `mktemp` makes something: where TMPDIR says, else in /tmp."""
        is_told = "TMPDIR" in self.variables or "TMPDIR" in self.env
        folder = self.look_up("TMPDIR").text if is_told else "/tmp"
        return Value(f"{folder.rstrip('/')}/tmp.", False, False) if folder else _SOMETHING

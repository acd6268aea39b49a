"""A script of a container: its syntax, what is known of its way and its end, and where each part of it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

from initlint.finding import Mounted, Place
from initlint.kube.pods.container import Container
from initlint.shell.commands.facts import Step, meaning_of
from initlint.shell.commands.placed import placed
from initlint.shell.commands.programs import WHOLE, may_read_variables
from initlint.shell.commands.table import of_user
from initlint.shell.commands.told import exports, told
from initlint.shell.container.given_up import given_up
from initlint.shell.container.half import half_ended
from initlint.shell.container.images import UNKNOWN_IMAGE, Shell, image_of
from initlint.shell.container.inserts import Insert, all_of, located, scripts_at, with_inserts, within
from initlint.shell.container.mounted import MountedCall, MountedFile, mounted_files
from initlint.shell.container.pythonfiles import with_program
from initlint.shell.container.rendered import with_rendered
from initlint.shell.container.swallowed import is_fatal, swallowed
from initlint.shell.container.user import user_of
from initlint.shell.language import syntax
from initlint.shell.language.command import Command, Context, RunAs
from initlint.shell.language.parse import parse
from initlint.shell.language.scope import Scope
from initlint.shell.language.shells import sets_errexit, sets_pipefail
from initlint.shell.language.syntax import Script, Word
from initlint.shell.language.text import ShellText
from initlint.shell.language.values import UNKNOWN, Value, whole
from initlint.shell.language.words import literal_parts
from initlint.shell.outcome import status
from initlint.shell.outcome.flags import unset_of
from initlint.shell.waiting.loops import Loop, loops
from initlint.shell.waiting.waits import Wait, waits
from initlint.shell.way.walk import Walk, walk
from initlint.text.source import Span
from initlint.text.tree import Scalar


@dataclass(frozen=True, eq=False)
class ContainerScript:
    """What a container runs. A script has one node, its text; a command without a shell has one for each word.

    `starts` are where the nodes' texts begin in the text of the script. `shell` is the word that names the shell, as
    it is written, empty without one; `options` are those of the shell, `arguments` its `$1`, `$2` and so on. `limit` is
    how long `timeout` lets it run. `file` is what it is if a ConfigMap holds it, which is run at `caller`; `inserts`
    are such files that its commands run. What `is_too_much` is not followed. `name` is its `$0`, `hostname` the name of
    the Pod that is looked at, if it is a certain one, `runs_as` as whom a wrapper starts it.
    """

    container: Container
    nodes: tuple[Scalar, ...]
    starts: tuple[int, ...]
    texts: tuple[ShellText, ...]
    shell: str = ""
    options: str = ""
    arguments: tuple[Value, ...] = ()
    limit: Value | None = None
    is_elsewhere: bool = False
    file: MountedFile | None = None
    caller: Span | None = None
    inserts: tuple[Insert, ...] = ()
    is_too_much: bool = False
    name: Value = UNKNOWN
    hostname: str = ""
    runs_as: RunAs | None = None

    @property
    def is_shell(self) -> bool:
        """Whether a shell reads it."""
        return bool(self.shell)

    @property
    def all_texts(self) -> tuple[str, ...]:
        """Its texts, and those of the files that it runs."""
        return (*(one.text for one in self.texts), *(one.text for one in all_of(self.inserts)))

    @property
    def node(self) -> Scalar:
        """The text of the script, or the first word of the command."""
        return self.nodes[0]

    @cached_property
    def script(self) -> Script:
        """Its syntax."""
        if self.is_shell:
            read = self.texts[0]
            if not self.inserts:
                return parse(read.text, read.expanded)
            found = parse(read.text, read.expanded, self.within)
            return Script(with_inserts(read.text, self.inserts), found.body, found.has_errors)
        words = tuple(map(_word, self.starts, self.texts))
        text = " ".join(one.text for one in self.texts)
        command = syntax.Simple(0, len(text), words)
        return Script(text, syntax.Block(0, len(text), (syntax.Item(command),)))

    @cached_property
    def parts(self) -> tuple[ContainerScript, ...]:
        """Itself and each of the files that it runs, alone."""
        files = {one.call.file: one for one in reversed(list(all_of(self.inserts)))}.values()
        own = replace(self, inserts=()) if self.inserts else self
        return (own, *(script_of_call(self.container, one.call, self._caller(one), None) for one in files))

    @property
    def commands(self) -> tuple[Command, ...] | None:
        """Every command that it runs, in order; None if the script is not understood, or is too much."""
        return self.walk.commands if self.walk else None

    def knows(self, name: str) -> bool:
        """Whether a command of a name is known: what it does, or what its verbs do."""
        return of_user(self.container.pod.cluster.commands).get(name) is not None

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The commands with what they mean; none of a script that is not understood."""
        table, env = of_user(self.container.pod.cluster.commands), self.env
        text, given = "\n".join(self.all_texts), exports(self.commands or ())
        asked = self._asked_by_code(text)
        steps = ((one, meaning_of(one, table, asked)) for one in self.commands or ())
        known, files = self.container.known_env | self._no_others, mounted_files(self.container)
        whole = ((one, told(meaning, env, one, given, text)) for one, meaning in steps)
        found = ((one, placed(meaning, env, one, given, text)) for one, meaning in whole)
        made = ((one, with_rendered(meaning, one, files)) for one, meaning in found)
        return tuple(Step(one, with_program(meaning, one, files, known)) for one, meaning in made)

    @cached_property
    def env(self) -> dict[str, str | None] | None:
        """All variables of the container, those of its image included; None where not all of them are seen."""
        env, image = self.container.whole_env, image_of(self.container)
        if env is None or image == UNKNOWN_IMAGE:
            return env
        home = {"HOME": "/root"} if user_of(self.container).uid == 0 else {}
        return {**home, **dict(image.env), **env}

    def _asked_by_code(self, text: str) -> Mapping[str, str | None]:
        """The variables that code in another language may ask for, but for those that the script sets."""
        known = self.container.known_env if may_read_variables(text) else {}
        asked = {name: value for name, value in known.items() if not re.search(rf"\b{re.escape(name)}=", text)}
        return asked | self._no_others if len(asked) == len(known) and known else asked

    @cached_property
    def _no_others(self) -> dict[str, str | None]:
        """That no other variables are set than those of the manifest, where that is known."""
        is_whole = self.container.whole_env is not None and image_of(self.container) != UNKNOWN_IMAGE
        return {WHOLE: ""} if is_whole else {}

    def behind(self, step: Step) -> tuple[Step, ...]:
        """The steps that are come to later: a function may stand before what is called first."""
        return self.steps[next(index for index, one in enumerate(self.steps) if one is step) + 1 :]

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """Its loops, in the order in which they are come to."""
        return loops(self.walk) if self.walk else ()

    @cached_property
    def waits(self) -> tuple[Wait, ...]:
        """Where it waits for something."""
        return waits(self.loops, self.steps, self.limit, has_braces=self.has_braces)

    @cached_property
    def walk(self) -> Walk | None:
        """The way through it; None if the script is not understood, or is too much."""
        if self.is_too_much:
            return None
        cwd, is_open = working_dir(self.container), self.container.whole_env is None
        env = {**(self.env or {}), **self._env}
        scope = Scope(
            env, cwd, self.arguments, is_open=is_open, has_braces=self.has_braces,
            knows_image=image_of(self.container) != UNKNOWN_IMAGE, env_of_namespace=self.container.env_of_namespace,
            has_services=self.container.pod.node["enableServiceLinks"].truth is not False,
            files={path: one.node.value for path, one in mounted_files(self.container).items()},
            hostname=self.hostname,
        )  # fmt: skip
        scope.name(self.name)
        context = Context(errexit=self.has_errexit, pipefail=self.has_pipefail, limit=self.limit,
                          is_elsewhere=self.is_elsewhere, runs_as=self.runs_as)  # fmt: skip
        return walk(self.script, scope, context, dict(scripts_at(self.inserts)))

    @property
    def _env(self) -> Mapping[str, str | None]:
        """The variables of the container, with the name of a certain Pod."""
        known = self.container.known_env
        if not self.hostname:
            return known
        named = (one.name.value for one in self.container.env if one.is_name_of_pod)
        return {"HOSTNAME": self.hostname} | known | dict.fromkeys(named, self.hostname)

    @property
    def has_braces(self) -> bool:
        """Whether its shell surely makes a list of `{1..9}`."""
        name = self.shell.rpartition("/")[2]
        return name in ("bash", "zsh", "ksh") or (name == "sh" and image_of(self.container).shell is Shell.BASH)

    @property
    def has_errexit(self) -> bool:
        """Whether the options of the shell make it end at the first failure."""
        return sets_errexit(self.options.split())

    @property
    def has_pipefail(self) -> bool:
        """Whether the options of the shell make a pipeline fail with any of its commands."""
        return sets_pipefail(self.options.split())

    @cached_property
    def verdict(self) -> status.ScriptVerdict | None:
        """Whether it can end with success, and with failure; None if that is not clear."""
        return self.verdict_of(self.script)

    @cached_property
    def swallowed(self) -> tuple[Step, ...]:
        """The significant commands whose failure it does not see; none where that is not clear."""
        return self.swallowed_with(errexit=self.has_errexit)

    def swallowed_with(self, *, errexit: bool, is_told: bool = False) -> tuple[Step, ...]:
        """The same if its shell were told to end at the first failure, or were not; `is_told`: or if it says so."""
        return swallowed(self, self.walk, errexit=errexit, is_told=is_told) if self.walk and self.is_shell else ()

    @cached_property
    def given_up(self) -> tuple[Wait, ...]:
        """The waits that end in vain after a while, and behind which it succeeds all the same."""
        return given_up(self, self.walk) if self.walk and self.is_shell and not self.is_too_much else ()

    @cached_property
    def half_ended(self) -> tuple[Command, ...]:
        """The `exit 1` that end a subshell alone, and behind which it succeeds all the same."""
        return half_ended(self, self.walk) if self.walk and self.is_shell and not self.is_too_much else ()

    def fails_with(
        self, command: Command, *, strictly: bool = False, known: Mapping[int, bool] = MappingProxyType({})
    ) -> bool:
        """Whether it fails whenever this command does; `strictly`: if it began with `set -eo pipefail`.

        `known` is what tests come to then, by the identity of their syntax.
        """
        return self.walk is not None and is_fatal(self, self.walk, command, strictly=strictly, known=known)

    def verdict_of(self, script: Script, sure: Iterable[int] = ()) -> status.ScriptVerdict | None:
        """The same of another script that its shell would run, or where these commands succeed."""
        if self.is_too_much:
            return None
        return status.verdict(
            script, errexit=self.has_errexit, pipefail=self.has_pipefail, inner=self.walk and self.walk.inner,
            sure=sure, unset=self.unset if script is self.script else frozenset(),
        )  # fmt: skip

    @cached_property
    def unset(self) -> frozenset[str]:
        """The variables that it sets and that are surely empty before."""
        return unset_of(self.script.text, self.env, is_all=image_of(self.container) != UNKNOWN_IMAGE)

    def within(self, offset: int) -> int:
        """Where a character of its own text stands in the whole, with the files that it runs."""
        return within(offset, self.inserts)

    def span(self, start: int, end: int) -> Span | Mounted:
        """Where a part of the script stands in the manifest, or in the ConfigMap that holds it."""
        insert, low, high = located(start, end, self.inserts)
        if insert is None:
            return self._own_span(low, high)
        file = insert.call.file
        return self._mounted(file, file.node.at(low, high), self._caller(insert))

    def _caller(self, insert: Insert) -> Span:
        """Where the manifest runs a file, or what runs it in turn."""
        outermost = next(one for one in self.inserts if one.key == insert.key[:1])
        where = self._own_span(outermost.begin, outermost.at)
        return where.caller.span if isinstance(where, Mounted) else where

    def _own_span(self, start: int, end: int) -> Span | Mounted:
        first, last = self._index(start), self._index(max(end - 1, start))
        span = Span(self._at(first, start, end).start, self._at(last, start, end).end)
        if self.file is None or self.caller is None:
            return span
        return self._mounted(self.file, span, self.caller)

    def _mounted(self, file: MountedFile, span: Span, caller: Span) -> Mounted:
        container = self.container
        place, calling = Place(file.node.source, span), Place(container.node.source, caller)
        return Mounted(place, calling, str(container), file.name, container)

    def place(self, command: Command) -> Span | Mounted:
        """The words of a command."""
        return self.span(*command.place)

    def _index(self, offset: int) -> int:
        return max(index for index, start in enumerate(self.starts) if start <= offset or index == 0)

    def _at(self, index: int, start: int, end: int) -> Span:
        text, first = self.texts[index], self.starts[index]
        if not self.is_shell and start <= first and first + len(text.text) <= end:
            return self.nodes[index].span  # a whole word, with its quotes
        low, high = max(start - first, 0), min(end - first, len(text.text))
        return self.nodes[index].at(text.origin(low), text.origin(high))


def script_of_call(container: Container, call: MountedCall, caller: Span, limit: Value | None) -> ContainerScript:
    """A mounted file as the script that a call of it runs; `caller` is where the manifest has the call."""
    file = call.file
    return ContainerScript(
        container, (file.node,), (0,), (ShellText(file.node.value),), call.shell, call.options, call.arguments, limit,
        file=file, caller=caller, name=call.word.value,
    )  # fmt: skip


def working_dir(container: Container) -> Value:
    """The folder that a container begins in: what the manifest says, else what the image is known to."""
    path = container.node["workingDir"].value or image_of(container).workdir
    return whole(path) if path else UNKNOWN


def _word(start: int, text: ShellText) -> Word:
    end = start + len(text.text)
    return Word(start, end, tuple(literal_parts(text.text, text.expanded, 0, len(text.text))))

"""Which scripts a container runs: what it hands to a shell, the mounted files that this runs, or its one command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from initlint.finding import Mounted
from initlint.kube.pods.container import Container
from initlint.kube.pods.pod import Pod
from initlint.kube.terms.expansion import is_reference
from initlint.programs import args_are_command, entry_point, options_of
from initlint.shell.commands.wrappers import Unwrapped, unwrap
from initlint.shell.container.inserts import Inserting
from initlint.shell.container.mounted import MountedFile, called, mounted_files
from initlint.shell.container.script import ContainerScript, script_of_call, working_dir
from initlint.shell.language import syntax
from initlint.shell.language.scope import Scope
from initlint.shell.language.shells import file_index, is_shell, text_index
from initlint.shell.language.syntax import Word
from initlint.shell.language.text import ShellText, of_kubernetes
from initlint.shell.language.values import UNKNOWN, Argument
from initlint.shell.language.words import literal_parts
from initlint.text.tree import Node, Scalar

_MAX_CHARACTERS = 64 * 1024
"""How much text of scripts is followed in one Pod: seven times as much as in the longest that is known."""

_MAX_FILES = 4
"""How many files that do nothing but run another one are looked through."""


def scripts(container: Container) -> tuple[ContainerScript, ...]:
    """What a container is told to run: of `sh -c` in any spelling, behind any wrapper, the script; else the command.

    Nothing where the manifest does not say what runs.
    """
    return _of_pod(container.pod)[container.path]


@lru_cache(maxsize=16)  # each rule asks again, and what it is given knows its syntax by then
def _of_pod(pod: Pod) -> Mapping[str, tuple[ContainerScript, ...]]:
    """The scripts of each container, by its place; those beyond the budget of the Pod are not followed."""
    found, left = {}, _MAX_CHARACTERS
    for container in pod.all_containers():
        listed = _of_container(container)
        left -= sum(len(text) for one in listed for text in one.all_texts)
        found[container.path] = listed if left > 0 else tuple(replace(one, is_too_much=True) for one in listed)
    return found


def _of_container(container: Container) -> tuple[ContainerScript, ...]:
    words = words_of(container)
    return scripts_of(container, words) if words else tuple(_of_entry_point(container))


def _of_entry_point(container: Container) -> Iterator[ContainerScript]:
    """The program of the image with `args` as its words, and with what variables tell it as options do."""
    args = _args(container)
    texts, env = [node.value for node in args], container.whole_env
    is_whole = bool(args) or not (container.args or container.overrides_entrypoint)
    is_known = is_whole and not container.is_image_replaced
    program = entry_point(container.image.value, texts, env) if is_known else ""
    told = options_of(program, texts, env) if program else None
    if told is not None and (args or told):
        values = {one.name.value: one.value for one in container.env if isinstance(one.value, Scalar)}
        named = [(option, node) for name, option in told.items() if (node := values.get(name))]
        options = [(node, text) for option, node in named for text in (ShellText(option), *_texts(container, [node]))]
        yield from _of_args(container, [*args, *(node for node, _ in options)], program, [text for _, text in options])


def unnamed(container: Container) -> tuple[ContainerScript, ...]:
    """The args of an image as words of a program of which nothing is known: some options mean the same everywhere."""
    args = _args(container) if not scripts(container) else []
    return tuple(_of_args(container, args, "")) if args else ()


def _args(container: Container) -> list[Scalar]:
    """The words that the program of the image gets; none where another one runs, or not all of them are seen."""
    args = [node for node in container.args if isinstance(node, Scalar)]
    is_whole = len(args) == len(list(container.args)) and not container.overrides_entrypoint
    return args if is_whole else []


def _of_args(
    container: Container, nodes: list[Scalar], program: str, told: Sequence[ShellText] = ()
) -> Iterator[ContainerScript]:
    """The first word is where the program stands, as it has no place; the last ones are those that it is `told` so."""
    texts = [ShellText(program), *_texts(container, nodes[: len(nodes) - len(told)]), *told]
    yield _of_command(container, [nodes[0], *nodes], texts, Unwrapped(()))


def scripts_of(container: Container, nodes: Iterable[Node]) -> tuple[ContainerScript, ...]:
    """The same of the words of any process in it, such as that of a probe or a hook."""
    words = list(nodes)
    if not words or not all(isinstance(node, Scalar) for node in words):
        return ()
    return tuple(_scripts(container, [node for node in words if isinstance(node, Scalar)]))


def words_of(container: Container) -> list[Node]:
    """The words of the main process; without a `command` the args are that of images that run them."""
    if container.overrides_entrypoint:
        return [*container.command, *container.args]
    args = list(container.args)
    is_command = bool(args) and args_are_command(container.image.value, [node.value for node in args])
    return args if is_command and not container.is_image_replaced else []


def _scripts(container: Container, nodes: Sequence[Scalar]) -> Iterator[ContainerScript]:
    texts = _texts(container, nodes)
    scope = Scope(container.known_env, env_of_namespace=container.env_of_namespace)
    found = unwrap([_argument(scope, index, text) for index, text in enumerate(texts)])
    if not found.arguments:
        return
    first = found.arguments[0].start
    words = [one.text for one in found.arguments]
    index = text_index(words)
    files = mounted_files(container)
    call = None if found.leaves else called(found.arguments, working_dir(container), files)
    if call:
        script = script_of_call(container, call, nodes[call.word.start].span, found.limit)
        yield _with_files(replace(script, runs_as=found.runs_as), files)
    elif index is None and (not is_shell(words[0]) or file_index(words) is not None):
        yield _of_command(container, nodes[first:], texts[first:], found)
    elif index is not None and first + index < len(nodes):
        own_name, after = found.arguments[index + 1 : index + 2], found.arguments[index + 2 :]
        node = _given(container, nodes[first + index])
        shell, options = (words[0] or "", words[1:index]) if is_shell(words[0]) else ("sh", [])
        script = ContainerScript(
            container, (node,), (0,), tuple(_texts(container, [node])), shell,
            " ".join(word or "" for word in options), tuple(one.value for one in after), found.limit, found.leaves,
            name=own_name[0].value if own_name else UNKNOWN, runs_as=found.runs_as,
        )  # fmt: skip
        yield _with_files(script, files)


def _given(container: Container, node: Scalar) -> Scalar:
    """The text of a script, or that of the variable which Kubernetes puts in its place: `$(SCRIPT)`."""
    text = node.value.strip()
    name = text[2:-1] if is_reference(text) else ""
    values = [one.value for one in container.env if name and one.name.value == name and one.is_literal]
    return values[-1] if values and isinstance(values[-1], Scalar) else node


def _texts(container: Container, nodes: Sequence[Scalar]) -> list[ShellText]:
    defined, others = frozenset(container.known_env), bool(container.node["envFrom"])
    return [of_kubernetes(node.value, defined, others=others) for node in nodes]


def _with_files(script: ContainerScript, files: Mapping[str, MountedFile]) -> ContainerScript:
    """The script with the mounted files that its commands run; the file itself if it does nothing but run one."""
    for _ in range(_MAX_FILES if files else 0):
        script = _only_call(script, files) or script
    inserting = Inserting(files, script.shell, script.file)
    while files and (found := inserting.inserts(script.commands or ())) != script.inserts:
        script = replace(script, inserts=found)
    return script


def _only_call(script: ContainerScript, files: Mapping[str, MountedFile]) -> ContainerScript | None:
    """The mounted file that a script runs, if it does nothing else."""
    items = script.script.body.items if files else ()
    statement = items[0].statement if len(items) == 1 and not items[0].in_background else None
    is_plain = isinstance(statement, syntax.Simple) and not statement.assignments and not statement.redirects
    if not is_plain or len(script.commands or ()) != 1:
        return None
    (command,) = script.commands or ()
    call = called(command.arguments, command.cwd, files, by=script.shell)
    where = script.place(command)
    if call is None or command.context.is_elsewhere:
        return None
    caller = where.caller.span if isinstance(where, Mounted) else where
    return replace(script_of_call(script.container, call, caller, command.context.limit), runs_as=command.runs_as)


def _of_command(
    container: Container, nodes: Sequence[Scalar], texts: Sequence[ShellText], found: Unwrapped
) -> ContainerScript:
    starts, start = [], 0
    for text in texts:
        starts.append(start)
        start += len(text.text) + 1
    return ContainerScript(
        container, tuple(nodes), tuple(starts), tuple(texts), limit=found.limit, is_elsewhere=found.leaves,
        runs_as=found.runs_as,
    )  # fmt: skip


def _argument(scope: Scope, index: int, text: ShellText) -> Argument:
    """A word of `command` or `args`, its index in place of an offset."""
    word = Word(index, index, tuple(literal_parts(text.text, text.expanded, 0, len(text.text))))
    return Argument(index, index, scope.value(word), word)

"""What cannot outlive the container that does it: settings of its shell, packages in its image, processes beside it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Iterator, Sequence

from initlint.flow.hosts import added_hosts
from initlint.flow.links import copies_of_links
from initlint.flow.stations import Station
from initlint.flow.useless import TRIVIAL, Fleeting, ends_with, fleeting_of
from initlint.kube.pods.container import Role
from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action, ProbeKind
from initlint.shell.container.mounts import within
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.swallowed import prepares
from initlint.shell.language.shells import RUNNING_TEXT
from initlint.shell.language.syntax import While

_SETTINGS = frozenset({"ulimit", "export", "alias", "cd", "umask"})
# No limit of a shell makes them do anything else.
_UNLIMITED = frozenset({
    "chgrp", "chmod", "chown", "df", "free", "ln", "ls", "mkdir", "modprobe", "rmdir", "stat", "swapoff", "sysctl",
    "touch",
})  # fmt: skip
# What a program only tells of what it has installed.
_LISTS = frozenset({"freeze", "info", "list", "ls", "show"})
_INSTALLS = regex(r"install|add|ci|i|require|-S\w*|-i|-y")
# They start programs that go on when they have ended.
_SERVICES = frozenset({"apachectl", "pg_ctl", "pg_ctlcluster", "rc-service", "service", "systemctl"})
_STARTING = "start"
# They wait for what runs in the background, ask about it, or read what it says.
_AWAITING = frozenset({"coproc", "fg", "jobs", "kill", "mkfifo", "parallel", "pgrep", "pidof", "pkill", "ps", "wait"})
# They install into the working directory.
_LOCAL = frozenset({"bun", "bundle", "composer", "npm", "pecl", "pipenv", "pipx", "pnpm", "poetry", "yarn"})
_ACCOUNTS = frozenset({"addgroup", "adduser", "chpasswd", "groupadd", "useradd", "usermod"})
SYSTEM_WIDE = frozenset({"apk", "apt", "apt-get", "dnf", "microdnf", "pip", "pip3", "yum"})
"""Installers of which nothing comes to lie in the working directory."""

# Those of the system, which install into its directories alone.
_OF_SYSTEM = frozenset({"apk", "apt", "apt-get", "dnf", "dpkg", "install_packages", "microdnf", "rpm", "yum", "zypper"})
_CLEANS = frozenset({"rm", "ls", "mkdir", "hash"})
# They bring up to date what the image itself keeps of its software.
_REFRESHES = frozenset({
    "dpkg-reconfigure", "fc-cache", "gtk-update-icon-cache", "ldconfig", "locale-gen", "localedef", "mandb", "texhash",
    "update-alternatives", "update-ca-certificates", "update-ca-trust", "update-desktop-database", "update-locale",
    "update-mime-database",
})  # fmt: skip
_SYSTEM = regex(r"/(?:usr|bin|sbin|lib|lib64|opt|etc|var/lib)(?:/.*)?|/")
_SOFTWARE = regex(
    r"/(?:usr|bin|sbin|lib|lib64|opt|root|home|var/lib|venv|env|app|srv)(?:/.*)?|.*(?:packages|modules|venv).*|/"
)
# Where downloaded packages are kept, of which nothing runs.
_CACHE = regex(r".*/\.?cache(?:/.*)?")
# Variables that say where packages go.
_TARGETS = regex(r"PIP_\w+|PYTHON\w+|NPM_\w+|npm_\w+|GEM_\w+|BUNDLE_\w+|HOME|VIRTUAL_ENV|PATH|GOBIN|GOPATH|CARGO_\w+")


def fleeting(station: Station) -> Iterator[Fleeting]:
    """What an init container does that nothing in its script makes use of, and nothing else can."""
    for script in station.scripts if station.role is Role.INIT else ():
        if script.commands is not None and not script.is_elsewhere:
            if script.is_shell:  # elsewhere a program of that name is called
                yield from _settings(script)
            yield from _packages(script, station)
            yield from _setups(script, station)
            yield from _mounted(script, station)
            yield from _processes(script)
    if station.role is Role.INIT:
        yield from (fleeting_of(*found) for found in copies_of_links(station))
        yield from (fleeting_of("hosts", *found) for found in added_hosts(station))


def _settings(script: ContainerScript) -> Iterator[Fleeting]:
    """`ulimit`, `export`, `alias`, `cd` and `umask` with nothing behind them; once for each."""
    seen: set[str] = set()
    for index, step in enumerate(script.steps):
        name, context = step.command.name, step.command.context
        is_setting = _is_setting(step) and name in _SETTINGS and not context.is_elsewhere
        if is_setting and name not in seen and _sets(step) and _is_all_settings(script, index):
            seen.add(name)
            yield fleeting_of("setting", script, step)


def _sets(step: Step) -> bool:
    """Whether it sets something, rather than showing it."""
    words = step.command.words[1:]
    if step.command.name == "ulimit":
        return bool(words) and not (words[-1] or "0").startswith("-")
    return bool(step.command.assigned or words)


def _is_setting(step: Step) -> bool:
    return step.meaning.lasts == "shell"


def _is_all_settings(script: ContainerScript, index: int) -> bool:
    """Whether behind a setting there are only others, with what finds out their values, and none makes use of it."""
    behind, names = script.steps[index + 1 :], script.steps[index].command.assigned
    if not names:
        is_limit = script.steps[index].command.name == "ulimit"
        return ends_with(behind, lambda step: _is_setting(step) or (is_limit and step.command.name in _UNLIMITED))
    if _is_for_rounds(script, script.steps[index], names):
        return False
    texts = [script.script.text_of(step.command.statement) for step in behind if _is_setting(step)]
    if any(re.search(rf"\$\{{?{name}\b", text) for name in names for text in texts):
        return False
    asked = {id(step) for step in _asked_for_settings(behind)}
    return ends_with(behind, lambda step: _is_setting(step) or id(step) in asked)


def _is_for_rounds(script: ContainerScript, step: Step, names: Sequence[str]) -> bool:
    """Whether another round of a loop around it looks at a variable: `until [ -n "$TOKEN" ]; do export TOKEN=…`."""
    own = script.script.text_of(step.command.statement)
    around = [one.statement for one in script.loops if one.start in step.command.context.loops]
    others = [script.script.text_of(one).replace(own, "") for one in around]
    return any(re.search(rf"\$\{{?{name}\b", text) for name in names for text in others)


def _asked_for_settings(steps: Sequence[Step]) -> Iterator[Step]:
    """The commands whose output becomes the value of the setting behind them."""
    waiting: list[Step] = []
    for step in steps:
        if step.command.context.in_substitution:
            waiting.append(step)
            continue
        yield from waiting if _is_setting(step) else ()
        waiting = []


def _packages(script: ContainerScript, station: Station) -> Iterator[Fleeting]:
    """The first software that is installed where nothing of use follows."""
    found = [(index, step) for index, step in enumerate(script.steps) if _is_software(step, station)]
    found = [(index, step) for index, step in found if not step.command.context.is_elsewhere]
    installs = [(index, step) for index, step in found if _installs(step) or step.command.name in _ACCOUNTS]
    installs = [(index, step) for index, step in installs if not _is_into_own(step, script.steps[:index])]
    if any(_is_kept(step, station) for _, step in installs) or _may_last(script, station):
        return
    names = {step.command.name for _, step in installs}
    lost = (
        step
        for index, step in installs
        if ends_with(script.steps[index + 1 :], lambda one: _is_cleaning(one) or _only_lists(one, names))
    )
    for step in itertools.islice(lost, 1):
        yield fleeting_of("account" if step.command.name in _ACCOUNTS else "image", script, step)


def _is_into_own(step: Step, before: Sequence[Step]) -> bool:
    """Whether its program lies in what the script itself has made, as `/venv/bin/pip` does: others speak of that."""
    program = step.command.arguments[0].text if step.command.arguments else None
    made = (one.path.text for each in before for one in each.meaning.effects if one.action is Action.WRITE)
    return program is not None and any(path and path != "/" and within(program, path) for path in made)


def _setups(script: ContainerScript, station: Station) -> Iterator[Fleeting]:
    """What a program keeps for its other commands, in a home directory or beside it, where none of them follows."""
    found = [(index, step) for index, step in enumerate(script.steps) if _sets_up(step)]
    if any(not one.is_read_only for one in station.table.attachments) or _may_last(script, station):
        return
    lost = (step for index, step in found if ends_with(script.steps[index + 1 :], _sets_up))
    yield from (fleeting_of("setup", script, step) for step in itertools.islice(lost, 1))


def _sets_up(step: Step) -> bool:
    """Whether a command is only of use to later ones of its program, which touches no path that its words name."""
    meaning = step.meaning
    is_elsewhere = step.command.context.is_elsewhere or step.command.name in _LOCAL | _SERVICES
    return meaning.sets_up and not meaning.effects and not is_elsewhere


def _installs(step: Step) -> bool:
    return "install" in step.command.name or any(_INSTALLS.fullmatch(word or "") for word in step.command.words)


def _is_software(step: Step, station: Station) -> bool:
    """Whether it changes the software of the image: system-wide, or of a working directory that is on no volume.

    Of one that is known, others say that what is written there is lost.
    """
    is_told = any(effect.path.known for effect in step.meaning.effects)
    is_local = step.command.name in _LOCAL and not station.table.attachments and not is_told
    return step.meaning.lasts == "image" or (is_local and step.command.words[1:2] != ["run"])


def _is_cleaning(step: Step) -> bool:
    of_image = step.command.name in _CLEANS | _REFRESHES or step.command.name in SYSTEM_WIDE
    return step.meaning.lasts in ("image", "shell") or of_image


def _only_lists(step: Step, installers: Container[str]) -> bool:
    """Whether what has installed something only tells what is there: `elasticsearch-plugin list`."""
    verb = next((word for word in step.command.words[1:] if not (word or "").startswith("-")), None)
    return step.command.name in installers and verb in _LISTS


def _is_kept(step: Step, station: Station) -> bool:
    """Whether it is told where to install to, or an account has its home on a volume, or is listed there."""
    if step.command.name in _ACCOUNTS:
        words = ["/etc", *(word or "/" for word in step.command.words)]
        return any(within(one.at, word) or within(word, one.at) for one in station.table.attachments for word in words)
    told = ("--target", "--root", "--prefix", "--user", "--installroot", "-t", "-p", "--cache-dir", "--download")
    return any((word or "").split("=")[0] in told for word in step.command.words)


def lasts_in_image(script: ContainerScript, step: Step, station: Station) -> bool:
    """Whether all that a command changes is software in the image."""
    return step.meaning.lasts == "image" and not _is_kept(step, station) and not _may_last(script, station)


def _may_last(script: ContainerScript, station: Station) -> bool:
    """Whether software may be installed onto a volume: by a mount, a variable, or another program."""
    mounted = [one.at for one in station.table.attachments if not one.is_read_only]
    programs = [step.command.arguments[0].text or "" for step in script.steps if step.command.arguments]
    onto = any(within(program, at) for program in programs for at in mounted if program.startswith("/"))
    told = any(_TARGETS.fullmatch(variable.name.value) for variable in station.container.env)
    sets = any(_TARGETS.fullmatch(name) for step in script.steps for name in step.command.assigned)
    sources = any(step.command.name in RUNNING_TEXT for step in script.steps)
    images = [step for step in script.steps if step.meaning.lasts == "image"]
    if all("--no-cache-dir" in step.command.words for step in images):
        mounted = [at for at in mounted if not _CACHE.fullmatch(at)]
    places = [_placed(step) for step in images]
    if places and None not in places:  # where it is mounted read-only, the command fails
        every = [one.at for one in station.table.attachments if one.at in mounted or one.is_read_only]
        return onto or told or sets or sources or any(_meet(place or "", at) for place in places for at in every)
    software = _SYSTEM if all(step.command.name in _OF_SYSTEM for step in images) else _SOFTWARE
    return onto or told or sets or sources or any(software.fullmatch(at) for at in mounted)


def _meet(one: str, other: str) -> bool:
    return within(one, other) or within(other, one)


def _placed(step: Step) -> str | None:
    """Where a command puts what it installs, if that is one place that is known."""
    made = {one.path.text for one in step.meaning.effects if one.action is Action.WRITE}
    return next(iter(made)) if len(made) == 1 else None


def _mounted(script: ContainerScript, station: Station) -> Iterator[Fleeting]:
    """What is mounted in a namespace that ends with the container, as by default all of its mounts are its own."""
    if any(mount.node["mountPropagation"].value == "Bidirectional" for mount in station.container.mounts):
        return
    found = [(index, step) for index, step in enumerate(script.steps) if _mounts(step)]
    lost = (step for index, step in found if ends_with(script.steps[index + 1 :], _looks_at_mounts))
    yield from (fleeting_of("mount", script, step) for step in itertools.islice(lost, 1))


def _mounts(step: Step) -> bool:
    """Whether it mounts something; `mount` alone shows what is, `-o remount` and `--make-shared` change that."""
    words = [word or "" for word in step.command.words[1:]]
    changes = any(word.startswith("--make-") or "remount" in word for word in words)
    return step.command.name == "mount" and len(words) > 1 and not changes and not step.command.context.is_elsewhere


def _looks_at_mounts(step: Step) -> bool:
    return step.command.name in ("df", "findmnt", "ls", "mount", "mountpoint")


def _processes(script: ContainerScript) -> Iterator[Fleeting]:
    """The last thing that is started in the background, if nothing waits for it or works with it.

    Else the first that has work to do which ends, as a copy: nothing works with that before it is done.
    """
    started = [(index, step) for index, step in enumerate(script.steps) if _is_left(step)]
    started = [(index, step) for index, step in started if step.command.name not in TRIVIAL]
    if started and ends_with(script.steps[started[-1][0] + 1 :], _is_left):
        if not _is_announced(script, started[-1][1]):
            yield fleeting_of("process", script, started[-1][1])
    elif not any(step.command.name in _AWAITING for step in script.steps):
        work = (step for index, step in started if _has_work(step) and not _may_await(script, index))
        yield from (fleeting_of("work", script, step) for step in itertools.islice(work, 1))


def _is_announced(script: ContainerScript, last: Step) -> bool:
    """Whether the script waits for a file, with which what is in the background can say that it has ended."""
    later = (wait for wait in script.waits if wait.start > last.command.start)
    return any(probe.kind is ProbeKind.FILE for wait in later for probe in wait.probes)


def _has_work(step: Step) -> bool:
    """Whether all that a command does is known, and it comes to an end: no server."""
    return step.command.context.in_background and step.meaning.is_complete and prepares(step)


def _may_await(script: ContainerScript, index: int) -> bool:
    """Whether something behind a command may look whether that has ended: by its number, or in a loop, which may be
    the one that it is in."""
    command = script.steps[index].command
    around = (loop.statement for loop in script.loops if loop.start in command.context.loops)
    is_asked = "$!" in script.script.text[command.end :] or any(isinstance(one, While) for one in around)
    return is_asked or any(loop.start > command.start for loop in script.loops)


def _is_left(step: Step) -> bool:
    """Whether a command goes on behind the next: one in the background, or that starts a service and ends."""
    is_service = step.command.name in _SERVICES and _STARTING in step.command.words[1:]
    return step.command.context.in_background or (is_service and not step.command.context.is_elsewhere)

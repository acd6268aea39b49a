"""What a command means, as `commands.yaml` has it: the paths it touches, what it asks for, how it can fail."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from initlint.shell.language.values import Argument, Value, whole


class Action(Enum):
    """What is done to a path."""

    READ = "reads"
    LOOK = "looks at"
    WRITE = "writes"
    APPEND = "appends to"
    MAKE_DIRECTORY = "makes directory"
    LINK = "links"
    REMOVE = "removes"
    CHANGE = "changes"


class Effect(NamedTuple):
    """A path that a command touches; `start` and `end` are where the script names it.

    `names` are what may come to lie in the path if it is a directory: `cp a/b /dst` writes `/dst` or `/dst/b`; a name
    of which nothing is known stands for whatever: `tar -C /dst` writes something below `/dst`.
    `is_directory` is None where that is not known.
    """

    action: Action
    start: int
    end: int
    path: Value
    is_directory: bool | None = None
    names: tuple[Value, ...] = ()
    is_recursive: bool = False


class ProbeKind(Enum):
    """What a probe asks for."""

    PORT = "port"
    HTTP = "http"
    NAME = "name"
    FILE = "file"
    OBJECT = "object"
    SERVICE = "service"


class Probe(NamedTuple):
    """Whether something is there: a port that answers, a name that resolves, a file, an object of the cluster.

    `SERVICE` is a port that speaks its protocol (`pg_isready`). Of an `OBJECT`, `host` is its name, `resource` its kind
    as kubectl is told, `namespace` what `-n` says, `verbs` what the ServiceAccount must be allowed to do. Where no name
    is given, `labels` is what `-l` says, or nothing for all of a kind. Where the rounds of a loop name several kinds,
    `resource` is empty, and `host` says both.
    """

    kind: ProbeKind
    start: int
    end: int
    host: Value | None = None
    port: Value | None = None
    path: Value | None = None
    resource: str = ""
    namespace: Value | None = None
    labels: Value | None = None
    condition: str = ""
    verbs: tuple[str, ...] = ()

    def in_round(self, loop: int, index: int) -> Probe:
        """What it asks for in one round of a loop."""
        host, port, namespace, labels = (value and value.in_round(loop, index) for value in self.varying)
        resource, slash, name = host.known.partition("/") if host and host.is_whole else ("", "", "")
        if self.kind is ProbeKind.OBJECT and not self.resource and slash:
            return self._replace(host=whole(name), resource=resource, namespace=namespace)
        return self._replace(host=host, port=port, namespace=namespace, labels=labels)

    @property
    def varying(self) -> tuple[Value | None, ...]:
        """What may be another in each round of a loop."""
        return self.host, self.port, self.namespace, self.labels


class Rerun(Enum):
    """What becomes of a command that runs again on what it left."""

    SAFE = "safe"
    FAILS = "fails"
    DOUBLES = "doubles"
    UNKNOWN = "unknown"


class Meaning(NamedTuple):
    """What is known of one command with its arguments. The defaults say that nothing is.

    `waits`: the command itself asks again and again until all probes hold, for `limit` seconds; None is for ever,
    unless `limit_is_unknown`. `needs_each`: also of what one word names together.
    `attempt`: seconds that one try takes at the most, such as those of `nc -w 2`; None where no option says.
    `is_significant`: it prepares something, so that its failure matters. `downloads` are the URLs it fetches.
    `is_complete`: it touches no other paths than those of `effects`, whatever its words hold that is not known.
    `stores_errors`: it takes an HTTP error page for success. `produces`: its output is worth nothing if it fails.
    `follows`: it says what comes, for ever.
    `checks_input`: it fails on empty or cut input. `lasts`: where the effect lives that the command is run for: the
    `shell`, the `image`, or the paths it touches (empty). `pauses`: seconds that it only sleeps; `inf` is for ever.
    `needs_host`: it may do what no container can do as root alone. `capability`: what it needs of that, if it is sure.
    `owner`: to whom `chown` and its like give, for which it `needs_root` unless it is the user that runs it.
    `sets_up`: without it other commands of the same program fail, as `npm run` does without `npm ci`.
    `runs`: the words of a command that it runs once it is done, as in `wait-for-it db:5432 -- npm start`.
    `variables` are those of the environment that, where they are set, may say otherwise. `places` are directories that
    it fills, which begin with a variable each: the first that is set counts; its own server does so if `filled_by` says
    how the script starts that.
    """

    effects: tuple[Effect, ...] = ()
    probes: tuple[Probe, ...] = ()
    waits: bool = False
    limit: float | None = None
    limit_is_unknown: bool = False
    needs_each: bool = False
    attempt: float | None = None
    can_fail: bool = True
    is_significant: bool = False
    is_known: bool = False
    is_complete: bool = False
    downloads: tuple[Argument, ...] = ()
    stores_errors: bool = False
    produces: bool = False
    follows: bool = False
    checks_input: bool = False
    rerun: Rerun = Rerun.UNKNOWN
    rerun_at: Argument | None = None
    lasts: str = ""
    pauses: Value | None = None
    needs_root: bool = False
    needs_host: bool = False
    capability: str = ""
    owner: Value | None = None
    sets_up: bool = False
    runs: tuple[Argument, ...] = ()
    variables: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    filled_by: str = ""

    @property
    def probe(self) -> Probe | None:
        """The first of what it asks for."""
        return self.probes[0] if self.probes else None

    @property
    def assumes_host(self) -> bool:
        """Whether no word names the host that it asks, and a variable of the environment may."""
        return bool(self.probes) and any(not name.endswith("PORT") for name in self.variables)

    @property
    def makes_directories(self) -> bool:
        """Whether it makes directories, and does nothing else."""
        return bool(self.effects) and all(one.action is Action.MAKE_DIRECTORY for one in self.effects)

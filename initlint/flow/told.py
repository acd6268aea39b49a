"""Whether what a container is told of must be there when it starts, by what it is told it for."""

from __future__ import annotations

import itertools

from initlint.flow.early import is_looked_for
from initlint.flow.history import is_seen
from initlint.flow.model import Need, Via
from initlint.flow.stations import Station
from initlint.flow.tolerance import surely
from initlint.regex import regex

# Options that name a file for the program to write.
_MADE = regex(
    r"(?i).*(?:out|dump|save|write|(?<!a)gen|init|log|target|dest|default|report|junit|result|export|cover|pid|state|cache|record"
    r"|trace|profile|history|lock|backup|(?<!key)(?<!key[-_.])(?<!trust)(?<!trust[-_.])store).*"
)
# What programs read, and hardly ever write.
READ = regex(
    r"(?i).*\.(?:cer|cfg|cnf|conf|crt|env|gguf|hcl|ini|jar|jks|js|key|lua|mmdb|onnx|p12|pem|pfx|properties|pt|py|rb|rego"
    r"|safetensors|sh|so|tmpl|toml|war|wasm|whl|xml|ya?ml)"
)
# Variables that name what a program reads.
_VARIABLE = regex(
    r"(?i)(?:\w+_)?(?:config|configuration|conf|cfg|settings|env|input|model|schema)(?:_?(?:file|path|location))?"
)


def must_be_there(need: Need, station: Station) -> bool:
    """Whether it surely is read, and by one who does not look for it first."""
    if need.via is Via.SCRIPT:
        return any(not is_looked_for(use, station) for use in surely(need, station.uses))
    if need.via not in (Via.ARGUMENT, Via.VARIABLE) or _MADE.fullmatch(need.option) or not is_clear(need, station):
        return False
    attachment = need.location.attachment if need.location else None
    is_shut = attachment is not None and attachment.is_read_only  # by who is told of it, it can only be read
    is_named = need.via is Via.VARIABLE or need.option.startswith("-")
    return is_read(need) or is_shut or (is_named and READ.fullmatch(need.path) is not None)


def is_read(need: Need) -> bool:
    """Whether an option or a variable is called for what is read."""
    return _VARIABLE.fullmatch(need.option) is not None if need.via is Via.VARIABLE else need.is_input


def is_operand(need: Need, station: Station) -> bool:
    """Whether a program is told of it alone and without an option, and it is called like something that is read."""
    if need.via is not Via.ARGUMENT or not READ.fullmatch(need.path) or not is_clear(need, station):
        return False
    told = (one for one in station.needs if one.via is Via.ARGUMENT and one.location and not one.location.is_own)
    return not need.option.startswith("-") and [one.path for one in told] == [need.path]


def is_clear(need: Need, station: Station) -> bool:
    """Whether all is known that a script does before it starts the program that is told."""
    before = itertools.takewhile(lambda pair: pair[1] is not need.step, station.steps[:-1])
    return all(is_seen(*pair, station) for pair in before)

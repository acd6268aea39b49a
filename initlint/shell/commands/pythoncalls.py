"""Functions of Python that touch paths, which of their arguments these are, and functions that touch none."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from initlint.shell.commands.meaning import Action

FILLED = "filled"
"""A directory into which things come under names that nothing says."""
_FILE, _INTO, _TREE, _ANY = "file", "into", "tree", ""

# Arguments by their place, or their name; what is done to them, and how.
_COPY = ((0, Action.READ, _ANY), (1, Action.WRITE, _INTO))
_LOOK = ((0, Action.LOOK, _ANY),)
_REMOVE = ((0, Action.REMOVE, _TREE),)
_CHANGE = ((0, Action.CHANGE, _ANY),)
_DIRECTORY = ((0, Action.MAKE_DIRECTORY, FILLED),)
_RENAME = ((0, Action.READ, _TREE), (0, Action.REMOVE, _TREE), (1, Action.WRITE, _TREE))
_RETRIEVE = ((1, Action.WRITE, _FILE), ("filename", Action.WRITE, _FILE))
_DOWNLOAD = ((1, Action.WRITE, _ANY), ("out", Action.WRITE, _ANY), ("output", Action.WRITE, _ANY))
_SECOND = ((1, Action.WRITE, _FILE),)
_CALLS: Mapping[str, tuple[tuple[int | str, Action, str], ...]] = {
    "shutil.copy": _COPY,
    "shutil.copy2": _COPY,
    "shutil.copyfile": ((0, Action.READ, _FILE), (1, Action.WRITE, _FILE)),
    "shutil.copytree": ((0, Action.READ, _TREE), (1, Action.WRITE, _TREE)),
    "shutil.move": ((0, Action.READ, _TREE), (0, Action.REMOVE, _TREE), (1, Action.WRITE, _INTO)),
    "shutil.unpack_archive": (
        (0, Action.READ, _FILE),
        (1, Action.WRITE, FILLED),
        ("extract_dir", Action.WRITE, FILLED),
    ),
    "shutil.rmtree": _REMOVE,
    "shutil.chown": _CHANGE,
    "os.rename": _RENAME,
    "os.replace": _RENAME,
    "os.makedirs": _DIRECTORY,
    "os.mkdir": _DIRECTORY,
    "os.symlink": ((1, Action.LINK, _FILE),),
    "os.remove": _REMOVE,
    "os.unlink": _REMOVE,
    "os.chmod": _CHANGE,
    "os.chown": _CHANGE,
    "os.path.exists": _LOOK,
    "os.path.isfile": _LOOK,
    "os.path.isdir": _LOOK,
    "os.listdir": _LOOK,
    "urllib.request.urlretrieve": _RETRIEVE,
    "request.urlretrieve": _RETRIEVE,
    "urlretrieve": _RETRIEVE,
    "wget.download": _DOWNLOAD,
    "gdown.download": _DOWNLOAD,
    "torch.save": _SECOND,
    "joblib.dump": _SECOND,
    "np.save": ((0, Action.WRITE, _FILE),),
}
# The same of methods, whatever they are of.
_METHODS: Mapping[str, tuple[tuple[int | str, Action, str], ...]] = {
    "extractall": ((0, Action.WRITE, FILLED), ("path", Action.WRITE, FILLED)),
    "save_pretrained": ((0, Action.WRITE, FILLED),),
    "download_file": ((2, Action.WRITE, _FILE), ("Filename", Action.WRITE, _FILE)),
    "download_to_filename": ((0, Action.WRITE, _FILE),),
    "fget_object": ((2, Action.WRITE, _FILE), ("file_path", Action.WRITE, _FILE)),
    "to_csv": ((0, Action.WRITE, _FILE),),
    "to_json": ((0, Action.WRITE, _FILE),),
    "to_parquet": ((0, Action.WRITE, _FILE),),
}
# What is done to a path by its own methods.
_OF_PATHS: Mapping[str, tuple[Action, str]] = {
    "write_text": (Action.WRITE, _FILE),
    "write_bytes": (Action.WRITE, _FILE),
    "read_text": (Action.READ, _FILE),
    "read_bytes": (Action.READ, _FILE),
    "mkdir": (Action.MAKE_DIRECTORY, FILLED),
    "unlink": (Action.REMOVE, _FILE),
    "exists": (Action.LOOK, _ANY),
    "is_file": (Action.LOOK, _ANY),
    "is_dir": (Action.LOOK, _ANY),
}
_OPENS = frozenset({"open", "io.open", "codecs.open", "gzip.open"})
# Arguments by which libraries are told where to put what they fetch, and who takes them.
_DIRECTORIES = ("local_dir", "cache_dir", "cache_folder", "download_dir", "download_root")
_FETCHES = frozenset({
    "snapshot_download", "hf_hub_download", "from_pretrained", "download", "load_model", "load_dataset", "cached_path",
})  # fmt: skip

FETCHING = _FETCHES | {"download_file", "download_to_filename", "fget_object", "urlretrieve"}
"""Functions and methods that download, by the last of their names."""

MODULES = frozenset({
    "boto3", "botocore", "gdown", "google", "huggingface_hub", "jinja2", "minio", "modelscope", "numpy", "requests",
    "tomli_w", "wget", "yaml",
})  # fmt: skip
"""Modules beside those of Python itself that do nothing when they are imported."""

HARMLESS = frozenset({
    "Client", "Minio", "Path", "abs", "append", "b64decode", "b64encode", "blob", "bool", "bucket", "bytes",
    "client", "close", "decode", "dict", "digest", "dump", "dumps", "encode", "endswith", "enumerate",
    "environ.get", "exit", "extend", "float", "flush", "format", "fspath", "get", "getenv", "hexdigest", "int",
    "isoformat", "items", "iter_content", "join", "json", "keys", "len", "list", "load", "loads", "lower", "lstrip",
    "max", "min", "now", "print", "raise_for_status", "range", "read", "readlines", "replace", "resource", "rstrip",
    "safe_dump", "safe_load", "set", "setdefault", "sha256", "sleep", "sorted", "split", "splitlines", "startswith",
    "str", "strip", "time", "token_hex", "token_urlsafe", "tuple", "update", "upper", "urlopen", "urlparse",
    "uuid4", "values", "write", "writelines", "zip",
})  # fmt: skip
"""Functions and methods that touch no path, by the last of their names."""


def calls(name: str, call: ast.Call, named: Mapping[str, ast.expr]) -> Iterator[tuple[Action, ast.expr, str]]:
    """What a call does to which of its arguments, and how that comes to lie there."""
    method = name.rpartition(".")[2]
    if name in _OPENS:
        yield from _opened(call.args, named)
    elif isinstance(call.func, ast.Attribute) and method in _OF_PATHS:
        yield _OF_PATHS[method][0], call.func.value, _OF_PATHS[method][1]
    elif isinstance(call.func, ast.Attribute) and method == "open":
        yield from _opened([call.func.value, *call.args], named)
    for place, action, way in _CALLS.get(name) or _METHODS.get(method, ()):
        node = _argument(call, named, place)
        if node is not None:
            yield action, node, way
    if method in _FETCHES:
        yield from ((Action.WRITE, named[one], FILLED) for one in _DIRECTORIES if one in named)


def _argument(call: ast.Call, named: Mapping[str, ast.expr], place: int | str) -> ast.expr | None:
    if isinstance(place, str):
        return named.get(place)
    return call.args[place] if place < len(call.args) else None


def _opened(args: list[ast.expr], named: Mapping[str, ast.expr]) -> Iterator[tuple[Action, ast.expr, str]]:
    """By the mode; one that is not known may be any."""
    mode = args[1] if len(args) > 1 else named.get("mode")
    text = mode.value if isinstance(mode, ast.Constant) else None if mode else "r"
    if args and isinstance(text, str):
        action = Action.WRITE if set("wx+") & set(text) else Action.APPEND if "a" in text else Action.READ
        yield action, args[0], _FILE

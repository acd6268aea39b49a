"""What a Python program does to paths that it names itself."""

from __future__ import annotations

import pytest

from initlint.shell.commands.python import read


def touched(text: str) -> str:
    found = read(text)
    shown = [f"{one.action.value} {one.path}{'/' if one.is_directory else ''}" for one in found.touches]
    return ", ".join(shown) + ("" if found.is_complete else " …")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import json; json.dump({}, open('/c/x.json', 'w'))", "writes /c/x.json"),
        ("open('/c/log', mode='a').write('x')", "appends to /c/log"),
        ("print(open('/c/x').read())", "reads /c/x"),
        ("import os\nif os.path.exists('/c/x'): print(open('/c/x').read())", "looks at /c/x, looks at /c/x"),
        ("from pathlib import Path\nPath('/c', 'x').write_text('a')", "writes /c/x"),
        ("from pathlib import Path\nd = Path('/c')\n(d / 'x').write_text('a')", "writes /c/x"),
        ("from pathlib import Path\np = Path('/c/x')\np.parent.mkdir()", "makes directory /c/"),
        ("import os\nd = '/c'\nopen(os.path.join(d, 'x'), 'w').write('a'); print(d)", "writes /c/x"),
        ("import urllib.request as r, sys\nr.urlretrieve(sys.argv[1], '/m/x')", " …"),
        ("import urllib.request\nurllib.request.urlretrieve('http://x', '/m/x')", "writes /m/x"),
        ("import shutil; shutil.copytree('/a', '/b')", "reads /a, writes /b"),
        ("import shutil; shutil.move('/a', '/b')", "reads /a, removes /a, writes /b"),
        ("from huggingface_hub import snapshot_download as s", ""),
        ("from huggingface_hub import *\nsnapshot_download('a/b', local_dir='/m/b')", "writes /m/b/"),
        ("import boto3\ns = boto3.client('s3')\ns.download_file('b', 'k', '/m/x')", "writes /m/x"),
        # what the program itself makes use of is not what it leaves
        ("open('/m/x', 'w').write('a'); load('/m/x')", " …"),
        ("d = '/m'\nfetch(local_dir=d)\nsnapshot_download(local_dir=d)", " …"),
        # what may fail, and what is not known
        ("try:\n    open('/m/x', 'w')\nexcept OSError:\n    pass", " …"),
        ("try:\n    open('/m/x', 'w')\nexcept OSError:\n    raise", "writes /m/x"),
        ("import app.db\nopen('/m/x', 'w')", "writes /m/x …"),
        ("d = '/a'\nd = '/b'\nopen(d + '/x', 'w')", " …"),
        ("open('x', 'w')", " …"),
        ("this is no Python", " …"),
        ("(" * 5000, " …"),
        ("x = 1\n" * 10_000, " …"),
    ],
)
def test_paths(text: str, expected: str) -> None:
    assert touched(text) == expected


def test_places_are_characters() -> None:
    text = "s = 'ä€'; open('/c/x', 'w')\nprint('ü'); open('/c/y', 'w')"
    assert [text[one.start : one.end] for one in read(text).touches] == ["'/c/x'", "'/c/y'"]


def test_variables_are_those_of_the_manifest() -> None:
    text = "import os\nopen(os.path.join(os.environ['DIR'], 'x'), 'w')\nopen(os.getenv('LOG', '/log'), 'a')"
    assert [one.path for one in read(text, (("DIR", "/m"),)).touches] == ["/m/x"]
    assert [one.path for one in read(text, (("DIR", "/m"), ("LOG", "/l"))).touches] == ["/m/x", "/l"]

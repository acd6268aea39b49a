"""Loops of a Python program that go on until something answers."""

from __future__ import annotations

import itertools

import pytest

from initlint.shell.commands.pythonwaits import dialled

_ENV = (("H", "api"), ("P", "8080"), ("PGHOST", "db"))


def waited_for(text: str) -> list[str]:
    """What a program waits for, with a `?` where it gives up."""
    return [one.address + "?" * one.is_bounded for one in dialled(text, _ENV)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            """
while True:
    try:
        socket.create_connection(("db", 5432), timeout=2).close()
        break
    except OSError:
        time.sleep(2)
""",
            ["db:5432"],
        ),
        (
            """
while True:
    try:
        with socket.create_connection(("db", 5432), 3):
            print("up")
            break
    except Exception as e:
        print(e)
        time.sleep(2)
""",
            ["db:5432"],
        ),
        (
            """
while True:
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if s.connect_ex(("db", 5432)) == 0:
        break
    time.sleep(2)
""",
            ["db:5432"],
        ),
        (
            """
while True:
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    result = s.connect_ex(("db", 5432))
    s.close()
    if result == 0:
        print("up")
        sys.exit(0)
    time.sleep(2)
""",
            ["db:5432"],
        ),
        (
            """
s = socket.socket()
while s.connect_ex(("db", 5432)) != 0:
    time.sleep(2)
""",
            ["db:5432"],
        ),
        (
            """
def is_open(host, port):
    try:
        s = socket.create_connection((host, port), timeout=1)
        s.close()
        return True
    except OSError:
        return False

while not is_open("db", 5432):
    time.sleep(1)
while not is_open("cache", 6379):
    time.sleep(1)
""",
            ["db:5432", "cache:6379"],
        ),
        (
            """
for i in range(60):
    try:
        socket.create_connection(("db", 5432), timeout=2)
        print("ok")
        sys.exit(0)
    except OSError:
        time.sleep(2)
print("timeout")
sys.exit(1)
""",
            ["db:5432?"],
        ),
        (
            """
for i in range(60):
    try:
        socket.create_connection(("db", 5432), timeout=2)
        break
    except OSError:
        time.sleep(2)
else:
    sys.exit("db never came")
""",
            ["db:5432?"],
        ),
        (
            """
def wait(host, port=6379):
    while True:
        try:
            socket.create_connection((host, port), timeout=1)
            return
        except OSError:
            time.sleep(1)

def main():
    wait("db", 5432)
    wait(host="cache")

if __name__ == "__main__":
    main()
""",
            ["db:5432", "cache:6379"],
        ),
        (
            """
for host, port in [("db", 5432), ("mq", 5672)]:
    while True:
        try:
            socket.create_connection((host, port), timeout=1)
            break
        except OSError:
            time.sleep(1)
""",
            ["db:5432", "mq:5672"],
        ),
        (
            """
connected = False
while not connected:
    try:
        socket.create_connection(("db", 5432), timeout=1)
        connected = True
    except OSError:
        time.sleep(1)
""",
            ["db:5432"],
        ),
        (
            """
import urllib.request, time
while True:
    try:
        r = urllib.request.urlopen("http://api:8080/health", timeout=3)
        if r.status == 200:
            break
    except Exception:
        pass
    time.sleep(2)
""",
            ["http://api:8080/health"],
        ),
        (
            """
import requests, time, os
url = f"http://{os.environ['H']}:{os.environ['P']}/health"
deadline = time.time() + 300
while time.time() < deadline:
    try:
        if requests.get(url, timeout=3).ok:
            raise SystemExit(0)
    except requests.RequestException:
        pass
    time.sleep(2)
raise SystemExit(1)
""",
            ["http://api:8080/health?"],
        ),
        (
            """
import os, time, psycopg2
while True:
    try:
        psycopg2.connect(host=os.environ["PGHOST"], dbname="x", user="y")
    except psycopg2.OperationalError:
        time.sleep(1)
        continue
    break
""",
            ["db:5432"],
        ),
        (
            """
import psycopg2,time
while True:
    try:
        conn = psycopg2.connect("host=db port=5433 dbname=x user=y")
    except Exception:
        time.sleep(1)
    else:
        conn.close()
        break
""",
            ["db:5433"],
        ),
        (
            """
while True:
    try:
        socket.gethostbyname("db")
        break
    except socket.gaierror:
        time.sleep(1)
""",
            ["db"],
        ),
        (
            """
n = 0
while True:
    try:
        socket.create_connection(("db", 5432), timeout=2)
        break
    except OSError:
        n += 1
        if n > 30:
            sys.exit(1)
        time.sleep(2)
""",
            ["db:5432?"],
        ),
        (
            """
def is_open(host):
    return socket.socket().connect_ex((host, 5432)) == 0

while not is_open("db"):
    time.sleep(1)
""",
            ["db:5432"],
        ),
    ],
)
def test_waits(text: str, expected: list[str]) -> None:
    """What a loop is not left without."""
    assert waited_for(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        """
while True:
    try:
        socket.create_connection(("db", 5432), timeout=2)
        break
    except OSError:
        break
""",
        """
for i in range(30):
    try:
        socket.create_connection(("db", 5432), timeout=2)
        break
    except OSError:
        time.sleep(2)
""",
        """
end = time.time() + 60
while True:
    if time.time() > end:
        print("going on without")
        break
    try:
        socket.create_connection(("db", 5432), timeout=2)
        break
    except OSError:
        time.sleep(2)
""",
        """
if os.environ.get("SKIP"):
    sys.exit(0)
while True:
    try:
        socket.create_connection(("db", 5432), timeout=2)
        break
    except OSError:
        time.sleep(2)
""",
        """
if os.environ.get("WAIT"):
    while True:
        try:
            socket.create_connection(("db", 5432), timeout=2)
            break
        except OSError:
            time.sleep(2)
""",
        """
while True:
    try:
        socket.create_connection(("db", 5432), timeout=2)
        break
    except OSError:
        raise
""",
        """
for h in ["a", "b"]:
    try:
        socket.create_connection((h, 5432), timeout=2)
        break
    except OSError:
        pass
else:
    sys.exit(1)
""",
        """
while True:
    for h in ["a", "b"]:
        try:
            socket.create_connection((h, 5432), timeout=2)
            sys.exit(0)
        except OSError:
            pass
    time.sleep(1)
""",
        """
while True:
    try:
        socket.create_connection(("a", 1)); break
    except OSError:
        try:
            socket.create_connection(("b", 1)); break
        except OSError:
            time.sleep(1)
""",
        """
def wait(h):
    for i in range(5):
        try:
            socket.create_connection((h, 1))
            return True
        except OSError:
            time.sleep(1)
    return False
wait("db")
""",
        """
while socket.socket().connect_ex(("db", 5432)) == 0:
    time.sleep(1)
""",
        """
def up():
    try:
        socket.create_connection(("db", 1))
    except OSError:
        return True
    return False
while not up():
    time.sleep(1)
""",
        """
while True:
    data = q.get()
    try:
        socket.create_connection(("db", 1)).send(data)
    except OSError:
        pass
""",
        """
try:
    while True:
        try:
            socket.create_connection(("db", 1))
            break
        except OSError:
            time.sleep(1)
except KeyboardInterrupt:
    pass
""",
        """
while True:
    try:
        if os.environ.get("USE_DB"):
            socket.create_connection(("db", 5432))
        break
    except OSError:
        time.sleep(1)
""",
        """
def is_closed(host):
    return socket.socket().connect_ex((host, 5432))

while not is_closed("db"):
    time.sleep(1)
""",
    ],
)
def test_no_waits(text: str) -> None:
    """What may go on without it, or need not be come to."""
    assert waited_for(text) == []


def test_a_default_where_no_variable_is_set() -> None:
    """What a program takes in place of a variable counts where it is known that there is none."""
    text = """
while True:
    try:
        socket.create_connection((os.getenv('BROKER', 'mq'), 5672))
        break
    except OSError:
        time.sleep(1)
"""
    assert not dialled(text)
    assert [one.address for one in dialled(text, (("", ""),))] == ["mq:5672"]
    assert [one.address for one in dialled(text, (("", ""), ("BROKER", "rabbit")))] == ["rabbit:5672"]


_LOOP = """
while True:
    try:
        socket.create_connection((h, {port}), timeout=2)
        break
    except OSError:
        time.sleep(2)
"""


@pytest.mark.parametrize(
    ("before", "port", "expected"),
    [
        ('h = "db"', 'int("5432")', ["db:5432"]),
        ('h = "db"', "int()", []),
        ('h = f"{H}-{n}"; H = "db"; n = 0', "1", ["db-0:1"]),
        ('h = f"db-{n:02}"; n = 0', "1", []),
        ('h = f"{h}-x"', "1", []),
        ('h = f"{g}{g}"; g = f"{h}{h}"', "1", []),
    ],
)
def test_what_addresses_are_made_of(before: str, port: str, expected: list[str]) -> None:
    assert waited_for(before + _LOOP.format(port=port)) == expected


@pytest.mark.parametrize("sign", ["f", ""])
def test_names_that_stand_for_many_others_are_given_up(sign: str) -> None:
    """By their steps: all of them would take days."""
    made = 'f"' + "{%s}" * 400 + '"' if sign else "+".join(["%s"] * 400)
    chain = [f"{name} = {made.replace('%s', inner)}" for name, inner in itertools.pairwise("hbcdefgij")]
    assert waited_for("\n".join([*chain, 'j = "x"']) + _LOOP.format(port=1)) == []

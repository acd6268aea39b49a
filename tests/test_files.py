"""What is found and read, shown and left out, on file systems as they are."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from initlint.errors import InitlintError
from initlint.files import FileToRead, Found, discover, read
from initlint.report import Problem, Skipped

DENIED = "permission denied: grant read access, or exclude it"
MISSING = "no such file or directory"
BROKEN_LINK = "a symbolic link whose target cannot be reached"
LIMIT = 1000
C = "repo/deploy/in/c.yaml"
needs_permissions = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything; a variant with a faked error runs"
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def deadline() -> Iterator[None]:
    """Fail a test that waits for a writer, instead of waiting with it."""

    def expire(number: int, frame: FrameType | None) -> None:
        pytest.fail("still waiting after five seconds")

    before = signal.signal(signal.SIGALRM, expire)
    signal.alarm(5)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def write(*names: str, text: str = "") -> None:
    for name in names:
        file = Path(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")


def repository(directory: str = ".") -> None:
    Path(directory, ".git", "info").mkdir(parents=True)


def shown(found: Found) -> list[str]:
    assert found.problems == ()
    return [source.path for source in found.sources]


class Listing(list[object]):
    """What `os.scandir` returns, in an order of one's own."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        pass


class TestPaths:
    def test_a_directory_is_walked_for_manifests(self) -> None:
        write("a.yaml", "b.yml", "c.json", "d.YAML", "e.Yml", "f.txt", "yaml", "g.yaml.bak", "deep/er/h.yaml")
        assert shown(discover(["."])) == ["a.yaml", "b.yml", "c.json", "d.YAML", "deep/er/h.yaml", "e.Yml"]

    def test_a_given_file_is_taken_whatever_its_suffix(self) -> None:
        write("deploy/manifest.tpl", "Kubefile")
        assert shown(discover(["deploy/manifest.tpl", "Kubefile"])) == ["Kubefile", "deploy/manifest.tpl"]

    def test_a_directory_may_look_like_a_manifest(self) -> None:
        write("x.yaml/in.yaml")
        assert shown(discover(["x.yaml"])) == shown(discover(["."])) == ["x.yaml/in.yaml"]

    def test_hidden_directories_and_those_of_packages_are_walked(self) -> None:
        write(".github/a.yaml", "node_modules/b.yaml", ".hidden.yaml")
        assert shown(discover(["."])) == [".github/a.yaml", ".hidden.yaml", "node_modules/b.yaml"]

    def test_git_directories_are_never_entered(self) -> None:
        write(".git/config.yaml", "sub/.git/x.yaml", "sub/y.yaml")
        assert shown(discover(["."])) == ["sub/y.yaml"]

    def test_an_empty_directory_holds_nothing(self) -> None:
        assert discover(["."]) == discover([]) == Found(())

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("deploy", "deploy/app.yaml"),
            ("./deploy", "deploy/app.yaml"),
            ("deploy/", "deploy/app.yaml"),
            ("deploy//.//app.yaml", "deploy/app.yaml"),
            (".", "deploy/app.yaml"),
            ("./", "deploy/app.yaml"),
            ("deploy/..", "deploy/../deploy/app.yaml"),
        ],
    )
    def test_paths_are_shown_as_given_without_dots(self, path: str, expected: str) -> None:
        write("deploy/app.yaml")
        assert shown(discover([path])) == [expected]

    def test_paths_outside_and_absolute_ones_stay_so(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write("deploy/app.yaml", "work/x")
        monkeypatch.chdir("work")
        assert shown(discover(["../deploy"])) == shown(discover(["../deploy/app.yaml"])) == ["../deploy/app.yaml"]
        absolute = (here / "deploy" / "app.yaml").as_posix()
        assert shown(discover([str(here / "deploy")])) == shown(discover([absolute])) == [absolute]

    def test_what_lies_here_is_shown_so_from_above(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write("work/base/app.yaml", "work/base/in/b.yaml", "work/overlay/c.yaml")
        monkeypatch.chdir("work/base")
        assert shown(discover([".."])) == ["../overlay/c.yaml", "app.yaml", "in/b.yaml"]
        assert shown(discover(["../.."])) == ["../overlay/c.yaml", "app.yaml", "in/b.yaml"]

    def test_the_file_to_open_is_real_and_absolute(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write("deploy/app.yaml", text="kind: Pod")
        found = discover(["deploy"])
        monkeypatch.chdir("/")
        assert found.sources == (FileToRead("deploy/app.yaml", os.path.realpath(here / "deploy" / "app.yaml")),)
        assert read(found.sources[0], limit=LIMIT) == b"kind: Pod"

    def test_many_levels_need_no_recursion(self) -> None:
        deep = "/".join("d" * (sys.getrecursionlimit() + 50))
        directory = os.open(".", os.O_RDONLY)
        for _ in deep.split("/"):
            os.mkdir("d", dir_fd=directory)
            inner = os.open("d", os.O_RDONLY, dir_fd=directory)
            os.close(directory)
            directory = inner
        os.close(os.open("a.yaml", os.O_CREAT | os.O_WRONLY, dir_fd=directory))
        os.close(directory)
        try:
            assert shown(discover(["."])) == [f"{deep}/a.yaml"]
        finally:
            shutil.rmtree("d") if sys.version_info >= (3, 13) else subprocess.run(["rm", "-rf", "d"], check=True)


class TestOnce:
    @pytest.mark.parametrize(
        ("paths", "expected"),
        [
            (["a/b.yaml", "a/b.yaml"], ["a/b.yaml"]),
            (["./a/b.yaml", "a"], ["a/b.yaml"]),
            (["a", "a/b.yaml", "./a", "."], ["a/b.yaml"]),
            (["a/../a/b.yaml", "a"], ["a/../a/b.yaml"]),
            (["a", "a/../a/b.yaml"], ["a/b.yaml"]),
        ],
    )
    def test_the_first_spelling_wins(self, paths: list[str], expected: list[str]) -> None:
        write("a/b.yaml")
        assert shown(discover(paths)) == expected

    def test_absolute_and_relative_are_the_same_file(self, here: Path) -> None:
        write("a.yaml")
        assert shown(discover(["a.yaml", str(here)])) == ["a.yaml"]

    def test_hard_links_are_files_of_their_own(self) -> None:
        write("a.yaml")
        Path("b.yaml").hardlink_to("a.yaml")
        assert shown(discover(["."])) == ["a.yaml", "b.yaml"]

    def test_problems_are_told_once(self) -> None:
        assert discover(["gone.yaml", "./gone.yaml"]).problems == (Problem("gone.yaml", MISSING),)

    def test_directories_sort_before_what_extends_their_name(self) -> None:
        write("a/z.yaml", "a-b/c.yaml", "a.yaml")
        assert shown(discover(["a.yaml", "a-b", "a"])) == ["a/z.yaml", "a-b/c.yaml", "a.yaml"]


class TestLinks:
    def test_a_link_to_a_file_is_followed(self) -> None:
        write("outside/a.txt", "in/x", text="kind: Pod")
        Path("in/link.yaml").symlink_to("../outside/a.txt")
        found = discover(["in"])
        assert shown(found) == ["in/link.yaml"]
        assert read(found.sources[0], limit=LIMIT) == b"kind: Pod"

    def test_a_file_is_shown_by_its_own_name_where_links_lead_to_it_too(self) -> None:
        write("z/real.yaml")
        Path("a.yaml").symlink_to("z/real.yaml")
        Path("b.yaml").symlink_to("z/real.yaml")
        assert shown(discover(["."])) == ["z/real.yaml"]
        assert shown(discover(["b.yaml", "."])) == ["b.yaml"]

    def test_of_two_links_to_one_file_the_first_is_taken(self) -> None:
        write("outside/a.txt", "in/x")
        Path("in/b.yaml").symlink_to("../outside/a.txt")
        Path("in/a.yaml").symlink_to("b.yaml")
        assert shown(discover(["in"])) == ["in/a.yaml"]

    def test_a_linked_directory_is_walked_only_if_given(self) -> None:
        write("real/a.yaml")
        Path("in").mkdir()
        Path("in/link").symlink_to("../real")
        Path("in/link.yaml").symlink_to("../real")
        assert discover(["in"]) == Found(())
        assert shown(discover(["in/link"])) == ["in/link/a.yaml"]
        assert shown(discover(["real", "in/link"])) == ["real/a.yaml"]

    def test_loops_of_directories_end(self) -> None:
        write("a/b/c.yaml")
        Path("a/b/up").symlink_to("..")
        Path("a/self").symlink_to(".")
        assert shown(discover(["."])) == ["a/b/c.yaml"]

    def test_a_broken_link_is_skipped_in_a_directory_and_a_problem_when_given(self) -> None:
        Path("in").mkdir()
        Path("in/gone.yaml").symlink_to("nowhere.yaml")
        Path("in/gone.txt").symlink_to("nowhere")
        assert discover(["in"]) == Found((), skipped=(Skipped("in/gone.yaml", BROKEN_LINK),))
        assert discover(["in/gone.yaml"]) == Found((), problems=(Problem("in/gone.yaml", BROKEN_LINK),))

    def test_links_that_lead_to_each_other_are_broken(self) -> None:
        Path("a.yaml").symlink_to("b.yaml")
        Path("b.yaml").symlink_to("a.yaml")
        assert discover(["."]).skipped == (Skipped("a.yaml", BROKEN_LINK), Skipped("b.yaml", BROKEN_LINK))
        assert discover(["a.yaml"]).problems == (Problem("a.yaml", BROKEN_LINK),)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no FIFOs")
@pytest.mark.usefixtures("deadline")
class TestNotRegular:
    REMEDY = "not a regular file: pipe its content into `initlint check -`"

    def test_a_fifo_is_skipped_in_a_directory_and_a_problem_when_given(self) -> None:
        os.mkfifo("pipe.yaml")
        os.mkfifo("pipe")
        assert discover(["."]) == Found((), skipped=(Skipped("pipe.yaml", "not a regular file"),))
        assert discover(["pipe.yaml"]) == Found((), problems=(Problem("pipe.yaml", self.REMEDY),))

    def test_so_is_a_link_to_one(self) -> None:
        os.mkfifo("pipe")
        Path("link.yaml").symlink_to("pipe")
        assert discover(["."]).skipped == (Skipped("link.yaml", "not a regular file"),)
        assert discover(["link.yaml"]).problems == (Problem("link.yaml", self.REMEDY),)

    def test_so_is_a_socket(self) -> None:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("socket.yaml")
            assert discover(["."]).skipped == (Skipped("socket.yaml", "not a regular file"),)
            assert discover(["socket.yaml"]).problems == (Problem("socket.yaml", self.REMEDY),)
            assert isinstance(read(FileToRead("socket.yaml", "socket.yaml"), limit=LIMIT), Problem)

    def test_a_device_is_a_problem(self) -> None:
        assert discover(["/dev/null"]).problems == (Problem("/dev/null", self.REMEDY),)

    def test_reading_a_fifo_that_took_the_place_of_a_file_does_not_wait(self) -> None:
        write("a.yaml")
        (source,) = discover(["."]).sources
        Path("a.yaml").unlink()
        os.mkfifo("a.yaml")
        assert read(source, limit=LIMIT) == Problem("a.yaml", "not a regular file")

    def test_a_fifo_as_ignore_file_does_not_wait(self) -> None:
        write("a.yaml")
        os.mkfifo(".gitignore")
        assert shown(discover(["."])) == ["a.yaml"]


class TestFailures:
    def test_a_path_that_does_not_exist_stops_nothing(self) -> None:
        write("a.yaml")
        found = discover(["gone", "a.yaml", "a.yaml/under", ""])
        assert [source.path for source in found.sources] == ["a.yaml"]
        assert found.problems == (
            Problem("''", MISSING),
            Problem("a.yaml/under", "not a directory"),
            Problem("gone", MISSING),
        )

    @pytest.mark.parametrize(("path", "message"), [("a\0b", "cannot be read"), ("n" * 5000, "file name too long")])
    def test_impossible_names_are_problems(self, path: str, message: str) -> None:
        (problem,) = discover([path], exclude=["x"], force_exclude=True).problems
        assert problem.message == message

    def test_a_directory_that_may_not_be_listed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write("open/a.yaml", "closed/b.yaml")
        scandir = os.scandir

        def refuse(path: str) -> Iterator[os.DirEntry[str]]:
            if path.endswith("closed"):
                raise PermissionError(13, "Permission denied", path)
            return scandir(path)

        monkeypatch.setattr(os, "scandir", refuse)
        found = discover(["."])
        assert [source.path for source in found.sources] == ["open/a.yaml"]
        assert found.problems == discover(["closed"]).problems == (Problem("closed", DENIED),)

    def test_a_directory_that_vanishes_while_it_is_listed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write("a.yaml", "in/b.yaml")
        scandir = os.scandir

        def vanish(path: str) -> Iterator[os.DirEntry[str]]:
            if path.endswith("in"):
                Path(path, "b.yaml").unlink()
                Path(path).rmdir()
            return scandir(path)

        monkeypatch.setattr(os, "scandir", vanish)
        found = discover(["."])
        assert [source.path for source in found.sources] == ["a.yaml"]
        assert found.problems == (Problem("in", MISSING),)

    def test_an_entry_whose_kind_may_not_be_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write("a.yaml")

        class Entry:
            name, path = "a.yaml", "/a.yaml"

            def is_dir(self, *, follow_symlinks: bool) -> bool:
                raise PermissionError(13, "Permission denied")

            def is_symlink(self) -> bool:
                return False

        monkeypatch.setattr(os, "scandir", lambda path: Listing([Entry()]))
        assert discover(["."]).problems == (Problem("a.yaml", DENIED),)

    def test_a_file_that_may_not_be_opened(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(path: str, flags: int) -> int:
            raise PermissionError(13, "Permission denied", path)

        write("a.yaml")
        monkeypatch.setattr(os, "open", refuse)
        assert read(discover(["."]).sources[0], limit=LIMIT) == Problem("a.yaml", DENIED)

    @needs_permissions
    def test_permissions_of_the_file_system(self) -> None:
        write("open/a.yaml", "closed/b.yaml", "open/c.yaml")
        Path("closed").chmod(0)
        Path("open/c.yaml").chmod(0)
        found = discover([".", "closed/b.yaml"])
        Path("closed").chmod(0o700)
        assert [source.path for source in found.sources] == ["open/a.yaml", "open/c.yaml"]
        assert found.problems == (Problem("closed", DENIED), Problem("closed/b.yaml", DENIED))
        assert read(found.sources[1], limit=LIMIT) == Problem("open/c.yaml", DENIED)

    def test_a_file_that_vanishes_before_it_is_read(self) -> None:
        write("a.yaml")
        (source,) = discover(["."]).sources
        Path("a.yaml").unlink()
        assert read(source, limit=LIMIT) == Problem("a.yaml", MISSING)
        Path("a.yaml").mkdir()
        assert read(source, limit=LIMIT) == Problem("a.yaml", "is a directory")


class TestRead:
    @pytest.mark.parametrize("size", [0, 1, LIMIT - 1, LIMIT])
    def test_the_bytes_are_those_of_the_file(self, size: int, here: Path) -> None:
        data = random.Random(size).randbytes(size)
        Path("a.yaml").write_bytes(data)
        assert read(discover(["."]).sources[0], limit=LIMIT) == data

    def test_a_larger_file_is_a_problem(self) -> None:
        write("a.yaml", text="x" * (LIMIT + 1))
        problem = Problem("a.yaml", "larger than 1,000 bytes: split or exclude it")
        assert read(discover(["."]).sources[0], limit=LIMIT) == problem

    @pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system has no /proc")
    def test_a_file_without_a_size_is_read(self) -> None:
        data = read(FileToRead("status", "/proc/self/status"), limit=100_000)
        assert isinstance(data, bytes)
        assert data.startswith(b"Name:")
        assert data.endswith(b"\n")


class TestNames:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            (b"caf\xe9.yaml", r"caf\xe9.yaml"),
            ("café ü 日本.yaml".encode(), "café ü 日本.yaml"),
            (b"two\nlines.yaml", r"two\nlines.yaml"),
            (b"\x1b[31mred.yaml", r"\x1b[31mred.yaml"),
            ("\u202elmay.yaml".encode(), r"\u202elmay.yaml"),
            (b"l" * 249 + b".yaml", "l" * 249 + ".yaml"),
        ],
    )
    def test_any_name_is_found_and_shown_printably(self, name: bytes, expected: str, here: Path) -> None:
        inside = os.path.join(os.fsencode(here), b"d" + name, name)  # noqa: PTH118
        try:
            os.mkdir(os.path.dirname(inside))  # noqa: PTH102, PTH120
            os.close(os.open(inside, os.O_CREAT | os.O_WRONLY))
        except OSError:
            pytest.skip("the file system refuses the name")
        found = discover([".", os.fsdecode(name)])
        assert [source.path for source in found.sources] == [f"d{expected}/{expected}"]
        assert [(one.path, one.message.split(":")[0]) for one in found.problems] == [(expected, MISSING)]
        assert read(found.sources[0], limit=LIMIT) == b""
        assert found.sources == discover(["."], exclude=["gone"]).sources


class TestIgnored:
    def test_patterns_hold_below_their_file(self) -> None:
        write("a/x.yaml", "a/b/x.yaml", "x.yaml", "a/y.yaml")
        write("a/.gitignore", text="# generated\n\nx.yaml\r\n")
        assert shown(discover(["."])) == ["a/y.yaml", "x.yaml"]

    def test_a_nested_file_takes_back(self) -> None:
        write("a.gen.yaml", "keep/b.gen.yaml", "keep/deep/c.gen.yaml", "keep/deep/d.gen.yaml")
        write(".gitignore", text="*.gen.yaml\n")
        write("keep/.gitignore", text="!*.gen.yaml\n")
        write("keep/deep/.gitignore", text="/d.gen.yaml\n")
        assert shown(discover(["."])) == ["keep/b.gen.yaml", "keep/deep/c.gen.yaml"]

    def test_nothing_is_taken_back_from_an_ignored_directory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write("build/a.yaml", "b.yaml")
        write("build/.gitignore", text="!*.yaml\n")
        write(".gitignore", text="build/\n!build/a.yaml\n")
        scandir = os.scandir

        def listed(path: str) -> Iterator[os.DirEntry[str]]:
            assert Path(path).name != "build"
            return scandir(path)

        monkeypatch.setattr(os, "scandir", listed)
        assert shown(discover(["."])) == ["b.yaml"]

    @pytest.mark.parametrize(
        ("patterns", "expected"),
        [
            ("*\n!*/\n!*.yaml", ["a.yaml", "foo/b.yaml", "foo/keep/c.yaml"]),
            ("foo/**\n!foo/keep/", ["a.json", "a.yaml"]),
            ("foo/*\n!foo/keep/", ["a.json", "a.yaml", "foo/keep/c.yaml"]),
            ("/*\n!/foo\n/foo/*\n!/foo/keep", ["foo/keep/c.yaml"]),
            ("**/keep/**", ["a.json", "a.yaml", "foo/b.yaml"]),
            ("foo\n!foo/", ["a.json", "a.yaml", "foo/b.yaml", "foo/keep/c.yaml"]),
            ("!foo\n?.*\nfoo/", []),
            ("**", []),
            ("**/", ["a.json", "a.yaml"]),
            ("[a-b].yaml\n*.jso[!a]", ["foo/keep/c.yaml"]),
            ("/\n!/\n!\n[z-a]\n\\\n[[:alpha:]]", ["a.json", "a.yaml", "foo/b.yaml", "foo/keep/c.yaml"]),
            ("\ufeffa.yaml  ", ["a.json", "foo/b.yaml", "foo/keep/c.yaml"]),
        ],
    )
    def test_patterns_mean_what_they_mean_to_git(self, patterns: str, expected: list[str]) -> None:
        write("a.yaml", "a.json", "foo/b.yaml", "foo/keep/c.yaml")
        write(".gitignore", text=patterns)
        assert shown(discover(["."])) == expected

    def test_an_ignored_path_is_taken_if_given(self) -> None:
        repository()
        write("build/a.yaml", "build/b.tmp.yaml", "c.tmp.yaml")
        write(".gitignore", text="build/\n*.tmp.yaml\n")
        assert shown(discover(["build", "c.tmp.yaml"])) == ["build/a.yaml", "c.tmp.yaml"]
        assert shown(discover(["build/b.tmp.yaml"])) == ["build/b.tmp.yaml"]

    def test_a_directory_of_that_name_and_a_huge_file_ignore_nothing(self) -> None:
        write("a.yaml", "b/c.yaml", "b/.gitignore/d")
        write(".gitignore", text="*.yaml\n" + "#" * (1 << 20))
        assert shown(discover(["."])) == ["a.yaml", "b/c.yaml"]

    def test_symbolic_links_are_ignored_by_their_own_name(self) -> None:
        write("outside/a.txt", "in/x", "outside/b.txt")
        Path("in/a.yaml").symlink_to("../outside/a.txt")
        Path("in/b.yaml").symlink_to("../outside/b.txt")
        write("in/.gitignore", text="a.yaml\n")
        assert shown(discover(["in"])) == ["in/b.yaml"]


class TestRepository:
    @pytest.fixture(autouse=True)
    def files(self) -> None:
        write("repo/a.yaml", "repo/deploy/a.yaml", "repo/deploy/b.yaml", "repo/deploy/in/c.yaml")

    def test_directories_above_count_up_to_the_root_of_the_repository(self) -> None:
        repository("repo")
        write(".gitignore", text="*.yaml\n")
        write("repo/.gitignore", text="a.yaml\n/deploy/in/c.yaml\n")
        assert shown(discover(["repo/deploy"])) == ["repo/deploy/b.yaml"]
        assert discover(["repo/deploy/in"]) == Found(())

    def test_without_a_repository_nothing_above_counts(self) -> None:
        write("repo/.gitignore", text="*.yaml\n")
        assert shown(discover(["repo/deploy/in"])) == ["repo/deploy/in/c.yaml"]
        assert discover(["repo"]) == Found(())

    def test_the_exclude_file_counts_less_than_ignore_files(self) -> None:
        repository("repo")
        write("repo/.git/info/exclude", text="a.yaml\nb.yaml\n")
        write("repo/deploy/.gitignore", text="!b.yaml\n")
        assert shown(discover(["repo"])) == shown(discover(["repo/deploy"])) == ["repo/deploy/b.yaml", C]

    def test_in_a_worktree_git_is_a_file(self, here: Path) -> None:
        write("main/.git/info/exclude", text="a.yaml\n")
        write("main/.git/worktrees/repo/commondir", text="../..\n")
        write("repo/.git", text=f"gitdir: {here}/main/.git/worktrees/repo\n")
        write("repo/.gitignore", text="b.yaml\n")
        assert shown(discover(["repo"])) == shown(discover(["repo/deploy"])) == [C]

    def test_so_it_is_in_a_submodule(self) -> None:
        write(".git/modules/repo/info/exclude", text="a.yaml\n")
        write("repo/.git", text="gitdir: ../.git/modules/repo\n")
        write(".gitignore", text="b.yaml\nc.yaml\n")
        assert shown(discover(["repo"])) == shown(discover(["."])) == ["repo/deploy/b.yaml", C]

    @pytest.mark.parametrize("text", ["", "gitdir: /nowhere", "gitdir: \0", "\ufffd" * 9])
    def test_a_git_file_that_leads_nowhere_is_no_obstacle(self, text: str) -> None:
        write("repo/.git", text=text)
        write("repo/.gitignore", text="a.yaml\n")
        assert shown(discover(["repo"])) == ["repo/deploy/b.yaml", C]

    def test_links_are_resolved_before_looking_above(self) -> None:
        repository("repo")
        write("repo/.gitignore", text="/deploy/b.yaml\n")
        Path("link").symlink_to("repo/deploy")
        assert shown(discover(["link"])) == ["link/a.yaml", "link/in/c.yaml"]


class TestExclude:
    @pytest.fixture(autouse=True)
    def files(self) -> None:
        write("a.yaml", "vendor/b.yaml", "in/vendor/c.yaml", "in/d.yaml")

    @pytest.mark.parametrize(
        ("exclude", "expected"),
        [
            (["vendor/"], ["a.yaml", "in/d.yaml"]),
            (["/vendor"], ["a.yaml", "in/d.yaml", "in/vendor/c.yaml"]),
            (["./vendor"], ["a.yaml", "in/d.yaml", "in/vendor/c.yaml"]),
            (["in/*.yaml"], ["a.yaml", "in/vendor/c.yaml", "vendor/b.yaml"]),
            (["*.yaml", "!./in/d.yaml"], ["in/d.yaml"]),
            (["# nothing", ""], ["a.yaml", "in/d.yaml", "in/vendor/c.yaml", "vendor/b.yaml"]),
        ],
    )
    def test_patterns_are_relative_to_the_root(
        self, exclude: list[str], expected: list[str], here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert shown(discover(["."], exclude=exclude)) == expected
        monkeypatch.chdir("in")
        inner = [path.removeprefix("in/") for path in expected if path.startswith("in/")]
        assert shown(discover(["."], exclude=exclude, root=here)) == inner

    def test_they_hold_below_a_given_directory_but_not_for_it(self) -> None:
        assert shown(discover(["in", "vendor"], exclude=["vendor/", "/in/d.yaml"])) == ["vendor/b.yaml"]

    def test_outside_of_the_root_patterns_without_a_place_hold(self) -> None:
        assert shown(discover(["in"], exclude=["vendor/", "/in/d.yaml"], root=Path("vendor"))) == ["in/d.yaml"]

    def test_they_and_ignore_files_do_not_take_back_from_each_other(self) -> None:
        write(".gitignore", text="a.yaml\n!d.yaml\n")
        assert shown(discover(["."], exclude=["d.yaml", "!a.yaml", "vendor"])) == []

    def test_given_paths_are_excluded_only_by_force(self) -> None:
        given_paths = ["vendor/b.yaml", "./in/vendor", "in/../vendor/b.yaml", "a.yaml"]
        assert len(discover(given_paths, exclude=["vendor/"]).sources) == 3
        found = discover(given_paths, exclude=["vendor/"], force_exclude=True)
        assert shown(found) == ["a.yaml"]
        assert found.excluded == 3

    def test_force_heeds_what_is_taken_back(self) -> None:
        found = discover(["a.yaml", "in/d.yaml", "."], exclude=["*.yaml", "!in/d.yaml"], force_exclude=True)
        assert (shown(found), found.excluded) == (["in/d.yaml"], 1)

    def test_force_never_excludes_the_root_nor_ignored_paths(self) -> None:
        write(".gitignore", text="a.yaml\n")
        assert shown(discover([".", "a.yaml"], exclude=["*", "!/a.yaml"], force_exclude=True)) == ["a.yaml"]

    def test_an_excluded_path_may_be_missing(self) -> None:
        found = discover(["vendor/gone.yaml"], exclude=["vendor/"], force_exclude=True)
        assert found == Found((), excluded=1)

    @pytest.mark.parametrize("pattern", ["!", "\\", "[z-a]", "[[:alpha:]]"])
    def test_an_invalid_pattern_is_a_mistake_to_mend(self, pattern: str) -> None:
        with pytest.raises(InitlintError) as raised:
            discover(["."], exclude=["a", pattern])
        assert str(raised.value) == f"`{pattern}` is no pattern of a .gitignore: see https://git-scm.com/docs/gitignore"

    def test_pathspec_is_imported_for_patterns_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write(".gitignore", text="# nothing\n\n")
        monkeypatch.setitem(sys.modules, "pathspec", None)
        assert len(discover(["."], exclude=[""]).sources) == 4
        with pytest.raises(ImportError):
            discover(["."], exclude=["a"])


class TestOrder:
    PATHS = (".", "b", "./b/c", "a/x.yaml", "link.yaml", "gone", "b/c/../c/z.yaml", "ignored/y.yaml", "linked")

    @pytest.fixture
    def tree(self, here: Path) -> Path:
        write("a/x.yaml", "a/y.yml", "b/c/z.yaml", "b/x.json", "ignored/y.yaml", "B/Z.yaml")
        write(".gitignore", text="ignored/\n")
        Path("link.yaml").symlink_to("a/x.yaml")
        Path("a/broken.yaml").symlink_to("nothing")
        Path("linked").symlink_to("b")
        return here

    @pytest.mark.usefixtures("tree")
    def test_the_order_of_paths_and_entries_changes_no_set(self) -> None:
        expected = discover(self.PATHS)
        walked = discover(["."])
        scandir = os.scandir

        @settings(max_examples=60, deadline=None)
        @given(paths=st.permutations(self.PATHS), shuffler=st.randoms(use_true_random=False))
        def holds(paths: Sequence[str], shuffler: random.Random) -> None:
            def shuffled(path: str) -> Listing:
                with scandir(path) as listing:
                    return Listing(shuffler.sample(entries := list(listing), len(entries)))

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(os, "scandir", shuffled)
                found = discover(paths)
                assert discover(["."]) == walked
            assert {source.file for source in found.sources} == {source.file for source in expected.sources}
            assert len(found.sources) == len(expected.sources)
            assert (found.problems, found.skipped) == (expected.problems, expected.skipped)
            assert shown(Found(found.sources)) == [source.path for source in found.sources]

        holds()


NAMES = ("a", "b", "c.d", "foo")
SEGMENTS = ("*", "**", "?", "a", "b", "foo", "*.d", "*.yaml", "[ab]", "[!a]", "a*", "*a*", "x.yaml", "\\a")
PATTERNS = st.builds(
    lambda negation, root, segments, slash: f"{negation}{root}{'/'.join(segments)}{slash}",
    st.sampled_from(("", "", "!")),
    st.sampled_from(("", "", "/")),
    st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=3),
    st.sampled_from(("", "", "/")),
)
FILES = st.lists(st.sampled_from((*NAMES[:2], *NAMES)), max_size=3).map("/".join)


@pytest.mark.skipif(shutil.which("git") is None, reason="git, which is the reference, is not installed")
@settings(max_examples=60, deadline=None)
@given(
    ignore=st.dictionaries(FILES, st.lists(PATTERNS, min_size=1, max_size=4), max_size=3),
    directories=st.sets(FILES, min_size=1, max_size=6),
)
def test_the_same_is_ignored_as_by_git(ignore: dict[str, list[str]], directories: set[str]) -> None:
    with tempfile.TemporaryDirectory() as root:
        subprocess.run(["git", "init", "--quiet", root], check=True)
        for directory in directories | set(ignore):
            write(f"{root}/{directory}/x.yaml", f"{root}/{directory}/a.json")
        for directory, patterns in ignore.items():
            write(f"{root}/{directory}/.gitignore", text="\n".join(patterns))
        command = ["git", "-C", root, "-c", "core.excludesFile=", "ls-files", "--others", "--exclude-standard"]
        listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        expected = {path for path in listed if path.endswith((".yaml", ".json"))}
        assert {Path(path).relative_to(root).as_posix() for path in shown(discover([root]))} == expected

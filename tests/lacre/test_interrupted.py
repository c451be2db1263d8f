"""Processes that are killed, full disks, several resolvers at once: the lock and the cache stay whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import pytest

from caixa.lacre.errors import CacheProblem
from caixa.lacre.lock import read_lock_bytes
from caixa.lacre.store import Store

from .processes import Workplace, why_no_small_disks
from .universe import dep

KILL = """
import os, signal
left, real = [{after}], os.{function}
def deadly(*words, **named):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*words, **named)
os.{function} = deadly
"""


@pytest.fixture
def place(tmp_path):
    work = Workplace(tmp_path)
    work.publish("leaf")
    work.publish("stem", "0.1.0", dep("leaf"))
    return work


# -- killed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", ["replace", "fsync"])
def test_killed_at_any_write_a_resolver_leaves_the_lock_and_the_cache_whole(place, function):
    """The n-th run dies at its n-th write, on what those before it left; the first that lives has it all."""
    app = place.package("app", "stem")
    lock = app / "lacre.lisp"
    for after in range(20):
        status, _, err = place.run(app, "resolve", first=KILL.format(after=after, function=function))
        if status == 0:
            break
        assert status == -9, err
        assert not lock.exists()
        for commit in (place.cache / "commits").glob("[!.]*"):
            assert "caixa.lisp" in Store(place.cache).files(commit.name)
    assert after > 1
    assert {entry.nome for entry in read_lock_bytes("lock", lock.read_bytes()).entradas} == {"leaf", "stem"}
    assert not list(place.cache.rglob(".new-*"))


def test_killed_as_it_puts_a_new_lock_into_place_a_resolver_leaves_the_old_one(place):
    app = place.package("app", "stem")
    assert place.run(app, "resolve")[0] == 0
    lock = app / "lacre.lisp"
    old = lock.read_bytes()
    place.publish("leaf", "0.2.0")
    assert (
        place.run(app, "update", "--dry-run")[0] == 0
    )  # so that the next run only writes refs, twice, and the lock
    status, _, err = place.run(app, "update", first=KILL.format(after=2, function="replace"))
    assert (status, lock.read_bytes()) == (-9, old), err
    assert place.run(app, "update")[0] == 0
    assert read_lock_bytes("lock", lock.read_bytes()).entry("leaf").versao == "0.2.0"


@pytest.mark.parametrize(
    "left", ["shallow.lock", "HEAD.lock", "objects/pack/tmp_pack_x", "refs/caixa/hint.lock"]
)
def test_what_a_killed_git_left_is_not_in_the_way(place, left):
    app = place.package("app", "leaf")
    assert place.run(app, "resolve")[0] == 0
    (bare,) = (each for each in (place.cache / "git").iterdir() if each.is_dir())
    (bare / left).parent.mkdir(parents=True, exist_ok=True)
    (bare / left).write_bytes(b"")
    place.publish("leaf", "0.2.0")
    status, _, err = place.run(app, "update")
    assert (status, "leaf 0.1.0 → 0.2.0" in err) == (0, True), err


@pytest.mark.parametrize("damage", ["HEAD", "config", "objects/pack/*.pack", "objects/pack/*.idx", "shallow"])
def test_a_damaged_repository_of_the_cache_is_fetched_anew(place, damage):
    app = place.package("app", "leaf")
    assert place.run(app, "resolve")[0] == 0
    (bare,) = (each for each in (place.cache / "git").iterdir() if each.is_dir())
    for path in bare.glob(damage):
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    for path in (place.cache / "contents").iterdir():
        path.write_bytes(b"damaged")
    status, _, err = place.run(app, "resolve")
    assert status == 0, err


# -- at once --------------------------------------------------------------------------------------------------


def test_resolvers_in_several_processes_share_a_cache_and_fetch_each_package_once(place):
    apps = [place.package(f"app-{number}", "stem", "leaf") for number in range(4)]
    running = [place.start(app, "resolve") for app in apps]
    ended = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0] * 4, ended
    assert len({(app / "lacre.lisp").read_bytes() for app in apps}) == 1
    said = "".join(err for _, err in ended)
    assert (said.count("fetching leaf"), said.count("fetching stem")) == (1, 1)


def test_two_resolvers_of_one_package_leave_one_whole_lock(place):
    app = place.package("app", "stem")
    running = [place.start(app, "resolve") for _ in range(3)]
    for process in running:
        assert (process.communicate(timeout=120), process.returncode)[1] == 0
    assert read_lock_bytes("lock", (app / "lacre.lisp").read_bytes()).is_coherent
    assert sorted(path.name for path in app.iterdir()) == ["caixa.lisp", "lacre.lisp"]


def test_who_waits_for_another_says_so(place):
    app = place.package("app", "leaf")
    url = "https://github.com/pleme-io/leaf.git"
    with Store(place.cache).repository(url):
        running = place.start(app, "resolve")
        said = ""
        while "waiting for another that fetches from" not in said:
            said += running.stderr.readline()
            assert running.poll() is None, said
    assert "wrote lacre.lisp" in running.communicate(timeout=60)[1]


# -- no room --------------------------------------------------------------------------------------------------

ON_A_SMALL_DISK = """
import io, json, os, subprocess, sys
from pathlib import Path
from feira.cli import run
from feira.terminal import Terminal

disk, size, work, is_package = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4] == "package"
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk], check=True)
if is_package:
    for name in ("caixa.lisp", "lacre.lisp"):
        (disk / name).write_bytes((Path(work) / name).read_bytes())
    with open(disk / "filler", "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(4096))
        except OSError:
            pass
    work = str(disk)
os.chdir(work)
before = sorted(os.listdir("."))

def resolve():
    out, err = io.StringIO(), io.StringIO()
    return run(["update"], Terminal(out, err, {})), err.getvalue()

status, err = resolve()
lock = Path("lacre.lisp").read_text() if Path("lacre.lisp").exists() else None
after = sorted(os.listdir("."))
subprocess.run(["mount", "-o", "remount,size=32m", disk], check=True)
again, _ = resolve()
print(json.dumps([status, err, before == after, lock, again]))
"""


@pytest.fixture
def on_a_small_disk(place):
    if why_no_small_disks():
        pytest.skip(why_no_small_disks())

    def run(size: str, app, what: str):
        disk = place.folder / "cache" if what == "cache" else place.folder / "disk"
        disk.mkdir(exist_ok=True)
        code = [sys.executable, "-c", ON_A_SMALL_DISK, str(disk), size, str(app), what]
        done = subprocess.run(
            ["unshare", "--map-root-user", "--mount", *code],
            env=place.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize("size", ["4k", "8k", "16k", "24k", "32k", "40k"])
def test_a_full_disk_below_the_cache_is_one_error_and_with_room_all_is_well(place, on_a_small_disk, size):
    status, err, is_same, lock, again = on_a_small_disk(size, place.package("app", "stem"), "cache")
    assert (status, is_same, lock, again) == (1, True, None, 0), err
    assert err.count("error[") == err.count("error[cache-problem]") == 1


def test_a_full_disk_below_the_package_leaves_the_old_lock(place, on_a_small_disk):
    app = place.package("app", "stem")
    assert place.run(app, "resolve")[0] == 0
    old = (app / "lacre.lisp").read_text()
    place.publish("leaf", "0.2.0")
    status, err, is_same, lock, again = on_a_small_disk("64k", app, "package")
    assert (status, is_same, again) == (1, True, 0), err
    assert lock == old
    assert err.count("error[file-problem]") == 1


def test_a_file_in_the_place_of_the_cache_is_one_error(place):
    app = place.package("app", "leaf")
    place.cache.parent.mkdir()
    place.cache.write_text("mine")
    status, _, err = place.run(app, "resolve")
    assert (status, err.count("error[cache-problem]")) == (1, 1), err
    assert place.cache.read_text() == "mine"


def test_a_cache_that_may_not_be_read_is_said(tmp_path, monkeypatch):
    def denied(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", denied)
    with pytest.raises(CacheProblem, match="cannot be used"):
        Store(tmp_path).files("a" * 40)


def test_a_writer_that_lives_is_not_swept_away(tmp_path):
    """Another process is between its write and its rename while this one keeps something."""
    code = f"""
        import os, sys
        from pathlib import Path
        from caixa.lacre.store import Store
        real = os.replace
        def slow(*words):
            print("writing", flush=True)
            sys.stdin.readline()
            return real(*words)
        os.replace = slow
        Store(Path({str(tmp_path)!r})).keep_refs("one", {{"refs/tags/v1": "a" * 40}})
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "writing\n"
        store = Store(tmp_path)
        store.keep_refs("two", {"refs/tags/v2": "b" * 40})
        assert len(list(tmp_path.rglob(".new-*"))) == 1
        other.communicate("\n", timeout=60)
    assert other.returncode == os.EX_OK
    assert store.refs("one") == {"refs/tags/v1": "a" * 40}
    assert not list(tmp_path.rglob(".new-*"))

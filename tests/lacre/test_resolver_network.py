"""Sources over https and ssh: what is fetched, what is refused, and that nothing waits for a person."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from caixa.lacre.config import ResolverConfig
from caixa.lacre.errors import FetchTooLarge, NoRepository, SourceUnreachable
from caixa.lacre.fetcher import SourceFetcher
from caixa.lacre.git_source import GitSource, Limits
from caixa.lacre.origins import Addressing
from caixa.lacre.resolver import Request, resolve
from caixa.lacre.store import Store

from .repositories import Repository, git
from .servers import https_server, ssh_stand_in, why_no_https
from .universe import dep, package


@pytest.fixture
def forge(tmp_path):
    return lambda nome: Repository(tmp_path / "forge" / "o" / nome)


@pytest.fixture
def https(tmp_path, monkeypatch):
    if why_no_https():
        pytest.skip(why_no_https())
    with https_server(tmp_path / "forge", tmp_path) as server:
        monkeypatch.setenv("GIT_SSL_CAINFO", str(server.certificate))
        yield server


@pytest.fixture
def ssh(tmp_path, monkeypatch):
    """Git takes a script for ssh; the function says what the script does before it answers."""

    def make(before: str = ""):
        program, log = ssh_stand_in(tmp_path, before)
        monkeypatch.setenv("GIT_SSH_COMMAND", str(program))
        monkeypatch.setenv("GIT_SSH_VARIANT", "ssh")
        return log

    return make


@pytest.fixture
def resolved(tmp_path):
    def run(*deps, config=None, forges=None, limits=None, cache="cache", report=lambda _: None, **rest):
        addressing = Addressing(config or ResolverConfig(), forges or {})
        fetcher = SourceFetcher(tmp_path, Store(tmp_path / cache), limits=limits, report=report)
        with fetcher:
            return resolve(Request(package("app", "1.0.0", *deps), addressing=addressing, **rest), fetcher)

    return run


def at(nome: str, url: str) -> str:
    return dep(nome, "*", f'(:tipo git :repo "{url}")')


# -- https ----------------------------------------------------------------------------------------------------


def test_a_package_comes_over_https(https, forge, resolved):
    forge("leaf").publish("leaf", "0.1.0")
    rev = forge("leaf").publish("leaf", "0.2.0")
    found = resolved(at("leaf", f"{https.url}/o/leaf/.git")).packages["leaf"]
    assert (found.versao, found.rev) == ("0.2.0", rev)
    assert found.package.files["lib/leaf.lisp"] == b";; 0.2.0\n"
    assert any(path.endswith("git-upload-pack") for path in https.asked)


def test_a_server_whose_certificate_nobody_vouches_for_is_not_believed(https, forge, resolved, monkeypatch):
    forge("leaf").publish("leaf", "0.1.0")
    monkeypatch.delenv("GIT_SSL_CAINFO")
    with pytest.raises(SourceUnreachable) as caught:
        resolved(at("leaf", f"{https.url}/o/leaf/.git"))
    assert not isinstance(caught.value, NoRepository)
    assert "certificate" in caught.value.diagnostics[0].why
    assert https.asked == []


def test_a_repository_that_is_not_there_or_asks_who_one_is_is_not_for_this_person(https, resolved):
    for path in ("o/gone.git", "private/leaf.git"):
        with pytest.raises(NoRepository):
            resolved(at("leaf", f"{https.url}/{path}"))


def test_a_host_that_does_not_answer_is_another_error(resolved):
    with pytest.raises(SourceUnreachable) as caught:
        resolved(at("leaf", "https://127.0.0.1:9/leaf.git"))
    assert not isinstance(caught.value, NoRepository)


ASK = """
import sys
from pathlib import Path
from caixa.lacre.errors import LacreError
from caixa.lacre.git_source import GitSource, Limits
try:
    GitSource(sys.argv[1], Path(sys.argv[2]) / "bare", Limits(seconds=60)).refs()
except LacreError as error:
    print("REFUSED", error.code)
"""


ON_A_TERMINAL = "import pty, sys; pty.spawn([sys.executable, *sys.argv[1:]])"


def on_a_terminal(*words: str) -> tuple[str, float]:
    """Run Python on a terminal of its own, where nobody types; return what it showed, and the seconds."""
    begun = time.monotonic()
    code = [sys.executable, "-c", ON_A_TERMINAL, "-c", *words]
    with subprocess.Popen(code, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        shown = child.stdout.read()  # standard input stays open: somebody is there, and says nothing
    return shown, time.monotonic() - begun


def test_on_a_terminal_too_nobody_is_asked_for_a_password(https, tmp_path):
    shown, took = on_a_terminal(ASK, f"{https.url}/private/leaf.git", str(tmp_path))
    assert shown.strip() == "REFUSED no-repository"
    assert took < 30


def test_an_ssh_that_wants_to_ask_has_no_terminal_to_ask_on(ssh, tmp_path):
    ssh('read -r answer < /dev/tty && echo "$answer"; echo "Permission denied (publickey)." >&2; exit 255')
    shown, took = on_a_terminal(ASK, "ssh://git@127.0.0.1/x.git", str(tmp_path))
    assert shown.strip() == "REFUSED source-unreachable"
    assert took < 30


# -- ssh ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["ssh://git@127.0.0.1{path}", "git@127.0.0.1:{path}", "ssh://git@127.0.0.1:2222{path}"]
)
def test_a_package_comes_over_ssh(ssh, forge, resolved, url):
    log = ssh()
    leaf = forge("leaf")
    rev = leaf.publish("leaf", "0.1.0")
    found = resolved(at("leaf", url.format(path=leaf.path))).packages["leaf"]
    assert (found.versao, found.rev) == ("0.1.0", rev)
    assert "git@127.0.0.1" in log.read_text()
    assert "git-upload-pack" in log.read_text()


def test_a_server_that_talks_without_end_is_cut_off(ssh, tmp_path):
    ssh("head -c 3000000 /dev/zero >&2; sleep 60")
    begun = time.monotonic()
    with pytest.raises(FetchTooLarge):
        GitSource("ssh://git@127.0.0.1/x", tmp_path / "bare", Limits(listed_bytes=1_000_000)).refs()
    assert time.monotonic() - begun < 20


# -- several at once ------------------------------------------------------------------------------------------

COUNTED = """
mkdir {here}/$$; ls {here} | wc -l >> {most}; sleep 0.3; rmdir {here}/$$
"""


@pytest.fixture
def counted(ssh, tmp_path):
    """Every answer over ssh takes a while; the function returns how many were given at a time, at most."""
    here, most = tmp_path / "here", tmp_path / "most"
    here.mkdir()
    ssh(COUNTED.format(here=here, most=most))

    def read() -> int:
        found = max(map(int, most.read_text().split()))
        most.unlink()
        return found

    return read


def test_sources_are_fetched_several_at_a_time_and_no_more_than_may_be(counted, forge, resolved):
    names = [f"leaf-{letter}" for letter in "abcdef"]
    deps = [at(nome, f"ssh://git@127.0.0.1{forge(nome).path}") for nome in names]
    for nome in names:
        forge(nome).publish(nome, "0.1.0")
    one = resolved(*deps, limits=Limits(at_once=1), cache="one").lock()
    assert counted() == 1
    many = resolved(*deps, limits=Limits(at_once=3), cache="many").lock()
    assert 1 < counted() <= 4  # three ahead of time, and the search itself
    assert many == one


def test_the_error_is_the_same_however_many_are_fetched_at_a_time(forge, resolved, tmp_path):
    forge("leaf-c").publish("leaf-c", "0.1.0")
    deps = [at(nome, f"file://{tmp_path}/forge/o/{nome}") for nome in ("leaf-c", "leaf-z", "leaf-a", "leaf-b")]
    said = set()
    for number in range(6):
        with pytest.raises(NoRepository) as caught:
            resolved(*deps, limits=Limits(at_once=1 if number == 0 else 8), cache=f"cache-{number}")
        said.add(caught.value.render())
    assert len(said) == 1
    assert "leaf-a" in said.pop()


def test_what_was_not_wanted_after_all_is_no_error(forge, resolved, tmp_path):
    """A broken repository is looked at ahead of time, but a conflict that comes first is what is said."""
    for nome in ("a", "b"):
        forge(nome).publish(nome, "0.1.0", at("a", "file:///nowhere/a"))
    with pytest.raises(Exception, match=r"circle|asked for from"):
        resolved(at("a", f"file://{tmp_path}/forge/o/a"), at("b", f"file://{tmp_path}/forge/o/b"))


STOPPED = """
import sys, threading, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from caixa.lacre.fetcher import SourceFetcher
from caixa.lacre.resolver import Request, resolve
from caixa.lacre.store import Store
from caixa.manifest.package import Package
fonte = ':fonte (:tipo git :repo "ssh://git@127.0.0.1/x"'
deps = " ".join(f'(:nome "{letter}" :versao "*" {fonte.replace("x", letter)}))' for letter in "abcdef")
root = Package.from_text(f'(defcaixa :nome "app" :versao "1.0.0" :kind Biblioteca :deps ({deps}))')
try:
    with SourceFetcher(Path(sys.argv[1]), Store(Path(sys.argv[1]) / "cache")) as fetcher:
        resolve(Request(root), fetcher)
except KeyboardInterrupt:
    until = time.monotonic() + 20
    while threading.active_count() > 1 and time.monotonic() < until:
        time.sleep(0.01)  # a thread that has nothing more to do takes a moment to go
    print("STOPPED", threading.active_count())
"""


def test_stop_ends_all_that_is_fetched(ssh, tmp_path):
    log = ssh("exec sleep 60")
    words = [sys.executable, "-c", STOPPED, str(tmp_path), "", str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
        until = time.monotonic() + 30
        while time.monotonic() < until and not (log.exists() and len(log.read_text().splitlines()) >= 4):
            time.sleep(0.05)
        begun = time.monotonic()
        child.send_signal(2)
        out, _ = child.communicate(timeout=30)
    assert out == "STOPPED 1\n"
    assert time.monotonic() - begun < 10


def test_progress_of_all_that_is_fetched_is_heard_on_one_thread(forge, resolved, tmp_path):
    heard = []
    for nome in ("one", "two", "three"):
        forge(nome).publish(nome, "0.1.0")
    resolved(
        *(at(nome, f"file://{tmp_path}/forge/o/{nome}") for nome in ("one", "two", "three")),
        report=heard.append,
    )
    for nome in ("one", "two", "three"):
        assert sum(f"asking file://{tmp_path}/forge/o/{nome} for" in line for line in heard) == 1
        assert sum(f"fetching {nome} v0.1.0" in line for line in heard) == 1


# -- several hosts --------------------------------------------------------------------------------------------


@pytest.fixture
def hosts(tmp_path):
    """Two hosts, and a function that publishes at one of them; the second is the additional one."""
    config = ResolverConfig(default_host="first:us", additional_hosts=("second:them", "third:all"))
    forges = {host: f"file://{tmp_path}/{host}/{{}}" for host in ("first", "second", "third")}

    def publish(host: str, nome: str, versao: str = "0.1.0", *deps: str) -> Repository:
        owner = {"first": "us", "second": "them", "third": "all"}[host]
        repository = Repository(tmp_path / host / owner / nome)
        repository.publish(nome, versao, *deps)
        return repository

    return publish, {"config": config, "forges": forges}


def test_the_default_host_comes_first_and_the_others_in_their_order(hosts, resolved):
    publish, how = hosts
    publish("first", "leaf", "0.1.0")
    publish("second", "leaf", "0.9.0")
    publish("third", "stem", "0.3.0", dep("leaf"), dep("root"))
    publish("second", "root", "0.4.0")
    publish("third", "root", "0.5.0")
    found = resolved(dep("stem"), **how)
    assert {nome: (each.versao, each.fonte.repo) for nome, each in found.packages.items()} == {
        "leaf": ("0.1.0", "first:us/leaf"),
        "root": ("0.4.0", "second:them/root"),
        "stem": ("0.3.0", "third:all/stem"),
    }
    assert [(note.code, note.data["nome"]) for note in found.notes] == [
        ("additional-host", "root"),
        ("additional-host", "stem"),
    ]


def test_a_source_that_is_given_is_not_looked_for_elsewhere(hosts, resolved, tmp_path):
    publish, how = hosts
    publish("second", "leaf")
    with pytest.raises(NoRepository):
        resolved(at("leaf", "first:us/leaf"), **how)


def test_no_host_that_has_it_is_the_error_of_the_first(hosts, resolved):
    _, how = hosts
    with pytest.raises(NoRepository, match="first/us/leaf"):
        resolved(dep("leaf"), **how)


def test_a_host_that_does_not_answer_is_not_passed_over(hosts, resolved, tmp_path):
    """Else whoever has the name at another host would be taken for it while the first is out of reach."""
    publish, how = hosts
    publish("second", "leaf")
    how["forges"]["first"] = "https://127.0.0.1:9/{}.git"
    with pytest.raises(SourceUnreachable) as caught:
        resolved(dep("leaf"), **how)
    assert not isinstance(caught.value, NoRepository)


def test_a_version_that_the_default_host_lacks_is_not_taken_from_another(hosts, resolved):
    publish, how = hosts
    publish("first", "leaf", "0.1.0")
    publish("second", "leaf", "9.0.0")
    with pytest.raises(Exception, match='no version of "leaf"'):
        resolved(dep("leaf", "^9"), **how)


def test_what_is_locked_stays_at_its_host_and_nobody_is_asked(hosts, resolved, tmp_path):
    publish, how = hosts
    publish("second", "leaf", "0.1.0")
    lock = resolved(dep("leaf"), **how).lock()
    publish("first", "leaf", "0.5.0")
    heard = []
    assert resolved(dep("leaf"), locked=lock, report=heard.append, **how).lock() == lock
    assert heard == []
    assert resolved(dep("leaf"), **how).packages["leaf"].versao == "0.5.0"


def test_refs_are_read_over_https_by_git_itself(https, forge, tmp_path):
    rev = forge("leaf").publish("leaf", "0.1.0")
    assert GitSource(f"{https.url}/o/leaf/.git", tmp_path / "bare", Limits()).refs()["refs/tags/v0.1.0"] == rev
    assert git(forge("leaf").path, "rev-parse", "HEAD").strip() == rev

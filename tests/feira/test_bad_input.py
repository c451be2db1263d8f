"""Bad input is the normal case: one clear error that says what to do, the right status, nothing half-done."""

import json
import subprocess

import pytest

SERVICO = """(defcaixa :nome "hello" :versao "0.1.0" :kind Servico :descricao "x"
  :servicos ("servicos/hello.computeunit.yaml"))
"""
UNIT = "spec:\n  module: {source: ./hello.wasm}\n  trigger: {oneShot: {}}\n"

# words, code of the error, a part of what to do, exit status
USAGE = [
    (("bild",), "usage", "did you mean feira build?"),
    (("app", "grahp"), "usage", "did you mean feira app graph?"),
    (("app",), "usage", "feira app --help"),
    (("build", "--pth", "x"), "usage", "did you mean --path?"),
    (("build", "extra"), "usage", "--path DIR"),
    (("init",), "usage", "feira init --help"),
    (("init", "a", "--kind", "Servce"), "usage", "feira init --help"),
    (("render", "--as", "yaml"), "usage", "'computeunit'"),
    (("deploy",), "usage", "--cluster"),
    (("deploy", "--cluster"), "usage", "requires an argument"),
    (("deploy", "--cluster", "rio", "--commit", "--apply"), "usage", "give one"),
    (("deploy", "--cluster", "rio", "--dry-run", "--commit"), "usage", "give one"),
    (("run", "f", "--componnt", "x"), "usage", "did you mean --component?"),
    (("diff",), "usage", "feira diff OLD [NEW]"),
    (("diff", "a", "b", "c"), "usage", "name one or two"),
    (("help", "dploy"), "usage", "did you mean deploy?"),
    (("help", ":limts"), "usage", "did you mean :limits?"),
]


@pytest.mark.parametrize(("words", "code", "fix"), USAGE)
def test_words_that_are_no_use_of_a_verb_leave_with_2(feira, words, code, fix):
    feira.write("caixa.lisp", SERVICO)
    feira.write("servicos/hello.computeunit.yaml", UNIT)
    before = feira.files()
    outcome = feira(*words)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.count(f"error[{code}]") == 1
    assert fix in outcome.err
    assert "Traceback" not in outcome.err
    assert feira.files() == before


LIBRARY = '(defcaixa :nome "hello" :versao "0.1.0" :kind Biblioteca)'
WITH_DEV = LIBRARY[:-1] + ' :deps-dev ((:nome "x" :versao "*")))'
FAILURES = [
    (("build", "--path", "nowhere"), {}, "missing-manifest", "feira init"),
    (("build",), {"caixa.lisp": ""}, "manifest-empty", "Write (defcaixa"),
    (("build",), {"caixa.lisp": "(defcaixa"}, "", ""),
    (("build",), {"caixa.lisp": b"\xff\xfe"}, "unreadable-package", "UTF-8"),
    (("build",), {"caixa.lisp": SERVICO}, "missing-entry", "Create servicos/hello.computeunit.yaml"),
    (("chart",), {"caixa.lisp": SERVICO, "servicos/hello.computeunit.yaml": "a: ["}, "malformed-yaml", ""),
    (("chart",), {"caixa.lisp": SERVICO, "servicos/hello.computeunit.yaml": "a: 1\n"}, "missing-field", ""),
    (
        ("chart",),
        {"caixa.lisp": SERVICO, "servicos/hello.computeunit.yaml": "spec: {}\n"},
        "computeunit-module",
        "",
    ),
    (("lint", "nowhere.lisp"), {"caixa.lisp": SERVICO}, "file-problem", "check the path"),
    (("why", "x"), {"caixa.lisp": LIBRARY}, "not-needed", "needs no other package"),
    (("why", "x"), {"caixa.lisp": WITH_DEV}, "not-locked", "resolve --dev locks"),
    (("remove", "zzz"), {"caixa.lisp": WITH_DEV}, "not-needed", "it needs x"),
    (("lint",), {"caixa.lisp": SERVICO, "lib/a.lisp": "(("}, "reader", ""),
    (("open", "nowhere"), {}, "missing-manifest", "feira init"),
    (("render", "--as", "mesh"), {"caixa.lisp": SERVICO}, "not-an-aplicacao", "name an Aplicacao"),
    (("app", "graph"), {"caixa.lisp": SERVICO}, "no-graph", "Aplicacao"),
    (("render", "--members", "nowhere"), {"caixa.lisp": SERVICO}, "file-problem", "the path after --members"),
    (("render", "--namespace", "Bad_NS"), {"caixa.lisp": SERVICO}, "bad-object-name", "a namespace"),
    (("render", "--issuer", "a b"), {"caixa.lisp": SERVICO}, "bad-object-name", "an issuer"),
    (("run", "f"), {"caixa.lisp": SERVICO}, "component-missing", "--component FILE"),
    (("run", "f", "--component", "x.wasm"), {"caixa.lisp": SERVICO}, "file-problem", ""),
    (("run", "f", "--component", "x.wasm"), {"caixa.lisp": SERVICO, "x.wasm": b"junk"}, "invalid-module", ""),
    (("run", "f", "--component", "x.wat"), {"caixa.lisp": SERVICO, "x.wat": "(modul)"}, "invalid-module", ""),
]


@pytest.mark.parametrize(("words", "files", "code", "fix"), FAILURES)
def test_what_cannot_be_done_leaves_with_1_and_says_what_to_do(feira, words, files, code, fix):
    for path, data in files.items():
        feira.write(path, data)
    before = feira.files()
    outcome = feira(*words)
    assert outcome.status == 1
    assert outcome.out == ""
    assert "error[" + code in outcome.err
    assert fix in outcome.err
    assert "Traceback" not in outcome.err
    assert feira.files() == before


def test_every_problem_of_a_manifest_is_shown_at_its_place(feira):
    feira.write("caixa.lisp", '(defcaixa :nome "Bad Name" :versao "x" :kind Servico :limits (:memry "1MiB"))\n')
    outcome = feira("validate")
    assert outcome.status == 1
    assert outcome.err.count("error[") >= 3
    assert outcome.err.count("^") >= 3
    assert "in caixa.lisp, line 1" in outcome.err


def test_a_source_that_does_not_compile_is_shown_at_its_place(feira):
    feira("init", "hello")
    feira.write("hello/lib/hello.lisp", ";; first\n(define ok 1)\n(define (f x)\n  (let ((y)) y))\n")
    outcome = feira("build", "--path", "hello")
    assert outcome.status == 1
    assert outcome.out == ""
    assert "✗ lib/hello.lisp" in outcome.err
    assert "in lib/hello.lisp, line 4, column 9" in outcome.err


def test_building_never_runs_the_program(feira):
    feira("init", "hello")
    feira.write(
        "hello/lib/hello.lisp", '(defmacro m (x) `(list ,x))\n(m (error "run!"))\n(require "nowhere")\n'
    )
    outcome = feira("build", "--path", "hello")
    assert outcome.status == 0, outcome.err
    assert "3 forms" in outcome.err


DEPLOY = ("deploy", "--cluster", "rio")


@pytest.fixture
def servico(feira):
    feira.write("caixa.lisp", SERVICO)
    feira.write("servicos/hello.computeunit.yaml", UNIT)
    return feira


def test_a_repository_that_is_not_there_is_named_with_the_flag_that_names_another(servico, monkeypatch):
    outcome = servico(*DEPLOY, "--k8s-repo", "nowhere")
    assert (outcome.status, outcome.out) == (1, "")
    assert "error[repository-missing]" in outcome.err
    assert "--k8s-repo" in outcome.err
    monkeypatch.setenv("PLEME_K8S_REPO", "/from/the/environment")
    assert "/from/the/environment" in servico(*DEPLOY).err


def test_a_cluster_that_is_not_there_lists_those_that_are(servico, k8s):
    outcome = servico("deploy", "--cluster", "roi", "--k8s-repo", str(k8s), "--commit")
    assert outcome.status == 1
    assert "local, rio" in outcome.err
    assert "did you mean rio?" in outcome.err


@pytest.mark.parametrize(
    ("release", "code"),
    [
        (None, "release-missing"),
        ("a: [", "malformed-yaml"),
        (b"a: \xff", "file-problem"),
        (b"a: \xff\n", "file-problem"),
        ("kind: HelmRelease\n", "missing-field"),
        ("spec: {values: {programs: 3}}\n", "missing-field"),
    ],
)
def test_a_release_that_cannot_be_edited_is_left_as_it_is(servico, k8s, git, release, code):
    path = k8s / "clusters/rio/programs/release.yaml"
    path.unlink() if release is None else path.write_bytes(
        release if isinstance(release, bytes) else release.encode()
    )
    git(k8s, "commit", "--quiet", "-am", "Break it")
    outcome = servico(*DEPLOY, "--k8s-repo", str(k8s), "--commit")
    assert outcome.status == 1
    assert f"error[{code}]" in outcome.err
    assert git(k8s, "status", "--porcelain") == ""


def test_someone_elses_changes_are_neither_committed_nor_lost(servico, k8s):
    path = k8s / "clusters/rio/programs/release.yaml"
    path.write_text(path.read_text() + "# mine\n")
    before = path.read_text()
    outcome = servico(*DEPLOY, "--k8s-repo", str(k8s), "--commit")
    assert outcome.status == 1
    assert "error[dirty-files]" in outcome.err
    assert path.read_text() == before


def test_a_rejected_push_keeps_the_commit_and_says_how_to_go_on(servico, k8s, git, tmp_path):
    git(tmp_path, "clone", "--quiet", "k8s.git", "other")
    (tmp_path / "other/README").write_text("theirs\n")
    git(tmp_path / "other", "add", ".")
    git(tmp_path / "other", "commit", "--quiet", "-m", "Theirs")
    git(tmp_path / "other", "push", "--quiet", "origin", "HEAD:main")
    outcome = servico(*DEPLOY, "--k8s-repo", str(k8s), "--apply")
    assert outcome.status == 1
    assert "error[push-rejected]" in outcome.err
    assert "git pull --rebase" in outcome.err
    git(k8s, "pull", "--quiet", "--rebase", "origin", "main")
    assert servico(*DEPLOY, "--k8s-repo", str(k8s), "--apply").status == 0
    assert git(k8s, "rev-parse", "origin/main") == git(k8s, "rev-parse", "main")


@pytest.mark.parametrize("rel", ["../outside.yaml", "/etc/passwd", ".git/config", "clusters"])
def test_the_release_is_always_a_file_of_the_repository(servico, k8s, rel):
    outcome = servico(*DEPLOY, "--k8s-repo", str(k8s), "--programs-yaml", rel)
    assert outcome.status == 1
    assert "error[path-outside]" in outcome.err


def test_an_error_is_also_data_for_who_asked_for_json(feira):
    outcome = feira("build", "--path", "nowhere", "--json")
    assert json.loads(outcome.out)["errors"][0]["code"] == "missing-manifest"
    assert "error[missing-manifest]" in outcome.err


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(feira):
    feira.write("caixa.lisp", SERVICO)
    feira.write("servicos/hello.computeunit.yaml", UNIT)
    feira.write("out", "a file where a folder should be")
    before = feira.files()
    outcome = feira("chart", "--out", "out")
    assert outcome.status == 1
    assert "error[file-problem]" in outcome.err
    assert feira.files() == before


def test_a_reader_that_goes_away_is_no_error(feira):
    import sys

    feira("init", "hello", "--kind", "Servico")
    command = f"{sys.executable} -m feira render --path hello | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

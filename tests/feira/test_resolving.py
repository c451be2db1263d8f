"""Dependencies on the command line: add, lock, resolve, update, tree, why, remove."""

import json

import pytest
from forging import manifest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.manifest.model import Dep, GitFonte, PathFonte
from caixa.manifest.package import Package
from feira import DirectoryWorkspace
from feira.commands import Face, run
from feira.dependencies import DEPS, DEPS_DEV, dependency_text, with_dependency, without_dependency


@pytest.fixture
def app(feira, forge):
    """A package that needs `middle`, which needs `leaf`."""
    forge("leaf", "0.1.0")
    forge("leaf", "0.1.5")
    forge("middle", "1.0.0", '(:nome "leaf" :versao "^0.1")')
    feira.write("caixa.lisp", manifest("app", "1.0.0", '(:nome "middle" :versao "^1")'))
    feira.write("lib/app.lisp", ";;; app\n")
    return feira


def test_resolve_writes_what_its_dry_run_shows_and_says_what_changed(app):
    dry = app("resolve", "--dry-run")
    assert dry.status == 0, dry.err
    assert "lacre.lisp" not in app.files()
    done = app("resolve")
    assert app.files()["lacre.lisp"].decode() == dry.out
    assert "+ leaf 0.1.5\n+ middle 1.0.0\n" in done.err
    assert done.out.startswith("blake3:")


def test_slow_work_is_announced_as_it_begins(app):
    err = app("resolve").err
    assert "… asking https://github.com/pleme-io/middle.git for the versions of middle\n" in err
    assert "… fetching leaf v0.1.5 from https://github.com/pleme-io/leaf.git\n" in err
    assert "…" not in app("resolve").err


def test_lock_keeps_what_is_locked_and_update_takes_the_highest(app, forge):
    app("lock")
    before = app.files()["lacre.lisp"]
    forge("leaf", "0.1.9")
    assert "unchanged" in app("lock").err
    assert app.files()["lacre.lisp"] == before
    assert "~ leaf 0.1.5 → 0.1.9" in app("update", "leaf").err
    forge("middle", "1.2.0", '(:nome "leaf" :versao "^0.1")')
    assert "~ middle 1.0.0 → 1.2.0" in app("update").err


@pytest.mark.parametrize("words", [("--update",), ("--update", "leaf")])
def test_resolve_updates_one_package_or_all(app, forge, words):
    app("lock")
    forge("leaf", "0.1.9")
    assert "~ leaf 0.1.5 → 0.1.9" in app("resolve", *words).err


def test_updating_what_is_not_locked_is_an_error(app):
    app("lock")
    outcome = app("update", "laef")
    assert outcome.status == 1
    assert 'the lock has no "laef"' in outcome.err


def test_a_moved_tag_is_reported(app, forge):
    app("lock")
    forge("leaf", "0.1.5", '(:nome "none" :versao "*" :opcional #t)')
    assert "has moved" not in app("lock").err
    assert 'warning[tag-moved]: the tag v0.1.5 of "leaf" has moved' in app("update").err


def test_offline_the_lock_resolves_from_the_cache_and_nothing_else_does(app, tmp_path, monkeypatch):
    assert "not-cached" in app("resolve", "--offline").err
    app("resolve")
    assert app("resolve", "--offline").status == 0
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    assert app("resolve", "--offline").status == 1


def test_a_conflict_shows_both_paths_at_the_place_in_the_manifest(app, forge):
    forge("leaf", "0.2.0")
    app.write(
        "caixa.lisp", manifest("app", "1.0.0", '(:nome "middle" :versao "^1") (:nome "leaf" :versao "^0.2")')
    )
    outcome = app("resolve")
    assert outcome.status == 1
    assert "lacre.lisp" not in app.files()
    assert "app 1.0.0 → leaf ^0.2; app 1.0.0 → middle 1.0.0 → leaf ^0.1" in outcome.err
    assert '1 | (defcaixa :nome "app"' in outcome.err


def test_json_has_the_lock_the_changes_and_the_notes(app):
    data = json.loads(app("resolve", "--json").out)
    assert [change["nome"] for change in data["changes"]] == ["leaf", "middle"]
    assert data["text"].startswith("(deflacre\n")
    assert data["notes"] == []


def test_a_lock_that_was_changed_by_hand_is_refused_until_it_is_made_anew(app):
    app("lock")
    app.write("lacre.lisp", app.files()["lacre.lisp"].decode().replace('"blake3:', '"blake3:0', 1))
    assert "incoherent-lock" in app("lock").err
    assert app("resolve", "--update").status == 0
    assert app("lock").status == 0


def test_development_dependencies_are_locked_on_demand(app, forge):
    forge("checks")
    app.write("caixa.lisp", manifest("app", "1.0.0", "", ':deps-dev ((:nome "checks" :versao "*"))'))
    assert "checks" not in app("resolve", "--dry-run").out
    assert '"checks"' in app("resolve", "--dev", "--dry-run").out


def test_the_default_host_is_a_flag_or_configured(app, tmp_path):
    app.write("caixa.lisp", manifest("app", "1.0.0", '(:nome "leaf" :versao "*")'))
    host = f"file://{tmp_path}/forge/pleme-io"
    done = app("resolve", "--default-host", "gitlab:nobody", "--offline")
    assert "gitlab.com/nobody/leaf" in done.err
    (tmp_path / "home" / "caixa").mkdir()
    (tmp_path / "home" / "caixa" / "config.yaml").write_text("default_host: codeberg:me\nother: 1\n")
    assert "codeberg.org/me/leaf" in app("resolve", "--offline").err
    (tmp_path / "home" / "caixa" / "config.lisp").write_text(
        '(defresolver-config :default-host "sourcehut:you")'
    )
    assert "git.sr.ht/~you/leaf" in app("resolve", "--offline").err
    assert host
    (tmp_path / "home" / "caixa" / "config.lisp").write_text("(defresolver-config :nonsense 1)")
    assert app("resolve", "--offline").status == 1


def test_the_tree_draws_the_lock_and_why_the_ways(app, forge):
    app.write(
        "caixa.lisp", manifest("app", "1.0.0", '(:nome "middle" :versao "^1") (:nome "leaf" :versao "*")')
    )
    assert "not-locked" in app("tree").err
    app("lock")
    lines = app("tree").out.splitlines()
    assert lines[0] == "app 1.0.0"
    assert lines[1].startswith("├── leaf 0.1.5  github:pleme-io/leaf v0.1.5@")
    assert lines[2].startswith("└── middle 1.0.0")
    assert lines[3].startswith("    └── leaf 0.1.5")
    assert app("why", "leaf").out == "app 1.0.0 → leaf 0.1.5\napp 1.0.0 → middle 1.0.0 → leaf 0.1.5\n"
    outcome = app("why", "laef")
    assert (outcome.status, "did you mean leaf?" in outcome.err) == (1, True)
    assert json.loads(app("tree", "--json").out)["packages"]["middle"]["deps"] == ["leaf"]


def test_a_locked_library_from_git_is_imported_and_a_changed_cache_is_noticed(app, tmp_path, monkeypatch):
    from caixa.lacre.libraries import libraries_beside
    from caixa.session.session import Session

    app("lock")
    value = Session(libraries=libraries_beside(app.folder)).run(
        '(importar :caixa "leaf") leaf/answer', "cell 1"
    )
    assert value.value == 1
    lock = app.files()["lacre.lisp"].decode()
    sealed = lock.rindex(':nome "leaf" :pacote "blake3:') + len(':nome "leaf" :pacote "blake3:')
    app.write("lacre.lisp", lock[:sealed] + "0" * 64 + lock[sealed + 64 :])
    from caixa.lisp.diagnostics import Reportable

    with pytest.raises(Reportable, match="not what the lock sealed"):
        Session(libraries=libraries_beside(app.folder)).run('(importar :caixa "leaf")', "cell 1")


def test_a_caixa_of_a_session_brings_the_libraries_that_it_locks(app, forge, tmp_path):
    from caixa.lisp.diagnostics import Reportable
    from caixa.session.session import Session

    assert app("lock").status == 0
    session = Session()
    session.add(Package.from_directory(app.folder))
    assert session.run('(importar :caixa "leaf") leaf/answer', "cell 1").value == 1
    with pytest.raises(Reportable, match="there is no library `leav`"):
        session.run('(importar :caixa "leav")', "cell 2")

    forge("leaf", "0.2.0")
    app.write("other/caixa.lisp", manifest("other", "1.0.0", '(:nome "leaf" :versao "^0.2")'))
    app.write("other/lib/other.lisp", ";;; other\n")
    assert app("lock", "--path", "other").status == 0
    session.add(Package.from_directory(app.folder / "other"))
    with pytest.raises(Reportable, match="locked at different code by app, other"):
        session.run('(importar :caixa "leaf")', "cell 3")


def test_a_member_from_git_is_found_through_the_lock(app, forge):
    app.write(
        "caixa.lisp",
        '(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao'
        ' :placement (:estrategia Replicated :clusters ("a"))'
        ' :membros ((:caixa "leaf" :versao "^0.1")))',
    )
    assert app("lock").status == 0
    workspace = DirectoryWorkspace(app.folder)
    members = workspace.members_of(workspace.package(None))
    assert members("leaf", "^0.1").caixa.versao == "0.1.5"
    assert members("leaf", "^0.2") is None


def test_both_faces_resolve(app):
    text = run(Face.MAGIC, ["resolve", str(app.folder), "--dry-run"], DirectoryWorkspace(app.folder)).text()
    assert '"middle"' in text


# -- add and remove -------------------------------------------------------------------------------------------

AUTHORED = """\
; the shop's tools
(defcaixa
  :nome      "app"   ; never changes
  :versao    "1.0.0"
  :kind      Biblioteca
  ; what we need
  :deps      (; the first
              (:nome "zeta" :versao "*") ; since 2025
              ; for its tests
              (:nome "alpha" :versao "^0.1")
              ) ; end of deps
  :etiquetas ("a" "b")
  ; the end
  )
"""


def test_add_keeps_every_comment_and_the_order(feira):
    feira.write("caixa.lisp", AUTHORED)
    outcome = feira(
        "add", "new", "--versao", "^2", "--git", "github:o/new", "--tag", "v2.0.0", "--caracteristica", "tls"
    )
    assert outcome.status == 0, outcome.err
    added = (
        '              (:nome "new" :versao "^2" :fonte (:tipo git :repo "github:o/new" :tag "v2.0.0")'
        ' :caracteristicas ("tls"))\n'
    )
    text = feira.files()["caixa.lisp"].decode()
    assert text == AUTHORED.replace("              ) ; end", added + "              ) ; end")
    assert f"+{added}" in outcome.out


def test_a_new_slot_stands_in_the_columns_of_the_others(feira):
    feira.write("caixa.lisp", AUTHORED)
    feira("add", "new", "--dev")
    assert (
        '  ; the end\n  :deps-dev  ((:nome "new" :versao "*"))\n  )\n' in feira.files()["caixa.lisp"].decode()
    )


def test_removing_what_was_added_gives_the_text_back(feira):
    feira.write("caixa.lisp", AUTHORED)
    for words in (("one",), ("two", "--dev"), ("three", "--caminho", "../three", "--opcional")):
        assert feira("add", *words).status == 0
    for nome in ("two", "one", "three"):
        assert feira("remove", nome).status == 0
    assert feira.files()["caixa.lisp"].decode() == AUTHORED


def test_remove_keeps_the_comments_of_the_author(feira):
    feira.write("caixa.lisp", AUTHORED)
    feira("remove", "alpha")
    feira("remove", "zeta")
    text = feira.files()["caixa.lisp"].decode()
    assert "zeta" not in text
    for line in AUTHORED.splitlines():
        if ";" in line:
            assert line[line.index(";") :] in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "zeta"), "has the dependency zeta already"),
        (("add", "x", "--tag", "v1"), "do not name one source"),
        (("add", "x", "--git", "u", "--tag", "v1", "--rev", "abc"), "do not name one source"),
        (("add", "x", "--versao", "nonsense"), "requirement"),
        (
            (
                "add",
                "Not A Name",
            ),
            "Not A Name",
        ),
        (("remove", "zita"), "did you mean zeta?"),
    ],
)
def test_what_cannot_be_added_or_removed_changes_nothing(feira, words, said):
    feira.write("caixa.lisp", AUTHORED)
    outcome = feira(*words)
    assert outcome.status in (1, 2)
    assert said in outcome.err
    assert feira.files()["caixa.lisp"].decode() == AUTHORED


NAME = st.sampled_from(["a", "b", "c", "d"])
GAP = st.sampled_from([" ", "\n  ", " ; note\n  ", "\n  ; above\n  "])
ITEM = st.tuples(NAME, st.sampled_from(["*", "^1"]), st.booleans())


@st.composite
def texts(draw):
    items = draw(st.lists(ITEM, max_size=4, unique_by=lambda item: item[0]))
    forms = [
        f'((:nome "{nome}") (:versao "{versao}"))' if pairs else f'(:nome "{nome}" :versao "{versao}")'
        for nome, versao, pairs in items
    ]
    gap = [draw(GAP) for _ in range(len(forms) + 5)]
    inner = "".join(g + form for g, form in zip(gap[5:], forms, strict=False))
    slot = f"{gap[0]}:deps{gap[1]}({inner}{gap[2]})" if draw(st.booleans()) or forms else ""
    return f'(defcaixa :nome "x" :versao "1.0.0" :kind Biblioteca{slot}{gap[3]}:etiquetas ("é"){gap[4]})\n', [
        item[0] for item in items
    ]


def names(text):
    caixa = Package.from_text(text).caixa
    return [dep.nome for dep in caixa.deps], [dep.nome for dep in caixa.deps_dev]


def notes(text):
    return [line[line.index(";") :] for line in text.splitlines() if ";" in line]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts(), NAME, st.sampled_from([DEPS, DEPS_DEV]))
def test_an_edit_changes_the_dependencies_and_nothing_else(drawn, nome, slot):
    text, there = drawn
    added = with_dependency(Source("caixa.lisp", text), slot, '(:nome "new" :versao "^1")')
    assert names(added) == (([*there, "new"], []) if slot == DEPS else (there, ["new"]))
    assert notes(added) == notes(text)
    removed, slots = without_dependency(Source("caixa.lisp", added), nome)
    assert bool(slots) == (nome in there)
    assert names(removed)[0] == [each for each in names(added)[0] if each != nome]
    assert notes(removed) == notes(text)
    assert read(Source("caixa.lisp", removed)).forms


@pytest.mark.parametrize(
    "dep",
    [
        Dep("a", "*"),
        Dep("a", "^1", PathFonte('../"a"'), opcional=True, caracteristicas=("x", "y")),
        Dep("a", "^1", GitFonte("github:o/a", branch="main")),
    ],
)
def test_a_dependency_is_written_as_it_is_read(dep):
    text = manifest("x", "1.0.0", dependency_text(dep))
    assert Package.from_text(text).caixa.deps == (dep,)

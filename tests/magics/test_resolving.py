"""Dependencies in a notebook: the same verbs on a caixa of the session, paths from the kernel's folder."""

import pytest

from caixa.lacre.libraries import libraries_beside
from caixa.lisp.diagnostics import Reportable
from caixa.session import Session

APP = '(defcaixa :nome "app" :versao "1.0.0" :kind Biblioteca {})'
LEAF = '(defcaixa :nome "leaf" :versao "0.1.0" :kind Biblioteca)\n'


@pytest.fixture
def app(run, tmp_path, monkeypatch):
    """A caixa of the session that needs a package in the folder of the notebook."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "leaf" / "lib").mkdir(parents=True)
    (tmp_path / "leaf" / "caixa.lisp").write_text(LEAF)
    (tmp_path / "leaf" / "lib" / "leaf.lisp").write_text("(provide answer)\n(define answer 42)\n")
    run(APP.format(""))
    run("%caixa add leaf --versao ^0.1 --caminho leaf")
    return run


def test_a_dependency_is_added_locked_and_explained(app):
    assert "+ leaf 0.1.0" in app("%caixa resolve app")
    assert "└── leaf 0.1.0  leaf" in app("%caixa tree app")
    assert app("%caixa why leaf --of app") == "app 1.0.0 → leaf 0.1.0"
    assert "unchanged: lacre.lisp of app, 1 package" in app("%caixa update --of app")
    assert "-" in app("%caixa remove leaf")
    assert "- leaf 0.1.0" in app("%caixa lock")


def test_a_locked_package_that_changed_is_refused_until_it_is_locked_again(app, notebook, tmp_path):
    def imported():
        (tmp_path / "lacre.lisp").write_bytes(notebook.session.package("app").files["lacre.lisp"])
        outcome = Session(libraries=libraries_beside(tmp_path)).run(
            '(importar :caixa "leaf") leaf/answer', "cell 1"
        )
        return outcome.value

    app("%caixa lock")
    assert imported() == 42
    (tmp_path / "leaf" / "lib" / "leaf.lisp").write_text("(provide answer)\n(define answer 43)\n")
    with pytest.raises(Reportable, match="not what the lock sealed"):
        imported()
    assert "~ leaf 0.1.0" in app("%caixa lock")
    assert imported() == 43

"""`%caixa lint`: the manifest and the sources that the session holds."""

TEXT = '(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca :descricao "Greets.")'


def test_the_sources_of_a_caixa_are_linted_with_its_settings(notebook, run):
    run(TEXT)
    notebook.session.put_file("x", "lib/x.lisp", b"(define (f y) 1)\n")
    assert "hint[unused-local]" in run("%caixa lint")
    notebook.session.put_file(
        "x", ".caixa-lint.lisp", b'(deflint-config :regras ((:id "unused-local" :habilitada #f)))'
    )
    assert run("%caixa lint x") == "✓ 2 files, no findings"


def test_a_module_of_the_virtual_tree_is_found(notebook, run):
    run(TEXT)
    notebook.session.put_file("x", "lib/x.lisp", b'(require "./y" :refer (swap))\n(swap 1 2)\n')
    notebook.session.put_file("x", "lib/y.lisp", b"(provide swap)\n(defmacro swap (a b) `(list ,b ,a))\n")
    assert run("%caixa lint") == "✓ 3 files, no findings"

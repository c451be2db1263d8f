"""`%caixa fmt`: the manifest of the session, shown or replaced."""

TEXT = '(defcaixa   :nome "x" :versao "0.1.0"\n  ; what it is\n :kind Biblioteca)'
NEAT = '(defcaixa\n  :nome "x"\n  :versao "0.1.0"\n  ; what it is\n  :kind Biblioteca)\n'


def test_the_formatted_manifest_is_shown_and_the_source_stays(notebook, run):
    run(TEXT)
    assert run("%caixa fmt x").startswith(NEAT)
    assert notebook.session.package("x").manifest.text == TEXT + "\n"


def test_the_source_is_replaced_on_request(notebook, run):
    run(TEXT)
    assert "formatted" in run("%caixa fmt --write")
    assert notebook.session.package("x").manifest.text == NEAT
    assert run("%caixa fmt --check") == "✓ 1 file"

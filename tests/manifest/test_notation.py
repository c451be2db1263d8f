"""Every documented notation becomes the written one, and means what it meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.manifest.decode import read_manifest
from caixa.manifest.notation import notation_edits
from caixa.tools.edits import apply_edits

HEAD = '(defcaixa :nome "x" :versao "1.0.0" :kind Servico :servicos ("servicos/x.yaml") '


def rewritten(text: str) -> str:
    source = Source("caixa.lisp", text)
    edited = apply_edits(text, notation_edits(source, read(source).forms[0]))
    assert edited.skipped == 0
    return edited.text


def squeezed(text: str) -> str:
    return " ".join(text.split()).replace("( ", "(").replace(" )", ")")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (':limits ((:memory "1MiB") (:fuel 1))', ':limits (:memory "1MiB" :fuel 1)'),
        (':limits (:memory "1MiB" :fuel 1)', ':limits (:memory "1MiB" :fuel 1)'),
        (':limits ((:memory "1MiB" :fuel 1))', ':limits (:memory "1MiB" :fuel 1)'),
        (':limits \'(:memory "1MiB")', ':limits (:memory "1MiB")'),
        (":limits ()", ":limits ()"),
        (':deps (("a" "*"))', ':deps ((:nome "a" :versao "*"))'),
        (':deps (:nome "a" :versao "*")', ':deps ((:nome "a" :versao "*"))'),
        (':deps ((:nome "a" :versao "*" :opcional t))', ':deps ((:nome "a" :versao "*" :opcional #t))'),
        (
            ':deps ((:nome "a" :versao "*" :fonte ((:tipo "path") (:caminho "../a"))))',
            ':deps ((:nome "a" :versao "*" :fonte (:tipo path :caminho "../a")))',
        ),
        (':politicas (:rate-limit (:per-caller "9/s"))', ':politicas (:rate-limit "9/s")'),
        (":politicas ((:mtls-required nil))", ":politicas (:mtls-required #f)"),
        (
            ':placement ((:estrategia single-node) (:clusters ("a")))',
            ':placement (:estrategia SingleNode :clusters ("a"))',
        ),
        (
            ':upgrade-from ((:from "0.1.0" :instructions ((:load-module "m") ("restart"))))',
            ':upgrade-from ((:from "0.1.0" :instructions ((:kind load-module :module "m") (:kind restart))))',
        ),
        (
            ':upgrade-from (((:from "0.1.0") (:instructions ((:kind "load-module" :module "m")))))',
            ':upgrade-from ((:from "0.1.0" :instructions ((:kind load-module :module "m"))))',
        ),
        (':etiquetas ("kept" "as" "is")', ':etiquetas ("kept" "as" "is")'),
        (":nonsense ((:a 1))", ":nonsense ((:a 1))"),
    ],
)
def test_a_notation_becomes_the_written_one_and_that_stays(written, meant):
    done = rewritten(f"{HEAD}{written})")
    assert squeezed(done) == f"{HEAD}{meant})"
    assert rewritten(done) == done


@pytest.mark.parametrize("kind", ['"Biblioteca"', "biblioteca", "Biblioteca"])
def test_an_enumeration_is_a_bare_name(kind):
    assert ":kind Biblioteca" in rewritten(f'(defcaixa :nome "x" :versao "1.0.0" :kind {kind})')


GAP = st.sampled_from([" ", "\n  ", " ; note\n  ", "\n  ; above\n  "])
PAIR = st.sampled_from([':memory "1MiB"', ":fuel 10", ':cpu "500m"', ':wall-clock "30s"'])


@st.composite
def limits(draw):
    pairs = draw(st.lists(PAIR, unique=True, min_size=1))
    gap = [draw(GAP) for _ in range(2 * len(pairs) + 2)]
    inner = "".join(f"{a}({pair}{b})" for pair, a, b in zip(pairs, gap, gap[len(pairs) :], strict=False))
    return f"{HEAD}:limits{gap[-1]}({inner}{gap[-2]}))"


@given(limits())
def test_rewriting_keeps_every_comment_and_the_meaning(text):
    done = rewritten(text)
    assert read_manifest(Source("a", done)).caixa == read_manifest(Source("a", text)).caixa
    assert done.count("; note") == text.count("; note")
    assert done.count("; above") == text.count("; above")
    assert rewritten(done) == done

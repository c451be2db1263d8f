"""Reading a form: what is accepted, and what every problem says, where and how to mend it."""

from __future__ import annotations

import time

import pytest

from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.manifest.decode import decode_form, read_manifest
from caixa.manifest.model import (
    Behavior,
    Contrato,
    Estrategia,
    GitFonte,
    Kind,
    Limits,
    LoadModule,
    PathFonte,
    PlacementEstrategia,
    Restart,
    StateChange,
    UpgradeFrom,
)
from caixa.manifest.reading import Reading

SERVICO = '(defcaixa :nome "x" :versao "0.1.0" :kind Servico :servicos ("servicos/x.yaml") {})'
MESH = (
    '(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao'
    ' :membros ((:caixa "cart" :versao "^0.1") (:caixa "catalog" :versao "^0.1")) {})'
)


def reading(text: str) -> Reading:
    return read_manifest(Source("caixa.lisp", text))


def servico(slots: str) -> Reading:
    return reading(SERVICO.format(slots))


def mended(text: str) -> str:
    """Apply the edits of every finding, last first."""
    edits = [edit for found in reading(text).diagnostics for edit in found.edits]
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@pytest.mark.parametrize(
    "slot",
    [
        ':limits ((:memory "64MiB") (:fuel 1000000) (:wall-clock "30s"))',
        ':limits (:memory "64MiB" :fuel 1000000 :wall-clock "30s")',
        ':limits ((:memory "64MiB" :fuel 1000000) (:wall-clock "30s"))',
        ":limits (:memory 64MiB :fuel 1000000 :wall-clock 30s)",
    ],
)
def test_limits_read_as_the_readme_prints_them_and_flat(slot):
    found = servico(slot)
    assert found.diagnostics == ()
    assert found.caixa.limits == Limits(64 * 2**20, 1_000_000, 30 * 10**9)


@pytest.mark.parametrize(
    "slot", [':behavior ((:on-call "lib/handlers.lisp"))', ':behavior (:on-call "lib/handlers.lisp")']
)
def test_behavior_reads_as_the_readme_prints_it_and_flat(slot):
    found = servico(slot)
    assert found.diagnostics == ()
    assert found.caixa.behavior == Behavior(on_call="lib/handlers.lisp")


@pytest.mark.parametrize(
    ("word", "value"),
    [("#t", True), ("t", True), ("true", True), ("#f", False), ("nil", False), ("false", False)],
)
def test_booleans_have_six_spellings(word, value):
    found = reading(MESH.format(f':politicas (:mtls-required {word}) :placement (:clusters ("rio"))'))
    assert found.diagnostics == ()
    assert found.caixa.politicas.mtls_required is value


@pytest.mark.parametrize("word", ["Sharded", "sharded", '"Sharded"', '"sharded"'])
def test_names_of_enumerations_may_be_kebab_or_pascal_bare_or_quoted(word):
    found = reading(MESH.format(f':placement (:estrategia {word} :shard-key "k" :clusters ("rio"))'))
    assert found.diagnostics == ()
    assert found.caixa.placement.estrategia is PlacementEstrategia.SHARDED


def test_a_supervisors_strategy_may_be_kebab():
    text = '(defcaixa :nome "s" :versao "0.1.0" :kind supervisor :estrategia one-for-all' + (
        ' :children ((:caixa "w" :versao "*")))'
    )
    assert reading(text).caixa.estrategia is Estrategia.ONE_FOR_ALL


@pytest.mark.parametrize(
    "instructions",
    [
        '((:kind load-module :module "m") (:kind state-change :script "lib/m.lisp") (:kind restart))',
        '((:load-module "m") (:state-change "lib/m.lisp") (:restart))',
        '((load-module "m") (state-change :script "lib/m.lisp") (restart))',
        '(((:kind load-module) (:module "m")) (:kind "state-change" :script "lib/m.lisp") (:restart))',
    ],
)
def test_instructions_read_flat_and_with_the_kind_in_front(instructions):
    found = servico(f':upgrade-from ((:from "0.0.9" :instructions {instructions}))')
    assert found.diagnostics == ()
    steps = (LoadModule("m"), StateChange("lib/m.lisp"), Restart())
    assert found.caixa.upgrade_from == (UpgradeFrom("0.0.9", steps),)


def test_sources_read_by_their_tag():
    found = servico(
        ':deps ((:nome "a" :versao "*" :fonte (:tipo git :repo "github:o/a" :tag "v1"))'
        ' (:nome "b" :versao "*" :fonte (:tipo path :caminho "../b")) (:nome "c" :versao "*"))'
    )
    fontes = [dep.fonte for dep in found.caixa.deps]
    assert fontes == [GitFonte("github:o/a", tag="v1"), PathFonte("../b"), None]


@pytest.mark.parametrize(
    ("slots", "code", "under"),
    [
        (":limit ()", "slot-unknown", ":limit"),
        (':limits (:memry "1MiB")', "slot-unknown", ":memry"),
        (':limits ((:memory "1MiB") (:memory "2MiB"))', "slot-repeated", ":memory"),
        (":kind Servico", "slot-repeated", ":kind"),
        (":descricao hello", "slot-mistyped", "hello"),
        (":descricao 5", "slot-mistyped", "5"),
        (":descricao", "value-missing", ":descricao"),
        (':descricao "a" "b"', "key-expected", '"b"'),
        (":etiquetas ((1))", "slot-mistyped", "(1)"),
        (':etiquetas "a"', "slot-mistyped", '"a"'),
        (':etiquetas ["a"]', "slot-mistyped", '["a"]'),
        (":limits 5", "slot-mistyped", "5"),
        (":limits (5)", "key-expected", "5"),
        (':limits (:memory "64YiB")', "unknown-byte-unit", '"64YiB"'),
        (":limits (:memory 64)", "slot-mistyped", "64"),
        (':limits (:fuel "100")', "slot-mistyped", '"100"'),
        (":limits (:fuel -1)", "slot-out-of-range", "-1"),
        (":limits (:fuel 1.5)", "slot-mistyped", "1.5"),
        (":max-restarts -1", "slot-out-of-range", "-1"),
        (':deps ((:nome "a"))', "slot-missing", '(:nome "a")'),
        (':deps (:nome "a" :versao "*")', "slot-mistyped", '(:nome "a" :versao "*")'),
        (':deps ((:nome "a" :versao "*" :fonte (:tipo svn)))', "enum-unknown", "svn"),
        (':deps ((:nome "a" :versao "*" :fonte (:repo "x")))', "slot-missing", '(:repo "x")'),
        (
            ':upgrade-from ((:from "0.0.1" :instructions ((:kind lod-module :module "m"))))',
            "enum-unknown",
            "lod-module",
        ),
        (':descricao \'"a"', "slot-mistyped", '\'"a"'),
        (":descricao ,x", "slot-mistyped", ",x"),
    ],
)
def test_a_problem_is_named_and_placed(slots, code, under):
    text = SERVICO.format(slots)
    source = Source("caixa.lisp", text)
    problems = read_manifest(source).problems
    assert [(found.code, source.slice(found.span)) for found in problems] == [(code, under)]
    assert problems[0].is_error
    assert problems[0].fix


@pytest.mark.parametrize(
    ("slots", "message", "fix"),
    [
        (":descricao 5", "the integer `5` stands where a string belongs", 'Write `"5"`.'),
        (":descricao #t", "the boolean `#t` stands where a string belongs", "Write a string."),
        (":descricao hello", "the symbol `hello` stands where a string belongs", 'Write `"hello"`.'),
        (':etiquetas "a"', 'the string "a" stands where a list (each item a string) belongs', 'Write `("a")`.'),
        (
            ":deps a",
            "the symbol `a` stands where a list"
            ' (each item a plist such as (:nome "caixa-teia" :versao "^0.1")) belongs',
            'Write a list (each item a plist such as (:nome "caixa-teia" :versao "^0.1")).',
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_in_words(slots, message, fix):
    (problem,) = read_manifest(Source("caixa.lisp", SERVICO.format(slots))).problems
    assert (problem.message, problem.fix) == (message, fix)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "manifest-empty"),
        ("; nothing but a comment", "manifest-empty"),
        ("42", "not-defcaixa"),
        ("()", "not-defcaixa"),
        ("(defpackage)", "not-defcaixa"),
        ("[defcaixa]", "not-defcaixa"),
        ("(defcaixa", "reader"),
        (")", "reader"),
        ('(defcaixa :nome "x', "reader"),
        ("(defcaixa)", "slot-missing"),
    ],
)
def test_a_text_without_a_caixa_says_why(text, code):
    found = reading(text)
    assert found.caixa is None
    assert found.problems[0].code == code


def test_every_problem_is_found_in_one_pass():
    found = servico(':limit () :descricao :licenca MIT :limits (:memory "1YiB" :fuel x) :estrategia one-for-al')
    assert [each.code for each in found.problems] == [
        "value-missing",
        "slot-unknown",
        "slot-mistyped",
        "unknown-byte-unit",
        "slot-mistyped",
        "enum-unknown",
    ]


@pytest.mark.parametrize(
    ("slots", "right"),
    [
        (":limit ()", ":limits ()"),
        (":wallClock 1", ":wallClock 1"),
        (':limits (:wallClock "1s")', ':limits (:wall-clock "1s")'),
        (":licenca MIT", ':licenca "MIT"'),
        (':etiquetas "a"', ':etiquetas ("a")'),
        (':deps (:nome "a" :versao "*")', ':deps ((:nome "a" :versao "*"))'),
        (':limits (:fuel "100")', ":limits (:fuel 100)"),
    ],
)
def test_the_edits_mend_what_they_can(slots, right):
    assert mended(SERVICO.format(slots)) == SERVICO.format(right)


def test_an_optional_part_that_is_wrong_leaves_the_rest():
    found = servico(':limits (:memory "1YiB" :fuel 5) :deps ((:nome "a") (:nome "b" :versao "*"))')
    assert found.caixa.limits == Limits(fuel=5)
    assert [dep.nome for dep in found.caixa.deps] == ["b"]
    assert not found.is_valid


def test_a_required_part_that_is_wrong_leaves_no_caixa():
    assert reading('(defcaixa :nome x :versao "0.1.0" :kind Servico)').caixa is None


def test_a_refused_mesh_keeps_its_caixa():
    found = reading(
        MESH.format(':contratos ((:de "cart" :para "ghost" :wit "custom:x")) :placement (:clusters ("r"))')
    )
    assert found.caixa.contratos == (Contrato("cart", "ghost", "custom:x"),)
    assert [each.code for each in found.errors] == ["contrato-member-missing"]
    assert found.errors[0].data == {"caixa": "ghost"}


def test_members_that_did_not_read_are_not_called_missing():
    found = reading(
        '(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao :membros ((:caixa "cart"))'
        ' :contratos ((:de "cart" :para "cart2" :wit "custom:x")) :placement (:clusters ("r")))'
    )
    assert [each.code for each in found.errors] == ["slot-missing"]


def test_the_place_of_a_part_or_of_the_nearest_around_it():
    text = MESH.format(
        ':contratos ((:de "cart" :para "catalog" :wit "custom:x")) :placement (:clusters ("rio"))'
    )
    source = Source("caixa.lisp", text)
    found = read_manifest(source)
    assert source.slice(found.span_of("contratos", 0, "para")) == '"catalog"'
    assert source.slice(found.span_of("contratos", 0, "endpoint")).startswith("(:de")
    assert source.slice(found.span_of("placement", "shard-key")) == '(:clusters ("rio"))'
    assert source.slice(found.span_of("entrada", "host")) == text


def test_places_are_bytes_also_after_other_letters():
    text = SERVICO.format(':descricao "Olá — 你好" :licenca MIT')
    source = Source("caixa.lisp", text)
    assert source.slice(read_manifest(source).problems[0].span) == "MIT"


def test_forms_after_the_first_are_ignored_with_a_warning():
    found = reading(SERVICO.format("") + "\n(defcaixa)")
    assert found.is_valid
    assert [each.code for each in found.diagnostics] == ["form-ignored"]


def test_a_form_among_others_is_read_at_its_place():
    source = Source("cell 3", "(define x 1)\n" + SERVICO.format(":licenca MIT"))
    found = decode_form(read(source).forms[1], source)
    assert found.caixa.kind is Kind.SERVICO
    assert found.problems[0].span.source == "cell 3"
    assert source.position(found.problems[0].span.start).line == 2


def test_a_string_with_half_a_character_is_refused():
    assert [each.code for each in servico(':descricao "\\u{d800}"').problems] == ["text-not-unicode"]


@pytest.mark.parametrize("size", range(0, len(SERVICO), 3))
def test_a_form_cut_anywhere_is_read_or_refused(size):
    assert reading(SERVICO[:size]).diagnostics


def test_deep_nesting_is_a_problem_like_any_other():
    deep = "(" * 5000 + ")" * 5000
    assert [each.code for each in servico(f":limits {deep}").problems] == ["key-expected"]
    assert reading("(" * 100_000).problems[0].data["subkind"] == "too-deep"


def test_ten_megabytes_of_text_are_read():
    found = servico(f':descricao "{"x" * 10_000_000}"')
    assert found.is_valid
    refused = servico(f":descricao {'x' * 10_000_000}")
    assert len(refused.problems[0].message) < 200


def test_reading_takes_time_in_proportion():
    def seconds(members: int) -> float:
        membros = " ".join(f'(:caixa "m{n}" :versao "*")' for n in range(members))
        contratos = " ".join(f'(:de "m{n}" :para "m{n + 1}" :wit "custom:x")' for n in range(members - 1))
        text = (
            f'(defcaixa :nome "a" :versao "0.1.0" :kind Aplicacao :membros ({membros})'
            f' :contratos ({contratos}) :placement (:clusters ("r")))'
        )
        start = time.process_time()
        assert reading(text).is_valid
        return time.process_time() - start

    seconds(100)
    assert min(seconds(4000) for _ in range(2)) < 40 * max(seconds(400), 0.02)

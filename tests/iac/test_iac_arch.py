"""The invariants of an architecture, and the package's own."""

import pytest
from iac_parsing import infrastructure

from caixa.iac.arch import Kind, check_architecture, is_cidr
from caixa.iac.checks import read_checks
from caixa.iac.errors import InvalidTeia
from caixa.lisp.errors import LispError
from caixa.lisp.source import Source

VPC = '(defteia :tipo aws/vpc :nome main :atributos (:cidr-block "10.0.0.0/16"))'


def violations(text, *rules):
    checks = read_checks([Source("spec/rules.lisp", rule) for rule in rules])
    return [(each.invariant, each.nome) for each in check_architecture(infrastructure(text), checks).violations]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (VPC, []),
        (VPC + VPC, [("unique-resource-names", "main")]),
        (VPC + "(deflocal :nome a :valor 1)(deflocal :nome a :valor 2)", [("unique-resource-names", "a")]),
        ("(deflocal :nome a :valor (var b))", [("no-unresolved-refs", "a")]),
        ("(deflocal :nome a :valor (texto (local b)))", [("no-unresolved-refs", "a")]),
        ("(deflocal :nome a :valor (modulo m x))", [("no-unresolved-refs", "a")]),
        ("(deflocal :nome a :valor (dado aws/ami x id))", [("no-unresolved-refs", "a")]),
        ("(defteia :tipo a/b :nome x :depende-de ((a/c y)))", [("no-unresolved-refs", "x")]),
        ("(defteia :tipo a/b :nome x :provedor west)", [("no-unresolved-refs", "x")]),
        ("(defprovedor :nome a :apelido west)(defteia :tipo a/b :nome x :provedor west)", []),
        (
            '(defteia :tipo a/b :nome x :atributos (:cidr-block "10.0.0.0/33"))',
            [("cidr-block-looks-valid", "x")],
        ),
        (
            "(deflocal :nome a :valor (local b))(deflocal :nome b :valor (local a))",
            [("no-reference-cycle", "a")],
        ),
        ("(deflocal :nome a :valor (local a))", [("no-reference-cycle", "a")]),
        ('(defteia :tipo a/b :nome x :contagem 2 :para-cada {"a" 1})', [("one-way-to-repeat", "x")]),
        ('(defvariavel :nome a :validacao ((:condicao (expr "var.a > 0") :mensagem "no")))', []),
    ],
)
def test_an_invariant_names_the_part_that_breaks_it(text, expected):
    assert violations(text) == expected


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0"])
@pytest.mark.parametrize(
    ("tags", "is_owned"), [("(:owner 1)", True), ("(:Team 1)", True), ("(:DONO 1)", True), ("(:name 1)", False)]
)
def test_what_is_open_to_everyone_says_whose_it_is(network, tags, is_owned):
    text = (
        f'(defteia :tipo aws/security-group :nome x :atributos (:ingress ((:cidr "{network}")) :tags {tags}))'
    )
    assert violations(text) == ([] if is_owned else [("no-public-ingress-without-tags", "x")])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.0.0.0/16", True),
        ("255.255.255.255/32", True),
        ("256.0.0.0/8", False),
        ("10.0.0.0", False),
        ("1.2.3.4/33", False),
        ("٣.2.3.4/1", False),
    ],
)
def test_a_network_is_four_octets_and_a_length(text, expected):
    assert is_cidr(text) is expected


def test_safety_rejects_and_nothing_else_does():
    assert check_architecture(infrastructure(VPC + VPC)).verdict == "Rejected"
    hint = check_architecture(infrastructure("(defteia :tipo a/b :nome x :atributos (:cidr-block x))"))
    assert (hint.verdict, hint.summary) == (
        "Proven",
        "1 instance(s); 1 violations (0 safety, 0 compliance, 1 hint)",
    )


def test_a_long_chain_of_references_is_no_circle_and_costs_no_stack():
    chain = "".join(f"(deflocal :nome l{at} :valor (local l{at + 1}))" for at in range(3000))
    assert violations(chain + "(deflocal :nome l3000 :valor 1)") == []


# -- the package's own rules ------------------------------------------------------------------------------

OWNED = """(defregra :nome owned :tipo aws/vpc :classe Safety :mensagem "a VPC says whose it is"
  :regra (lambda (teia) (atributo teia :tags :owner)))"""


def test_a_rule_of_the_package_is_an_invariant():
    (found,) = check_architecture(infrastructure(VPC), read_checks([Source("spec/a.lisp", OWNED)])).violations
    assert (found.invariant, found.kind, found.message) == (
        "owned",
        Kind.SAFETY,
        "aws_vpc.main: a VPC says whose it is",
    )
    owned = VPC.replace("(:cidr", "(:tags (:owner me) :cidr")
    assert violations(owned, OWNED) == []


@pytest.mark.parametrize(
    "rule",
    [
        '(defcheck short (teia) "long" (< (string-length (get-or teia :nome "")) 3))',
        '(define (short? n) (< (string-length n) 3)) (defcheck short (teia) (short? (get-or teia :nome "")))',
        '(defregra :nome short :alcance Arquitetura :mensagem "x" :regra (lambda (all) (= (length all) 2)))',
    ],
)
def test_a_rule_can_be_written_short_use_helpers_and_speak_of_all(rule):
    assert [name for name, _ in violations(VPC, rule)] == ["short"]


def test_a_rule_for_a_type_is_not_asked_about_others():
    assert violations("(defteia :tipo aws/subnet :nome x)", OWNED) == []


@pytest.mark.parametrize(
    ("rule", "error"),
    [
        ('(defregra :nome x :mensagem "m" :regra (lambda (t) (undefined-thing t)))', LispError),
        ("(defcheck x (t) (car 1))", InvalidTeia),
        ('(defcheck x (t) (read-file "/etc/passwd"))', InvalidTeia),
        ("(defregra :nome x :regra (lambda (t) #t))", InvalidTeia),
        ("(defcheck x)", InvalidTeia),
        ("(defcheck :nome x :regra 1 :mensagem 2)", InvalidTeia),
        ('(defregra :nome x :mensagem "m" :clase Safety :regra 1)', InvalidTeia),
    ],
)
def test_a_rule_that_cannot_be_asked_refuses(rule, error):
    with pytest.raises((error, InvalidTeia)):
        violations(VPC, rule)


def test_the_error_of_a_rule_points_into_its_file():
    with pytest.raises(InvalidTeia) as caught:
        violations(VPC, "; comment é\n(defcheck x (teia)\n  (car 1))")
    assert caught.value.diagnostics[0].span.source == "spec/rules.lisp"
    assert caught.value.diagnostics[0].span.start > 12


def test_a_file_without_a_check_is_not_evaluated():
    assert read_checks([Source("spec/tests.lisp", "(this-would-fail)")]) == ()

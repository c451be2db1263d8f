"""Forms of infrastructure: what they mean, what is wrong with them and where, and their canonical form."""

import pytest
from hypothesis import given
from iac_parsing import infrastructure, parse
from iac_strategies import PART, VALUE

from caixa.iac.document import expression, terraform_document
from caixa.iac.forms import FORMS, print_part
from caixa.iac.model import Infrastructure
from caixa.iac.names import attribute_name, lisp_type, terraform_type, traversal
from caixa.iac.printing import print_value
from caixa.lisp.diagnostics import Severity

FORM = '(defteia :tipo aws/vpc :nome main :atributos (:cidr-block "10.0.0.0/16"))'


def only(text):
    (finding,) = parse(text).findings
    return finding


def blamed(text):
    """The code of the one finding, and the text that it points at."""
    finding = only(text)
    return finding.code, text.encode()[finding.span.start : finding.span.end].decode()


# -- what forms mean --------------------------------------------------------------------------------------


@given(PART)
def test_the_canonical_form_of_a_part_means_the_part(part):
    assert terraform_document(infrastructure(print_part(part))) == terraform_document(Infrastructure.of([part]))


@given(PART)
def test_the_canonical_form_is_a_fixed_point(part):
    (again,) = infrastructure(print_part(part))
    assert print_part(again) == print_part(part)


@given(VALUE)
def test_a_value_is_read_as_it_was_printed(value):
    (found,) = infrastructure(f"(deflocal :nome x :valor {print_value(value)})")
    assert expression(found.valor) == expression(value)


@pytest.mark.parametrize(
    "tipo",
    [
        "aws/security-group",
        '"aws/security-group"',
        ":aws/security-group",
        "aws-security-group",
        "'aws_security_group",
    ],
)
def test_a_type_has_many_spellings_and_is_one(tipo):
    (found,) = infrastructure(f"(defteia :tipo {tipo} :nome x)")
    assert found.address == "aws_security_group.x"
    assert terraform_type(lisp_type(found.type)) == found.type


def test_a_plist_normalises_its_names_and_a_map_keeps_its_texts():
    (found,) = infrastructure('(defteia :tipo a/b :nome x :atributos (:cost-tags {"Cost-Center" 1 :a-b 2}))')
    assert found.atributos == {"cost_tags": {"Cost-Center": 1, "a_b": 2}}


def test_code_beside_the_forms_is_left_alone():
    assert len(list(infrastructure("(define (f x) x)\n42\n" + FORM))) == 1


@pytest.mark.parametrize("head", FORMS)
def test_every_slot_says_what_it_is_for_and_shows_an_example_that_is_read(head):
    slots = FORMS[head].slots
    assert all(slot.doc.endswith(".") and slot.example for slot in slots)
    parts = " ".join(f":{slot.keyword} {slot.example}" for slot in slots)
    infrastructure(f"({head} {parts})")


# -- what is wrong with them ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("(defteia :nome main)", "slot-missing", "(defteia :nome main)"),
        ("(defteia :tipo x :nome y :atributos (a b))", "key-expected", "a"),
        ("(defteia :tipo x :nome y :atributo ())", "slot-unknown", ":atributo"),
        ("(defteia :tipo x :nome y :nome z)", "slot-repeated", ":nome"),
        ("(defteia :tipo x :nome y :atributos)", "value-missing", ":atributos"),
        ("(defteia :tipo x :nome :atributos (:a 1))", "value-missing", ":nome"),
        ("(defteia :tipo x :nome y :atributos (:a 1 :b))", "value-missing", ":b"),
        ("(defteia :tipo x :nome y :atributos (:a-b 1 :a_b 2))", "attribute-repeated", ":a_b"),
        ("(defteia :tipo x :nome y :atributos (:for-each 1))", "reserved-attribute", "(:for-each 1)"),
        ('(defteia :tipo x :nome "y z")', "teia-name", '"y z"'),
        ("(defteia :tipo x/ :nome y)", "teia-name", "x/"),
        ('(defteia :tipo x :nome y :atributos {"a b" 1})', "teia-name", '"a b"'),
        ("(defteia :tipo x :nome y :atributos (:a (ref x y)))", "ref-malformed", "(ref x y)"),
        ("(defteia :tipo x :nome y :atributos (:a #{1}))", "value-unknown", "#{1}"),
        ("(defteia :tipo x :nome y :atributos (:a `b))", "value-unknown", "`b"),
        ("(deflocal :nome x :valor (texto 1))", "texto-malformed", "(texto 1)"),
        ('(deflocal :nome x :valor (expr ""))', "expr-malformed", '(expr "")'),
        ("(defvariavel :nome x :tipo strin)", "variable-type", "strin"),
        ("(defvariavel :nome x :padrao (var y))", "literal-wanted", "(var y)"),
        ("(defbackend :tipo s3 :configuracao (:a (var y)))", "literal-wanted", "(:a (var y))"),
        ("(deftea :tipo x :nome y)", "teia-head", "deftea"),
    ],
)
def test_each_mistake_is_blamed_on_its_own_form(text, code, at):
    assert blamed(text) == (code, at)
    assert only(text).fix


def test_all_mistakes_are_found_at_once():
    codes = [each.code for each in parse("(defteia :nome 1)\n(defsaida :nome o)\n" + FORM).errors]
    assert codes == ["slot-missing", "teia-name", "slot-missing"] or set(codes) >= {"slot-missing"}
    assert len(codes) >= 3


def test_a_slip_in_a_head_warns_since_the_resource_would_vanish():
    finding = only("(defteai :tipo aws/vpc :nome main)")
    assert (finding.severity, finding.edits[0].text) == (Severity.WARNING, "defteia")


def test_a_dollar_brace_in_a_string_warns_and_brings_the_form_that_was_meant():
    finding = only('(deflocal :nome x :valor "${var.y}")')
    assert (finding.severity, finding.edits[0].text) == (Severity.WARNING, '(expr "var.y")')


def test_a_value_nested_without_end_is_an_error_and_no_crash():
    assert [each.code for each in parse(f"(deflocal :nome x :valor {'(' * 5000}{')' * 5000})").errors] == [
        "value-too-deep"
    ]


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("cidr-block", "cidr_block"),
        ("nic[0].private-ip", "nic[0].private_ip"),
        ('tags["a-b"]', 'tags["a-b"]'),
        ("rules[*].id", "rules[*].id"),
        ("a.0.b", "a.0.b"),
        ("", None),
        ("a..b", None),
        ("a.", None),
        ("[0]", None),
        ('a["${x}"]', None),
        ("a b", None),
    ],
)
def test_a_traversal_is_normalised_outside_of_quotes(path, steps):
    assert traversal(path) == steps


def test_normalising_twice_is_normalising_once():
    assert attribute_name(attribute_name("a-b-c")) == attribute_name("a-b-c") == "a_b_c"

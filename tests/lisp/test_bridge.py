"""Python beside Lisp: values, calls and errors cross both ways, and names are shared."""

from __future__ import annotations

import datetime
import math
from collections import OrderedDict, namedtuple
from enum import IntEnum
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caixa.lisp.capabilities import Capabilities
from caixa.lisp.compiler.support import MultipleValues
from caixa.lisp.equality import equal
from caixa.lisp.errors import IntegerTooLarge, NativeError, RecursionLimit
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.lists import List, Vector
from caixa.lisp.maps import Map, Set
from caixa.lisp.names import Char, Keyword, Symbol
from caixa.lisp.objects import ErrorValue, Foreign
from caixa.lisp.printer import write
from caixa.lisp.python.calls import PythonRaised, called_from_lisp, called_from_python
from caixa.lisp.python.conversion import to_lisp, to_python
from caixa.lisp.source import Source

# -- values -----------------------------------------------------------------------------------------------

atoms = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5),
    st.sampled_from([Keyword("a"), Keyword("odd?"), Symbol("b-c"), Char("x"), 2**200]),
    st.just(ErrorValue(Keyword("t"), "m")),
)  # fmt: skip
not_a_name = st.text(max_size=5).filter(lambda text: not text.replace("-", "_").isidentifier())
keys = st.one_of(
    st.integers(-2, 2), st.booleans(), st.floats(-2, 2), not_a_name, st.none(),
    st.sampled_from([Keyword("nome"), Keyword("max-restarts"), Keyword("odd?"), Symbol("s")]),
)  # fmt: skip


def compounds(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    lists = st.lists(inner, max_size=4)
    return st.one_of(
        lists.map(List),
        lists.map(Vector),
        lists.map(Set),
        st.lists(st.tuples(keys | inner.filter(lambda key: type(key) is not str), inner), max_size=4).map(Map),
    )


lisp_values = st.recursive(atoms, compounds, max_leaves=12)
python_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4),
        st.frozensets(st.integers() | st.text(max_size=3), max_size=4),
    ),
    max_leaves=12,
)


@given(lisp_values)
@example(Map([(1, "int"), (1.0, "float"), (True, "bool")]))
@example(Map([(List([1]), 2), (Vector([List([1])]), 3)]))
@example(Set([1, 1.0, True]))
@example(List())
def test_what_crosses_to_python_and_back_is_equal(value):
    assert equal(to_lisp(to_python(value)), value)


@given(python_values)
def test_what_crosses_to_lisp_and_back_is_equal(value):
    assert to_python(to_lisp(value)) == value


def test_the_documented_exception_a_string_key_that_is_a_name_comes_back_as_a_keyword():
    assert equal(to_lisp(to_python(Map([("name", 1)]))), Map([(Keyword("name"), 1)]))


def test_a_keyword_and_its_name_as_keys_of_one_map_stay_apart():
    map_ = Map([(Keyword("a"), 1), ("a", 2)])
    assert to_python(map_) == {Keyword("a"): 1, "a": 2}
    assert equal(to_lisp(to_python(map_)), map_)


def test_nan_stays_nan_though_it_equals_nothing():
    assert math.isnan(to_lisp(to_python(math.nan)))


Point = namedtuple("Point", "x y")


class Level(IntEnum):
    LOW = 1


class Measure(float):
    pass


CROSSINGS = [
    (List([1, "a", None]), [1, "a", None]),
    (Vector([1, 2]), (1, 2)),
    (MultipleValues((1, List([2]))), (1, [2])),
    (Map([(Keyword("max-age"), 3), (1, 2)]), {"max-age": 3, 1: 2}),
    (Set([1, 2]), frozenset({1, 2})),
    (Foreign(pytest, "module"), pytest),
    (List(), []),
    (None, None),
]


@pytest.mark.parametrize(("lisp", "python"), CROSSINGS, ids=[type(lisp).__name__ for lisp, _ in CROSSINGS])
def test_each_kind_has_its_counterpart(lisp, python):
    converted = to_python(lisp)
    assert (type(converted), converted) == (type(python), python)


@pytest.mark.parametrize(
    "value",
    [object(), b"bytes", 2 + 3j, Fraction(1, 2), datetime.date(2026, 1, 1), Point(1, 2), Level.LOW, pytest],
)
def test_what_lisp_has_no_kind_for_is_foreign_and_itself_again(value):
    converted = to_lisp(value)
    assert isinstance(converted, Foreign)
    assert to_python(converted) is value


@pytest.mark.parametrize(
    ("python", "lisp"),
    [
        (Measure(1.5), 1.5),
        (OrderedDict(b=1, a=2), Map([(Keyword("b"), 1), (Keyword("a"), 2)])),
        ({"a b": 1}, Map([("a b", 1)])),
        ({(1, 2): 3}, Map([(Vector([1, 2]), 3)])),
        ({1, 2}, Set([1, 2])),
    ],
)
def test_a_python_value_of_a_kind_that_lisp_has_becomes_one(python, lisp):
    converted = to_lisp(python)
    assert type(converted) is type(lisp)
    assert equal(converted, lisp)


def test_a_promise_a_channel_and_a_fiber_are_themselves(interpreter):
    values = interpreter.evaluate(Source("a", "(list (delay 1) (chan) (go (lambda () 1)))"))
    for value in values:
        assert not isinstance(value, Foreign)
        assert to_lisp(to_python(value)) is value


def test_values_nested_thirty_thousand_deep_cross():
    lisp: object = 1
    python: object = 1
    for _ in range(30_000):
        lisp, python = List([Vector([lisp])]), [(python,)]
    assert equal(to_lisp(python), lisp)
    converted = to_python(lisp)
    for _ in range(30_000):
        ((converted,),) = converted
    assert converted == 1


def test_what_appears_many_times_is_converted_once():
    shared = [1]
    value: list[object] = shared
    for _ in range(60):
        value = [value, value]
    converted = to_lisp(value)
    first, second = converted
    assert first is second


def test_a_python_value_that_contains_itself_is_refused():
    value: list[object] = []
    value.append({"inside": value})
    with pytest.raises(NativeError, match="contains itself"):
        to_lisp(value)


def test_an_integer_that_lisp_would_refuse_is_refused():
    with pytest.raises(IntegerTooLarge):
        to_lisp(1 << 10_000_001)


# -- calls ------------------------------------------------------------------------------------------------


@pytest.fixture
def python(run):
    """Evaluate Lisp in which `f` is a Python function that shows its arguments."""
    run('(py "def f(*args, **kw):\\n    return [list(args), kw]")')
    return run


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ('(f 1 \'(2) "x")', '((1 (2) "x") {})'),
        ("(f 1 :max-size 3)", "((1) {:max_size 3})"),
        ("(f :a 1 2)", "((2) {:a 1})"),
        ("(f 1 :last)", "((1 :last) {})"),
        ("(map f '(1 2))", "(((1) {}) ((2) {}))"),
        ("(apply f '(1 :k 2))", "((1) {:k 2})"),
    ],
)
def test_a_python_function_is_called_as_any_other_keywords_naming_arguments(python, call, value):
    assert python(call) == value


def test_a_lisp_function_called_from_python_gets_lisp_values_and_answers_with_python_ones(run):
    run("(define (g xs &key (scale 1)) (list (list? xs) (map (lambda (x) (* x scale)) xs)))")
    assert run('(py "g([1, 2], scale=10)")') == "(#t (10 20))"
    assert run('(py "type(g([1])).__name__")') == '"list"'


def test_a_function_that_crosses_twice_is_what_it_was(interpreter, run):
    run("(define (g x) x)")
    procedure = interpreter.names["g"]
    assert to_lisp(to_python(procedure)) is procedure
    assert to_python(to_lisp(len)) is len
    assert called_from_lisp(called_from_python(procedure)) is procedure


def test_a_function_says_its_name_and_documentation_on_the_other_side(interpreter, run):
    run('(define (g x) "Return it." x)')
    there = to_python(interpreter.names["g"])
    assert (there.__name__, there.__doc__) == ("g", "Return it.")
    assert "absolute" in to_lisp(abs).__doc__
    assert to_lisp(abs).__lisp_name__ == "abs"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('(py "1 + 1")', "2"),
        ('(py "x = 5")', "()"),
        ('(begin (py "my_value = 5") my-value)', "5"),
        ('(py-call (py-import "math") "sqrt" 16)', "4.0"),
        ('(py-call "abc" "upper")', '"ABC"'),
        ('(py-call "a b" "split" :maxsplit 0)', '("a b")'),
        ('(py-get (py "3+4j") "imag")', "4.0"),
        ('(py-get (py-import "os.path") "sep")', '"/"'),
        ('(let ((o (py "type(\'T\', (), {})()"))) (py-set! o "x" \'(1)) (py-get o "x"))', "(1)"),
        ('(py "3+4j")', "#<foreign complex>"),
    ],
)
def test_python_is_reached_from_lisp(run, text, value):
    assert run(text.replace("my-value", "(eval 'my-value)")) == value


def test_names_are_shared_both_ways(run):
    run("(define unit-price 250) (define (total n) (* unit-price n))")
    assert run('(py "total(2) + unit_price")') == "750"
    run('(py "tax = lambda x: x * 2")')
    assert run("(tax 4)") == "8"
    run("(set! unit-price 1)")
    assert run('(py "unit_price")') == "1"


def test_what_python_cannot_spell_is_left_out(run):
    run("(define (odd-one? x) x)")
    assert run("(py \"any('odd_one' in name for name in globals())\")") == "#f"


# -- errors -----------------------------------------------------------------------------------------------


def test_an_exception_of_python_is_an_error_with_its_type_message_and_lines(fail):
    error = fail('(define (f) (py "def g():\\n    return 1 / 0\\ng()")) (+ 1 (f))')
    assert isinstance(error, PythonRaised)
    assert (error.kind, error.message) == ("python-error", "ZeroDivisionError: division by zero")
    assert error.diagnostics[0].why == "<module> at line 3 of py → g at line 2 of py"
    assert error.span.start == len("(define (f) ")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('(py "1 +")', "SyntaxError"),
        ('(py-import "no_such_module")', "ModuleNotFoundError"),
        ('(py-get "x" "nosuch")', "AttributeError"),
        ('(py-call "x" "nosuch")', "AttributeError"),
        ('(py-call "x" "join" 5)', "TypeError"),
    ],
)
def test_each_failure_of_python_can_be_caught_and_asked_for_its_type(run, text, kind):
    assert run(f"(try {text} (catch (e :python-error) (error-data-get e :type)))") == f'"{kind}"'


def test_an_exception_that_passes_through_lisp_is_the_very_same_in_python(interpreter, run):
    run("(define (through f) (+ 1 (f)))")
    mine = KeyError("mine")

    def raising() -> None:
        raise mine

    with pytest.raises(KeyError) as caught:
        to_python(interpreter.names["through"])(raising)
    assert caught.value is mine


KIND = """def kind(f):
    try:
        f()
    except ZeroDivisionError:
        return "zero"
    except Exception as error:
        return error.value"""


def test_an_error_of_lisp_is_the_exception_in_python_that_it_stands_for(interpreter, run):
    run('(define (f) (/ 1 0)) (define (g) (throw (error :mine "m")))')
    run(f"(py {write(KIND)})")
    assert run("(kind f)") == '"zero"'
    assert run("(kind g)") == '#<error :mine "m">'


def test_an_error_of_lisp_that_passes_through_python_is_itself_again(fail):
    error = fail('(py "def call(f): return f()") (define (f) (car 5)) (eval \'(call f))')
    assert error.kind == "type-mismatch"


def test_recursion_through_both_ends_in_the_limit_and_not_in_the_process(fail):
    assert isinstance(fail('(define (f x) (g x)) (py "def g(x): return f(x)") (f 1)'), RecursionLimit)


# -- capabilities -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ['(py "1")', '(py-import "os")', '(py-get "x" "upper")', '(py-call "x" "upper")']
)
def test_without_the_capability_there_is_no_python(text):
    interpreter = Interpreter(capabilities=Capabilities.none())
    with pytest.raises(Exception, match="host:python"):
        interpreter.evaluate(Source("a", text))
    allowed = Interpreter(capabilities=Capabilities.of("host:python"))
    assert write(allowed.evaluate(Source("a", '(py "1")'))) == "1"

"""The static type checker: a pure pass over a program that evaluates nothing (language.md section 4.9).

Typing is gradual: what cannot be inferred is `:any`, which conforms to everything and to which everything
conforms. Here a specification is unquoted syntax, as in `(the (:list-of :int) e)` and `(declare x :int)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .diagnostics import Diagnostic, Severity
from .kinds import type_of
from .reader import Program, read
from .source import Source, Span
from .syntax import Atom, Bracket, Form, Node, Prefix, PrefixKind, keyword_name, symbol_name
from .values import Symbol

__all__ = ["check_types", "typecheck"]

MAX_DEPTH = 50  # of expressions that are looked into for their type; what lies deeper is `:any`

_ATOMIC = frozenset({
    "any", "bool", "char", "error", "float", "fn", "foreign", "int", "keyword", "list", "map", "nil", "number",
    "procedure", "promise", "set", "string", "symbol", "vector",
})  # fmt: skip
_CONSTRUCTORS = {"list-of": 1, "map-of": 2, "union": None, "fn": None}
_NAMES_BY_RESULT: Mapping[str, str] = {
    "number": """
        + - * / modulo quotient remainder abs min max expt sqrt sin cos tan exp log floor ceiling round truncate
        gcd lcm inc dec""",
    "bool": """
        = < > <= >= not= not eq? equal? null? pair? list? symbol? string? keyword? boolean? integer? number?
        procedure? foreign? atom? error? promise? empty? not-empty? some? zero? positive? negative? even? odd?
        any? every? member? hash-map? hash-map-has? hash-map-empty? chan? chan-closed? go? is?""",
    "list": """
        list cons reverse append take drop range map filter remove concat distinct flatten zip partition
        scan-left iterate repeatedly drain! hash-map-keys hash-map-values hash-map-entries read-all""",
    "map": "hash-map hash-map-set hash-map-remove hash-map-merge hash-map-update",
    "string": "string-append string pr-str symbol->string keyword->string error-message",
    "int": "length count-if find-index position compare string-length hash-map-count chan-len",
    "keyword": "type-of error-tag",
    "procedure": "lambda fn",
}
_RESULTS = {name: result for result, names in _NAMES_BY_RESULT.items() for name in names.split()}
_BINDING_FORMS = frozenset({
    "define", "defmacro", "defn", "defn-typed", "do", "fn", "for", "lambda", "let", "let*", "letrec", "letrec*",
    "loop",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Type:
    """A type: a name, and the types that it is made of."""

    name: str
    parameters: tuple[_Type, ...] = ()

    def __str__(self) -> str:
        if self.name not in _CONSTRUCTORS or (self.name == "fn" and not self.parameters):
            return f":{self.name}"
        return f"(:{' '.join([self.name, *map(str, self.parameters)])})"


_ANY, _NUMBER = _Type("any"), _Type("number")
_NUMBERS = frozenset({"int", "float", "number"})
_Table = dict[str, _Type]
_Hidden = frozenset[str]


class _SpecError(Exception):
    """A type specification that is not one."""

    def __init__(self, span: Span, reason: str, fix: str = "") -> None:
        super().__init__(reason)
        self.span, self.fix = span, fix


def check_types(source: Source) -> list[Diagnostic]:
    """Read `source` and return what `typecheck` finds in it; raises ReaderError."""
    return typecheck(read(source))


def typecheck(program: Program) -> list[Diagnostic]:
    """Return a diagnostic for each expression that does not conform to its stated type, and each bad type."""
    table: _Table = {}
    found: list[Diagnostic] = []
    for form in program.forms:
        found += _check_tree(form, table)
        _learn(form, table)
    return found


# -- the walk -------------------------------------------------------------------------------------------------


def _check_tree(root: Node, table: _Table) -> Iterator[Diagnostic]:
    """Check every list in a form, however deep, in the order of the text."""
    waiting: list[tuple[Node, _Hidden]] = [(root, frozenset())]
    while waiting:
        node, hidden = waiting.pop()
        if not isinstance(node, Form):
            continue
        try:
            yield from _check(node, table, hidden)
        except _SpecError as problem:
            yield _finding("bad-type-spec", problem.span, f"bad type spec — {problem}", problem.fix)
        if node.head in _BINDING_FORMS and len(node) > 1:
            hidden |= _names_in(node.items[1])
        waiting.extend((child, hidden) for child in reversed(node.items))


def _check(form: Form, table: _Table, hidden: _Hidden) -> Iterator[Diagnostic]:
    if form.head == "the" and len(form) == 3:
        yield from _mismatch("the-form", _parse(form.items[1]), form.items[2], table, hidden)
    elif form.head == "declare" and len(form) == 3:
        _parse(form.items[2])
        if symbol_name(form.items[1]) is None:
            raise _SpecError(form.items[1].span, "declare: name must be a symbol")
    elif form.head == "define" and len(form) == 3:
        name = symbol_name(form.items[1])
        stated = table.get(name) if name is not None and name not in hidden else None
        if stated is not None:
            yield from _mismatch(f"define {name}", stated, form.items[2], table, hidden)


def _mismatch(
    context: str, expected: _Type, node: Node, table: _Table, hidden: _Hidden
) -> Iterator[Diagnostic]:
    got = _infer(node, table, hidden)
    if not _conforms(got, expected):
        message = f"type mismatch in {context}: expected {expected}, got {got}"
        yield _finding("type-mismatch", node.span, message)


def _finding(code: str, span: Span, message: str, fix: str = "") -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, span, message, fix=fix)


def _meant(name: str, known: Iterable[str]) -> str:
    """Return a suggestion of the type name that is most like `name`, or nothing."""
    from difflib import get_close_matches  # noqa: PLC0415  # needed only once something is wrong

    close = get_close_matches(name, known, n=1)
    return f"Did you mean `:{close[0]}`?" if close else ""


def _names_in(node: Node) -> _Hidden:
    """Return every symbol in a binding or parameter list: a few too many, so that nothing local is mistaken."""
    names: set[str] = set()
    waiting = [node]
    while waiting:
        at = waiting.pop()
        name = symbol_name(at)
        if name is not None:
            names.add(name)
        elif isinstance(at, Form):
            waiting.extend(at.items)
    return frozenset(names)


def _learn(form: Node, table: _Table) -> None:
    """Enter the type that a top-level `declare`, or a `define` of a name not declared, gives to its name."""
    if not isinstance(form, Form) or len(form) != 3 or form.head not in ("declare", "define"):
        return
    name = symbol_name(form.items[1])
    if name is None:
        return
    if form.head == "define":
        table.setdefault(name, _infer(form.items[2], table, frozenset()))
        return
    try:
        table[name] = _parse(form.items[2])
    except _SpecError:
        return


# -- specifications -------------------------------------------------------------------------------------------


def _parse(node: Node, depth: int = 0) -> _Type:
    """Return the type that a specification, quoted or not, describes."""
    if isinstance(node, Prefix) and node.kind is PrefixKind.QUOTE:
        node = node.inner
    name = keyword_name(node)
    if name in _ATOMIC:
        return _Type(name)
    if name is not None:
        raise _SpecError(node.span, f"unrecognized type spec: :{name}", _meant(name, _ATOMIC))
    if not isinstance(node, Form) or not node.items or depth > MAX_DEPTH:
        raise _SpecError(node.span, "a type is a keyword or a list")
    if node.head == "quote" and len(node) == 2:
        return _parse(node.items[1], depth + 1)
    return _parse_constructor(node, depth)


def _parse_constructor(form: Form, depth: int) -> _Type:
    name = keyword_name(form.items[0])
    if name not in _CONSTRUCTORS:
        fix = _meant(name or "", _CONSTRUCTORS)
        raise _SpecError(form.items[0].span, "a type begins with :list-of, :map-of, :union or :fn", fix)
    count = _CONSTRUCTORS[name]
    if count is not None and len(form) != count + 1:
        raise _SpecError(form.span, f":{name} takes {count} type{'s' * (count > 1)}")
    if name == "fn":  # the signature is not checked
        return _Type("procedure")
    return _Type(name, tuple(_parse(item, depth + 1) for item in form.items[1:]))


# -- inference ------------------------------------------------------------------------------------------------


def _infer(node: Node, table: _Table, hidden: _Hidden, depth: int = 0) -> _Type:
    """Return what is known of the value of an expression."""
    if isinstance(node, Atom):
        return _infer_atom(node, table, hidden)
    if isinstance(node, Prefix):
        return _infer_quoted(node.inner) if node.kind is PrefixKind.QUOTE else _ANY
    if node.bracket is not Bracket.LIST:
        return _Type(node.bracket.name.lower())
    if not node.items:
        return _Type("nil")
    return _infer_call(node, table, hidden, depth)


def _infer_atom(node: Atom, table: _Table, hidden: _Hidden) -> _Type:
    if not isinstance(node.value, Symbol):
        return _literal(node.value)
    name = node.value.name
    return _ANY if name in hidden else table.get(name, _ANY)


def _literal(value: object) -> _Type:

    return _Type(type_of(value))


def _infer_quoted(node: Node) -> _Type:
    if isinstance(node, Atom):
        return _literal(node.value)
    if isinstance(node, Form) and node.bracket is not Bracket.LIST:
        return _Type(node.bracket.name.lower())
    return _Type("list")


def _infer_call(form: Form, table: _Table, hidden: _Hidden, depth: int) -> _Type:
    head = form.head
    if head is None or head in hidden or depth > MAX_DEPTH:
        return _ANY
    if head == "the" and len(form) == 3:
        try:
            return _parse(form.items[1])
        except _SpecError:
            return _ANY
    if head == "quote" and len(form) == 2:
        return _infer_quoted(form.items[1])
    if head == "list":
        return _Type("list-of", (_join([_infer(item, table, hidden, depth + 1) for item in form.items[1:]]),))
    return _Type(_RESULTS[head]) if head in _RESULTS and head not in table else _ANY


def _join(types: list[_Type]) -> _Type:
    """Return the type of what may be of any of `types`."""
    if not types or _ANY in types:
        return _ANY
    joined = types[0]
    for other in types[1:]:
        if joined == other:
            continue
        both_numbers = joined.name in _NUMBERS and other.name in _NUMBERS
        joined = _NUMBER if both_numbers else _Type("union", (joined, other))
        if len(str(joined)) > 1000:  # a message of a thousand types helps nobody
            return _ANY
    return joined


def _conforms(got: _Type, expected: _Type) -> bool:
    """Return whether a value of type `got` may stand where `expected` is stated."""
    if got == expected or _ANY in (got, expected):
        return True
    if got.name == "union":
        return all(_conforms(branch, expected) for branch in got.parameters)
    if expected.name == "union":
        return any(_conforms(got, branch) for branch in expected.parameters)
    if got.name in _NUMBERS and expected.name in _NUMBERS:
        return "number" in (got.name, expected.name)
    return _conforms_inside(got, expected)


_WITHOUT_PARAMETERS = {"list-of": "list", "map-of": "map", "fn": "procedure"}


def _conforms_inside(got: _Type, expected: _Type) -> bool:
    """Return whether types that may have parameters conform; nil is a list."""
    got_name = _WITHOUT_PARAMETERS.get(got.name, got.name)
    expected_name = _WITHOUT_PARAMETERS.get(expected.name, expected.name)
    if got_name == "nil" and expected_name == "list":
        return True
    if got_name != expected_name:
        return False
    pairs = zip(
        got.parameters, expected.parameters, strict=False
    )  # with none on one side, nothing more is known
    return all(_conforms(mine, theirs) for mine, theirs in pairs)

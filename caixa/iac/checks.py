"""The package's own invariants: rules in tatara-lisp, in the files of spec/ (caixa.md G23).

    (defcheck names-are-short (teia) "a name is short" (< (string-length (get-or teia :nome "")) 20))
    (defregra :nome vpcs-are-owned :tipo aws/vpc :classe Safety
      :mensagem "a VPC says whose it is"
      :regra (lambda (teia) (atributo teia :tags :owner)))

A rule gets a resource as a map with :tipo, :nome, :endereco and :atributos (names as keywords with dashes) or,
with `:alcance Arquitetura`, the list of all of them, and returns whether it holds. It runs without capability;
one that fails refuses the architecture, since what was not checked is never taken for good. To the language a
`defcheck` defines a macro, which is why it has no slots; what stands beside the rules is evaluated first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from caixa.lisp.reader import read
from caixa.lisp.source import Source, Span
from caixa.lisp.syntax import Atom, Form, Node, symbol_name
from caixa.manifest.decoding import INVALID, Decoding, Place
from caixa.manifest.profile import Profile
from caixa.manifest.records import Slot
from caixa.manifest.shapes import Choice, Shape, Text

from .arch import Invariant, Kind
from .errors import InvalidTeia
from .forms import TeiaForm
from .model import Infrastructure, Part, Teia
from .names import keyword_of, terraform_type
from .shapes import Name, Tipo
from .values import Raw, Reference, Template, Value

if TYPE_CHECKING:
    from caixa.lisp.interpreter import Interpreter

__all__ = ["Check", "Scope", "read_checks"]


class Scope(StrEnum):
    """What a rule is asked about: each resource, or all of them together."""

    INSTANCIA = "Instancia"
    ARQUITETURA = "Arquitetura"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule: `regra` is where its function stands."""

    nome: str
    regra: Span
    mensagem: str
    classe: Kind = Kind.COMPLIANCE
    tipo: str | None = None
    alcance: Scope = Scope.INSTANCIA
    span: Span | None = field(default=None, compare=False)


class _Rule(Shape):
    """An expression of tatara-lisp, kept as its place: it is evaluated by the interpreter."""

    name = "a function such as (lambda (teia) #t)"

    def decode(self, node: Node, place: Place) -> Span:  # noqa: ARG002 - the signature of all shapes
        """Take any form."""
        return node.span

    def to_lisp(self, value: Any, profile: Profile) -> str:
        """There is no canonical form of code. Raises NotImplementedError."""
        raise NotImplementedError("code is formatted by the formatter")


_REGRA: Final = TeiaForm(
    "a regra",
    Check,
    [
        Slot("nome", Name(), "What a report calls it.", "vpcs-are-owned", required=True),
        Slot("regra", _Rule(), "The function that says whether it holds.", "(lambda (teia) #t)", required=True),
        Slot("mensagem", Text(), "What is said where it does not.", '"a VPC has an owner"', required=True),
        Slot("classe", Choice(Kind), "How much it matters.", "Compliance", default=Kind.COMPLIANCE),
        Slot("tipo", Tipo(), "The type that it is about; all of them when absent.", "aws/vpc"),
        Slot("alcance", Choice(Scope), "What the rule gets.", "Arquitetura", default=Scope.INSTANCIA),
    ],
)

# What rules can use beside the language: a way into the attributes that ends at nil where there is nothing.
_PRELUDE: Final = Source(
    "defregra",
    """(define (atributo teia &rest path)
         (foldl (lambda (value key) (if (hash-map? value) (get-or value key nil) nil))
                (get-or teia :atributos nil) path))""",
)
_MENTIONED: Final = re.compile(r"\(\s*(defcheck|defregra)\b")


def read_checks(sources: Iterable[Source]) -> tuple[Invariant, ...]:
    """Return the invariants that `sources` define; a source without any is not evaluated.

    Raises InvalidTeia with every problem of the forms, and what evaluating the sources and rules raises.
    """
    stated = [source for source in sources if _MENTIONED.search(source.text)]
    if not stated:
        return ()
    from caixa.lisp.capabilities import Capabilities  # noqa: PLC0415 - most packages have no rules
    from caixa.lisp.interpreter import Interpreter  # noqa: PLC0415 - as above

    interpreter = Interpreter(capabilities=Capabilities.none())
    interpreter.evaluate(_PRELUDE)
    return tuple(invariant for source in stated for invariant in _invariants(interpreter, source))


def _invariants(interpreter: Interpreter, source: Source) -> list[Invariant]:
    forms = [form for form in read(source).forms if isinstance(form, Form) and form.head in _HEADS]
    interpreter.evaluate(_without(source, [form.span for form in forms]))
    decoding = Decoding(source, Profile.STRICT)
    checks = [_HEADS[form.head or ""](form, Place(decoding)) for form in forms]
    if decoding.problems:
        raise InvalidTeia(decoding.problems)
    found = zip(forms, checks, strict=True)
    return [_invariant(interpreter, _rule_of(source, form, check), check) for form, check in found]


def _with_slots(form: Form, place: Place) -> Any:
    """Return the check of a `(defregra …)`, or INVALID."""
    place.decoding.spans[()] = form.span
    check = _REGRA.decode_pairs(_REGRA.form_pairs(form, place), form, place)
    return check if check is INVALID else replace(check, span=form.span)


def _short(form: Form, place: Place) -> Any:
    """Return the check of a `(defcheck NAME (teia) BODY…)`, or INVALID."""
    nome = symbol_name(form.items[1]) if len(form.items) > 3 else None
    params = form.items[2] if nome is not None else None
    if nome is None or not isinstance(params, Form) or len(params.items) != 1:
        fix = "Write (defcheck NAME (teia) BODY), or (defregra :nome … :mensagem … :regra …)."
        return place.refuse("check-malformed", form, "this is not a whole `defcheck`", fix=fix)
    said = form.items[3].value if isinstance(form.items[3], Atom) and len(form.items) > 4 else None
    message = said if isinstance(said, str) else f"{nome} does not hold"
    return Check(nome=nome, regra=form.span, mensagem=message, span=form.span)


_HEADS: Final = {"defcheck": _short, "defregra": _with_slots}


def _rule_of(source: Source, form: Form, check: Check) -> Source:
    """Return the source with all but the rule blanked out, so that every place in it stays where it is."""
    data = bytearray(source.text.encode())
    if check.regra == form.span:  # (defcheck NAME (teia) …) is the function, once its head says so
        start, end = form.items[0].span.start, form.items[1].span.end
        data[start:end] = b"lambda".ljust(end - start)
    _blank(data, 0, check.regra.start)
    _blank(data, check.regra.end, len(data))
    return Source(source.name, data.decode())


def _without(source: Source, spans: Sequence[Span]) -> Source:
    data = bytearray(source.text.encode())
    for span in spans:
        _blank(data, span.start, span.end)
    return Source(source.name, data.decode())


def _blank(data: bytearray, start: int, end: int) -> None:
    data[start:end] = re.sub(rb"[^\n]", b" ", bytes(data[start:end]))


def _invariant(interpreter: Interpreter, source: Source, check: Check) -> Invariant:
    rule: Any = interpreter.evaluate(source)

    def holds(subject: object) -> bool:
        from caixa.lisp.python.conversion import to_lisp  # noqa: PLC0415 - comes with the interpreter

        with interpreter.calling():
            answer = rule(to_lisp(subject))
        return answer is not None and answer is not False

    return Invariant(check.nome, check.classe, lambda whole: _breaches(interpreter, check, holds, whole))


def _breaches(
    interpreter: Interpreter, check: Check, holds: Callable[[object], bool], whole: Infrastructure
) -> Iterator[tuple[Part, str, str]]:
    for part, subject in _subjects(check, whole):
        try:
            if not holds(subject):
                yield part, f"{part.address}: {check.mensagem}", ""
        except Exception as error:  # what a rule does wrong is told as every error of the language is
            raise InvalidTeia(interpreter.as_lisp_error(error).diagnostics) from error


def _subjects(check: Check, whole: Infrastructure) -> Iterator[tuple[Part, object]]:
    wanted = None if check.tipo is None else terraform_type(check.tipo)
    found = [teia for teia in whole.teias if wanted is None or teia.type == wanted]
    if check.alcance is Scope.ARQUITETURA:
        yield _Architecture(span=check.span), [_described(teia) for teia in found]
    else:
        yield from ((teia, _described(teia)) for teia in found)


@dataclass(frozen=True, kw_only=True)
class _Architecture(Part):
    """All resources together, which a rule on the whole is about."""

    @property
    def address(self) -> str:
        """What messages call it."""
        return "the architecture"


def _described(teia: Teia) -> Mapping[str, object]:
    return {
        "tipo": teia.tipo,
        "nome": teia.nome,
        "endereco": teia.address,
        "atributos": _plain(teia.atributos),
    }


def _plain(value: Value) -> object:
    """Return a value as data: an expression is the text of it in `${}`."""
    if isinstance(value, Mapping):
        return {keyword_of(name) or name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, (Reference, Raw)):
        return "${" + value.expression + "}"
    if isinstance(value, Template):
        return "".join(map(str, map(_plain, value.parts)))
    return value

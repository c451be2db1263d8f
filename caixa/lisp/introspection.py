"""What a person asks of the language: which names there are, what they are, how they are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .compiler.naming import MARK, lisp_name
from .expander import SPECIAL_FORMS
from .namespace import Namespace
from .procedures import procedure_doc, procedure_params
from .values import Keyword

__all__ = ["Completion", "Description", "completions", "describe", "names"]

SPECIAL_DOCS: dict[str, tuple[str, str]] = {
    "and": ("(and e …)", "Return the first false value, or the last value."),
    "begin": ("(begin e …)", "Evaluate in order and return the last value."),
    "cond": ("(cond (test body …) … (else body …))", "Evaluate the body of the first true test."),
    "define": ("(define name e) (define (name params …) body …)", "Bind a name."),
    "defmacro": ("(defmacro name (params …) body …)", "Define a macro, whose body returns code."),
    "defn": ("(defn name (params …) body …)", "Define a function."),
    "delay": ("(delay e)", "Return a promise that evaluates the expression when it is forced."),
    "do": ("(do ((name init step) …) (test result …) body …)", "Loop until the test is true."),
    "eval": ("(eval e)", "Evaluate the value of an expression as code."),
    "if": ("(if test then else)", "Evaluate one of two expressions; only nil and #f are false."),
    "lambda": ("(lambda (params …) body …)", "Return a function."),
    "let": ("(let ((name e) …) body …)", "Bind names for the body; with a name first, a loop."),
    "let*": ("(let* ((name e) …) body …)", "Bind names one after another."),
    "letrec": ("(letrec ((name e) …) body …)", "Bind names that can refer to each other."),
    "macroexpand": ("(macroexpand form)", "Return a form with its macro calls expanded."),
    "not": ("(not e)", "Return whether a value is nil or #f."),
    "or": ("(or e …)", "Return the first true value, or the last value."),
    "parameterize": ("(parameterize ((parameter e) …) body …)", "Change parameters while the body runs."),
    "provide": ("(provide name …)", "Say which names a module lends."),
    "quasiquote": ("`template", "Return data in which `,e` and `,@e` are filled in."),
    "quote": ("'data", "Return data as it is written."),
    "require": ('(require "path" :as alias :refer (name …))', "Load a module, bind what it provides."),
    "set!": ("(set! name e)", "Change what a name is bound to."),
    "try": ("(try body … (catch (e :tag) …) (finally …))", "Evaluate, and handle errors."),
    "unless": ("(unless test body …)", "Evaluate the body if the test is false."),
    "when": ("(when test body …)", "Evaluate the body if the test is true."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Completion:
    """A name that fits a prefix; `kind` is function, macro, special-form, value or keyword."""

    name: str
    kind: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of a name."""

    name: str
    kind: str
    signature: str
    doc: str


def completions(namespace: Namespace, prefix: str) -> list[Completion]:
    """Return the names that begin with `prefix`, in alphabetical order."""
    if prefix.startswith(":"):
        return [
            Completion(f":{name}", "keyword") for name in sorted(Keyword.known()) if name.startswith(prefix[1:])
        ]
    found = (describe(namespace, name) for name in sorted(set(names(namespace))) if name.startswith(prefix))
    return [Completion(each.name, each.kind, each.signature) for each in found if each is not None]


def names(namespace: Namespace) -> Iterator[str]:
    """Yield every name that means something in `namespace`, some more than once."""
    # Copied at once, since an editor asks while a cell defines: iterating over the table itself would fail.
    known = list(namespace.names)
    yield from [lisp_name(name) for name in known if not name.startswith(("__builtins__", MARK))]
    yield from list(namespace.macros)
    yield from namespace.language.functions()
    yield from namespace.language.macros
    yield from SPECIAL_FORMS


def describe(namespace: Namespace, name: str) -> Description | None:
    """Return what `name` means in `namespace`, or None if it means nothing."""
    macro = namespace.find_macro(name)
    if macro is not None:
        return Description(name, "macro", _call(name, macro.params), macro.doc or "")
    if name in SPECIAL_FORMS and not namespace.is_variable(name):
        signature, doc = SPECIAL_DOCS.get(name, (f"({name} …)", ""))
        return Description(name, "special-form", signature, doc)
    try:
        value = namespace.lookup(name)
    except KeyError:
        return None
    params = procedure_params(value) if callable(value) else None
    if params is None:
        return Description(name, "function" if callable(value) else "value", name, "")
    return Description(name, "function", _call(name, params), procedure_doc(value) or "")


def _call(name: str, params: str) -> str:
    return f"({name})" if params == "()" else f"({name} {params[1:-1]})"

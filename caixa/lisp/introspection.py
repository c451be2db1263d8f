"""What a person asks of the language: which names there are, what they are, how they are called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .compiler.naming import MARK, lisp_name
from .expander import SPECIAL_FORMS
from .kinds import is_procedure
from .namespace import Namespace
from .procedures import procedure_doc, procedure_params
from .reader import read
from .source import Source
from .values import Keyword

__all__ = ["Completion", "Description", "completions", "describe", "names"]


class Completion(NamedTuple):
    """A name that fits a prefix; `kind` is function, macro, special-form, value or keyword."""

    name: str
    kind: str
    signature: str = ""


class Description(NamedTuple):
    """What is known of a name: `examples` are lines of Lisp, `subject` the procedure or macro itself."""

    name: str
    kind: str
    signature: str
    doc: str
    examples: str = ""
    subject: object = None

    def markdown(self) -> str:
        """Return all of it as Markdown, as notebooks and editors show it."""
        doc = f"\n\n{self.doc}" if self.doc else ""
        examples = f"\n\n```scheme\n{self.examples}\n```" if self.examples else ""
        return f"```scheme\n{self.signature or self.name}\n```\n*{self.kind}*{doc}{examples}"


def completions(namespace: Namespace, prefix: str) -> list[Completion]:
    """Return the names that begin with `prefix`, in alphabetical order."""
    if prefix.startswith(":"):
        return [
            Completion(f":{name}", "keyword") for name in sorted(Keyword.known()) if name.startswith(prefix[1:])
        ]
    found = (_describe(namespace, name) for name in sorted(set(names(namespace))) if name.startswith(prefix))
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
    """Return what `name` means in `namespace`, or None; examples come with what belongs to the language."""
    found = _describe(namespace, name)
    if found is None or _is_own(namespace, name):
        return found
    from .reference.topics import examples_of  # noqa: PLC0415  # the examples are read when somebody asks

    return found._replace(examples=examples_of(name))


def _is_own(namespace: Namespace, name: str) -> bool:
    """Return whether the program itself defines `name`."""
    return name in namespace.macros or namespace.is_variable(name)


def _describe(namespace: Namespace, name: str) -> Description | None:
    macro = namespace.find_macro(name)
    if macro is not None:
        return Description(name, "macro", _call(name, macro.params), _dedented(macro.doc or ""), subject=macro)
    if name in SPECIAL_FORMS and not namespace.is_variable(name):
        return _special_form(name)
    try:
        value = namespace.lookup(name)
    except KeyError:
        return None
    params = procedure_params(value) if is_procedure(value) else None
    if params is None:
        return Description(name, "function" if is_procedure(value) else "value", name, "")
    return Description(
        name, "function", _call(name, params), _dedented(procedure_doc(value) or ""), subject=value
    )


def _dedented(doc: str) -> str:
    """Return a docstring without the indentation of the code that it stands in."""
    return "\n".join([line.strip() for line in doc.strip().splitlines()]) if "\n" in doc else doc


def _special_form(name: str) -> Description:
    from .reference.special_forms import SPECIAL_FORM_DOCS  # noqa: PLC0415  # read when somebody asks

    signature, doc = SPECIAL_FORM_DOCS.get(name, (f"({name} …)", ""))
    return Description(name, "special-form", signature, doc)


def _call(name: str, params: str) -> str:
    """Return how `name` is called, once for each of its parameter lists."""
    return " ".join([f"({' '.join([name, shape[1:-1]]).rstrip()})" for shape in _shapes(params)])


def _shapes(params: str) -> list[str]:
    """Return the parameter lists in `params`, mostly one."""
    if ") (" not in params:
        return [params]
    source = Source("parameters", params)
    return [source.slice(form.span) for form in read(source).forms]

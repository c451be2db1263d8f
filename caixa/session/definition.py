"""From a `(defcaixa …)` form in a cell to a package of the session."""

from __future__ import annotations

from collections.abc import Mapping

from caixa.lacre.package_digest import package_digest
from caixa.lisp.printer import write_syntax
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Form
from caixa.manifest.decode import decode_form
from caixa.manifest.errors import InvalidManifest
from caixa.manifest.package import MANIFEST, Package

from .session import Definition

__all__ = ["define"]


def define(form: Form, source: Source, packages: Mapping[str, Package]) -> Definition:
    """Read `form`, found in `source`; a caixa that `packages` has already keeps the files of its virtual tree.

    Raises InvalidManifest, whose reading holds every finding at its place in `source`.
    """
    reading = decode_form(form, source)
    if reading.caixa is None:
        raise InvalidManifest(reading)
    nome = reading.caixa.nome
    files = packages[nome].files if nome in packages else {}
    manifest = Source(f"{nome}/{MANIFEST}", _text_of(form, source))
    package = Package.from_reading(reading, manifest, files)
    return Definition(package, package_digest(package), reading.diagnostics)


def _text_of(form: Form, source: Source) -> str:
    """Return the form as written; one that a macro made has only the place of its call, so it is printed."""
    text = source.slice(form.span)
    first = next(iter(read(Source(source.name, text)).forms), None)
    is_written = isinstance(first, Form) and first.head == form.head and len(first) == len(form)
    return (text if is_written else write_syntax(form)) + "\n"

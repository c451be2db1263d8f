"""What must hold of any text, on its way through read, print, expand and compile."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from caixa.lisp.data import quote
from caixa.lisp.diagnostics import Reportable
from caixa.lisp.errors import ReaderError
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import write, write_syntax
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Node

from .budget import TooSlow, at_most
from .mutation import minimal

__all__ = ["Pipeline"]

SECONDS = 2.0  # that one input may take
FRESH = 2_000  # inputs after which the interpreter is put back as it was
_MADE = re.compile(r"(?<=[^\s(\[{])[0-9]+")  # the numbers of symbols that are made fresh


class Pipeline:
    """Takes texts; `counts` says how far they came."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._interpreter = Interpreter()
        self._before = self._interpreter.snapshot()
        self._checked: dict[str, bool] = {}

    def check_all(self, texts: Iterable[str]) -> None:
        """Check each text; on a violation, fail with the shortest text that still shows it."""
        for text in texts:
            problem = self.problem(text)
            if problem is not None:
                shortest = minimal(text, lambda shorter: self.problem(shorter) is not None)
                raise AssertionError(f"{shortest!r}: {self.problem(shortest) or problem}")

    def problem(self, text: str) -> str | None:
        """Return what is wrong with the way that `text` is handled, or None."""
        self.counts["inputs"] += 1
        if self.counts["inputs"] % FRESH == 0:
            self._interpreter.restore(self._before)
            self._checked.clear()
        try:
            with at_most(SECONDS):
                self.counts[self._handle(text)] += 1
        except TooSlow:
            return f"takes more than {SECONDS} s"
        except AssertionError as violated:
            return str(violated)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return None

    def _handle(self, text: str) -> str:
        source = Source("fuzz", text)
        try:
            forms = read(source).forms
        except ReaderError as error:
            self._check_refusal(error, source)
            return "refused"
        refused = [form for form in forms if not self._is_sound(form, source)]
        return "not expanded" if refused else "compiled"

    def _is_sound(self, form: Node, source: Source) -> bool:
        """Check a form and return whether it compiles; one whose text was checked before is known.

        A mutant has most of its forms from its seed, so most of the work has been done for another mutant.
        """
        text = source.slice(form.span)
        known = self._checked.get(text)
        if known is None:
            self._print(form, text)
            known = self._checked[text] = self._compile(form)
        return known

    def _check_refusal(self, error: ReaderError, source: Source) -> None:
        assert error.span is not None, "an error without a place"
        size = source.byte_offset(len(source.text))
        assert 0 <= error.span.start <= error.span.end <= size, "an error outside the text"
        assert error.render({"fuzz": source}), "an error that says nothing"

    def _print(self, form: Node, text: str) -> None:
        printed = write_syntax(form)
        again = self._read_one(printed)
        assert write_syntax(again) == printed, (
            f"printed as {printed!r}, read and printed as {write_syntax(again)!r}"
        )
        data = write(quote(form))
        assert write(quote(again)) == data, f"{data!r} is not what its text reads as"
        assert write(quote(self._read_one(data))) == data, f"the value {data!r} does not read back"
        inside = self._read_one(" " + text)  # at the very beginning `#!` is a comment
        assert write_syntax(inside) == printed, "the text at the span is not the form"

    def _read_one(self, text: str) -> Node:
        forms = read(Source("printed", text)).forms
        assert len(forms) == 1, f"{text!r} reads as {len(forms)} forms"
        return forms[0]

    def _compile(self, form: Node) -> bool:
        """Expand and compile `form`, and its printed text: with the same outcome. Return whether that works."""
        expanded, again = self._expanded(form), self._expanded(self._read_one(write_syntax(form)))
        assert expanded == again, f"expands to {expanded!r}, its printed text to {again!r}"
        try:
            self._interpreter.compile(Source("fuzz", write_syntax(form)))
        except Reportable:
            return False
        return True

    def _expanded(self, form: Node) -> str:
        try:
            return _MADE.sub("", write(self._interpreter.expand(form)))
        except Reportable as error:
            return f"{type(error).__name__}: {error}"

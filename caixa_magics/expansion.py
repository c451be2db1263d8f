"""The macro stepper as a notebook shows it: `%caixa expand FORM`, and `%%expand` above a longer form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from caixa.lisp.printer import write_syntax
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.stepping import Step

from .errors import MagicUsage
from .layout import marked

if TYPE_CHECKING:
    from .magics import Call
    from .notebook import Notebook

__all__ = ["USAGE", "Expansion", "expand"]

USAGE = "%caixa expand [--all] [--json] FORM"
SHOWN_STEPS = 12  # without --all


@dataclass(frozen=True, slots=True)
class Expansion:
    """What `expand` answers: the steps, those shown first, and whether all of them are."""

    form: str
    steps: tuple[Step, ...] = field(repr=False)
    is_whole: bool = False

    @property
    def shown(self) -> tuple[Step, ...]:
        """The steps that are told one by one."""
        return self.steps if self.is_whole else self.steps[:SHOWN_STEPS]

    @property
    def rest(self) -> str:
        """What is said of the steps that are not, empty if there are none."""
        left = len(self.steps) - len(self.shown)
        return f"… {left} more step{'s' * (left != 1)}: %caixa expand --all" if left else ""

    def text(self) -> str:
        """Return the steps, each with the form before and after it, what changed between « and »."""
        if not self.steps:
            return f"{self.form}\nThere is no macro call in it."
        parts = [_told(number, step) for number, step in enumerate(self.shown, 1)]
        return "\n\n".join([*parts, self.rest] if self.rest else parts)

    def to_json(self) -> dict[str, Any]:
        """Return the steps as plain data."""
        steps = [
            {
                "macro": step.macro,
                "before": write_syntax(step.before),
                "after": write_syntax(step.after),
                "path": None if step.path is None else list(step.path),
                "call": write_syntax(step.call),
                "result": write_syntax(step.result),
            }
            for step in self.shown
        ]
        return {"form": self.form, "steps": steps, "count": len(self.steps)}


def _told(number: int, step: Step) -> str:
    path = step.path or ()
    before, after = _indented(marked(step.before, path)), _indented(marked(step.after, path))
    return f"{number}. {step.macro}\n{before}\n   =>\n{after}"


def _indented(text: str) -> str:
    return "\n".join("   " + line for line in text.split("\n"))


@dataclass(frozen=True, slots=True)
class Json:
    """An answer as JSON."""

    value: dict[str, Any]

    def text(self) -> str:
        """Return it with an indentation of two."""
        return json.dumps(self.value, indent=2, ensure_ascii=False)


def expand(notebook: Notebook, call: Call, flags: Sequence[str], form: str, start: int) -> Expansion | Json:
    """Return the steps in which the Lisp text `form`, which begins at `start` in the cell, is expanded.

    Raises MagicUsage unless it is one form, or what reading and expanding it raise.
    """
    blank = "".join(character if character == "\n" else " " for character in call.source.text[:start])
    source = Source(call.source.name, blank + form)
    forms = read(source).forms
    if len(forms) != 1:
        found = "none" if not forms else str(len(forms))
        raise MagicUsage(f"`expand` takes one form, found {found}", call.span, fix=f"Write `{USAGE}`.")
    steps = notebook.session.interpreter.expansion(forms[0])
    answer = Expansion(write_syntax(forms[0]), tuple(steps), "--all" in flags)
    return Json(answer.to_json()) if "--json" in flags else answer

"""The words of `%caixa` that are about the language and not about packages: expand, restart, secret.

`feira` declares the verbs that a terminal has, too; these need the session's own names, and take Lisp text as
it stands, which no shell could hand over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from caixa.lisp.printer import write
from caixa.lisp.source import Source
from caixa.session.secrets import HIDDEN

from .errors import MagicUsage
from .magics import Call

if TYPE_CHECKING:
    from .notebook import Notebook

__all__ = ["LANGUAGE_VERBS", "LanguageVerb", "Said", "expand_body"]


@dataclass(frozen=True, slots=True)
class LanguageVerb:
    """One such word: how it is written, what it does, its flags, and the function that does it."""

    name: str
    usage: str
    summary: str
    flags: tuple[str, ...]
    run: Callable[[Notebook, Call, list[str], str, int], object]

    def __call__(self, notebook: Notebook, call: Call) -> object:
        """Run it with the flags that follow it, and the rest of the line as it stands."""
        words = list(call.words[1:])
        flags: list[str] = []
        while words and words[0].text in self.flags:
            flags.append(words.pop(0).text)
        start = words[0].start if words else call.line.end
        return self.run(notebook, call, flags, call.source.text[start : call.line.end], start)

    def help(self) -> str:
        """Return what `%caixa help` says of it."""
        return f"{self.usage}\n\n{self.summary}"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer of one line."""

    line: str

    def text(self) -> str:
        """Return the line."""
        return self.line


def _expand(notebook: Notebook, call: Call, flags: list[str], form: str, start: int) -> object:
    from .expansion import expand  # noqa: PLC0415  # loaded by the first expansion

    return expand(notebook, call, flags, form, start)


def _restart(notebook: Notebook, call: Call, _flags: list[str], text: str, start: int) -> Said:
    """Set, show or (`off`) take back the restart that is taken when nobody is there to choose."""
    conditions = notebook.session.interpreter.conditions
    name, _, argument = text.strip().partition(" ")
    if name == "off":
        conditions.default = None
    elif name:
        arguments = (
            (_value(notebook, call, argument, start + text.index(argument)),) if argument.strip() else ()
        )
        conditions.default = name, arguments
    if conditions.default is None:
        return Said("No restart is taken by itself: an error that nothing handles ends its cell.")
    name, values = conditions.default
    with_values = "".join([f" with {write(value)}" for value in values])
    return Said(f"When nobody is there to choose, the restart `{name}` is taken{with_values}.")


def _secret(notebook: Notebook, call: Call, _flags: list[str], text: str, start: int) -> Said:
    """Hide the value of a Lisp name, or say by their names what is hidden."""
    secrets, name = notebook.session.secrets, text.strip()
    if not name:
        return Said(f"Hidden: {', '.join(secrets.names()) or 'nothing'}.")
    if not secrets.add(name, _value(notebook, call, text, start)):
        fix = "Give the name of a text of at least 4 characters; shorter ones cannot be hidden."
        raise MagicUsage(f"the value of `{name}` cannot be hidden", call.span, fix=fix)
    return Said(f"What `{name}` stands for is shown as {HIDDEN} from now on.")


def _value(notebook: Notebook, call: Call, text: str, start: int) -> object:
    blank = "".join(character if character == "\n" else " " for character in call.source.text[:start])
    if not text.strip():
        raise MagicUsage("the value is missing", call.span, fix="Write `%caixa restart NAME [VALUE]`.")
    return notebook.session.interpreter.evaluate(Source(call.source.name, blank + text))


_VERBS: Final = (
    LanguageVerb(
        "expand",
        "%caixa expand [--all] [--json] FORM",
        "Show each step in which the macro calls of a form are expanded; `%%expand` takes a longer form.",
        ("--all", "--json"),
        _expand,
    ),
    LanguageVerb(
        "secret",
        "%caixa secret [NAME]",
        "Hide the text that NAME stands for in all outputs, logs and recordings, or list what is hidden.",
        (),
        _secret,
    ),
    LanguageVerb(
        "restart",
        "%caixa restart [NAME [VALUE] | off]",
        "Say which restart is taken of an error that nothing handles when nobody is there to choose.",
        (),
        _restart,
    ),
)
LANGUAGE_VERBS: Final[Mapping[str, LanguageVerb]] = {verb.name: verb for verb in _VERBS}


def expand_body(notebook: Notebook, call: Call) -> object:
    """Run `%%expand`: the form is the rest of the cell."""
    flags = [word.text for word in call.words]
    unknown = [word for word in call.words if word.text not in LANGUAGE_VERBS["expand"].flags]
    if unknown:
        place = call.span_of(unknown[0])
        raise MagicUsage(
            f"`%%expand` has no word `{unknown[0].text}`", place, fix="Write `%%expand [--all] [--json]`."
        )
    return _expand(notebook, call, flags, call.body, len(call.source.text) - len(call.body))

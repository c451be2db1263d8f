"""docs/linting.md, made of the table of rules and the slots of the settings.

`python -m caixa.tools.linting.reference > docs/linting.md` brings it up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from caixa.lisp.source import Source
from caixa.manifest.profile import Profile
from caixa.manifest.records import Slot

from ..formatter import Style, format_source
from ..formatting.configuration import STYLE_FILE, STYLE_SLOTS
from ..rules import FAMILIES, Mending, Rule, Where
from .configuration import CONFIG_FILE, CONFIG_SLOTS, CUSTOM_SLOTS

__all__ = ["page"]

_HEAD = """# Linting and formatting

`feira lint` looks at the manifest and every Lisp source of a package, or at the files and folders that are
named; `feira fmt` lays them out. `%caixa lint` and `%caixa fmt` do the same for a caixa of the session. This
page is made of the tables that the tools use: `python -m caixa.tools.linting.reference > docs/linting.md`.

| flag of `lint` | |
|---|---|
| `--errors-only` | leave out warnings and notes |
| `--strict` | check the invariants of a repository too |
| `--fix` | make the safe edits until none is left, and lay out what changed |
| `--fix-unsafe` | make those too that may change what is meant |
| `--fix-dry-run` | show what that would change |

An error makes the exit status 1; a warning, a note or a hint does not.

## To silence a rule

```lisp
(define (handler request state) state) ; lint: off unused-local
; lint: off shadowed-name unused-local
(define (total list) (apply + list))
; lint: off small-forms file
```

Beside code it holds for that line, on a line of its own for the form that follows, and with the word `file`
after the rules for the whole file. Without a rule it silences all of them.
"""

_STRICT = """
What `--strict` adds are the invariants of a repository. Of `module-trio-adoption` and `caixa-naivete` the
design gives no more than the names; the table says what is checked here. An invariant that a package has
nothing to say about (it has no `CLAUDE.md`, no `flake.nix`) is listed as not checked, with the reason:
nothing is green by default.
"""

_PATTERNS = """
## Rules of one's own

A rule is a pattern: a form in which `?x` stands for any form (the same one each time), `?_` for any, and `?*xs`
for any number of forms in a row. All else stands for itself, as it is written, before expansion. What
`:substituicao` says is offered as an edit, which `--fix` makes where the rule is `:segura`, and `--fix-unsafe`
anyway.

```lisp
(deflint-config
  :regras ((:id "small-forms" :habilitada #f)
           (:id "unused-local" :severidade error))
  :regras-customizadas ((:id "no-boolean-if"
                         :descricao "this `if` only says whether its test holds"
                         :padrao (if ?test #t #f)
                         :substituicao (not (not ?test)))
                        (:id "no-empty-let"
                         :descricao "this `let` binds nothing"
                         :padrao (let () ?*body)
                         :substituicao (begin ?*body)
                         :segura #t)))
```
"""

_FORMATTER = """
## The formatter

Every comment stays, formatting twice is formatting once, and what is read from the result is what was read
before. A form that fits its line stays on it; else a form of keywords has a pair on each line, and any other
an item. With `:layout Lisp` what belongs to a head stays beside it (the name of a `define`, the bindings of a
`let`), lists of data are aligned, and blank lines between items are kept. The nearest file `{file}` counts,
from the folder of the source up to that of its `caixa.lisp`.
"""


def page() -> str:
    """Return the text of the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "## The rules\n"
    yield "| rule | severity | what it asks | edit |\n|---|---|---|---|"
    for family in FAMILIES.values():
        yield from (_row(rule) for rule in family)
    yield _STRICT
    for title, family in FAMILIES.items():
        yield f"\n### {title}\n"
        yield "\n".join(_section(rule) for rule in family).rstrip("\n")
    yield f"\n## Settings: `{CONFIG_FILE}`\n"
    yield "`(deflint-config …)`, in the nearest folder up to that of the package.\n"
    yield from _slots(CONFIG_SLOTS)
    yield _PATTERNS
    yield from _slots(CUSTOM_SLOTS)
    yield _FORMATTER.format(file=STYLE_FILE)
    yield from _slots(STYLE_SLOTS)


def _row(rule: Rule) -> str:
    severity = f"{rule.severity}, with `--strict`" if rule.is_strict else rule.severity
    edit = "" if rule.mending is Mending.NONE else rule.mending.value
    return f"| [`{rule.code}`](#{rule.code}) | {severity} | {rule.says} | {edit} |"


def _section(rule: Rule) -> str:
    parts = (f"#### {rule.code}\n", f"{rule.says} {rule.fix}\n")
    examples = (f"Refused:\n\n{_example(rule, rule.refuses)}", f"Accepted:\n\n{_example(rule, rule.accepts)}")
    return "\n".join([*parts, *examples])


def _example(rule: Rule, text: str) -> str:
    files = (
        (part.split("\n", 1) for part in text.split("==> ")[1:])
        if rule.where is Where.PACKAGE
        else [("", text)]
    )
    return "\n".join(_block(name, body) for name, body in files)


def _block(name: str, text: str) -> str:
    shown = text if len(text) < 2_000 else text[:60] + " …"
    is_lisp = not name or name.endswith(".lisp")
    body = format_source(Source("example", shown), Style(80)) if is_lisp and shown == text else shown + "\n"
    title = f"`{name}`\n\n" if name else ""
    return f"{title}```{'lisp' if is_lisp else 'text'}\n{body}```\n"


def _slots(slots: Iterable[Slot]) -> Iterator[str]:
    yield "| slot | what it says | default | example |\n|---|---|---|---|"
    for slot in slots:
        default = "" if slot.default in (None, ()) else f"`{slot.shape.to_lisp(slot.default, Profile.STRICT)}`"
        yield f"| `:{slot.keyword}` | {slot.doc} | {default} | `{slot.example}` |"


if __name__ == "__main__":
    sys.stdout.write(page())

"""What a source defines, ready to be hashed: definitions by name, what it provides, what it does besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from caixa.lisp import core
from caixa.lisp.analysis import TopForm

from .tree import GLOBAL, Tree, tree_of

__all__ = ["Definition", "Program"]


@dataclass(frozen=True, slots=True)
class Definition:
    """A global name with its tree; `kind` is function, value, macro or variable."""

    name: str
    kind: str
    tree: Tree


@dataclass(frozen=True, slots=True)
class Program:
    """The definitions of one namespace.

    `effects` are the top-level forms that define nothing, in order; `imports` gives the digest of each name
    that another module lends.
    """

    definitions: Mapping[str, Definition]
    effects: tuple[Tree, ...] = ()
    provided: tuple[str, ...] = ()
    imports: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, forms: Iterable[TopForm], provided: Iterable[str] = (), imports: Mapping[str, str] | None = None
    ) -> Program:
        """Return the program that `forms`, expanded, make up."""
        written: dict[str, list[tuple[str, Tree]]] = {}
        effects: list[Tree] = []
        for form in forms:
            if form.macro is not None:
                written.setdefault(form.macro, []).append(("macro", tree_of(form.code)))
            elif isinstance(form.code, core.Define):
                kind = "function" if isinstance(form.code.value, core.Lambda) else "value"
                written.setdefault(form.code.name, []).append((kind, tree_of(form.code.value)))
            elif not isinstance(form.code, core.Const):  # a literal by itself does nothing
                effects.append(tree_of(form.code))
        changed = _assigned([*effects, *(tree for each in written.values() for _, tree in each)])
        definitions = {name: _definition(name, each, name in changed) for name, each in written.items()}
        return cls(definitions, tuple(effects), tuple(provided), imports or {})


def _definition(name: str, written: list[tuple[str, Tree]], is_changed: bool) -> Definition:  # noqa: FBT001 - positional here only
    """Return what `name` denotes: the one tree it is given, or a variable that has each of them in its time.

    A variable is not only its values but one place that is shared: its name counts.
    """
    kind, tree = written[-1]
    if len(written) == 1 and not is_changed:
        return Definition(name, kind, Tree("macro", "", (tree,)) if kind == "macro" else tree)
    return Definition(name, "variable", Tree("variable", name, tuple(tree for _, tree in written)))


def _assigned(trees: Iterable[Tree]) -> Counter[str]:
    """Return the globals that `set!`, or a `define` inside something else, changes."""
    found: Counter[str] = Counter()
    pending = list(trees)
    while pending:
        tree = pending.pop()
        if tree.label in ("set-global", "define") and tree.children[0].label == GLOBAL:
            found[tree.children[0].text] += 1
        pending.extend(tree.children)
    return found

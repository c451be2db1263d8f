"""A tree written as the Lisp that it stands for, with numbers for variables."""

from __future__ import annotations

from caixa.lisp.printer import write

from .tree import GLOBAL, Tree

__all__ = ["to_text"]

_ATOMS = ("int", "float", "string", "bool", "nil", "symbol", "keyword", "char", "names", "native-fn")
_COMPOUNDS = {"list": ("(", ")"), "vector": ("[", "]"), "map": ("{", "}"), "set": ("#{", "}")}


def to_text(tree: Tree, limit: int = 72) -> str:
    """Return `tree` in one line of at most about `limit` characters, what is too much of it left out as `…`."""
    return _Writer(limit).write(tree)


class _Writer:
    """Writes until the line is full; the depth of what is written is bounded by its length."""

    def __init__(self, limit: int) -> None:
        self.left = limit

    def write(self, tree: Tree) -> str:
        return self._text(tree)

    def _take(self, text: str) -> str:
        self.left -= len(text) + 1
        return text

    def _text(self, tree: Tree) -> str:
        if self.left <= 0:
            return "…"
        if tree.label in ("const", "call", "macro") or tree.label in _COMPOUNDS:
            return self._group(tree)
        if tree.label in _ATOMS:
            return self._take(str(int(tree.text, 16)) if tree.label == "int" else tree.text)
        if tree.label in (GLOBAL, "support"):
            return self._take(tree.text)
        if tree.label == "local":
            return self._take(f"v{tree.text}")
        return self._form(tree)

    def _group(self, tree: Tree) -> str:
        if tree.label == "const":
            value = tree.children[0]
            return f"'{self._text(value)}" if value.label in ("list", "symbol") else self._text(value)
        opening, closing = _COMPOUNDS.get(tree.label, ("(", ")"))
        return f"{opening}{self._joined(tree.children)}{closing}"

    def _form(self, tree: Tree) -> str:
        head = [self._take(tree.label)]
        if tree.text:
            head.append(self._take(_variables(tree)))
        parts = self._joined(tree.children)
        return f"({' '.join([*head, *([parts] if parts else [])])})"

    def _joined(self, trees: tuple[Tree, ...]) -> str:
        parts = []
        for tree in trees:
            parts.append(self._text(tree))
            if parts[-1] == "…":
                break
        return " ".join(parts)


def _variables(tree: Tree) -> str:
    if tree.label == "lambda":
        required, _, rest = tree.text.rpartition(" ")
        names = [f"v{number}" for number in required.strip("()").split()]
        return f"({' '.join([*names, *([f'. v{rest}'] if rest != '-' else [])])})"
    if tree.label in ("bind", "set-local", "optional"):
        return f"v{tree.text}"
    return write(tree.text) if tree.label == "variable" else tree.text

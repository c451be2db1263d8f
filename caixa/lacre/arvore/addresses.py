"""From trees to digests: each global name is replaced by the digest of what it denotes (DESIGN section 6).

Definitions that call each other have no first one. They get the digest of their unfolding: what one sees by
following names for ever, which is finite to tell, since a group has finitely many definitions. Two of them
have equal digests exactly if no depth of unfolding tells them apart; how they are called and how many names
stand for the same thing does not count. docs/identity.md has the definition with worked values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from caixa.lacre.digest import labelled

from .program import Program
from .tree import GLOBAL, Tree

__all__ = ["LANGUAGE", "Addresses", "address"]

LANGUAGE = "tatara-lisp 1"
"""What a native is an address in: another version of the language may mean something else by its name."""


class Addresses:
    """The digest of every definition of a program, and of the program."""

    def __init__(self, program: Program, is_native: Callable[[str], bool]) -> None:
        """Compute them all; `is_native` says which names the language defines."""
        self.program = program
        self._is_native = is_native
        self._known: dict[str, str] = {}
        self._unfoldings: dict[
            str, str
        ] = {}  # of a definition that needs itself: one step of it, and its digest
        for group in components({name: each.tree for name, each in program.definitions.items()}):
            self._known.update(self._group(group))

    def of(self, name: str) -> str:
        """Return the digest of what the global `name` denotes, be it only a name that means nothing."""
        if name in self._known:
            return self._known[name]
        if name in self.program.imports:
            return self.program.imports[name]
        if self._is_native(name):
            return labelled([("language", LANGUAGE), ("native", name)])
        return labelled([("unbound", name)])

    def kind_of(self, name: str) -> str:
        """Return what the global `name` denotes: a kind of definition, `import`, `native` or `unbound`."""
        if name in self.program.definitions:
            return self.program.definitions[name].kind
        if name in self.program.imports:
            return "import"
        return "native" if self._is_native(name) else "unbound"

    def whole(self) -> str:
        """Return the digest of the program: its definitions by name, what it provides, and what it does."""
        pairs = [("program", LANGUAGE)]
        for name in sorted(self.program.definitions):
            pairs += [("name", name), ("arvore", self.of(name))]
        pairs += [("provide", name) for name in sorted(self.program.provided)]
        pairs += [("effect", address(tree, self.of)) for tree in self.program.effects]
        return labelled(pairs)

    def _group(self, names: tuple[str, ...]) -> Mapping[str, str]:
        trees = {name: self.program.definitions[name].tree for name in names}
        if len(names) == 1 and names[0] not in trees[names[0]].globals():
            digest = address(trees[names[0]], self.of)
            return {names[0]: self._unfoldings.get(digest, digest)}
        found = self._unfolded(trees)

        def denoted(name: str) -> str:
            return found[name] if name in found else self.of(name)

        self._unfoldings.update({address(tree, denoted): found[name] for name, tree in trees.items()})
        return found

    def _unfolded(self, trees: Mapping[str, Tree]) -> Mapping[str, str]:
        """Return the digests of definitions that need each other, from twice as many rounds as there are kinds.

        Kinds are told apart within as many rounds as there are of them; twice as many tell them apart from
        those of any other group with as many.
        """
        seen = dict.fromkeys(trees, labelled([("unfolded", "")]))
        kinds, rounds = 0, 0
        while rounds < 2 * max(kinds, 1):
            before = seen

            def denoted(name: str, before: Mapping[str, str] = before) -> str:
                return before[name] if name in before else self.of(name)

            seen = {name: address(tree, denoted) for name, tree in trees.items()}
            kinds, rounds = len(set(seen.values())), rounds + 1
        return {name: labelled([("kinds", str(kinds)), ("unfolded", digest)]) for name, digest in seen.items()}


def address(tree: Tree, denoted: Callable[[str], str]) -> str:
    """Return the digest of `tree`; `denoted` gives the digest that stands for a global name. Not recursive."""
    done: list[str] = []
    work: list[tuple[Tree, bool]] = [(tree, False)]
    while work:
        at, ready = work.pop()
        if at.label == GLOBAL:
            done.append(denoted(at.text))
        elif at.children and not ready:
            work.append((at, True))
            work.extend((child, False) for child in reversed(at.children))
        else:
            start = len(done) - len(at.children)
            parts = [("node", at.label), ("text", at.text), *(("part", digest) for digest in done[start:])]
            del done[start:]
            done.append(labelled(parts))
    return done[0]


def components(trees: Mapping[str, Tree]) -> Iterator[tuple[str, ...]]:
    """Yield the names in groups that need each other, what a group needs before it (Tarjan 1972)."""
    needs = {
        name: [each for each in dict.fromkeys(tree.globals()) if each in trees] for name, tree in trees.items()
    }
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_: dict[str, None] = {}
    for root in trees:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        open_[root] = None
        path = [(root, iter(needs[root]))]
        while path:
            name, following = path[-1]
            step = next(following, None)
            if step is not None and step not in index:
                index[step] = low[step] = len(index)
                open_[step] = None
                path.append((step, iter(needs[step])))
            elif step is not None:
                low[name] = min(low[name], index[step]) if step in open_ else low[name]
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[name])
                if low[name] == index[name]:
                    yield tuple(_closed(open_, name))


def _closed(open_: dict[str, None], name: str) -> Iterator[str]:
    """Yield and remove the names that were opened from `name` on."""
    while True:
        last, _ = open_.popitem()
        yield last
        if last == name:
            return

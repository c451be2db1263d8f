"""The macro stepper: what each expansion of a macro makes of a form, one call after another.

The calls are those that the expander itself makes, in its order and with its knowledge of scope, so what is
shown is what runs. Nothing is evaluated but the bodies of macros.
"""

from __future__ import annotations

from typing import NamedTuple

from .expander import Environment, Expander, Macro
from .syntax import Form, Node, Prefix

__all__ = ["Path", "Step", "child_at", "children", "expansion_steps"]

Path = tuple[int, ...]
"""Where a sub-form stands: at each level, which child leads to it."""


class Step(NamedTuple):
    """The expansion of one call of a macro.

    `before` and `after` are the whole form; in both, `path` leads to what changed. It is None where the call is
    not part of the form as it is written: then both are the call and what it expands to.
    """

    macro: str
    before: Node
    after: Node
    path: Path | None

    @property
    def call(self) -> Node:
        """The call that was expanded."""
        return child_at(self.before, self.path or ())

    @property
    def result(self) -> Node:
        """What it stands for."""
        return child_at(self.after, self.path or ())


def expansion_steps(environment: Environment, node: Node) -> list[Step]:
    """Return each expansion that compiling `node` at the top level of `environment` makes, in order.

    Expanding notes definitions in the environment, as compiling does: whoever only looks takes that back.
    Raises LispError for what cannot be expanded.
    """
    stepper = _Stepper(environment, node)
    stepper.program(node)
    return stepper.steps


class _Stepper(Expander):
    """An expander that notes what it does to `form`."""

    def __init__(self, environment: Environment, form: Node) -> None:
        super().__init__(environment)
        self.steps: list[Step] = []
        self._whole = form

    def expand_once(self, macro: Macro, form: Form) -> Node:
        """See Expander."""
        result = super().expand_once(macro, form)
        path = _path_to(self._whole, form)
        if path is None:
            self.steps.append(Step(macro.name, form, result, None))
        else:
            after = _replaced(self._whole, path, result)
            self.steps.append(Step(macro.name, self._whole, after, path))
            self._whole = after
        return result


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes inside `node`, in order."""
    if isinstance(node, Form):
        return node.items
    return (node.inner,) if isinstance(node, Prefix) else ()


def child_at(node: Node, path: Path) -> Node:
    """Return the sub-form of `node` that `path` leads to."""
    for index in path:
        node = children(node)[index]
    return node


def _path_to(whole: Node, wanted: Node) -> Path | None:
    """Return the path to the first place of the very node `wanted`, None if it has none."""
    pending: list[tuple[Node, Path]] = [(whole, ())]
    while pending:
        node, path = pending.pop()
        if node is wanted:
            return path
        inner = [(child, (*path, index)) for index, child in enumerate(children(node))]
        pending += reversed(inner)
    return None


def _replaced(whole: Node, path: Path, node: Node) -> Node:
    """Return `whole` with `node` at `path`."""
    above: list[Node] = []
    for index in path:
        above.append(whole)
        whole = children(whole)[index]
    for parent, index in zip(reversed(above), reversed(path), strict=True):
        node = _with_child(parent, index, node)
    return node


def _with_child(parent: Node, index: int, child: Node) -> Node:
    if isinstance(parent, Prefix):
        return Prefix(parent.span, parent.kind, child)
    assert isinstance(parent, Form)
    items = (*parent.items[:index], child, *parent.items[index + 1 :])
    return Form(parent.span, items, parent.bracket)

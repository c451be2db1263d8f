"""Where each local variable lives: in a slot of its frame, by value in a closure, or in a cell they share.

A variable that an inner procedure sees needs a cell if it changes, or if the procedure may be made before the
variable has its value. One whose value is not certain to be there yet is checked when it is read.
"""

from __future__ import annotations

from ..core import And, Bind, Core, If, Lambda, Local, LocalRef, Or, SetLocal, Try, children

__all__ = ["Variables"]


class Variables:
    """What one walk over a piece of code finds out."""

    def __init__(self, core: Core) -> None:
        """Look at `core`."""
        self.owner: dict[Local, Lambda | None] = {}
        self.bound: dict[Lambda | None, list[Local]] = {None: []}  # without the parameters
        self.free: dict[Lambda, list[Local]] = {}
        self.cells: set[Local] = set()
        self.checked: set[int] = set()  # ids of the references that are checked
        self._around: list[Lambda | None] = [None]
        self._certain: set[Local] = set()
        self._declare(core)
        self._walk(core)

    # -- who binds what --------------------------------------------------------------------------------------

    def _declare(self, core: Core) -> None:
        pending: list[tuple[Core, Lambda | None]] = [(core, None)]
        while pending:
            node, owner = pending.pop()
            if isinstance(node, Lambda):
                self.bound[node] = []
                self.free[node] = []
                for local in node.parameters():
                    self.owner[local] = node
                owner = node
            elif isinstance(node, Bind):
                self._own(node.local, owner)
            elif isinstance(node, Try):
                for catch in node.catches:
                    self._own(catch.local, owner)
            pending += [(child, owner) for child in children(node)]

    def _own(self, local: Local, owner: Lambda | None) -> None:
        if local not in self.owner:
            self.owner[local] = owner
            self.bound[owner].append(local)

    # -- what is certain -------------------------------------------------------------------------------------

    def _walk(self, node: Core) -> None:
        match node:
            case LocalRef(local=local) | SetLocal(local=local):
                for child in children(node):
                    self._walk(child)
                self._refer(node, local)
            case Bind():
                self._walk(node.value)
                if self.owner[node.local] is self._around[-1]:
                    self._certain.add(node.local)
            case Lambda():
                self._lambda(node)
            case If():
                self._walk(node.test)
                self._branches(node.then, node.orelse)
            case And() | Or():
                self._walk(node.items[0])
                self._branches(*[node.items[1:]])
            case Try():
                self._try(node)
            case _:
                for child in children(node):
                    self._walk(child)

    def _branches(self, *branches: Core | tuple[Core, ...]) -> None:
        before, ends = set(self._certain), []
        for branch in branches:
            self._certain = set(before)
            for node in branch if isinstance(branch, tuple) else (branch,):
                self._walk(node)
            ends.append(self._certain)
        self._certain = set.intersection(*ends) if len(ends) > 1 else before

    def _try(self, node: Try) -> None:
        before = set(self._certain)
        self._walk(node.body)
        for catch in node.catches:
            self._certain = before | {catch.local}
            self._walk(catch.body)
        self._certain = set(before)
        if node.finally_ is not None:
            self._walk(node.finally_)

    def _lambda(self, node: Lambda) -> None:
        outside = self._certain
        self._around.append(node)
        self._certain = outside | set(node.parameters())
        for each in children(node):
            self._walk(each)
        self._around.pop()
        self._certain = outside

    def _refer(self, node: LocalRef | SetLocal, local: Local) -> None:
        owner = self.owner[local]
        inside = self._around[self._around.index(owner) + 1 :]
        if not inside:
            if local not in self._certain:
                self.checked.add(id(node))
            return
        if local.is_assigned or local not in self._certain:
            self.cells.add(local)
        for each in inside:
            assert each is not None
            if local not in self.free[each]:
                self.free[each].append(local)

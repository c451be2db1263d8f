"""Random programs as data, which a test can write down in more than one way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from hypothesis import strategies as st

from caixa.lacre.arvore import Addresses
from caixa.lacre.arvore.packages import session_addresses
from caixa.lisp.source import Source

NATIVES = ("+", "-", "list", "vector")


def addresses(text: str) -> Addresses:
    """Return the addresses of the program `text`."""
    return session_addresses([Source("program", text)])


@dataclass(frozen=True)
class Call:
    """A call of a definition by number, or of a native by name."""

    function: int | str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class Let:
    """A local variable, the next one inside, and a body."""

    value: Expression
    body: Expression


Expression = int | tuple[str, int] | Call | Let
"""A number; `("local", n)`, counted from the innermost; a call; a binding."""


@dataclass(frozen=True)
class Function:
    """A definition: how many parameters, and what it does."""

    parameters: int
    body: Expression


def programs() -> st.SearchStrategy[tuple[Function, ...]]:
    """Draw a few functions that call each other as they like (by a seed: drawing each part takes seconds)."""
    return st.integers(0, 2**32).map(lambda seed: _program(Random(seed)))


def _program(random: Random) -> tuple[Function, ...]:
    counts = [random.randrange(3) for _ in range(random.randint(1, 4))]
    return tuple(Function(count, _expression(random, counts, 3)) for count in counts)


def _expression(random: Random, counts: list[int], depth: int) -> Expression:
    kind = random.choice(["int", "local"] if depth == 0 else ["int", "local", "own", "own", "native", "let"])
    if kind == "int":
        return random.randrange(4)
    if kind == "local":
        return "local", random.randrange(4)
    if kind == "let":
        return Let(_expression(random, counts, depth - 1), _expression(random, counts, depth - 1))
    function = random.randrange(len(counts)) if kind == "own" else random.choice(NATIVES)
    count = counts[function] if isinstance(function, int) else random.randint(1, 2)
    return Call(function, tuple(_expression(random, counts, depth - 1) for _ in range(count)))


@dataclass(frozen=True)
class Style:
    """What a program may be written down with that its meaning does not depend on."""

    functions: str = "f"
    locals: str = "x"
    comments: bool = False
    docs: bool = False
    order: int = 0

    def write(self, program: tuple[Function, ...]) -> str:
        """Return the text of `program`; function `i` is called by the name `self.name(i)`."""
        texts = [self._function(index, function) for index, function in enumerate(program)]
        Random(self.order).shuffle(texts)
        return "\n".join(texts)

    def name(self, index: int) -> str:
        return f"{self.functions}{index}"

    def _function(self, index: int, function: Function) -> str:
        names = [f"{self.locals}{number}" for number in range(function.parameters)]
        doc = ' "What it does."' if self.docs else ""
        body = self._expression(function.body, names)
        note = "; a comment\n" if self.comments else ""
        return f"{note}(define ({' '.join([self.name(index), *names])}){doc}  {body})"

    def _expression(self, expression: Expression, names: list[str]) -> str:
        if isinstance(expression, int):
            return str(expression)
        if isinstance(expression, Let):
            name = f"{self.locals}{len(names)}"
            value = self._expression(expression.value, names)
            return f"(let (({name} {value})) {self._expression(expression.body, [*names, name])})"
        if isinstance(expression, Call):
            head = (
                expression.function if isinstance(expression.function, str) else self.name(expression.function)
            )
            return f"({' '.join([head, *[self._expression(each, names) for each in expression.arguments]])})"
        return names[-1 - expression[1] % len(names)] if names else "0"


def styles() -> st.SearchStrategy[Style]:
    """Draw a way to write a program."""
    return st.builds(
        Style, st.sampled_from("fgh"), st.sampled_from("xyz"), st.booleans(), st.booleans(), st.integers(0, 5)
    )


def with_body(program: tuple[Function, ...], index: int, body: Expression) -> tuple[Function, ...]:
    """Return `program`, function `index` doing something else."""
    return tuple(replace(each, body=body) if at == index else each for at, each in enumerate(program))


def reaching(program: tuple[Function, ...], index: int) -> set[int]:
    """Return the functions that call function `index`, directly or not, and itself."""
    found = {index}
    while True:
        more = {at for at, each in enumerate(program) if _calls(each.body) & found} - found
        if not more:
            return found
        found |= more


def _calls(expression: Expression) -> set[int]:
    if isinstance(expression, Let):
        return _calls(expression.value) | _calls(expression.body)
    if not isinstance(expression, Call):
        return set()
    own = {expression.function} if isinstance(expression.function, int) else set()
    return own.union(*[_calls(each) for each in expression.arguments])

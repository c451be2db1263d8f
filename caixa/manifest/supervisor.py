"""Supervisors: the view that a run time needs, and the rules of caixa.md section 2.2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from caixa.lisp.diagnostics import Diagnostic

from .codecs import parse_duration
from .errors import InvalidValue
from .ground import Ground
from .model import Caixa, Child, Estrategia, Kind

__all__ = ["SupervisorSpec", "check_supervisor", "supervisor_view"]


@dataclass(frozen=True, slots=True)
class SupervisorSpec:
    """A supervisor with its defaults filled in; `restart_window` in nanoseconds, None for "never forgotten"."""

    estrategia: Estrategia = Estrategia.ONE_FOR_ONE
    max_restarts: int = 5
    restart_window: int | None = 60 * 10**9
    children: tuple[Child, ...] = ()


def supervisor_view(caixa: Caixa) -> SupervisorSpec | None:
    """Return the supervisor that `caixa` is, or None for another kind (section 1.3).

    The 60 s of the stand-alone default do not apply to a manifest: an absent or unreadable window is None.
    """
    if caixa.kind is not Kind.SUPERVISOR:
        return None
    return SupervisorSpec(
        caixa.estrategia or Estrategia.ONE_FOR_ONE,
        5 if caixa.max_restarts is None else caixa.max_restarts,
        _window(caixa.restart_window),
        caixa.children,
    )


def _window(text: str | None) -> int | None:
    try:
        return None if text is None else parse_duration(text)
    except InvalidValue:
        return None


def check_supervisor(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    """Yield what section 2.2 refuses, in its order."""
    view = supervisor_view(caixa)
    if view is None:
        return
    if view.estrategia is Estrategia.SIMPLE_ONE_FOR_ONE:
        if view.children:
            yield ground.error(
                "simple-one-for-one-with-static-children",
                ("children",),
                "a SimpleOneForOne supervisor lists children",
            )
    elif not view.children and ground.is_whole("children"):
        yield ground.error(
            "no-children",
            ("children",),
            f"{caixa.nome} is a supervisor without children",
            estrategia=view.estrategia.value,
        )
    if view.max_restarts == 0:
        yield ground.error("zero-max-restarts", ("max_restarts",), "no restart at all is allowed")
    for index, child in enumerate(view.children):
        yield from _check_child(index, child, ground)


def _check_child(index: int, child: Child, ground: Ground) -> Iterator[Diagnostic]:
    if not child.caixa:
        path = ("children", index, "caixa")
        yield ground.error("empty-child-name", path, "a child has no name")
    if not child.versao:
        yield ground.error(
            "empty-child-version",
            ("children", index, "versao"),
            f"the child {child.caixa} has no version",
            caixa=child.caixa,
        )

"""What each part of infrastructure refers to, and where references go in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields

from .model import Infrastructure, Part
from .values import Reference, references

__all__ = ["cycles", "used_by"]


def used_by(part: Part) -> Iterator[Reference]:
    """Yield every reference that a part makes, once for each time."""
    for each in fields(part):
        if each.name == "validacao":
            for validation in getattr(part, each.name):
                yield from references(validation.condicao)
        elif each.name not in ("span", "spans", "keys", "tipo", "nome"):
            value = getattr(part, each.name)
            if isinstance(value, (Reference, Mapping, tuple)) or hasattr(value, "parts"):
                yield from references(value)


def cycles(infrastructure: Infrastructure) -> Iterator[tuple[Part, ...]]:
    """Yield one circle of references for each group of parts that need one another, as they are declared.

    Linear in parts and references, without recursion. A variable's own condition on itself is no circle.
    """
    parts = {part.address: part for part in reversed(list(infrastructure))}
    needs = {
        address: [target for each in used_by(part) if (target := each.address) in parts and _counts(part, each)]
        for address, part in parts.items()
    }
    done: set[str] = set()
    for start in reversed(parts):
        if start not in done:
            circle = _first_circle(start, needs, done)
            if circle:
                yield tuple(parts[address] for address in circle)


def _counts(part: Part, reference: Reference) -> bool:
    return not (part.address == reference.address and reference.kind.value == "var")


def _first_circle(start: str, needs: Mapping[str, list[str]], done: set[str]) -> list[str]:
    """Walk all that `start` needs, noting it in `done`; return the first circle met, or nothing."""
    path, on_path, circle = [start], {start}, list[str]()
    waiting = [iter(needs[start])]
    while path:
        target = next((each for each in waiting[-1] if each not in done), None)
        if target is None:
            waiting.pop()
            on_path.remove(path[-1])
            done.add(path.pop())
        elif target in on_path:
            circle = circle or path[path.index(target) :]
        else:
            path.append(target)
            on_path.add(target)
            waiting.append(iter(needs[target]))
    return circle

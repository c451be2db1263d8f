"""The rules that follow from the declaration of a slot: the role of a text, `positive` and `highest`.

Their codes are made of the record, the slot and the breach: `membro-versao-invalid`, `limits-fuel-zero`,
`placement-clusters-empty`. `rules.declared` describes them, from the same declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from caixa.lisp.capability_tokens import parse_token
from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.errors import NativeError

from .codecs import MILLISECOND, parse_duration, print_duration
from .errors import InvalidValue
from .ground import Ground
from .model import RateLimit
from .names import is_inside, is_label, is_wit, is_word, label_of
from .reading import Path
from .records import Record, Slot, Tagged
from .shapes import ListOf, Shape, Text
from .version import Requirement, Version

__all__ = ["SAID_ELSEWHERE", "check_declared", "mended_version"]

SAID_ELSEWHERE: Final = frozenset(
    {  # what a rule of caixa.md section 2, with a code of its own, says already
        "caixa-max-restarts-zero",
        "child-caixa-empty",
        "child-versao-empty",
        "contrato-wit-empty",
        "state-change-script-empty",
        "upgrade-module-empty",
    }
)

_Check = Callable[[str, Slot, str, Path, Ground], Iterator[Diagnostic]]


def check_declared(record: Record, value: Any, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    """Yield what breaks the declarations of `record`'s slots in `value`, which stands at `path`."""
    for slot, prefix in _checked_slots(record):
        part = getattr(value, slot.field)
        if part is None:
            continue
        at = (*path, slot.field)
        if slot.positive or slot.highest is not None:
            yield from _check_number(slot, part, prefix, at, ground)
        yield from _check_shape(slot.shape, part, slot, prefix, at, ground)


@cache
def _checked_slots(record: Record) -> tuple[tuple[Slot, str], ...]:
    """Return the slots of which anything is asked, with what the codes of their rules begin with."""
    return tuple((slot, record.prefix(slot)) for slot in record.slots if _is_checked(slot, slot.shape))


def _is_checked(slot: Slot, shape: Shape) -> bool:
    match shape:
        case ListOf(item=item):
            return _is_checked(slot, item)
        case Text(role=role):
            return role in _ROLES
    return slot.positive or slot.highest is not None or isinstance(shape, Record | Tagged)


def _check_shape(  # noqa: PLR0913, PLR0917 - a place in the declarations and one in the form
    shape: Shape, value: Any, slot: Slot, prefix: str, path: Path, ground: Ground
) -> Iterator[Diagnostic]:
    match shape:
        case Text(role=role):
            check = _ROLES.get(role)
            if check:
                yield from check(value, slot, prefix, path, ground)
        case ListOf(item=item):
            for index, each in enumerate(value):
                yield from _check_shape(item, each, slot, prefix, (*path, index), ground)
        case Tagged():
            yield from check_declared(shape.variant(value)[1], value, path, ground)
        case Record():
            yield from check_declared(shape, value, path, ground)


# -- numbers --------------------------------------------------------------------------------------------------


def _check_number(slot: Slot, value: Any, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    number = value.rate if isinstance(value, RateLimit) else value
    if not isinstance(number, int):
        return  # a duration that is kept as text has its own check
    if slot.positive and number == 0:
        yield ground.error(f"{prefix}-zero", path, f":{slot.keyword} is zero", why=slot.doc)
    if slot.highest is not None and number > slot.highest:
        yield _too_large(slot, prefix, path, ground)


def _too_large(slot: Slot, prefix: str, path: Path, ground: Ground) -> Diagnostic:
    most = slot.most(ground.profile)
    message = f":{slot.keyword} is more than {most}"
    return ground.error(f"{prefix}-too-large", path, message, highest=slot.highest)


# -- texts ----------------------------------------------------------------------------------------------------


def _empty(prefix: str, path: Path, ground: Ground, what: str) -> Iterator[Diagnostic]:
    if f"{prefix}-empty" not in SAID_ELSEWHERE:
        yield ground.error(f"{prefix}-empty", path, f"{what} is empty")


def _check_label(text: str, _slot: Slot, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    if not text:
        yield from _empty(prefix, path, ground, "a name")
    elif not is_label(text):
        label = label_of(text)
        yield ground.error(
            f"{prefix}-invalid",
            path,
            f'"{text[:70]}" is not a name that Kubernetes takes',
            fix=f'Write "{label}".' if label else "",
            rewrite=f'"{label}"' if label else None,
            value=text,
        )


def _check_word(text: str, _slot: Slot, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    if not text:
        yield from _empty(prefix, path, ground, "a name")
    elif not is_word(text):
        message = f'"{text[:60]}" is not the name of a field'
        yield ground.error(f"{prefix}-invalid", path, message, value=text)


def _check_parsed(parse: Callable[[str], object], *, is_version: bool = False) -> _Check:
    """Return a rule that asks `parse` to take the text."""

    def check(text: str, _slot: Slot, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
        if not text:
            yield from _empty(prefix, path, ground, "it")
            return
        try:
            parse(text)
        except InvalidValue as problem:
            found = problem.diagnostic
            yield ground.error(
                f"{prefix}-invalid",
                path,
                found.message,
                why=found.why,
                fix=found.fix,
                rewrite=mended_version(text) if is_version else None,
                **found.data,
            )

    return check


def mended_version(text: str) -> str | None:
    """Return `v0.1` as `"0.1.0"`, where that is all that is wrong with it."""
    parts = text[:32].lstrip("vV").split(".")
    mended = ".".join([*parts, *["0"] * (3 - len(parts))])
    try:
        return f'"{Version.parse(mended)}"'
    except InvalidValue:
        return None


def _check_duration(text: str, slot: Slot, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    if not text:
        yield from _empty(prefix, path, ground, "a duration")
        return
    try:
        duration = parse_duration(text)
    except InvalidValue as problem:
        found = problem.diagnostic
        yield ground.error(f"{prefix}-invalid", path, found.message, why=found.why, fix=found.fix, **found.data)
        return
    if duration == 0:
        yield ground.error(f"{prefix}-zero", path, f":{slot.keyword} is zero", why=slot.doc)
    elif slot.highest is not None and duration > slot.highest:
        yield _too_large(slot, prefix, path, ground)
    elif not text.isalnum():
        plain = print_duration(duration)
        message = f'"{text[:40]}" is not a whole number of a unit'
        rewrite = f'"{plain}"' if duration % MILLISECOND == 0 else None
        yield ground.error("magnitude-not-whole", path, message, rewrite=rewrite, value=text)


def _check_wit(text: str, _slot: Slot, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    if text and not is_wit(text):
        message = f'"{text[:60]}" is not a WIT world'
        yield ground.error(f"{prefix}-invalid", path, message, value=text)


def _check_path(text: str, _slot: Slot, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    if not text:
        yield from _empty(prefix, path, ground, "a path")
    elif not is_inside(text):
        yield ground.error("path-outside-package", path, f'"{text[:80]}" leads out of the package', path=text)


def _check_capability(text: str, _slot: Slot, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    if not text.strip():
        yield from _empty(prefix, path, ground, "a capability")
        return
    try:
        parse_token(text)
    except NativeError as problem:
        found = problem.diagnostics[0]
        yield ground.error(f"{prefix}-invalid", path, found.message, fix=found.fix, value=text)


_ROLES: Final[Mapping[str, _Check]] = {
    "label": _check_label,
    "module": _check_label,
    "word": _check_word,
    "requirement": _check_parsed(Requirement.parse),
    "version": _check_parsed(Version.parse, is_version=True),
    "duration": _check_duration,
    "wit": _check_wit,
    "path": _check_path,
    "capability": _check_capability,
}

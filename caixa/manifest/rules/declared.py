"""The rules that follow from the declarations of the slots, one row for each slot and breach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..declared import SAID_ELSEWHERE
from ..profile import Profile
from ..records import Record, Slot, Tagged
from ..shapes import ListOf, Shape, Text
from ..slots import CAIXA
from .rule import Rule, Where

__all__ = ["declared_rules"]

_Wrap = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Breach:
    """One way in which a value can break what its slot asks; `{}` in `says` is the slot."""

    suffix: str
    refuses: str
    says: str
    fix: str
    mends: bool = False


_EMPTY = _Breach("empty", '""', "{} is not empty.", "Write it.")
_LABEL = _Breach(
    "invalid",
    '"My_Name"',
    "{} is a DNS label, as Kubernetes asks of names: 1 to 63 of a-z, 0-9 and -, not first or last a -.",
    "Use a-z, 0-9 and -.",
    mends=True,
)
_ROLES: Final[Mapping[str, tuple[_Breach, ...]]] = {
    "label": (_EMPTY, _LABEL),
    "module": (_EMPTY, _LABEL),
    "word": (
        _EMPTY,
        _Breach(
            "invalid", '"two words"', "{} is letters, digits and -, first a letter.", "Leave out the rest."
        ),
    ),
    "requirement": (
        _EMPTY,
        _Breach(
            "invalid",
            '"latest"',
            "{} is a requirement on versions, as Cargo writes it.",
            'Write it as in "^0.1", "~1.2", ">=1.2, <2" or "*".',
        ),
    ),
    "version": (
        _EMPTY,
        _Breach("invalid", '"v0.2"', "{} is a version of SemVer 2.0.0.", 'Write it as in "0.1.0".', mends=True),
    ),
    "duration": (
        _EMPTY,
        _Breach("invalid", '"soon"', "{} is a duration.", 'Write a number and ms, s, m or h, as in "60s".'),
        _Breach("zero", '"0s"', "{} is more than nothing.", "Write more than 0."),
        _Breach("too-large", '"2h"', "{} is at most an hour.", "Write a shorter one."),
    ),
    "wit": (
        _Breach(
            "invalid",
            '"Wasi:http"',
            "{} is a WIT world: namespace:package, then perhaps /interface and @version, in lower case.",
            'Write it as in "wasi:http/proxy".',
        ),
    ),
    "path": (_EMPTY,),
    "capability": (
        _EMPTY,
        _Breach(
            "invalid",
            '"fs:/data"',
            "{} is a token that says what may be done, and where.",
            "Write it as in http-out:HOST, http-in:ADDRESS:PORT, fs:PATH:ro or fs:PATH:rw.",
        ),
    ),
}


def declared_rules() -> Iterator[Rule]:
    """Yield the rules, in the order of the declarations; a code that several slots share once."""
    seen: set[str] = set(SAID_ELSEWHERE)
    for slot in CAIXA.slots:
        where = Where(slot.kinds[0].value if slot.kinds else "Biblioteca")
        for rule in _rules(CAIXA, slot, where, _at_the_top(slot)):
            if rule.code not in seen:
                seen.add(rule.code)
                yield rule


def _at_the_top(slot: Slot) -> _Wrap:
    return lambda value: f":{slot.keyword} {value}"


def _rules(record: Record, slot: Slot, where: Where, wrap: _Wrap) -> Iterator[Rule]:
    """Yield the rules on a slot, and on what it holds; `wrap` puts a value of it into its place."""
    prefix = record.prefix(slot)
    for breach in _breaches(slot):
        says = breach.says.format(f"`:{slot.keyword}` of {record.title}")
        refuses = f"({breach.refuses})" if isinstance(slot.shape, ListOf) else breach.refuses
        code = f"{prefix}-{breach.suffix}"
        yield Rule(code, where, says, breach.fix, wrap(slot.example), wrap(refuses), mends=breach.mends)
    yield from _within(slot.shape, where, wrap)


def _breaches(slot: Slot) -> Iterator[_Breach]:
    shape = slot.shape.item if isinstance(slot.shape, ListOf) else slot.shape
    if isinstance(shape, Text):
        yield from _ROLES.get(shape.role, ())
        return
    if slot.positive:
        zero = slot.shape.bound(0, Profile.STRICT)
        yield _Breach("zero", zero, "{} is more than 0.", "Write more than 0.")
    if slot.highest is not None:
        most = slot.most(Profile.STRICT)
        more = slot.shape.bound(2 * slot.highest, Profile.STRICT)
        yield _Breach("too-large", more, f"{{}} is at most `{most}`.", f"Write at most {most}.")


def _within(shape: Shape, where: Where, wrap: _Wrap) -> Iterator[Rule]:
    match shape:
        case ListOf(item=item):
            yield from _within(item, where, lambda value: wrap(f"({value})"))
        case Record():
            yield from _of_record(shape, where, wrap, "")
        case Tagged():
            for word, record in shape.variants.items():
                yield from _of_record(record, where, wrap, f":{shape.tag} {word} ")


def _of_record(record: Record, where: Where, wrap: _Wrap, tag: str) -> Iterator[Rule]:
    for slot in record.slots:
        yield from _rules(record, slot, where, _beside(record, slot, wrap, tag))


def _beside(record: Record, slot: Slot, wrap: _Wrap, tag: str) -> _Wrap:
    """Return what puts a value of `slot` among what its record requires."""

    def put(value: str) -> str:
        given = {each.keyword: each.example for each in record.slots if each.required} | {slot.keyword: value}
        return wrap(f"({tag}{' '.join(f':{keyword} {each}' for keyword, each in given.items())})")

    return put

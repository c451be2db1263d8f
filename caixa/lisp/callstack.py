"""Who called whom when something went wrong: kept compactly, made into names and places when somebody asks.

An error deep in a recursion has a hundred thousand callers. Of these the innermost and the outermost are kept,
the others are counted; and what repeats is said once when the stack is shown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from types import CodeType, FrameType, TracebackType
from typing import NamedTuple

from .compiler.naming import MARK, lisp_name, support_name
from .procedures import code_name
from .source import Source, Span

__all__ = ["CallStack", "Frame", "Skipped", "place_of", "stack_lines"]

KEPT_INNER = 60
KEPT_OUTER = 20
LOOKED_OUTWARD = 200  # Python frames around the place that caught an error: enough to say where one is
_SENTINEL = support_name("missing")
_LONGEST_ROUND = 3  # procedures that call each other in turn and are folded
_SHOWN_FIRST, _SHOWN_LAST = 8, 2  # of what is left after folding


class Skipped(NamedTuple):
    """Calls that are not told one by one: how many, and of which procedures."""

    number: int
    names: tuple[str, ...]


class Frame(NamedTuple):
    """A procedure that was running when an error happened: where in it, and where it was called.

    `via` names the native that called it, such as `map`; `skipped` stands between it and its caller.
    """

    name: str
    span: Span | None
    called_at: Span | None = None
    via: str | None = None
    skipped: Skipped | None = None


class _Entry(NamedTuple):
    """One frame of Lisp code, and the Python code that ran between its caller and it."""

    code: CodeType
    at: int
    between: tuple[CodeType, ...]


class CallStack:
    """The Lisp frames of a moment, outermost first."""

    __slots__ = ("_between", "_builtins", "_dropped", "_frames", "_inner", "_outer", "_sources", "is_partial")

    def __init__(self, sources: Mapping[str, Source]) -> None:
        """Begin without frames; `sources` are the texts that they may point into."""
        self._sources = sources
        self._outer: list[_Entry] = []
        self._inner: deque[_Entry] = deque()
        self._dropped: dict[CodeType, int] = {}
        self._between: list[CodeType] = []
        self._builtins: Mapping[str, object] = {}
        self._frames: tuple[Frame, ...] | None = None
        self.is_partial = False  # whether there may be callers further out

    @classmethod
    def of_traceback(cls, trace: TracebackType | None, sources: Mapping[str, Source]) -> CallStack:
        """Return the frames that an exception came through, and those around the place where it is now."""
        stack = cls(sources)
        if trace is not None:
            stack._add_callers(trace.tb_frame.f_back, LOOKED_OUTWARD)
        while trace is not None:
            stack._add(trace.tb_frame, trace.tb_lasti)
            trace = trace.tb_next
        return stack

    @classmethod
    def of_frame(cls, frame: FrameType, sources: Mapping[str, Source]) -> CallStack:
        """Return the frames that are running: `frame` and its callers."""
        stack = cls(sources)
        stack._add_callers(frame, None)
        return stack

    def _add_callers(self, frame: FrameType | None, limit: int | None) -> None:
        callers: list[FrameType] = []
        while frame is not None and (limit is None or len(callers) < limit):
            callers.append(frame)
            frame = frame.f_back
        self.is_partial = frame is not None
        for each in reversed(callers):
            self._add(each, each.f_lasti)

    def _add(self, frame: FrameType, at: int) -> None:
        builtins = frame.f_builtins
        if _SENTINEL not in builtins:
            self._between.append(frame.f_code)
            return
        self._builtins = builtins
        entry = _Entry(frame.f_code, at, tuple(self._between))
        self._between.clear()
        if len(self._outer) < KEPT_OUTER:
            self._outer.append(entry)
            return
        self._inner.append(entry)
        if len(self._inner) > KEPT_INNER + 1:  # one more, of which only the place of its call is needed
            code = self._inner.popleft().code
            self._dropped[code] = self._dropped.get(code, 0) + 1

    # -- what is asked ----------------------------------------------------------------------------------------

    @property
    def span(self) -> Span | None:
        """The innermost place that is known."""
        for entry in [*reversed(self._inner), *reversed(self._outer)]:
            span = self._span(entry)
            if span is not None:
                return span
        return None

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The procedures by name, outermost first."""
        if self._frames is None:
            natives = _names_by_code(self._builtins)
            found = [*self._told(self._outer, None, natives)]
            inner = list(self._inner)
            if self._dropped:
                first = next(self._told(inner[1:2], self._span(inner[0]), natives))
                rest = self._told(inner[2:], self._span(inner[1]), natives)
                found += [first._replace(skipped=self._skipped(inner[0].code)), *rest]
            else:
                found += self._told(inner, self._span(self._outer[-1]) if self._outer else None, natives)
            self._frames = tuple([each for each in found if not each.name.startswith(MARK)])
        return self._frames

    def _told(
        self, entries: Sequence[_Entry], caller: Span | None, natives: Mapping[CodeType, str]
    ) -> Iterator[Frame]:
        for entry in entries:
            span = self._span(entry)
            via = next((natives[code] for code in entry.between if code in natives), None)
            yield Frame(code_name(entry.code), span, caller, via)
            caller = span

    def _skipped(self, code: CodeType) -> Skipped:
        counted = dict(self._dropped)
        counted[code] = counted.get(code, 0) + 1
        told = {code_name(each): count for each, count in counted.items() if code_name(each)[0] != MARK}
        return Skipped(sum(told.values()), tuple(told))

    def _span(self, entry: _Entry) -> Span | None:
        return place_of(entry.code, entry.at, self._sources)


def place_of(code: CodeType, at: int, sources: Mapping[str, Source]) -> Span | None:
    """Return what the instruction of compiled code at offset `at` was made from, if its source is known."""
    source = sources.get(code.co_filename)
    if source is None:
        return None
    line, end_line, column, end_column = next(islice(code.co_positions(), at // 2, None), (None,) * 4)
    if line is None or end_line is None or column is None or end_column is None:
        return None
    try:
        return Span(source.name, source.offset_at(line, column), source.offset_at(end_line, end_column))
    except IndexError:  # the source has been replaced by another of the same name
        return None


def _names_by_code(builtins: Mapping[str, object]) -> dict[CodeType, str]:
    """Return the natives among `builtins` that Python code runs, by that code."""
    names: dict[CodeType, str] = {}
    for name, value in list(builtins.items()):
        code = getattr(value, "__code__", None)
        if code is not None and getattr(value, "__lisp_native__", False) is True and name[0] != MARK:
            names.setdefault(code, lisp_name(name))
    return names


# -- as text --------------------------------------------------------------------------------------------------


def stack_lines(stack: Sequence[Frame], place: Callable[[Span], str | None]) -> list[str]:
    """Return the stack as lines, innermost first; `place` says where a span is, if its source is known."""
    lines = list(_folded(list(reversed(stack)), place))
    left_out = len(lines) - _SHOWN_FIRST - _SHOWN_LAST
    if left_out < 2:
        return lines
    return [*lines[:_SHOWN_FIRST], f"  … {left_out:,} more calls", *lines[-_SHOWN_LAST:]]


def _folded(frames: list[Frame], place: Callable[[Span], str | None]) -> Iterator[str]:
    at = 0
    while at < len(frames):
        size, rounds = _round(frames, at)
        block, told = frames[at : at + size], frames[at : at + size * rounds]
        at += size * rounds
        yield from [_line(frame, place) for frame in block]
        more = [each.skipped for each in told if each.skipped is not None]
        count = len(told) - size + sum([each.number for each in more])
        if count:
            names = dict.fromkeys([frame.name for frame in block if rounds > 1])
            for each in more:
                names |= dict.fromkeys(each.names)
            yield f"  … {count:,} more call{'s' * (count != 1)} of {', '.join(names)}"


def _round(frames: list[Frame], at: int) -> tuple[int, int]:
    """Return how many frames from `at` on come again and again, and how often: (1, 1) if none do."""
    keys = [(frame.name, frame.called_at, frame.via) for frame in frames[at:]]
    for size in range(1, _LONGEST_ROUND + 1):
        rounds = 1
        while keys[rounds * size : (rounds + 1) * size] == keys[:size]:
            rounds += 1
        if rounds > 2:
            return size, rounds
    return 1, 1


def _line(frame: Frame, place: Callable[[Span], str | None]) -> str:
    where = place(frame.called_at) if frame.called_at is not None else None
    by = f" by {frame.via}" if frame.via else ""
    if where is None:
        return f"  in {frame.name}, called{by}" if by else f"  in {frame.name}, called from a native"
    return f"  in {frame.name}, called{by} from {where}"

"""What can be asked of a supervisor, and what it answers: OTP's functions, as data."""

from __future__ import annotations

from dataclasses import dataclass

from .problem import Problem
from .specification import ChildSpec, Flags

__all__ = [
    "Answer",
    "Change",
    "Child",
    "Count",
    "CountChildren",
    "DeleteChild",
    "Done",
    "GetChildSpec",
    "ListChildren",
    "Problem",
    "Query",
    "Ref",
    "Refused",
    "Replace",
    "Request",
    "RestartChild",
    "StartChild",
    "TerminateChild",
]

Ref = int | str  # what runs in a child's place; whoever starts children chooses it, anew at each start


@dataclass(frozen=True, slots=True)
class StartChild:
    """Start a child of `spec`; under SimpleOneForOne, one more of the template, with more `arguments`."""

    spec: ChildSpec | None = None
    arguments: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class TerminateChild:
    """End a child, and let its place stay: by name, under SimpleOneForOne by ref."""

    child: Ref


@dataclass(frozen=True, slots=True)
class RestartChild:
    """Start a child that is not running, by name."""

    child: str


@dataclass(frozen=True, slots=True)
class DeleteChild:
    """Forget a child that is not running, by name."""

    child: str


@dataclass(frozen=True, slots=True)
class ListChildren:
    """Ask which children there are: answered with a tuple of Child, in the order of starting."""


@dataclass(frozen=True, slots=True)
class CountChildren:
    """Ask how many children there are: answered with a Count."""


@dataclass(frozen=True, slots=True)
class GetChildSpec:
    """Ask for a child's specification: by name, under SimpleOneForOne by ref."""

    child: Ref


@dataclass(frozen=True, slots=True)
class Replace:
    """Go on by other flags and specifications: who runs, runs on, and who is new is not started."""

    flags: Flags
    specs: tuple[ChildSpec, ...]


Query = ListChildren | CountChildren | GetChildSpec  # answered at once, whatever is being done
Change = StartChild | TerminateChild | RestartChild | DeleteChild | Replace  # one after another
Request = Query | Change


@dataclass(frozen=True, slots=True)
class Child:
    """What is said of a child: its ref is None while it does not run."""

    name: str
    ref: Ref | None
    is_restarting: bool
    spec: ChildSpec


@dataclass(frozen=True, slots=True)
class Count:
    """How many places there are, how many of them run, and how many are of each kind."""

    specs: int
    active: int
    supervisors: int
    workers: int


@dataclass(frozen=True, slots=True)
class Done:
    """The request was carried out."""

    value: object = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The request was not carried out; `detail` is the ref that is running, the reason of a failed start, …."""

    problem: Problem
    detail: object = None


Answer = Done | Refused

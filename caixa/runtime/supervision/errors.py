"""What is wrong with a supervisor's specification, as one tree.

Reportable
└── FaultySupervisor
├── BadFlag               a flag of the supervisor is out of its range
├── NotOneTemplate        a SimpleOneForOne supervisor has one specification, no more and no fewer
├── DuplicateChild        two children have one name
└── BadSpecification      a child's own specification cannot be followed
└── BadCombination    significant, where that can have no effect
"""

from __future__ import annotations

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity

from .problem import Problem

__all__ = [
    "BadCombination",
    "BadFlag",
    "BadSpecification",
    "ChildNotStarted",
    "DuplicateChild",
    "FaultySupervisor",
    "NotOneTemplate",
    "RequestRefused",
    "SupervisionFailure",
    "SupervisorNotStarted",
    "SupervisorTookTooLong",
]


class SupervisionFailure(Reportable):
    """What a supervisor at work could not do."""

    code = "supervision"

    def __init__(self, message: str, fix: str) -> None:
        """Say what happened and what to do."""
        super().__init__(Diagnostic(self.code, Severity.ERROR, None, message, fix=fix))


class ChildNotStarted(SupervisionFailure):
    """A child did not start, so all that had started were ended."""

    code = "child-not-started"

    def __init__(self, name: str, reason: object) -> None:
        """Name the child, and give what it said."""
        super().__init__(f"the child {name} did not start: {reason}", "Mend what it says, and start again.")
        self.name, self.reason = name, reason


class RequestRefused(SupervisionFailure):
    """What was asked of a supervisor cannot be done now."""

    code = "supervisor-request"

    def __init__(self, problem: Problem, detail: object) -> None:
        """Give the problem, and what is known of it."""
        more = "" if detail is None else f" ({detail})"
        super().__init__(f"the supervisor refuses: {problem}{more}", "Ask which children there are.")
        self.problem, self.detail = problem, detail


class SupervisorNotStarted(SupervisionFailure):
    """It never began."""

    code = "supervisor-not-started"

    def __init__(self) -> None:
        """Say that it never began."""
        super().__init__("the supervisor was never started", "Start it first.")


class SupervisorTookTooLong(SupervisionFailure, TimeoutError):
    """It did not do in time what was waited for, and goes on."""

    code = "supervisor-timeout"

    def __init__(self, what: str, seconds: float | None) -> None:
        """Say what was waited for, and for how long."""
        super().__init__(
            f"the supervisor needs more than {seconds} s {what}", "Wait longer, or look at its children."
        )
        self.seconds = seconds


class FaultySupervisor(Reportable, ValueError):
    """A supervisor that cannot be started as it is specified; nothing was started."""

    code = "faulty-supervisor"

    def __init__(self, message: str, fix: str) -> None:
        """Say what is wrong and what to do."""
        super().__init__(Diagnostic(self.code, Severity.ERROR, None, message, fix=fix))


class BadFlag(FaultySupervisor):
    """A flag is out of its range."""

    code = "supervisor-flag"

    def __init__(self, flag: str, value: object, expected: str) -> None:
        """Name the flag, its value and what it may be."""
        super().__init__(f"{flag} is {value}", f"Give {expected}.")
        self.flag, self.value = flag, value


class NotOneTemplate(FaultySupervisor):
    """All children of a SimpleOneForOne supervisor are of one specification."""

    code = "supervisor-template"

    def __init__(self, count: int) -> None:
        """Say how many specifications there are."""
        super().__init__(
            f"a SimpleOneForOne supervisor has one specification for all its children, not {count}",
            "Give exactly one, and start children from it.",
        )
        self.count = count


class DuplicateChild(FaultySupervisor):
    """Two children have one name."""

    code = "supervisor-duplicate"

    def __init__(self, name: str) -> None:
        """Name the child."""
        super().__init__(f"two children are called {name}", "Give each a name of its own.")
        self.name = name


class BadSpecification(FaultySupervisor):
    """A child's specification cannot be followed."""

    code = "supervisor-child"

    def __init__(self, name: str, why: str, fix: str) -> None:
        """Name the child, and say why."""
        super().__init__(f"the child {name or '(without a name)'} cannot be supervised: {why}", fix)
        self.name = name


class BadCombination(BadSpecification):
    """A significant child whose end could never end its supervisor."""

    code = "supervisor-significant"

    def __init__(self, name: str, why: str) -> None:
        """Name the child, and say what keeps it from being significant."""
        super().__init__(
            name, f"it is significant, but {why}", "Make it not significant, or change the other of the two."
        )

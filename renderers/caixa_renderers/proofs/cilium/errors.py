"""Why a policy cannot be simulated.

PolicyProblem          (ValueError)
├── InvalidPolicy      Cilium itself refuses it, so it would not be enforced
└── UnmodelledPolicy   it uses what this simulator does not know, so nothing is claimed
"""

from __future__ import annotations

__all__ = ["InvalidPolicy", "PolicyProblem", "UnmodelledPolicy"]


class PolicyProblem(ValueError):
    """A policy that is not simulated; `policy` is its name."""

    def __init__(self, policy: str, what: str) -> None:
        """Say which policy, and what of it."""
        super().__init__(f"{policy}: {what}")
        self.policy = policy
        self.what = what


class InvalidPolicy(PolicyProblem):
    """A policy that Cilium's agent refuses."""


class UnmodelledPolicy(PolicyProblem):
    """A policy with a part whose meaning is not simulated."""

"""What a set of Cilium policies lets through, decided without a cluster (substrate.md section 4.5)."""

from .errors import InvalidPolicy, PolicyProblem, UnmodelledPolicy
from .network import Decision, Network, Opening
from .rules import Spec, read_specs
from .traffic import Dns, Endpoint, Http, Request, gateway, outside, pod

__all__ = [
    "Decision",
    "Dns",
    "Endpoint",
    "Http",
    "InvalidPolicy",
    "Network",
    "Opening",
    "PolicyProblem",
    "Request",
    "Spec",
    "UnmodelledPolicy",
    "gateway",
    "outside",
    "pod",
    "read_specs",
]

"""Proofs that what is rendered is right: seven claims, each with a certificate (substrate.md section 4).

| proof | claim |
|---|---|
| `cycles` | no call waits for itself |
| `capabilities` | capabilities are what the contracts need |
| `locality` | no member keeps on one node what the placement spreads |
| `contract_types` | callers import what callees export |
| `admission` | the policies admit the contracts and nothing else |
| `fields` | every field reaches an object, or is listed as lost |
| `limits` | limits and resources agree |

A claim is proved, refuted, or not checked with the reason; nothing is proved by default. The package
`caixa_proof_checker` judges the certificates again, and shares no code with this one.
"""

from .model import Proof, Standing
from .report import Report, prove, prove_refused

__all__ = ["Proof", "Report", "Standing", "prove", "prove_refused"]

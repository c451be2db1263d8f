"""The operations of the caixa vectors (spec/caixa.md section 9): from a case's input to an outcome.

An outcome has the keys that an expectation can have; `json` stands for what is compared whole or in part. All
is read in the APRIL profile. Imports are inside the operations, so that a part of the product that is missing
fails its own cases only.
"""

from . import engine, infrastructure, locking, reading, renderers, tools, validating  # noqa: F401 - each registers its own
from .registry import OPERATIONS, Outcome, failure

__all__ = ["OPERATIONS", "Outcome", "failure"]

"""A judge of proofs: certificates in, and for each whether it holds.

It is a second program beside the one that proves, and shares no code with it, nor with anything else of the
house: what it knows of manifests, tokens, quantities and Cilium's policies is written here once more, from the
specification, on plain JSON. It is given the manifest, what that was rendered to, and the certificates, works
out for itself what each certificate has to say, and compares. `docs/proofs.md` has the format.
"""

from .judging import judge

__all__ = ["judge"]

"""The arvore digest: what a definition means, as one hash over its fully resolved tree (docs/identity.md)."""

from .addresses import Addresses, address
from .program import Definition, Program
from .tree import Tree, tree_of

__all__ = ["Addresses", "Definition", "Program", "Tree", "address", "tree_of"]

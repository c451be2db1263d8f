"""What changes: between two sets of objects, path by path, and between two packages, slot by slot.

A diff shows what a cluster would do, not how a file was arranged: lists compare as Kubernetes reads them.
"""

from .changes import ABSENT, Absent, ObjectChange, PathChange, SlotChange
from .forms import diff_forms
from .objects import diff_documents, diff_objects, documents_of, patch_documents
from .text import counts_text, forms_text, objects_text, shown

__all__ = [
    "ABSENT",
    "Absent",
    "ObjectChange",
    "PathChange",
    "SlotChange",
    "counts_text",
    "diff_documents",
    "diff_forms",
    "diff_objects",
    "documents_of",
    "forms_text",
    "objects_text",
    "patch_documents",
    "shown",
]

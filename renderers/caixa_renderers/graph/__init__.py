"""Pictures of a caixa: one model, and its projections to text, DOT, Mermaid and JSON (DESIGN section 3.6)."""

from .dot import to_dot
from .mermaid import to_mermaid
from .mesh import mesh_graph
from .model import Edge, EdgeKind, Graph, Group, Node, NodeKind
from .report import app_json, app_report
from .supervision import supervision_graph
from .text import to_text

__all__ = [
    "Edge",
    "EdgeKind",
    "Graph",
    "Group",
    "Node",
    "NodeKind",
    "app_json",
    "app_report",
    "mesh_graph",
    "supervision_graph",
    "to_dot",
    "to_mermaid",
    "to_text",
]

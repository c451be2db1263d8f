"""Pictures of a caixa: one model, and its text, DOT, Mermaid, SVG and HTML projections (DESIGN section 3.6)."""

from .closure import closure_graph
from .dot import to_dot
from .folding import fold
from .html import to_fragment, to_html
from .layers import layers_graph
from .mermaid import to_mermaid
from .mesh import mesh_graph
from .model import Edge, EdgeKind, Graph, Group, Node, NodeKind
from .report import app_json, app_report
from .supervision import supervision_graph
from .svg import to_svg
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
    "closure_graph",
    "fold",
    "layers_graph",
    "mesh_graph",
    "supervision_graph",
    "to_dot",
    "to_fragment",
    "to_html",
    "to_mermaid",
    "to_svg",
    "to_text",
]

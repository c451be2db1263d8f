"""HTML as values, where views look for it; the graphs of the renderers are made of the same."""

from caixa.tools.elements import Child, Element, h

__all__ = ["Child", "Element", "h"]

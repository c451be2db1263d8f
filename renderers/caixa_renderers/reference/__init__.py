"""`docs/renderers.md`: each kind of caixa, what it becomes and why, made of real renderings."""

from .page import renderers_page

__all__ = ["renderers_page"]

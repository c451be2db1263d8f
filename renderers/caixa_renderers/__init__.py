"""Typed caixa to artifacts: pure functions from packages to objects, charts and graphs."""

from .artifact import Artifact, ChartDependency, Options, Rendering, Target
from .rendering import render

__all__ = ["Artifact", "ChartDependency", "Options", "Rendering", "Target", "render"]

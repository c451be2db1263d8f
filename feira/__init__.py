"""The verbs: one function each, with typed arguments and result, and the command line over them.

    from feira import DirectoryWorkspace, build
    print(build(DirectoryWorkspace("hello-rio")).text())

Each name is loaded when it is first used: a kernel that starts must not wait for verbs that nobody called.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .declaration import Face
    from .errors import FeiraError, UsageProblem
    from .results import Result
    from .verbs.add import add
    from .verbs.build import build
    from .verbs.chart import chart
    from .verbs.deploy import app_deploy, deploy
    from .verbs.diff import diff
    from .verbs.graph import app_graph, graph
    from .verbs.init import init
    from .verbs.lint import lint
    from .verbs.listing import list_packages
    from .verbs.lock import lock
    from .verbs.open import open_package
    from .verbs.publish import publish
    from .verbs.remove import remove
    from .verbs.render import render
    from .verbs.resolve import resolve
    from .verbs.run import run
    from .verbs.save import save
    from .verbs.show import show
    from .verbs.tree import tree
    from .verbs.update import update
    from .verbs.validate import validate
    from .verbs.why import why
    from .workspace import DirectoryWorkspace, Workspace

__all__ = [
    "DirectoryWorkspace",
    "Face",
    "FeiraError",
    "Result",
    "UsageProblem",
    "Workspace",
    "add",
    "app_deploy",
    "app_graph",
    "build",
    "chart",
    "deploy",
    "diff",
    "graph",
    "init",
    "lint",
    "list_packages",
    "lock",
    "open_package",
    "publish",
    "remove",
    "render",
    "resolve",
    "run",
    "save",
    "show",
    "tree",
    "update",
    "validate",
    "why",
]

_HOMES = {
    "DirectoryWorkspace": "workspace",
    "Face": "declaration",
    "FeiraError": "errors",
    "Result": "results",
    "UsageProblem": "errors",
    "Workspace": "workspace",
    "app_deploy": "verbs.deploy",
    "app_graph": "verbs.graph",
    "list_packages": "verbs.listing",
    "open_package": "verbs.open",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'feira' has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, f'verbs.{name}')}"), name)


def __dir__() -> list[str]:
    return __all__

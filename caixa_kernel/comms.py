"""Comms, over which widgets talk: ipykernel's, set up without its IPython kernel."""

import sys
from typing import Any

import comm
from ipykernel.comm.comm import BaseComm
from ipykernel.comm.manager import CommManager

__all__ = ["Comms"]

WIDGET_TARGETS = "jupyter.widget"


class Comms(CommManager):
    """The open comms of this process, and the targets that a front end may open."""

    def __init__(self, **settings: Any) -> None:
        """Begin with none open; `settings` are the base class's."""
        super().__init__(**settings)  # type: ignore[no-untyped-call]  # ipykernel does not annotate it

    def install(self) -> None:
        """Make this the one set of comms that libraries in this process use."""
        comm.create_comm = BaseComm
        comm.get_comm_manager = lambda: self

    def comm_open(self, stream: Any, ident: Any, msg: dict[str, Any]) -> None:
        """Open a comm for the front end, or close it at once if nobody here has registered its target."""
        target = msg["content"]["target_name"]
        self._register_widgets(target)
        if target in self.targets:
            super().comm_open(stream, ident, msg)  # type: ignore[no-untyped-call]  # ipykernel does not annotate it
            return
        refused = BaseComm(comm_id=msg["content"]["comm_id"], target_name=target, primary=False)
        self.register_comm(refused)
        refused.close()

    def _register_widgets(self, target: str) -> None:
        """Register the widgets' targets if a cell has imported ipywidgets; never import it for a front end."""
        if target.startswith(WIDGET_TARGETS) and target not in self.targets:
            widgets = sys.modules.get("ipywidgets")
            if widgets is not None:
                widgets.register_comm_target()

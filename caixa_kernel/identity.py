"""Who this kernel is: what it tells a front end of the language and of itself."""

from functools import cache
from importlib.metadata import version
from typing import Any

from ipykernel._version import kernel_protocol_version

__all__ = ["LANGUAGE", "kernel_info"]

LANGUAGE: dict[str, Any] = {
    "name": "tatara-lisp",
    "version": "0.1.0",
    "mimetype": "text/x-scheme",
    "file_extension": ".tlisp",
    # JupyterLab ships a Scheme mode: it highlights and indents Lisp without an extension of ours.
    "codemirror_mode": "scheme",
    "pygments_lexer": "scheme",
}

HELP_LINKS = [
    {"text": "JupyterLab", "url": "https://jupyterlab.readthedocs.io/en/stable/"},
    {"text": "pleme-io", "url": "https://github.com/pleme-io"},
]


@cache
def kernel_info() -> dict[str, Any]:
    """Return the content of a kernel_info_reply, without its status."""
    release = version("caixa-notebooks")
    return {
        "protocol_version": kernel_protocol_version,
        "implementation": "caixa",
        "implementation_version": release,
        "language_info": LANGUAGE,
        "banner": f"tatara-lisp (caixa) {release}: one typed form, (defcaixa …). %caixa help lists the verbs.",
        "help_links": HELP_LINKS,
        # The base would add a debugger it has not got, and subshells, which would run cells side by side.
        "supported_features": [],
    }

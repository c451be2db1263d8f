"""ipykernel's protocol base class, imported without IPython's shell.

`ipykernel.kernelbase` takes one exception class from `IPython.core.error`, and importing any part of a
package runs the package's body first: IPython's body loads its whole interactive shell, which measured a
third of the CPU time of a cold start. So the import below meets an IPython package whose body has not run;
afterwards it is taken away again, and whoever imports IPython later gets the real one.
"""

import sys
from importlib.util import find_spec, module_from_spec
from typing import Any

__all__ = ["Kernel"]


def _import_kernel_class() -> type[Any]:
    spec = None if "IPython" in sys.modules else find_spec("IPython")
    if spec is not None:
        sys.modules["IPython"] = module_from_spec(spec)
    try:
        from ipykernel.kernelbase import Kernel as Base  # noqa: PLC0415 - only after the line above
    finally:
        if spec is not None:
            _forget("IPython")
    return Base


def _forget(package: str) -> None:
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]


Kernel = _import_kernel_class()

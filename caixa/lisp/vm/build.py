"""Builds the machine from its C sources, byte for byte the same each time: `python -m caixa.lisp.vm.build`.

The compiler is the one that the extra `machine` pins (ziglang, which is clang with a libc for WebAssembly).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .tables import MACHINE, SOURCES

__all__ = ["FLAGS", "build_machine", "main"]

FLAGS = (
    "-target", "wasm32-wasi", "-mexec-model=reactor", "-O2", "-s", "-std=c11", "-Wall", "-Wextra", "-Werror",
    "-Wl,-z,stack-size=262144",
)  # fmt: skip


def build_machine(cache: Path | None = None) -> bytes:
    """Return the machine, compiled from the sources beside this file.

    `cache` is the directory that the compiler keeps its own files in, by default one that is removed again.
    Raises CalledProcessError, with what the compiler says, if it does not compile.
    """
    sources = sorted(path.name for path in SOURCES.glob("*.c"))
    with tempfile.TemporaryDirectory() as directory:
        made = Path(directory) / "machine.wasm"
        kept = str(cache or Path(directory) / "cache")
        environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": kept, "ZIG_LOCAL_CACHE_DIR": kept}
        command = [sys.executable, "-m", "ziglang", "cc", *FLAGS, "-o", str(made), *sources]
        subprocess.run(command, cwd=SOURCES, env=environment, check=True)  # noqa: S603  # our own sources
        return made.read_bytes()


def main() -> int:
    """Build the machine anew where it lies, and say whether that changed it."""
    before = MACHINE.read_bytes() if MACHINE.exists() else b""
    made = build_machine()
    MACHINE.write_bytes(made)
    sys.stdout.write(f"{MACHINE.name}: {len(made):,} bytes, {'as before' if made == before else 'changed'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

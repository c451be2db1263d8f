"""The two commands of a newcomer: `python3 dev.py lab` and `python3 dev.py test`. Standard library only.

Both make a virtual environment in `.venv` beside this file and install the project into it, editable, the
first time and whenever `pyproject.toml` changed since.
"""

import argparse
import hashlib
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOUR = "notebooks/00-tour.ipynb"
PACKAGES = ("caixa", "renderers/caixa_renderers", "feira", "caixa_magics", "caixa_kernel")
OLDEST = (3, 11)


class StepError(Exception):
    """A step ended badly; the text says which, why and what to do."""


class Environment:
    """A virtual environment with the project in it."""

    def __init__(self, folder: Path, extras: str) -> None:
        """Stand for the environment in `folder`, with the optional dependencies `extras` (`""` or `[test]`)."""
        self.folder = folder
        self.extras = extras
        self.programs = folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.programs / ("python.exe" if os.name == "nt" else "python")
        self.stamp = folder / f"installed{extras or '-plain'}.sha256"

    def ready(self) -> None:
        """Make the environment and install what is missing; say how long that took."""
        if self.stamp.exists() and self.stamp.read_text() == self._wanted():
            return
        started = time.monotonic()
        if not self.python.exists():
            say(f"making a virtual environment in {self.folder.name}")
            run([sys.executable, "-m", "venv", self.folder], why_not="is Python's venv module there?")
        say(f"installing the project{' and its tests' if self.extras else ''} (a minute or two the first time)")
        pip = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run(
            [*pip, "--editable", f"{ROOT}{self.extras}"],
            why_not="see pip's message above; the network must reach a package index",
        )
        self._compile()
        self.stamp.write_text(self._wanted())
        say(f"installed in {time.monotonic() - started:.0f} s")

    def run(self, *words: str | Path, why_not: str = "") -> None:
        """Run a Python module or script of the environment, from the project's folder."""
        path = os.pathsep.join([str(self.programs), os.environ.get("PATH", "")])
        run([self.python, *words], why_not=why_not, env={**os.environ, "PATH": path})

    def _compile(self) -> None:
        """Write the byte code now: where the environment forbids it, each start would compile everything."""
        packages = [ROOT / name for name in PACKAGES]
        run([self.python, "-m", "compileall", "-q", *packages], why_not="see the error above")

    def _wanted(self) -> str:
        return hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()


def say(text: str) -> None:
    """Tell the person what goes on, apart from what the tools print."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


def run(words: Sequence[str | Path], *, why_not: str = "", env: dict[str, str] | None = None) -> None:
    """Run a program in the project's folder; raise StepError with advice when it does not end well."""
    try:
        code = subprocess.call([str(word) for word in words], cwd=ROOT, env=env)
    except OSError as error:
        raise StepError(f"{words[0]} cannot be started: {error}") from error
    if code:
        shown = shlex.join(Path(word).name if isinstance(word, Path) else word for word in words)
        raise StepError(f"`{shown}` ended with {code}{'; ' + why_not if why_not else ''}")


def lab(options: argparse.Namespace, rest: list[str]) -> None:
    """Open JupyterLab on the tour, on this machine's loopback address only."""
    environment = Environment(options.venv, "")
    environment.ready()
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    say(f"opening JupyterLab on {TOUR}; stop it with Ctrl+C")
    try:
        environment.run("-m", "jupyter", "lab", "--ServerApp.ip=127.0.0.1", *as_root, *rest, TOUR)
    except KeyboardInterrupt:
        say("JupyterLab has ended")


def test(options: argparse.Namespace, rest: list[str]) -> None:
    """Run every check: format, lint, types, imports, unit tests, vectors, notebooks, browser."""
    environment = Environment(options.venv, "[test]")
    environment.ready()
    if rest:
        environment.run("-m", "pytest", *rest)
        return
    if options.soak:
        environment.run("-m", "pytest", "-m", "soak", "--timeout=1800")
        return
    environment.run("-m", "ruff", "check", ".")
    environment.run("-m", "ruff", "format", "--check", ".", why_not="`ruff format .` mends it")
    environment.run("-m", "mypy")
    environment.run("-m", "pytest", "-m", "not soak", *WORKERS)
    environment.run("-m", "pytest", *NOTEBOOKS)


# Two processes, each with whole files, so that what a file sets up it sets up once.
WORKERS = ("-n", "2", "--dist", "loadfile")

# Rich outputs have a text projection that is compared; their own bytes come from other tests (DESIGN 3.6).
NOTEBOOKS = ("--nbval", "--nbval-sanitize-with", "notebooks/nbval-sanitize.cfg", "notebooks")


def main() -> int:
    """Run one command; the exit code is 0, 1 for a failure, or 2 for wrong words."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell has it for what runs in the background
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Stop is what some tests are about
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--venv", type=Path, default=ROOT / ".venv", help="the virtual environment (default: .venv)"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="lab | test")
    opening = commands.add_parser("lab", help="open the tour in JupyterLab; more options go to `jupyter lab`")
    opening.set_defaults(command=lab)
    testing = commands.add_parser("test", help="run every test; more words go to `pytest` instead")
    testing.add_argument("--soak", action="store_true", help="the second tier: long runs")
    testing.set_defaults(command=test)
    if sys.version_info < OLDEST:
        parser.exit(
            1, f"dev.py: Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}\n"
        )
    options, rest = parser.parse_known_args()
    try:
        options.command(options, [word for word in rest if word != "--"])
    except StepError as error:
        parser.exit(1, f"dev.py: {error}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

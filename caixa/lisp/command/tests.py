"""`caixa-lisp --test`: the tests of files and directories, as a table, or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path

from ..interpreter import Interpreter
from ..modules import SUFFIXES
from ..source import Source
from ..testing import Report, TestResult, run_source
from .options import BadUsage, Options

__all__ = ["run_paths"]

_GREEN, _RED = "\x1b[32m✓\x1b[0m", "\x1b[31m✗\x1b[0m"


def run_paths(options: Options, interpreter_for: Callable[[Path], Interpreter]) -> int:
    """Run the tests of the paths that `options` name, each file in an interpreter of its own; 0 if all pass."""
    reports: dict[str, Report] = {}
    for file in dict.fromkeys(file for path in options.tests for file in _files(Path(path))):
        with redirect_stdout(sys.stderr if options.is_json else sys.stdout):
            reports[str(file)] = Report(tuple(_run(file, options, interpreter_for)))
        if not options.is_json and len(reports[str(file)]):
            sys.stdout.write(f"{file}\n{_shown(reports[str(file)])}\n")
    everything = Report(tuple(result for report in reports.values() for result in report))
    if options.is_json:
        from json import dumps  # noqa: PLC0415  # for `--json` alone

        data = [{"file": file, **report.to_json()} for file, report in reports.items()]
        sys.stdout.write(dumps({"ok": everything.ok, "files": data}, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(f"{everything.summary()}\n")
    return 0 if everything.ok and len(everything) else 1


def _files(path: Path) -> Iterator[Path]:
    """Yield a file as it is named, and of a directory the files below it that define tests."""
    if path.is_dir():
        for file in sorted(each for each in path.rglob("*") if each.suffix in SUFFIXES and each.is_file()):
            if "(deftest" in file.read_text(encoding="utf-8", errors="replace"):
                yield file
    elif path.is_file():
        yield path
    else:
        raise BadUsage(f"there is no {path}")


def _run(file: Path, options: Options, interpreter_for: Callable[[Path], Interpreter]) -> list[TestResult]:
    try:
        source = Source(str(file), file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadUsage(f"{file} cannot be read: {error}") from error
    return run_source(source, interpreter_for(file.parent), options.pattern)


def _shown(report: Report) -> str:
    """Return the lines of a report without its summary, in colour on a terminal."""
    lines = report.text().splitlines()[:-1]
    if not sys.stdout.isatty():
        return "\n".join(lines)
    return "\n".join(_coloured(line) for line in lines)


def _coloured(line: str) -> str:
    return line.replace("✓", _GREEN, 1).replace("✗", _RED, 1) if line[:1] in ("✓", "✗") else line

"""`caixa-proof-checker FILE`: judge the proofs that `feira prove --json` wrote; `-` is standard input.

Exit status 0: every certificate holds, whatever it says. 1: one does not. 2: the file holds no proofs.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from .judging import Malformed, judge
from .objects import differing


def main(words: Sequence[str] | None = None) -> int:
    """Judge a file and print a line for each certificate, or with --json a list."""
    parser = argparse.ArgumentParser(prog="caixa-proof-checker", description=__doc__.partition("\n")[0])
    parser.add_argument("file", help="what feira prove --json wrote, or - for standard input")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.add_argument(
        "--objects", metavar="YAML", action="append", default=[], help="objects as they are applied"
    )
    given = parser.parse_args(words)
    try:
        text = sys.stdin.read() if given.file == "-" else Path(given.file).read_text(encoding="utf-8")
        dossier = json.loads(text)
        verdicts = judge(dossier)
        verdicts += [(path, problem) for path in given.objects for problem in differing(dossier, Path(path))]
    except (OSError, ValueError, Malformed) as error:
        sys.stderr.write(f"{given.file} holds no proofs: {error}\n")
        return 2
    if given.json:
        rows = [{"name": name, "problem": problem} for name, problem in verdicts]
        sys.stdout.write(json.dumps({"judgements": rows}) + "\n")
    else:
        for name, problem in verdicts:
            sys.stdout.write(f"✓ {name}\n" if problem is None else f"✗ {name}: {problem}\n")
    return int(any(problem is not None for _, problem in verdicts))


if __name__ == "__main__":
    sys.exit(main())

"""`python -m bench NAME`: prints a table, and with --json writes the figures to a file."""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from pathlib import Path
from typing import Sequence

from motion.refusal import Refusal

HERE = Path(__file__).resolve().parent
_MEASURES = re.compile(r"^def main\(options\b", re.MULTILINE)


def benches() -> dict[str, str]:
    """The modules of this folder with a function main(options), by name, and the first sentence of each."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.py"))}
    return {name: _first_sentence(text) for name, text in texts.items() if _MEASURES.search(text)}


def _first_sentence(text: str) -> str:
    """Of a module's docstring, with which its text begins."""
    paragraph = re.split(r'"""|\n\n', text.removeprefix('"""'), maxsplit=1)[0]
    return " ".join(paragraph.split()).rstrip(".").replace("%", "%%")


def main(argv: Sequence[str] | None = None) -> int:
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.reconfigure(errors="backslashreplace")   # names of files need not be text
    parser = argparse.ArgumentParser(prog="build.py bench", description="Measure Mambocap.")
    known = benches()
    parser.add_argument("name", choices=known, help="; ".join(f"{name}: {what}" for name, what in known.items()))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    arguments = list(sys.argv[1:] if argv is None else argv)
    named = next((word for word in arguments if word in known), None)
    if named is None:
        parser.parse_args(arguments)    # says what is wrong, and ends
    module = importlib.import_module(f"bench.{named}")
    if hasattr(module, "add_options"):
        module.add_options(parser)
    options = parser.parse_args(arguments)
    try:
        return module.main(options)
    except Refusal as refusal:
        print(f"{refusal.sentence} {refusal.mend}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

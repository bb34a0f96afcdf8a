"""`python -m bench NAME`: prints a table, and with --json writes the figures to a file."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path
from typing import Sequence

from motion.refusal import Refusal

BENCHES = {
    "accuracy": "how near motions come to references",
    "detection": "landmarks and speed beside MediaPipe",
    "speed": "milliseconds a frame and memory",
}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="build.py bench", description="Measure Mambocap.")
    parser.add_argument("name", choices=BENCHES, help="; ".join(f"{name}: {what}" for name, what in BENCHES.items()))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    options = parser.parse_args(argv)
    try:
        return importlib.import_module(f"bench.{options.name}").main(options)
    except Refusal as refusal:
        print(f"{refusal.sentence} {refusal.mend}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

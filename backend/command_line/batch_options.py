"""The options of `batch` and `run-batch`. Imports nothing that takes time."""

from __future__ import annotations

import argparse
from pathlib import Path

from motion.batch.find_takes import AUTO


def add_batch(parser: argparse.ArgumentParser, with_settings: bool) -> None:
    """Add what `batch` understands; the capture's settings only where they are needed, since they import all stages."""
    parser.add_argument("source", nargs="?", type=Path, metavar="SOURCE",
                        help="folder of footage, or a list of takes as text or CSV")  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="DIR", required=True,
                        help="folder for the takes and the report; a batch that stopped goes on there")  # fmt: skip
    parser.add_argument("--cameras", default=AUTO, metavar="PATTERN",
                        help="which clips are cameras of one take: auto, none, or a pattern of their names such as "
                             "'*_cam?' or '*_(left|right)' (default %(default)s)")  # fmt: skip
    parser.add_argument("--no-preview", dest="preview", action="store_false", help="do not draw preview.mp4")
    parser.add_argument("--retry", action="store_true", help="capture the failed takes again, too")
    parser.add_argument("--workers", type=_count, default=0, metavar="N",
                        help="parts of takes at the same time (default: what cores and memory allow)")  # fmt: skip
    parser.add_argument("--part", type=_part, metavar="K/N",
                        help="only every N-th take from the K-th, for farms; all parts share DIR")  # fmt: skip
    parser.add_argument("--cluster", default="", metavar="ADDRESS", help="work on a Ray cluster; auto for the one here")
    parser.add_argument("--ship", action="store_true",
                        help="send footage to the cluster's machines, which do not see these folders")  # fmt: skip
    parser.add_argument("--report", action="store_true", help="only write report.html and report.csv of what is there")
    parser.add_argument("--failed-is-fine", action="store_true",
                        help="exit with 0 where takes failed: the report says which")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the table as JSON")
    parser.add_argument("--with-parent", type=int, metavar="PID", help="end when this process has ended")
    if with_settings:
        from backend.command_line.options import add_options

        add_options(parser)
    parser.set_defaults(run=_batch)


def add_run_batch(parser: argparse.ArgumentParser) -> None:
    """Add what `run-batch` understands."""
    parser.add_argument("folder", type=Path, help="folder with a batch.json")
    parser.add_argument("--with-parent", type=int, metavar="PID", help="end when this process has ended")
    parser.set_defaults(run=_run_batch)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of workers, such as 4")
    return int(text)


def _part(text: str) -> tuple[int, int]:
    k, _, n = text.partition("/")
    if not (k.isascii() and k.isdigit() and n.isascii() and n.isdigit() and 1 <= int(k) <= int(n)):
        raise argparse.ArgumentTypeError(f"{text!r} is no part such as 2/8, the second of eight")
    return int(k), int(n)


def _batch(options: argparse.Namespace) -> int:
    from backend.command_line.batch import batch
    from backend.command_line.options import chosen_settings

    return batch(options, chosen_settings(options))


def _run_batch(options: argparse.Namespace) -> int:
    from backend.batch.door import run

    return run(options.folder, options.with_parent)

"""`python -m backend batch`: a folder or list of clips in, takes and a report out."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from backend.batch.door import exit_code, stopped_by_signals
from backend.batch.open_engine import open_engine
from backend.batch.report.take_report import table_there
from backend.batch.report.write_report import write_report
from backend.batch.run_batch import run_batch
from backend.command_line.batch_folder import batches_in, check_folder, folder_of_part
from backend.command_line.batch_progress import BatchProgress, counted
from backend.command_line.capture import with_whole_paths
from backend.command_line.make_folder import make_folder
from backend.command_line.time_words import clock
from backend.job.lock import locked
from backend.job.parent_process import stop_with
from backend.settings import settings_from
from motion.batch.find_takes import check_some_are_there, find_takes, part
from motion.batch.words import CANCELLED as STOPPED
from motion.batch.words import (
    DONE,
    FAILED,
    REPORT,
    WAITING,
    BatchRequest,
    BatchTable,
    WantedTake,
    read_batch,
    read_table,
)
from motion.job import DONE as ALL_DONE
from motion.job import RESULT, USER_CAN_MEND
from motion.places import actors_folder
from motion.refusal import Refusal


def batch(options: argparse.Namespace, settings: dict[str, Any]) -> int:
    """Capture all takes of a folder or list, or only report them; returns the exit code.

    0 all are done, 2 some failed or are missing, 3 stopped. Raises Refusal where nothing could be begun.
    """
    settings_from(settings)   # a wrong one is told before any work
    out = Path(os.path.abspath(options.out))
    if options.report:
        table, folder = _reported(options, out), out
    else:
        table, folder = _worked(options, with_whole_paths(settings), out)
    if options.json:
        print(json.dumps(asdict(table), indent=1))
    else:
        _print_end(table, folder)
    some_are_missing = options.report and table.counts[WAITING] > 0
    code = USER_CAN_MEND if some_are_missing else exit_code(table)
    return ALL_DONE if code == USER_CAN_MEND and options.failed_is_fine else code


def _worked(options: argparse.Namespace, settings: dict[str, Any], out: Path) -> tuple[BatchTable, Path]:
    """The table of the batch that was done, and the folder in which its report lies."""
    if options.source is None:
        raise Refusal("no-source", "It is not said what to capture.", "Name a folder of footage or a list of takes.")
    if options.ship and not options.cluster:
        raise Refusal("no-cluster", "Footage can only be sent to a cluster.", "Add --cluster, or leave out --ship.")
    takes = _takes_to_capture(options, out)
    folder = folder_of_part(out, options.part)
    request = BatchRequest(
        tuple(takes), settings, options.preview, options.retry, options.workers, options.cluster, options.ship,
        str(actors_folder()), "" if folder == out else str(out),
    )  # fmt: skip
    if not takes:
        return BatchTable((), running=False), folder
    check_folder(out, request)
    make_folder(folder)
    with locked(folder, "batch"):   # whoever works here must not find another request
        request.write(folder)
    began_s = time.monotonic()
    with stopped_by_signals() as stop, BatchProgress(sys.stderr) as progress:
        if options.with_parent is not None:
            stop_with(options.with_parent, stop)
        try:
            table = run_batch(folder, open_engine, progress.show, stop)
        except Refusal:
            _say_what_is_kept(folder)
            raise
    print(f"Ended after {clock(time.monotonic() - began_s)}.", file=sys.stderr)
    return table, folder


def _say_what_is_kept(folder: Path) -> None:
    """Of a batch that has ended early, unless another process works on it or nothing could be begun."""
    table = read_table(folder)
    if table and not table.running and (table.counts[DONE] or table.counts[FAILED]):
        _print_end(table, folder)


def _reported(options: argparse.Namespace, out: Path) -> BatchTable:
    """The table of what lies in `out`, of which the report was written there."""
    batches = batches_in(out)
    if not batches:
        raise Refusal("no-batch", f"{out} holds no batch.", "Choose the folder that a batch was told with --out.")
    if options.source is None:
        named = {take.name: take for folder in batches for take in read_batch(folder).takes}
        takes = list(named.values())
    else:
        takes = _takes(options)
    table = table_there(takes, out, batches)
    write_report(out, table)
    return table


def _takes_to_capture(options: argparse.Namespace, out: Path) -> list[WantedTake]:
    """A cluster's machines may see footage that this one does not, and what is done needs none."""
    takes = find_takes(options.source, options.cameras)
    if not options.cluster and not any((out / take.name / RESULT).exists() for take in takes):
        check_some_are_there(takes, options.source)
    return part(takes, *options.part) if options.part else takes


def _takes(options: argparse.Namespace) -> list[WantedTake]:
    takes = find_takes(options.source, options.cameras)
    return part(takes, *options.part) if options.part else takes


def _print_end(table: BatchTable, folder: Path) -> None:
    counts, of = table.counts, counted(len(table.takes), "take", "takes")
    if not table.takes:
        print("There is no take in this part: there are fewer takes than parts.")
        return
    print(f"{counts[DONE]:,} of {of} {'is' if counts[DONE] == 1 else 'are'} done.")
    if counts[FAILED]:
        print(f"{counted(counts[FAILED], 'take has', 'takes have')} failed; --retry captures them again.")
    if counts[STOPPED]:
        print("Stopped. The same command goes on from here; what is finished is kept.")
    if counts[WAITING]:
        print(f"{counted(counts[WAITING], 'take is', 'takes are')} missing.")
    print(f"Report: {folder / REPORT}")

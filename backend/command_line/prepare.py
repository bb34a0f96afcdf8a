"""`train prepare`: makes the file of training clips, and says what became of the recordings."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from backend.command_line.count_line import CountLine
from backend.train.motions.one_recording import Prepared
from backend.train.motions.prepare import prepared_of
from backend.train.motions.prepared import SPLITS, write_prepared
from motion.job import DONE
from motion.refusal import Refusal


def prepare_folder(folder: Path, out: Path, report: Path | None, processes: int) -> int:
    """Prepare all recordings of `folder` into `out`; draw each in the folder `report`. Returns the exit code.

    Raises Refusal when there is nothing to prepare, nothing could be read or `out` cannot be written.
    """
    _check_places(out, report)
    prepared, faults = _prepared(folder, processes)
    clips = [clip for each in prepared for clip in each.clips]
    faults += [each.refusal for each in prepared if each.refusal]
    for fault in faults:
        print(fault, file=sys.stderr)
    if not clips:
        raise Refusal("nothing-prepared", f"Nothing in {folder} could be made into training clips.",
                      "Choose another folder.")  # fmt: skip
    write_prepared(out, clips)
    if report is not None:
        _draw(report, prepared)
    print(_table(prepared))
    print(_summary(prepared, len(faults), out))
    return DONE


def _check_places(out: Path, report: Path | None) -> None:
    """Raises Refusal now rather than after minutes of work."""
    if not out.parent.is_dir() or out.is_dir():
        raise Refusal("no-out", f"{out} cannot be written.", "Name a file in a folder that there is.")
    if report is not None:
        from backend.train.motions.report import check_report_folder

        check_report_folder(report)


def _prepared(folder: Path, processes: int) -> tuple[list[Prepared], list[str]]:
    total, coming, faults = prepared_of(folder, processes)
    prepared = []
    with CountLine(sys.stderr, "Preparing", total) as line:
        for each in coming:
            prepared.append(each)
            line.show(len(prepared), each.name)
    return sorted(prepared, key=lambda each: each.name), faults


def _draw(report: Path, prepared: list[Prepared]) -> None:
    from backend.train.motions.report import write_report

    with CountLine(sys.stderr, "Drawing", len(prepared)) as line:
        write_report(report, prepared, line.show)


def _table(prepared: list[Prepared]) -> str:
    """Minutes by source and split."""
    minutes: Counter[tuple[str, str]] = Counter()
    for each in prepared:
        minutes[each.source, each.split] += sum(clip.seconds for clip in each.clips) / 60.0
    rows = [f"{'source':<14}" + "".join(f"{split:>8}" for split in SPLITS)]
    for source in sorted({source for source, _ in minutes}):
        rows.append(f"{source:<14}" + "".join(f"{minutes[source, split]:8.1f}" for split in SPLITS))
    return "\n".join([*rows, f"{'minutes':<14}" + "".join(f"{_of_split(minutes, split):8.1f}" for split in SPLITS)])


def _of_split(minutes: Counter[tuple[str, str]], split: str) -> float:
    return sum(amount for (_, other), amount in minutes.items() if other == split)


def _summary(prepared: list[Prepared], unread: int, out: Path) -> str:
    clips = sum(len(each.clips) for each in prepared)
    minutes = sum(clip.seconds for each in prepared for clip in each.clips) / 60.0
    cut: Counter[str] = Counter()
    for each in prepared:
        cut.update(each.cut_s)
    left_out = ", ".join(f"{why} {seconds / 60.0:.1f} min" for why, seconds in cut.most_common())
    not_read = f" {unread} could not be read." if unread else ""
    size_mb = out.stat().st_size / 1e6
    return (f"{clips:,} clips, {minutes:.1f} minutes in {out} ({size_mb:.1f} MB). "
            f"Left out: {left_out or 'nothing'}.{not_read}")  # fmt: skip

"""The report of a batch: report.html for people, report.csv for spreadsheet programs."""

from __future__ import annotations

import time
from pathlib import Path

from backend.batch.report.csv_table import csv_text
from backend.batch.report.page import page_text
from backend.batch.report.take_report import take_reports
from motion.batch.words import REPORT, REPORT_CSV, BatchTable
from motion.whole_files import written_whole

BYTE_ORDER_MARK = "\ufeff"   # by which Excel knows UTF-8


def write_report(folder: Path, table: BatchTable, home: Path | None = None) -> None:
    """Write both files into a batch's folder, from its table and from the job folders in `home` (else in `folder`).

    What is damaged in a job folder costs only its own lines. Raises Refusal when the folder cannot be written.
    """
    takes = take_reports(table, home or folder)
    written = time.strftime("%Y-%m-%d %H:%M")
    _write(folder / REPORT, page_text(folder, table, takes, written))
    _write(folder / REPORT_CSV, BYTE_ORDER_MARK + csv_text(takes))


def _write(path: Path, text: str) -> None:
    with written_whole(path) as stream:   # names of files need not be text
        stream.write(text.encode("utf-8", "backslashreplace"))

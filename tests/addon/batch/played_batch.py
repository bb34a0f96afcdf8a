"""A backend that plays a batch: python played_batch.py FOLDER. What happens to a take is in its name.

"broken" fails, "crash" ends the process, "hang" hears nothing, "refuse" ends it with a word for the user; all others
are done. Nobody's motion is written.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from backend.job.lock import locked
from motion.batch.words import (
    CANCELLED,
    DONE,
    FAILED,
    REPORT,
    WAITING,
    WORKING,
    BatchTable,
    TakeRow,
    read_batch,
    read_table,
)
from motion.job import CANCEL, USER_CAN_MEND, PersonResult, Request, Result

STEPS = 2
STEP_S = 0.04


def play(folder: Path) -> int:
    request = read_batch(folder)
    before = read_table(folder)
    rows = {take.name: TakeRow(take.name, take.clips) for take in request.takes}
    again = (WAITING, CANCELLED, FAILED) if request.retry else (WAITING, CANCELLED)
    rows |= {row.name: row for row in (before.takes if before else ()) if row.name in rows and row.state not in again}
    with locked(folder):
        for row in [row for row in rows.values() if row.state == WAITING]:
            for done in range(STEPS):
                rows[row.name] = replace(row, state=WORKING, stage="detect", done=done, of=STEPS)
                BatchTable(tuple(rows.values()), True, 60.0, 2, "this machine").write(folder)
                time.sleep(STEP_S)
                if "refuse" in row.name:
                    print("The detection models are missing. Press Install Backend.", file=sys.stderr)
                    return USER_CAN_MEND
                if (folder / CANCEL).exists() and "hang" not in row.name:
                    rows[row.name] = replace(row, state=CANCELLED)
                    BatchTable(tuple(rows.values()), False).write(folder)
                    return 3
            rows[row.name] = _ended(folder, row)
        BatchTable(tuple(rows.values()), False).write(folder)
        (folder / REPORT).write_text("<html></html>")
    return USER_CAN_MEND if any(row.state == FAILED for row in rows.values()) else 0


def _ended(folder: Path, row: TakeRow) -> TakeRow:
    if "crash" in row.name:
        os._exit(139)
    while "hang" in row.name:
        time.sleep(1.0)
    if "broken" in row.name:
        return replace(row, state=FAILED, sentence=f"{row.name} ends after 1.2 s of 8.0 s.", mend="Copy it again.")
    job = folder / row.name
    job.mkdir()
    Request(row.clips).write(job)
    Result((PersonResult("person_00", 24, 1.0, 24.0, 3.2, 1.0),)).write(job)
    return replace(row, state=DONE, people=1, frames=24, grade="good", thumbnail=f"{row.name}/person_00/thumbnail.png")


if __name__ == "__main__":
    sys.exit(play(Path(sys.argv[1])))

"""The folder of a batch on the command line, which several parts on several machines may share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from motion.batch.same_batch import check_same_batch
from motion.batch.take_names import PARTS
from motion.batch.words import BATCH, REPORT, REPORT_CSV, TABLE, BatchRequest, read_batch, read_table
from motion.job import RESULT
from motion.refusal import Refusal

_CHOOSE = "choose another folder with --out."


def folder_of_part(out: Path, part: tuple[int, int] | None) -> Path:
    """Where `batch.json` and `table.json` of a part lie; its takes lie in `out` as all others do."""
    return out / PARTS / f"{part[0]}_of_{part[1]}" if part else out


def batches_in(out: Path) -> list[Path]:
    """The folders of the batch and of all parts that were begun in `out`."""
    return [path.parent for path in (out / BATCH, *sorted(out.glob(f"{PARTS}/*/{BATCH}"))) if path.is_file()]


def check_folder(out: Path, request: BatchRequest) -> None:
    """Raises Refusal where the results of another batch, or files of others, would be mixed with this one's.

    A batch that has made nothing yet and is not at work binds nobody.
    """
    batches = batches_in(out)
    foreign = [name for name in (TABLE, REPORT, REPORT_CSV) if (out / name).exists()]
    if foreign and not batches:
        raise Refusal("foreign-folder", f"{out} holds a {foreign[0]} that is not from a batch here.",
                      "Choose another folder with --out.")  # fmt: skip
    for folder in batches:
        try:
            earlier = read_batch(folder)
        except Refusal:   # damaged: written anew
            continue
        takes = earlier.takes if _is_at_work(folder) else tuple(
            take for take in earlier.takes if (out / take.name / RESULT).exists())
        if takes:
            check_same_batch(replace(earlier, takes=takes), request, str(out), _CHOOSE)


def _is_at_work(folder: Path) -> bool:
    """By its table, since the lock of another machine is not seen on every shared drive."""
    table = read_table(folder)
    return table is not None and table.running

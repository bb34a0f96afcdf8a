"""What a report says of one take: its row of the table and what its job folder holds."""

from __future__ import annotations

import base64
import math
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import cv2
import numpy as np

from backend.batch.done_row import done_row
from motion.batch.words import DONE, FAILED, UNFINISHED, BatchTable, TakeRow, WantedTake, read_table
from motion.job import PersonResult, Result, read_failure, read_request, read_result
from motion.quality.card import QualityCard, card_from
from motion.refusal import Refusal

PICTURE_PX = 96


@dataclass(frozen=True)
class TakeReport:
    """One take. Paths in `result` count from `job`."""

    row: TakeRow
    job: Path
    result: Result | None    # of a take that is done, None where its file cannot be read

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, empty where nothing is."""
        if self.row.state == DONE and self.result is None:
            return "Its result cannot be read. Capture it again."
        return f"{self.row.sentence} {self.row.mend}".strip()

    @property
    def people(self) -> tuple[PersonResult, ...]:
        return self.result.people if self.result else ()

    @cached_property
    def cards(self) -> list[QualityCard | None]:
        """Of the people, in their order."""
        return [card_from(person.quality) for person in self.people]

    @property
    def seen_s(self) -> float:
        """Seconds of the footage from the first sight of somebody to the last."""
        if not self.people:
            return 0.0
        seen_s = max(person.last_s for person in self.people) - min(person.first_s for person in self.people)
        return seen_s if math.isfinite(seen_s) else 0.0   # files may hold anything

    @property
    def check_count(self) -> int:
        """Stretches at which somebody should look."""
        return sum(len(card.check) for card in self.cards if card)

    def picture(self, person: PersonResult) -> str:
        """A person's picture as data that a page holds itself, empty without one."""
        try:
            pixels = np.frombuffer((self.job / person.thumbnail).read_bytes(), dtype=np.uint8)
            picture = cv2.imdecode(pixels, cv2.IMREAD_COLOR)
            small = cv2.resize(picture, (PICTURE_PX, PICTURE_PX), interpolation=cv2.INTER_AREA)
            jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 82])[1]
        except (OSError, ValueError, cv2.error):
            return ""
        return f"data:image/jpeg;base64,{base64.b64encode(jpeg.tobytes()).decode('ascii')}"

    def link(self, folder: Path, name: str = "") -> str:
        """Address of the job folder, or of a file in it, for a page in `folder`; empty where it is not there."""
        target = self.job / name
        if not target.exists():
            return ""
        try:
            steps = Path(os.path.relpath(target, folder)).as_posix()
        except ValueError:   # on another drive
            return target.absolute().as_uri()
        return "./" + quote(steps.encode("utf-8", "surrogateescape"))


def take_reports(table: BatchTable, home: Path) -> list[TakeReport]:
    """Of all takes of a table, whose job folders lie in `home`."""
    return [TakeReport(row, home / row.name, read_result(home / row.name) if row.state == DONE else None)
            for row in table.takes]  # fmt: skip


def table_there(takes: Sequence[WantedTake], home: Path, batches: Sequence[Path]) -> BatchTable:
    """The table of what lies in the job folders in `home`, with the times that the tables of `batches` tell."""
    tables = [table for folder in batches if (table := read_table(folder))]
    told = {row.name: row for table in tables for row in table.takes}
    return BatchTable(tuple(_row_there(take, home / take.name, told.get(take.name)) for take in takes), running=False)


def _row_there(take: WantedTake, job: Path, told: TakeRow | None) -> TakeRow:
    seconds = told.seconds if told and told.clips == take.clips else 0.0
    row = TakeRow(take.name, take.clips, seconds=seconds)
    if (job / UNFINISHED).exists() or not _was_asked_for(take, job):
        return row
    failure, result = read_failure(job), read_result(job)
    if failure and failure.code != "cancelled":
        return replace(row, state=FAILED, sentence=failure.sentence, mend=failure.mend)
    return done_row(row, result) if result and not failure else row


def _was_asked_for(take: WantedTake, job: Path) -> bool:
    """Whether the job folder is of these clips, whose folder may have another name on this machine."""
    try:
        asked = read_request(job).clips
    except Refusal:
        return False
    return [file_name(clip) for clip in asked] == [file_name(clip) for clip in take.clips]


def file_name(clip: str) -> str:
    """A clip's name without its folders, as whatever system wrote them; macOS takes some letters apart."""
    return unicodedata.normalize("NFC", clip.replace("\\", "/").rpartition("/")[2])

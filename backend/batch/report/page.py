"""A batch as one page for people, which holds all that it shows and asks no network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backend.batch.report.take_report import TakeReport, file_name
from backend.batch.report.totals import duration, totals
from motion.batch.words import CANCELLED, DONE, FAILED, REPORT_CSV, STATES, WAITING, WORKING, BatchTable
from motion.job import PREVIEW, CameraResult, PersonResult
from motion.quality.card import GRADES, QualityCard

HERE = Path(__file__).parent
_FIRST = [FAILED, CANCELLED, WAITING, WORKING, DONE]   # what somebody has to do comes first


@dataclass(frozen=True)
class PersonOnPage:
    """One person of a take."""

    result: PersonResult
    card: QualityCard | None
    picture: str             # as data


@dataclass(frozen=True)
class TakeOnPage:
    """One take and what is asked of it more than once."""

    number: int              # in the batch, from 0
    report: TakeReport
    people: list[PersonOnPage]
    rank: int                # takes that need somebody have lower ones
    folder: str              # address, empty where there is none
    preview: str             # the same

    @property
    def cameras(self) -> tuple[CameraResult, ...]:
        return self.report.result.cameras if self.report.result else ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Without those that the table of the cameras tells."""
        doubts = {doubt for camera in self.cameras for doubt in camera.doubts}
        return tuple(each for each in self.report.result.warnings if each not in doubts) if self.report.result else ()

    @property
    def clips(self) -> list[str]:
        """Names of the clips without their folders."""
        return [file_name(clip) for clip in self.report.row.clips]


def page_text(folder: Path, table: BatchTable, takes: Sequence[TakeReport], written: str) -> str:
    """The page, to lie in the batch's folder; `written` says when."""
    shown = sorted((_on_page(number, take, folder) for number, take in enumerate(takes)),
                   key=lambda take: (take.rank, take.number))  # fmt: skip
    script = (HERE / "page.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    templates = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined,
                            trim_blocks=True, lstrip_blocks=True)  # fmt: skip
    return templates.get_template("page.html").render(
        title=folder.absolute().name or "Batch", written=written, totals=totals(table, takes), takes=shown,
        message=table.message, style=(HERE / "page.css").read_text(encoding="utf-8"), script=script,
        script_digest=digest, states=STATES, grades=GRADES, duration=duration, csv=REPORT_CSV,
        file_name=file_name,
    )  # fmt: skip


def _on_page(number: int, take: TakeReport, folder: Path) -> TakeOnPage:
    people = [PersonOnPage(person, card, take.picture(person))
              for person, card in zip(take.people, take.cards, strict=True)]  # fmt: skip
    grade = GRADES.index(take.row.grade) if take.row.grade in GRADES else -1   # done without a grade: look at it
    is_broken = take.row.state == DONE and take.result is None
    rank = 0 if is_broken else 10 * _FIRST.index(take.row.state) - (grade if grade >= 0 else len(GRADES))
    preview = take.link(folder, PREVIEW) if take.result and take.result.preview == PREVIEW else ""
    return TakeOnPage(number, take, people, rank, take.link(folder), preview)

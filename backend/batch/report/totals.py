"""What a batch comes to."""

from __future__ import annotations

import math
from collections.abc import Sequence

from backend.batch.report.take_report import TakeReport
from motion.batch.words import DONE, STATES, BatchTable
from motion.quality.card import GRADES


def totals(table: BatchTable, takes: Sequence[TakeReport]) -> list[tuple[str, str]]:
    """Labels and values: takes by state and grade, footage, time, and how many clips that makes an hour."""
    counts, done = table.counts, [take for take in takes if take.row.state == DONE]
    seen_s = sum(take.seen_s for take in done)
    work_s = sum(take.row.seconds for take in takes if math.isfinite(take.row.seconds))
    clips = sum(len(take.row.clips) for take in done)
    grades = [(grade, sum(take.row.grade == grade for take in done)) for grade in GRADES]
    at_a_time = f"{table.workers} at a time" if table.workers else ""
    lines = [
        ("Takes", f"{len(takes):,}"),
        *((word, f"{counts[state]:,}") for state, word in STATES.items() if counts[state]),
        ("Quality", ", ".join(f"{count:,} {grade}" for grade, count in grades if count)),
        ("People", f"{sum(take.row.people for take in done):,}"),
        ("Footage with people", duration(seen_s) if seen_s else ""),
        ("Work", duration(work_s) if work_s else ""),
        (f"Clips an hour, {at_a_time}" if at_a_time else "Clips an hour of work",
         f"{3600.0 * clips * max(table.workers, 1) / work_s:,.1f}" if work_s and clips else ""),
        ("Last worked on", ", ".join(filter(None, [table.where, at_a_time])) if table.where else ""),
    ]
    return [(label, value) for label, value in lines if value]


def duration(seconds: float) -> str:
    """Such as 4 s, 3:07 min or 12:05 h."""
    if not math.isfinite(seconds):
        return ""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60}:{whole % 60:02d} min" if whole < 3600 else f"{whole // 3600}:{whole // 60 % 60:02d} h"

"""What is printed of several cameras."""

from __future__ import annotations

from collections.abc import Sequence

from bench.multiview_figures import Case, Row
from bench.tables import print_table

COLUMNS = ("mpjpe_mm", "mpjpe_mm_mean", "mpjpe_mm_p90", "mpjpe_camera_mm", "pa_mpjpe_mm", "joints_mm", "rotation_deg",
           "position_percent", "offset_frames", "flagged_share", "scale_percent", "takes")  # fmt: skip


def print_case(name: str, case: Case) -> None:
    """A line for each number of cameras, range of angles and way; medians over takes unless the column says else."""
    rows = [(f"{views} {angles} {way}", *(figures.get(column) for column in COLUMNS))
            for views, by_angle in case.items() for angles, by_way in by_angle.items()
            for way, figures in by_way.items()]  # fmt: skip
    if rows:
        print_table((name, *COLUMNS), rows)


def print_rows(name: str, rows: Sequence[Row]) -> None:
    """Every choice of cameras by itself."""
    ways = list(dict.fromkeys(way for row in rows for way in row.ways))
    if rows:
        print_table((f"{name}, mpjpe_mm", "degrees", *ways, "rotation", "frames", "doubts"), [
            (row.name, row.angle_deg, *(row.ways.get(way, {}).get("mpjpe_mm") for way in ways),
             row.ways["fused"].get("rotation_deg"), row.ways["fused"].get("offset_frames"), " ".join(row.doubts) or "-")
            for row in rows])  # fmt: skip

"""The course of a training run as a picture, drawn from its log."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from backend.train.lifter.trainer import LOG_FILE
from motion.whole_files import written_whole

CURVES_FILE = "curves.png"
_SHOWN = ("limbs_mm", "limbs_pa_mm", "orientation", "local", "steps", "depth", "down", "velocity", "still", "polar",
          "bias", "joint_doubt")  # fmt: skip


def draw_curves(folder: Path) -> Path:
    """Each figure over the steps, one line for each kind of validation; returns the picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = _logged(folder / LOG_FILE)
    figure, axes = pyplot.subplots(3, 4, figsize=(14, 8), layout="constrained")
    for axis, name in zip(axes.flat, _SHOWN, strict=True):
        for kind in _kinds(rows):
            points = [(row["step"], row[kind][name]) for row in rows if name in row.get(kind, {})]
            if points:
                axis.plot(*zip(*points, strict=True), label=kind)
        axis.set_title(name)
        axis.grid(alpha=0.3)
    axes[0, 0].legend()
    with written_whole(folder / CURVES_FILE) as stream:
        figure.savefig(stream, format="png", dpi=80)
    pyplot.close(figure)
    return folder / CURVES_FILE


def _logged(path: Path) -> list[dict[str, Any]]:
    """Its rows; the last line of a run that was killed may be half a one."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        with contextlib.suppress(json.JSONDecodeError):
            rows.append(json.loads(line))
    return rows


def _kinds(rows: list[dict[str, Any]]) -> list[str]:
    return [name for name, value in rows[-1].items() if isinstance(value, dict)]

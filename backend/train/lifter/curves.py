"""The course of a training run as a picture, drawn from its log."""

from __future__ import annotations

import json
from pathlib import Path

from backend.train.lifter.trainer import LOG_FILE

CURVES_FILE = "curves.png"
_SHOWN = ("limbs_mm", "limbs_pa_mm", "orientation", "local", "steps", "depth", "down", "velocity", "still", "polar",
          "bias", "joint_doubt")  # fmt: skip


def draw_curves(folder: Path) -> Path:
    """Each figure over the steps, one line for each kind of validation; returns the picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = [json.loads(line) for line in (folder / LOG_FILE).read_text(encoding="utf-8").splitlines()]
    kinds = [name for name, value in rows[-1].items() if isinstance(value, dict)]
    figure, axes = pyplot.subplots(3, 4, figsize=(14, 8), layout="constrained")
    for axis, name in zip(axes.flat, _SHOWN, strict=True):
        for kind in kinds:
            points = [(row["step"], row[kind][name]) for row in rows if name in row.get(kind, {})]
            axis.plot(*zip(*points), label=kind) if points else None
        axis.set_title(name)
        axis.grid(alpha=0.3)
    axes[0, 0].legend()
    figure.savefig(folder / CURVES_FILE, dpi=80)
    pyplot.close(figure)
    return folder / CURVES_FILE

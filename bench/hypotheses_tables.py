"""What is printed of hypotheses."""

from __future__ import annotations

from bench.hypotheses_figures import COUNTS, Figures
from bench.tables import print_table

_METHODS = ("deterministic", "sample", "mean", "rpea", "rpea_per_pose", "best_clip", "gaussian_best_clip",
            "best_window", "gaussian_best_window", "best_frame", "gaussian_best_frame")  # fmt: skip
_WITH_N = ("diversity_mm", "sample_coverage_90", "energy_score")


def print_case(name: str, figures: Figures) -> None:
    """Errors by method and N, then how far apart samples are and what they say of it."""
    columns = [(measure, str(count)) for measure in ("mpjpe_mm", "pa_mpjpe_mm") for count in COUNTS]
    columns.append(("jitter_10m_s3", str(COUNTS[-1])))
    print_table((name, *(f"{measure.split('_')[0]} {count}" for measure, count in columns)), [
        (method, *(figures[method][count][measure] for measure, count in columns)) for method in _METHODS])
    rows = [prefix + measure for measure in _WITH_N for prefix in ("", "gaussian_")]
    print_table((name, *map(str, COUNTS)), [
        (row, *(figures[row].get(str(count)) for count in COUNTS))
        for row in (*rows, "coverage_90", "ms_per_frame")])  # fmt: skip
    (low, high), main = figures["rpea_gain_interval_mm"], figures["deterministic"]
    print(f"{name}: rpea of {COUNTS[-1]} is {figures['rpea_gain_mm']:.2f} mm better than deterministic, "
          f"95 % over clips {low:.2f} to {high:.2f}; energy score of deterministic {main['energy_score']:.1f} mm; "
          f"2D error of samples {figures['reprojection_ratio']:.3f} of the main motion's")  # fmt: skip


def print_speed(speed: Figures) -> None:
    """Ours beside FMPose3D."""
    print_table((f"hypotheses, {speed['device']}", "ms_per_frame", "frames_per_s", "mambocap over this"), [
        (f"{network} {what}", row["ms_per_frame"], row["frames_per_s"], row.get("mambocap_over_this"))
        for network in ("mambocap", "fmpose3d") for what, row in speed[network].items()])  # fmt: skip

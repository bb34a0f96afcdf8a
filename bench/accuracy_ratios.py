"""The network beside what it must beat: ratios, clips that got worse, joint by joint."""

from __future__ import annotations

from typing import Any

from bench.accuracy_figures import Figures
from bench.metrics import LIMB_NAMES
from bench.tables import print_table

_BESIDE = ("mediapipe", "mediapipe_mapped", "direct")
_RATIOS = ("mpjpe_mm", "pa_mpjpe_mm", "centroid_mpjpe_mm", "accel_error_m_s2")


def ratios_of(methods: dict[str, Figures]) -> dict[str, Any]:
    """Of one set: the network's figures over those of others, and in which clips its MPJPE is above MediaPipe's."""
    network = methods["network"]
    turned, direct = network["rotation_deg"] or {}, methods["direct"]["rotation_deg"] or {}
    return {
        **{f"network/{other}": {name: _ratio(network[name], methods[other][name]) for name in _RATIOS}
           for other in _BESIDE},
        "clips_worse_than_mediapipe": worse_clips(network["clips"], methods["mediapipe"]["clips"]),
        "clips": len(network["clips"]),
        "rotation_network/direct": {name: _ratio(turned[name], direct[name]) for name in turned},
    }  # fmt: skip


def detectors_ratio(cases: dict[str, dict[str, Figures]]) -> dict[str, float | None] | None:
    """The simulated detector's errors over the real one's: far from 1, `simulated` is no like case of `rendered`."""
    if not {"simulated", "rendered"} <= set(cases):
        return None
    simulated, real = (cases[name]["mediapipe"] for name in ("simulated", "rendered"))
    return {name: _ratio(simulated[name], real[name]) for name in _RATIOS}


def worse_clips(clips: dict[str, Figures], than: dict[str, Figures]) -> list[str]:
    """Names of clips with a greater MPJPE than in `than`; clips in which nobody was found are no evidence."""
    return [name for name, row in clips.items()
            if row["mpjpe_mm"] is not None and row["mpjpe_mm"] > than[name]["mpjpe_mm"]]  # fmt: skip


def print_by_joint(name: str, methods: dict[str, Figures]) -> None:
    """Where the 12 joints of the limbs are beside the truth, then how far joints are turned from it."""
    print_table((f"{name}: mm", *LIMB_NAMES),
                [(method, *figures["per_joint_mm"].values()) for method, figures in methods.items()])  # fmt: skip
    direct, network = methods["direct"], methods["network"]
    if network["rotation_deg"]:
        print_table(
            (f"{name}: median degrees", *(f"{method} {part}" for part in ("all", "twist", "swing")
                                          for method in ("direct", "network")), "network/direct"),
            [(joint, *(figures[part][joint] for part in ("rotation_deg", "twist_deg", "swing_deg")
                       for figures in (direct, network)), _ratio(angle, direct["rotation_deg"][joint]))
             for joint, angle in network["rotation_deg"].items()])  # fmt: skip


def print_ratios(ratios: dict[str, dict[str, Any]], detectors: dict[str, float | None] | None) -> None:
    """Of all sets, and what detectors_ratio() says."""
    rows = [(name, f"network/{other}", *(of[f"network/{other}"][figure] for figure in _RATIOS))
            for name, of in ratios.items() for other in _BESIDE]  # fmt: skip
    if detectors:
        rows.append(("mediapipe", "simulated/rendered", *detectors.values()))
    print_table(("set", "ratio", *_RATIOS), rows)
    for name, of in ratios.items():
        worse = of["clips_worse_than_mediapipe"]
        print(f"{name}: worse than mediapipe in {len(worse)} of {of['clips']} clips {', '.join(worse)}".rstrip())


def _ratio(figure: float | None, other: float | None) -> float | None:
    return figure / other if figure is not None and other else None

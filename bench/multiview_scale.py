"""How well sizes are told of people whose height nobody gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from backend.body.actor import AVERAGE_HEIGHT_M
from backend.lift.network.lifter import Lifter
from bench.multiview_found import found
from bench.multiview_measures import Figures
from bench.multiview_rows import OWN, scale_percent
from bench.multiview_takes import Take
from bench.multiview_ways import fused, lifted, limbs_of


def scale_figures(take: Take, lifter: Lifter, device: str) -> Figures:
    """Percent, of the shape fit and of what everybody is on average; nothing where the cameras were not found."""
    seen = lifted(replace(take, height_m=None), None, lifter, device)
    told = found(seen, None)
    if told.rig is None or len(told.views) < 2:
        return {}
    body = fused(seen, told.rig, OWN, None, device, told.views)
    limbs = limbs_of(body)
    return {"shape": scale_percent(seen, limbs),
            "mean_height": scale_percent(seen, limbs, AVERAGE_HEIGHT_M / body.body.height)}  # fmt: skip


def together(found_of: Sequence[Figures]) -> Figures:
    """Medians and means over takes."""
    known = [each for each in found_of if each]
    figures: Figures = {"takes": len(known)}
    for name in known[0] if known else ():
        values = [each[name] for each in known]
        figures |= {f"{name}_median": float(np.median(values)), f"{name}_mean": float(np.mean(values))}
    return figures

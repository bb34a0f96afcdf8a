"""The lift of one person by all views: tracks at the lifter's rate, window by window, and back as a lift of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import torch
from torch import Tensor

from backend.lift.lift import Lift
from backend.lift.network.inputs import LifterInputs
from backend.lift.network.lift_network import inputs_of_row, lift_of, with_proportions
from backend.lift.network.lifter import LifterOutputs
from backend.lift.network.mirror import mirrored_inputs, mirrored_outputs
from backend.lift.network.sampling import rows_of
from backend.lift.network.windows import WINDOWS_AT_ONCE, blended, mean_of_looks, windows_of, windows_over
from backend.lift.network.wrong_way_up import is_wrong_way_up, turned_back, turned_over
from backend.multiview.fuse.network.multiview_lifter import MultiviewLifter
from backend.multiview.fuse.network.together import Together, without_rig
from backend.multiview.rig import Rig
from backend.threads import one_torch_thread
from backend.track.tracks import Track
from motion.arrays import Array
from motion.body import Body


@one_torch_thread()
def lift_views(
    tracks: Sequence[Track], body: Body, Ks: Sequence[Array], rig: Rig | None, lifter: MultiviewLifter,
    device: str = "cpu", *, bones_known: bool = False,
) -> list[Lift]:  # fmt: skip
    """Pose and place of one person in the camera's frame of each view, every view told what the others see.

    Tracks lie on one grid of times and are each seen on at least one frame; cameras stand. Where a view does not see
    the person, its own frames are bridged as for one camera. The body keeps its height, and its bones if they are
    known; else all lifts get those that the network tells of all views. One view is lifted as by lift_network.
    """
    together = _together(rig, len(tracks), device)
    rows = rows_of(len(tracks[0].times_s), tracks[0].rate)
    told_of = [_lifted_row(lifter, [inputs_of_row(track, K, row, device) for track, K in zip(tracks, Ks, strict=True)],
                           together) for row in rows]  # fmt: skip
    if not bones_known:
        body = with_proportions(body, [told for of_views in told_of for told in of_views])
    return [lift_of(track, body, K, rows, [of_views[view] for of_views in told_of])
            for view, (track, K) in enumerate(zip(tracks, Ks, strict=True))]  # fmt: skip


def _together(rig: Rig | None, views: int, device: str) -> Together:
    if rig is None:
        return without_rig(1, views, device)

    def tensor(values: Array) -> Tensor:
        return torch.from_numpy(np.array(values))[None].float().to(device)

    known = torch.ones(1, dtype=torch.bool, device=device)
    return Together(tensor(rig.R_first_from_camera), tensor(rig.places_first), known)


@torch.no_grad()
def _lifted_row(lifter: MultiviewLifter, inputs: list[LifterInputs], together: Together) -> list[LifterOutputs]:
    """Outputs over a whole row of each view, B = 1, the mean of what is told of it and of its mirror image."""
    over = [is_wrong_way_up(each) for each in inputs]
    upright = [turned_over(each) if turns else each for each, turns in zip(inputs, over, strict=True)]
    turned = together.turned_over(torch.tensor(over, device=together.known.device))
    told_of = _lifted_windows(lifter, upright, turned)
    return [turned_back(told) if turns else told for told, turns in zip(told_of, over, strict=True)]


def _lifted_windows(lifter: MultiviewLifter, inputs: list[LifterInputs], together: Together) -> list[LifterOutputs]:
    views = len(inputs)
    windows = windows_over(inputs[0].seen.shape[1])
    told = [_told(lifter, inputs, windows.frames[some], together) for some in
            torch.arange(len(windows.starts)).split(max(1, WINDOWS_AT_ONCE // views))]  # fmt: skip
    return [blended([{name: values[view::views] for name, values in some.items()} for some in told], windows,
                    inputs[view].seen[0]) for view in range(views)]  # fmt: skip


def _told(lifter: MultiviewLifter, inputs: list[LifterInputs], frames: Tensor, together: Together) -> dict[str, Tensor]:
    """By name, of windows [W, F] of all views, views of one window after each other."""
    cut = _interleaved([windows_of(each, frames) for each in inputs])
    of_windows = together.repeated(len(frames))
    in_mirror = lifter(mirrored_inputs(cut), of_windows.mirrored())
    return mean_of_looks(lifter(cut, of_windows), mirrored_outputs(in_mirror))


def _interleaved(inputs: list[LifterInputs]) -> LifterInputs:
    """Inputs [W] of V views as rows [W V]."""
    def rows(name: str) -> Tensor | None:
        of_views = [getattr(each, name) for each in inputs]
        return None if of_views[0] is None else torch.stack(of_views, 1).flatten(0, 1)

    return LifterInputs(**{field.name: rows(field.name) for field in fields(LifterInputs)})

"""Windows over clips of any length."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.lift.network import windows
from backend.lift.network.windows import lifted_row, windows_over

from .made_up_inputs import some_inputs, some_lifter
from .test_lifter import told


def weights_by_frame(frame_count: int, window: int, overlap: int) -> torch.Tensor:
    """[W, N]: how much each window counts at each frame."""
    found = windows_over(frame_count, window, overlap)
    whole = torch.zeros(len(found.starts), frame_count)
    return whole.scatter(1, found.frames, found.weights)


@given(st.integers(1, 1500), st.integers(10, 200), st.floats(0.1, 0.9))
@settings(deadline=None)
def test_weights_add_up_to_one_at_every_frame_of_a_clip_of_any_length(frames: int, window: int, share: float) -> None:
    weights = weights_by_frame(frames, window, int(share * window))
    torch.testing.assert_close(weights.sum(0), torch.ones(frames))
    assert (weights >= 0).all()


@given(st.integers(1, 3000))
@settings(deadline=None)
def test_no_window_begins_or_ends_with_a_step(frames: int) -> None:
    weights = weights_by_frame(frames, windows.WINDOW_FRAMES, windows.OVERLAP_FRAMES)
    inside = torch.diff(weights, dim=1).abs()
    assert frames == 1 or inside.max() <= 2.1 / windows.OVERLAP_FRAMES


@given(st.integers(1, 5000))
@settings(deadline=None)
def test_windows_have_about_the_length_that_the_network_knows(frames: int) -> None:
    found = windows_over(frames)
    shared = found.weights.shape[1] - torch.diff(found.starts)
    assert int(found.frames.max()) == frames - 1
    assert found.weights.shape[1] == frames < 208 or 128 <= found.weights.shape[1] <= 208
    assert ((shared >= 63) & (shared <= 66)).all()


def test_many_windows_tell_the_same_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what a scan remembers from before a window."""
    lifter, inputs = some_lifter(), some_inputs(frames=300)
    many = lifted_row(lifter, inputs)
    monkeypatch.setattr(windows.windows_over, "__defaults__", (300, 64))
    whole = lifted_row(lifter, inputs)
    for name in ("root_person", "root_velocity", "still_logits", "joint_log_variance", "bias_m"):
        off, values = getattr(many, name) - getattr(whole, name), getattr(whole, name)
        assert off.abs().max() < 0.05 * (values.max() - values.min()), name
        assert torch.diff(off, dim=1).abs().max() < 2.0 * torch.diff(values, dim=1).abs().max(), name


@pytest.mark.parametrize("frames", [1, 5, 33])
def test_short_clips_are_one_window(frames: int) -> None:
    lifter, inputs = some_lifter(), some_inputs(frames=frames)
    outputs = lifted_row(lifter, inputs)
    assert outputs.root_person.shape == (1, frames, 3)
    assert all(values.isfinite().all() for values in told(outputs).values())


def test_windows_in_which_nobody_is_seen_say_nothing_of_the_body() -> None:
    lifter, inputs = some_lifter(), some_inputs(frames=600)
    seen = torch.arange(600)[None] < 150
    emptied = replace(inputs, seen=seen, **{
        name: values * seen.reshape(1, -1, *[1] * (values.ndim - 2))
        for name in ("landmarks_px", "scores", "landmarks_camera") for values in [getattr(inputs, name)]})  # fmt: skip
    first = replace(emptied, **{each.name: getattr(emptied, each.name)[:, :160] for each in fields(inputs)
                                if each.name not in ("K", "features")})  # fmt: skip
    told_heights = (lifted_row(lifter, each).height_m for each in (emptied, first))
    torch.testing.assert_close(*told_heights, atol=0.02, rtol=0)

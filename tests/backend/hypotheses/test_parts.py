"""A clip in parts: what each answers for, and that other poses of a long clip are worked out part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.hypotheses import parts, weights
from backend.hypotheses.hypotheses import Hypotheses, hypotheses_of
from backend.hypotheses.parts import PART_FRAMES, WHOLE_UP_TO, parts_of
from backend.hypotheses.settings import HypothesesSettings
from backend.lift.lift import Lift
from motion.arrays import Array
from motion.rotations import axis_angle_from_matrix

from .made_up_lift import some_flow, some_lift

SETTINGS = HypothesesSettings(samples=4)
RATES = st.sampled_from([1.0, 23.976, 30.0, 59.94, 120.0, 2000.0])


@given(st.integers(1, WHOLE_UP_TO), RATES)
def test_whatever_fits_is_one_part_and_nothing_of_it_fades(frames: int, rate: float) -> None:
    (part,) = parts_of(frames, rate)
    assert part.looked == slice(0, frames) and part.in_clip(0, frames - 1) == (0, frames - 1)
    assert (part.shares() == 1.0).all() and (part.sample_weights() == 1.0).all()


@given(st.integers(WHOLE_UP_TO + 1, 60_000), RATES)
def test_every_frame_is_answered_for_once_and_all_words_make_one(frames: int, rate: float) -> None:
    found = parts_of(frames, rate)
    assert [part.first for part in found] == [0, *(part.end for part in found[:-1])] and found[-1].end == frames
    assert max(part.end_look - part.first_look for part in found) < 2 * PART_FRAMES
    total = np.zeros(frames)
    for part in found:
        assert part.first_look <= part.first < part.end <= part.end_look
        total[part.looked] += part.shares()
        inside = part.sample_weights()[part.first - part.first_look : part.end - part.first_look]
        assert (inside == 1.0).all()
    np.testing.assert_allclose(total, 1.0)


@given(st.integers(WHOLE_UP_TO + 1, 20_000), st.data())
def test_what_lasts_a_few_seconds_is_answered_for_by_one_part(frames: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, frames - 90))
    last = first + data.draw(st.integers(0, 89))
    saw = [part for part in parts_of(frames, 30.0) if part.first_look <= first and last < part.end_look]
    (part,) = [part for part in saw if part.answers_for(first - part.first_look, last - part.first_look)]
    assert part.in_clip(first - part.first_look, last - part.first_look) == (first, last)


@pytest.fixture(scope="module")
def in_parts() -> Iterator[None]:
    """The made-up lift's 45 frames are three parts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weights, "shipped_flow", lambda device="cpu": some_flow())
        patch.setattr(parts, "WHOLE_UP_TO", 30)
        patch.setattr(parts, "PART_FRAMES", 15)
        yield


@pytest.fixture(scope="module")
def found(in_parts: None) -> Hypotheses:
    return hypotheses_of(some_lift(), SETTINGS)


def test_a_sample_is_the_lift_where_its_part_does_not_look(found: Hypotheses) -> None:
    assert 0 < len(found.choices) <= 5
    for each in found.choices:
        turns, root = found.samples.turns_rad[each.sample], found.samples.root_camera[each.sample]
        elsewhere = np.ones(len(root), bool)
        elsewhere[each.during] = False
        assert elsewhere.any() and not turns[elsewhere].any()
        np.testing.assert_array_equal(root[elsewhere], some_lift().root_camera[elsewhere])
        assert each.during.start <= each.choice.first <= each.choice.last < each.during.stop
        assert np.abs(turns[each.choice.first : each.choice.last + 1]).max() > 0.05


def test_samples_fade_into_the_lift(found: Hypotheses) -> None:
    for each in found.choices:
        turns = found.samples.turns_rad[each.sample]
        for border, inwards in ((each.during.start, 1), (each.during.stop - 1, -1)):
            if 0 < border < len(turns) - 1:
                faint, whole = (np.linalg.norm(turns[border + inwards * frames]) for frames in (0, 2))
                assert 0.0 < faint < 0.7 * whole


def test_the_spread_is_of_all_frames(found: Hypotheses) -> None:
    assert found.spread_m.shape == (len(some_lift().root_camera), 22) and (found.spread_m[:, 1:] > 0.0).all()


def test_what_all_say_together_has_no_seams(in_parts: None) -> None:
    lift, main = some_lift(), hypotheses_of(some_lift(), replace(SETTINGS, aggregate=True)).main
    assert np.abs(main.R_parent_from_joint - lift.R_parent_from_joint).max() > 0.01
    assert (_steps(main) - _steps(lift)).max() < 0.1
    R = main.R_parent_from_joint
    np.testing.assert_allclose(R @ np.swapaxes(R, -1, -2), np.broadcast_to(np.eye(3), R.shape), atol=1e-5)


def _steps(lift: Lift) -> Array:
    """[T-1, 55] rad from frame to frame."""
    R = lift.R_parent_from_joint
    return np.linalg.norm(axis_angle_from_matrix(np.swapaxes(R[:-1], -1, -2) @ R[1:]), axis=-1)


def test_somebody_who_is_gone_for_a_whole_part_is_no_trouble(in_parts: None) -> None:
    lift = some_lift()
    gone = np.arange(len(lift.root_camera)) >= 25
    track = replace(lift.track, seen=lift.track.seen & ~gone, scores=np.where(gone[:, None], 0.0, lift.track.scores),
                    **{name: np.where(gone[:, None, None], np.nan, getattr(lift.track, name))
                       for name in ("landmarks_px", "landmarks_camera")})  # fmt: skip
    found = hypotheses_of(replace(lift, track=track), SETTINGS)
    assert np.isfinite(found.spread_m).all() and np.isfinite(found.samples.turns_rad).all()

"""MPI-INF-3DHP's protocol on a small file of the same format, with results that are known beforehand."""

import numpy as np
import pytest
import torch

from bench.lifting_protocol import auc, pck
from bench.mpi_inf_3dhp import ROOT, evaluate, read_mpi_inf_3dhp, windows
from motion.refusal import Refusal
from tests.bench.made_up_sets import TinyNetwork, mpi_inf_3dhp_file

SEQUENCES = (("TS1", 9, [1, 0, 1, 1, 1, 1, 0, 1, 1]), ("TS6", 7, [0, 1, 1, 1, 1, 1, 1]))


class Flat(TinyNetwork):
    """2D at twice its scale, and no depth."""

    def __init__(self, gain=1.0, shift=0.0):
        super().__init__(ROOT, 2.0 * gain)
        self.aside = shift

    def forward(self, keypoints):
        places = super().forward(keypoints)
        places[..., 2] = self.aside
        return places


@pytest.fixture
def data(tmp_path, rng):
    return read_mpi_inf_3dhp(mpi_inf_3dhp_file(tmp_path, rng, SEQUENCES))


def test_whoever_tells_the_truth_has_no_error_indoors_and_outdoors(data):
    found = evaluate(Flat(), data, frames=5)
    assert found["p1_mm"] == pytest.approx(0.0, abs=1e-3) and found["p2_mm"] == pytest.approx(0.0, abs=1e-3)
    assert found["pck"] == 100.0 and found["auc"] == pytest.approx(100.0 * 30 / 31)     # none is nearer than 0 mm
    assert found["frames"] == 7 + 6 and list(found["sequences"]) == ["TS1", "TS6"]


def test_a_size_that_is_wrong_counts_by_protocol_1_only(data):
    found = evaluate(Flat(gain=1.2), data, frames=5)
    relative = np.concatenate([np.linalg.norm(each.truth_mm[each.valid], axis=-1) for each in data])
    assert found["p1_mm"] == pytest.approx(0.2 * relative.mean(), rel=1e-5)
    assert found["p2_mm"] == pytest.approx(0.0, abs=1e-2)


def test_a_shift_in_depth_is_that_many_half_widths_for_all_joints_but_the_root(data):
    found = evaluate(Flat(shift=0.125), data, frames=5)
    assert found["sequences"]["TS1"]["p1_mm"] == pytest.approx(0.125 * 1024 * 16 / 17)
    assert found["sequences"]["TS6"]["p1_mm"] == pytest.approx(0.125 * 960 * 16 / 17)
    assert found["pck"] == 100.0
    farther = evaluate(Flat(shift=0.25), data, frames=5)                 # 256 and 240 mm
    assert farther["pck"] == pytest.approx(100 / 17)
    assert farther["auc"] == pytest.approx(100 / 17 * 30 / 31)


def test_joints_count_as_right_below_150_mm():
    assert pck(np.array([[149.9, 150.0, 0.0, 400.0]])) == 50.0
    assert auc(np.array([2.5])) == pytest.approx(100 * 30 / 31)
    assert auc(np.array([147.5])) == pytest.approx(100 / 31)


def test_windows_stand_about_valid_frames_and_repeat_the_ends():
    valid = np.array([True, False, True, True])
    assert windows(valid, 3).tolist() == [[0, 0, 1], [1, 2, 3], [2, 3, 3]]
    assert windows(valid, 4).tolist() == [[0, 0, 1, 2], [1, 2, 3, 3], [2, 3, 3, 3]]


def test_the_middle_of_the_window_is_what_counts(data):
    class Frames(torch.nn.Module):
        """Right in the middle of five frames only."""

        def forward(self, keypoints):
            places = 100.0 * torch.ones_like(keypoints).double()
            places[:, 2] = Flat()(keypoints)[:, 2]
            return places

    assert evaluate(Frames(), data, frames=5)["p1_mm"] == pytest.approx(0.0, abs=1e-3)


def test_other_files_are_refused(tmp_path, rng):
    path = mpi_inf_3dhp_file(tmp_path, rng, SEQUENCES)
    with np.load(path) as archive:
        arrays = dict(archive)

    def sentence(arrays):
        np.savez(tmp_path / "other.npz", **arrays)
        with pytest.raises(Refusal) as refused:
            read_mpi_inf_3dhp(tmp_path / "other.npz")
        return refused.value.sentence

    assert sentence({"joints": np.zeros(3)}) == ("other.npz is not the test file of MPI-INF-3DHP: it lacks "
                                                 "data/TS1/data_2d, data/TS1/data_3d, data/TS1/valid.")  # fmt: skip
    assert sentence({**arrays, "data/TS6/data_3d": np.zeros((6, 17, 3))}) == (
        "other.npz has data/TS6/data_3d as 6 x 17 x 3 of float64, which should be 7 x 17 x 3 numbers.")
    nobody = {name: np.zeros_like(values) if "valid" in name else values for name, values in arrays.items()}
    assert sentence(nobody) == "other.npz has no valid frame."

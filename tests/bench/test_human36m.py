"""Human3.6M's protocol on a small file of the same format, with results that are known beforehand."""

import numpy as np
import pytest
import torch

from bench import human36m
from bench.human36m import clips, evaluate, read_human36m
from motion.refusal import Refusal
from tests.bench.made_up_sets import TinyNetwork, human36m_file

TAKES = (("s_09_act_02_subact_01_ca_01", "Direction", "54138969", 17),
         ("s_09_act_05_subact_02_ca_03", "Greet", "55011271", 12),          # its truth is wrong: left out
         ("s_11_act_03_subact_01_ca_02", "Discuss", "55011271", 10))  # fmt: skip
FRAMES = 5


@pytest.fixture
def data(tmp_path, rng):
    return read_human36m(human36m_file(tmp_path, rng, TAKES))


def test_whoever_tells_the_truth_has_no_error(data):
    found = evaluate(TinyNetwork(), data, frames=FRAMES)
    assert found["p1_mm"] == pytest.approx(0.0, abs=1e-3) and found["p2_mm"] == pytest.approx(0.0, abs=1e-3)
    assert list(found["actions"]) == ["Direction", "Discuss"]
    assert found["frames"] == 15 + 10                                   # whole clips of five, of two takes


def test_a_size_that_is_wrong_counts_by_protocol_1_and_not_by_protocol_2(data):
    found = evaluate(TinyNetwork(gain=1.25), data, frames=FRAMES)
    relative = {action: np.linalg.norm(data.truth_mm[data.actions == action], axis=-1) for action in found["actions"]}
    for action, row in found["actions"].items():
        count = len(relative[action]) // FRAMES * FRAMES
        assert row["p1_mm"] == pytest.approx(0.25 * relative[action][:count].mean(), rel=1e-5)
    assert found["p2_mm"] == pytest.approx(0.0, abs=1e-2)


def test_a_shift_in_depth_is_the_shift_times_the_frames_factor_for_all_joints_but_the_root(data):
    found = evaluate(TinyNetwork(shift=(0.0, 0.0, 0.2)), data, frames=FRAMES)
    for action, row in found["actions"].items():
        factors = data.mm_per_unit[data.actions == action]
        count = len(factors) // FRAMES * FRAMES
        assert row["p1_mm"] == pytest.approx(0.2 * factors[:count].mean() * 16 / 17, rel=1e-5)


def test_a_shift_sideways_is_gone_in_the_mean_with_the_mirrored_look(data):
    found = evaluate(TinyNetwork(shift=(0.3, 0.0, 0.0)), data, frames=FRAMES)
    assert found["p1_mm"] == pytest.approx(0.0, abs=1e-3)


def test_actions_count_alike_however_long_they_are(data):
    found = evaluate(TinyNetwork(gain=1.1), data, frames=FRAMES)
    assert found["p1_mm"] == pytest.approx(np.mean([row["p1_mm"] for row in found["actions"].values()]))


def test_frames_of_several_clips_count_once(data):
    apart, overlapping = (evaluate(TinyNetwork(gain=1.1), data, frames=FRAMES, stride=stride) for stride in (5, 1))
    relative = np.linalg.norm(data.truth_mm[data.actions == "Direction"], axis=-1)
    assert overlapping["frames"] == 17 + 10 > apart["frames"]
    assert overlapping["actions"]["Direction"]["p1_mm"] == pytest.approx(0.1 * relative.mean(), rel=1e-5)


def test_clips_never_cross_takes_and_leave_what_is_left():
    sources = np.array(["a"] * 7 + ["b"] * 2 + ["c"] * 6)
    assert clips(sources, 3, 3).tolist() == [[0, 1, 2], [3, 4, 5], [7, 7, 8], [9, 10, 11], [12, 13, 14]]
    assert clips(sources, 3, 2).tolist() == [[0, 1, 2], [2, 3, 4], [4, 5, 6], [7, 7, 8], [9, 10, 11], [11, 12, 13]]


def test_keypoints_are_in_the_pictures_width(data):
    """The taller camera's middle is at y = 501 px."""
    class Middle(torch.nn.Module):
        def forward(self, keypoints):
            self.seen = keypoints
            return keypoints.double()

    network = Middle()
    evaluate(network, data, frames=FRAMES)
    first_px = data.keypoints[0, :, :2] * 500 + [500, 501]
    np.testing.assert_allclose(first_px[3] - first_px[0], data.truth_mm[0, 3, :2] * 500 / data.mm_per_unit[0])
    assert network.seen.shape == (1, FRAMES, 17, 3)


def test_other_files_are_refused(tmp_path, rng):
    path = human36m_file(tmp_path, rng, TAKES)
    with np.load(path) as archive:
        arrays = dict(archive)

    def sentence(**changed):
        np.savez(tmp_path / "other.npz", **{name: values for name, values in {**arrays, **changed}.items()
                                            if values is not None})  # fmt: skip
        with pytest.raises(Refusal) as refused:
            read_human36m(tmp_path / "other.npz")
        return refused.value.sentence

    assert sentence(**{"test/source": None}) == "other.npz is not the Human3.6M file: it lacks test/source."
    assert sentence(**{"test/joint_2d": np.zeros((39, 16, 2))}) == (
        "other.npz has test/joint_2d as 39 x 16 x 2 of float64, which should be N x 17 x 2 numbers.")
    assert sentence(**{"test/2.5d_factor": np.full(39, np.nan)}) == (
        "other.npz has numbers in test/2.5d_factor that are not finite.")
    assert sentence(**{"test/camera_name": np.array(["7"] * 39)}) == (
        "other.npz names the camera 7, which Human3.6M has not.")
    assert sentence(**{"test/source": np.array(["s_09_act_13_subact_01_ca_02"] * 39)}) == (
        "other.npz has only takes that are left out.")


@pytest.mark.parametrize("content", [b"", b"nothing", b"PK\x03\x04"])
def test_files_that_are_no_arrays_are_refused(tmp_path, content):
    (tmp_path / "other.npz").write_bytes(content)
    with pytest.raises(Refusal, match="^other.npz holds no plain arrays. Make the file from the published one"):
        read_human36m(tmp_path / "other.npz")


def test_the_published_pickle_is_never_opened_by_the_bench(tmp_path, rng):
    human36m_file(tmp_path, rng, TAKES)
    with pytest.raises(Refusal, match="holds no plain arrays"):
        read_human36m(tmp_path / "h36m_sh_conf_cam_source_final.pkl")


def test_the_left_out_takes_are_three():
    assert len(set(human36m.SKIPPED)) == 3

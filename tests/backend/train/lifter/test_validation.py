from dataclasses import replace

import numpy as np
import pytest
import torch

from backend.train.kinematics import joints_of_orientations
from backend.train.lifter import validation
from backend.train.lifter.inputs_of import inputs_of
from backend.train.lifter.losses import truth_of
from bench import metrics
from motion.skeleton import JOINT

from .made_up_training import about_y, family, perfect, some_batch, tiny_lifter


class Says:
    """A lifter that says what is given."""

    def __init__(self, told):
        self.told = told

    def __call__(self, inputs):
        return self.told

    def eval(self):
        pass

    train = eval


def half_right(batch):
    told = perfect(batch, inputs_of(batch).K)
    chance = torch.Generator().manual_seed(1)
    bent = told.R_person_from_joint @ torch.linalg.matrix_exp(_skew(0.2 * torch.randn(4, 40, 22, 3, generator=chance)))
    return replace(told, R_person_from_joint=about_y(7.0) @ bent, rest_joints=1.1 * told.rest_joints)


def _skew(v):
    zero = torch.zeros_like(v[..., 0])
    x, y, z = v.unbind(-1)
    return torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).unflatten(-1, (3, 3))


def test_millimetres_are_those_of_the_benches():
    batch = some_batch()
    seen = batch.detections.seen.clone()
    seen[:, 5:9] = False
    batch = replace(batch, detections=replace(batch.detections, seen=seen))
    told = half_right(batch)
    limbs = [JOINT[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
             for side in ("left", "right")]  # fmt: skip
    joints = joints_of_orientations(told.R_person_from_joint, told.rest_joints)
    estimate, truth = (points[:, :, limbs][seen].double().numpy()
                       for points in (joints, truth_of(batch, inputs_of(batch).K).joints))
    figures = validation.validated(Says(told), [batch], family())
    assert figures["limbs_mm"] == pytest.approx(metrics.mpjpe_mm(estimate, truth), rel=1e-4)
    assert figures["limbs_pa_mm"] == pytest.approx(metrics.pa_mpjpe_mm(estimate, truth), rel=1e-4)
    assert 10.0 < figures["limbs_pa_mm"] < figures["limbs_mm"]


def test_what_is_perfect_has_no_error():
    batch = some_batch()
    figures = validation.validated(Says(perfect(batch, inputs_of(batch).K)), [batch, batch], family())
    assert figures["limbs_mm"] < 0.01 and figures["limbs_pa_mm"] < 0.01


def test_figures_are_means_over_batches():
    lifter = tiny_lifter()
    one, other, both = (validation.validated(lifter, batches, family()) for batches in (
        [some_batch(0)], [some_batch(1)], [some_batch(0), some_batch(1)]))  # fmt: skip
    for name, value in both.items():
        assert value == pytest.approx((one[name] + other[name]) / 2, rel=1e-5), name


def test_validation_changes_nothing_of_the_lifter():
    lifter = tiny_lifter()
    before = {name: values.clone() for name, values in lifter.state_dict().items()}
    validation.validated(lifter, [some_batch()], family())
    assert lifter.training and all(torch.equal(values, before[name]) for name, values in lifter.state_dict().items())


def test_mirrored_points_are_not_alike():
    points = torch.from_numpy(np.random.default_rng(0).normal(size=(5, 12, 3)))
    assert float(validation._after_similarity(points * torch.tensor([-1.0, 1.0, 1.0]), points).mean()) > 0.1
    turned = 2.0 * points @ about_y(50.0).double().T + 3.0
    assert float(validation._after_similarity(turned, points).max()) < 1e-6

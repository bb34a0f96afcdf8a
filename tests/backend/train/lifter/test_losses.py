import math
from dataclasses import replace

import pytest
import torch
from torch.nn import functional

from backend.lift.network.lifter import LifterOutputs
from backend.train.batches import Batch
from backend.train.kinematics import forward_kinematics
from backend.train.lifter.inputs_of import inputs_of
from backend.train.lifter.losses import LossWeights, loss_terms, truth_of, weighted
from backend.train.motions.training_clip import Teaches
from motion.landmarks import LANDMARK
from motion.skeleton import JOINT

from .made_up_training import FRAMES, about_y, batch_of, family, perfect, some_batch, terms_of, tiny_lifter

DOUBTS = {"rotation_doubt", "joint_doubt", "down_doubt", "bias_doubt"}
WRIST = JOINT["left_wrist"]
TEN_DEGREES = 2.0 * 2.0**0.5 * math.sin(math.radians(5.0))   # Frobenius norm between rotations so far apart


@pytest.fixture(scope="module")
def batch() -> Batch:
    return some_batch()


@pytest.fixture(scope="module")
def truth(batch: Batch) -> LifterOutputs:
    return perfect(batch)


def test_the_truth_costs_nothing(batch):
    for name, value in terms_of(batch).items():
        assert name in DOUBTS or value == pytest.approx(0.0, abs=5e-4), name


def test_every_term_has_a_weight_and_counts(batch, truth):
    terms = loss_terms(truth, batch, batch.views.K, family())
    assert set(terms) == set(LossWeights.__dataclass_fields__)
    ones = {name: torch.ones(()) for name in terms}
    assert float(weighted(ones, LossWeights())) == pytest.approx(sum(vars(LossWeights()).values()))


def test_orientations_cost_the_distance_of_their_matrices(batch, truth):
    one = truth.R_person_from_joint.clone()
    one[:, :, WRIST] = one[:, :, WRIST] @ about_y(10.0)
    terms = terms_of(batch, R_person_from_joint=one)
    assert terms["orientation"] == pytest.approx(TEN_DEGREES / 22, abs=2e-4)
    assert terms["local"] == pytest.approx(TEN_DEGREES / 21, abs=2e-4)


def test_a_whole_body_that_is_turned_is_right_joint_by_joint(batch, truth):
    terms = terms_of(batch, R_person_from_joint=about_y(10.0) @ truth.R_person_from_joint)
    assert terms["orientation"] == pytest.approx(TEN_DEGREES, abs=2e-4)
    assert terms["local"] == pytest.approx(0.0, abs=5e-4)


def test_bones_and_joints_cost_metres(batch, truth):
    moved = truth.rest_joints.clone()
    moved[:, 1:] += torch.tensor([0.0, 0.01, 0.0])     # the three bones that leave the pelvis are others
    terms = terms_of(batch, rest_joints=moved)
    assert terms["joints"] == pytest.approx(0.01 * 21 / 22, abs=1e-4)
    assert terms["body"] == pytest.approx(0.01 * 3 / 21, abs=1e-4)


def test_who_freezes_costs_how_far_joints_go_from_frame_to_frame(batch, truth):
    frozen = truth.R_person_from_joint[:, :1].expand_as(truth.R_person_from_joint)
    joints = truth_of(batch, batch.views.K).joints
    inside = batch.detections.seen & batch.teaching.inside
    assert inside.all()
    expected = (joints[:, 1:] - joints[:, :-1]).norm(dim=-1).mean()
    assert terms_of(batch, R_person_from_joint=frozen)["steps"] == pytest.approx(float(expected), rel=0.05)


def test_a_place_costs_metres_across_and_shares_of_the_depth(batch, truth):
    aside = terms_of(batch, root_person=truth.root_person + torch.tensor([0.01, 0.0, 0.0]))
    assert aside["depth"] == pytest.approx(0.01, abs=2e-4)
    assert aside["reprojection"] == pytest.approx(0.01, rel=0.1)
    deeper = terms_of(batch, root_person=truth.root_person * torch.tensor([1.0, 1.0, 1.01]))
    assert deeper["depth"] == pytest.approx(math.log(1.01), abs=2e-4)


def test_down_costs_radians_while_it_is_near(batch, truth):
    terms = terms_of(batch, down_person=tilted(truth.down_person))
    assert terms["down"] == pytest.approx(2.0 * math.sin(math.radians(5.0)), rel=0.02)


def tilted(down: torch.Tensor) -> torch.Tensor:
    """Unit vectors [B, T, 3] 10 degrees from `down`."""
    across = torch.linalg.cross(down, torch.tensor([1.0, 0.3, 0.2]).expand_as(down))
    return math.cos(math.radians(10.0)) * down + math.sin(math.radians(10.0)) * functional.normalize(across, dim=-1)


def test_velocities_cost_metres_a_second_and_the_path_metres_after_a_second(batch, truth):
    R_world_from_pelvis = batch.cameras.R_camera_from_world.mT @ batch.R_parent_from_joint[:, :, 0]
    drift = (R_world_from_pelvis.mT @ torch.tensor([0.1, 0.0, 0.0])[:, None])[..., 0]
    terms = terms_of(batch, root_velocity=truth.root_velocity + drift)
    assert terms["velocity"] == pytest.approx(0.1, abs=1e-3)
    assert terms["path"] == pytest.approx(0.1, abs=1e-3)


def test_who_does_not_know_costs_the_logarithm_of_what_there_is_to_choose_from(batch, truth):
    terms = terms_of(batch, still_logits=torch.zeros_like(truth.still_logits),
                     polar_logits=torch.zeros_like(truth.polar_logits))  # fmt: skip
    assert terms["still"] == pytest.approx(math.log(2), abs=1e-4)
    assert terms["polar"] == pytest.approx(math.log(6), abs=1e-4)


def test_bias_is_what_was_said_minus_what_is_true_at_the_told_depth(batch, truth):
    said_px = batch.detections.landmarks_px.clone()
    nose = LANDMARK["nose"]
    said_px[:, :, nose, 0] += 5.0
    seen = replace(batch, detections=replace(batch.detections, landmarks_px=said_px))
    towards = [torch.cat([(points - batch.views.K[:, None, None, :2, 2]) / batch.views.K[:, None, None, [0, 1], [0, 1]],
                          torch.ones(*points.shape[:-1], 1)], -1) @ truth.R_person_from_camera.mT
               for points in (said_px, batch.views.landmarks_px)]  # fmt: skip
    said, true = (rays[..., :2] / rays[..., 2:] for rays in towards)
    bias_m = (said - true) * truth.bias_depth_m[..., None, None]
    assert float(bias_m[:, :, nose, 0].min()) > 0 and not bias_m[:, :, nose + 1 :].any()
    assert terms_of(seen, bias_m=bias_m)["bias"] == pytest.approx(0.0, abs=5e-4)
    expected = float(bias_m.norm(dim=-1).mean())
    assert terms_of(seen)["bias"] == pytest.approx(expected, abs=1.5e-4)


def doubted(batch: Batch, name: str, term: str, log_variance: torch.Tensor, wrong: dict) -> list[float]:
    """The term with this variance, and with one that is lower and higher by a fifth."""
    return [terms_of(batch, **wrong, **{name: log_variance + step})[term] for step in (0.0, -0.2, 0.2)]


def test_doubt_is_cheapest_where_the_variance_is_the_squared_error_of_each_axis(batch, truth):
    turned = {"R_person_from_joint": truth.R_person_from_joint @ about_y(10.0)}
    aside = {"bias_m": torch.full_like(truth.bias_m, 0.05)}
    cases = [
        ("rotation_log_variance", "rotation_doubt", 2 * math.log(math.radians(10.0)) - math.log(3), turned),
        ("bias_log_variance", "bias_doubt", 2 * math.log(0.05), aside),
        ("down_log_variance", "down_doubt", 2 * math.log(2 * math.sin(math.radians(5.0))) - math.log(2),
         {"down_person": tilted(truth.down_person)}),
    ]  # fmt: skip
    for name, term, log_variance, wrong in cases:
        best, *others = doubted(batch, name, term, torch.full_like(getattr(truth, name), log_variance), wrong)
        assert best < min(others), term


def test_joints_are_doubted_across_the_ray_and_along_it(batch, truth):
    joints = truth_of(batch, batch.views.K).joints
    told = about_y(10.0) @ truth.R_person_from_joint
    off = joints @ about_y(10.0).T - joints
    squared = torch.stack([off[..., :2].square().sum(-1) / 2, off[..., 2].square()], -1)
    log_variance = squared.clamp(min=1e-6).log()
    best, *others = doubted(batch, "joint_log_variance", "joint_doubt", log_variance, {"R_person_from_joint": told})
    assert best < min(others)
    for axis in (0, 1):
        for step in (-0.2, 0.2):
            changed = log_variance.clone()
            changed[..., axis] += step
            assert best < terms_of(batch, R_person_from_joint=told, joint_log_variance=changed)["joint_doubt"]


def test_doubts_teach_the_variances_alone(batch, truth):
    R = truth.R_person_from_joint.clone().requires_grad_()
    doubt = torch.zeros_like(truth.rotation_log_variance).requires_grad_()
    told = replace(truth, R_person_from_joint=R, rotation_log_variance=doubt)
    terms = loss_terms(told, batch, batch.views.K, family())
    (terms["rotation_doubt"] + 0.0 * terms["orientation"] + terms["joint_doubt"]).backward()
    assert doubt.grad.abs().max() > 0 and R.grad.abs().max() == 0


def test_beyond_a_clips_end_anything_may_be_said():
    batch = batch_of(25, Teaches())
    told, beyond = perfect(batch), ~batch.teaching.inside
    assert beyond.any()
    wild = {name: torch.where(beyond.view(*beyond.shape, *[1] * (values.ndim - 2)), 3.0, values)
            for name, values in vars(told).items() if name not in ("rest_joints", "height_m", "R_person_from_camera")}
    before, after = terms_of(batch), terms_of(batch, **wild)
    assert after == pytest.approx(before, abs=1e-5)


def test_joints_that_were_not_recorded_teach_no_rotation():
    batch = batch_of(60, Teaches(joints=tuple(joint != WRIST for joint in range(22))))
    turned = perfect(batch).R_person_from_joint.clone()
    turned[:, :, WRIST] = turned[:, :, WRIST] @ about_y(90.0)
    before, after = terms_of(batch), terms_of(batch, R_person_from_joint=turned)
    for name in ("orientation", "local", "rotation_doubt", "joints"):
        assert after[name] == pytest.approx(before[name], abs=1e-6), name


@pytest.mark.parametrize("teaches", [Teaches(path=False), Teaches(speed=False)])
def test_a_clip_without_a_path_or_a_speed_teaches_no_velocity(teaches):
    batch = batch_of(60, teaches)
    terms = terms_of(batch, root_velocity=torch.full_like(batch.root_velocity, 7.0))
    assert terms["velocity"] == terms["path"] == 0.0 < terms["still"] + 1.0


def test_a_clip_without_contacts_teaches_none():
    batch = batch_of(60, Teaches(contacts=False))
    assert terms_of(batch, still_logits=torch.zeros_like(perfect(batch).still_logits))["still"] == 0.0


def test_a_lens_that_is_taken_to_be_longer_puts_the_truth_farther_away(batch):
    longer = batch.views.K.clone()
    longer[:, 0, 0], longer[:, 1, 1] = 2.0 * longer[:, 0, 0], 2.0 * longer[:, 1, 1]
    known, guessed = truth_of(batch, batch.views.K), truth_of(batch, longer)
    torch.testing.assert_close(guessed.root, known.root * torch.tensor([1.0, 1.0, 2.0]))
    for name in ("R_person_from_joint", "joints", "landmarks", "down", "counts"):
        assert torch.equal(getattr(guessed, name), getattr(known, name)), name


def test_the_truth_is_the_bodys_in_a_camera_turned_to_its_hips(batch):
    truth = truth_of(batch, batch.views.K)
    hips = [LANDMARK["left_hip"], LANDMARK["right_hip"]]
    middle = truth.root + truth.landmarks[:, :, hips].mean(2)
    assert float((middle[..., :2] / middle[..., 2:]).abs().max()) < 0.05
    torch.testing.assert_close(truth.root.norm(dim=-1), batch.root_camera.norm(dim=-1))
    R, joints = forward_kinematics(batch.R_parent_from_joint, batch.root_camera, batch.rest_joints)
    torch.testing.assert_close(truth.joints.norm(dim=-1), (joints - joints[:, :, :1]).norm(dim=-1), atol=1e-4, rtol=0)
    torch.testing.assert_close(truth.R_person_from_joint[:, :, 0].mT @ truth.R_person_from_joint[:, :, WRIST],
                               R[:, :, 0].mT @ R[:, :, WRIST], atol=1e-5, rtol=0)  # fmt: skip


def test_frames_in_which_nobody_was_seen_count_less(batch):
    seen = batch.detections.seen.clone()
    seen[:, 10:20] = False
    counts = truth_of(replace(batch, detections=replace(batch.detections, seen=seen)), batch.views.K).counts
    torch.testing.assert_close(counts[:, 10:20], torch.full_like(counts[:, 10:20], 0.3))
    assert (counts[:, 20:] == 1.0).all() and counts.shape[1] == FRAMES


def test_gradients_reach_every_weight(batch):
    lifter = tiny_lifter()
    inputs = inputs_of(batch)
    weighted(loss_terms(lifter(inputs), batch, inputs.K, family()), LossWeights()).backward()
    for name, values in lifter.named_parameters():
        assert values.grad is not None and values.grad.isfinite().all() and values.grad.abs().max() > 0, name

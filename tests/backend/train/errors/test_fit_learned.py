"""The fitted model comes back with what was put into a made-up bank."""

import numpy as np
import pytest
import torch

from backend.train.bank.bank_clip import BankClip, BankOrigin
from backend.train.chance import Chance
from backend.train.errors import fit_learned as fitting
from backend.train.errors.crop_frame import crop_frame
from backend.train.errors.from_bank import said_of, seen_through
from backend.train.errors.learned import Residuals, read_learned, write_learned
from tests.backend.train.errors.made_up_views import made_up_views

BIAS_M = 0.05       # of wrists, outwards for who is seen from behind: the same in a mirror
SIGMA_M = 0.03


def bank_clip(index: int) -> BankClip:
    """Somebody whose wrists are said BIAS_M to the sides, all landmarks with slow noise, and lost in five frames."""
    views = made_up_views(batch=1, frames=60, seed=index)
    frame = crop_frame(views)
    generator = torch.Generator().manual_seed(1000 + index)
    noise = torch.randn(1, 60, 33, 5, generator=generator)
    for t in range(1, 60):
        noise[:, t] = 0.9 * noise[:, t - 1] + (1 - 0.81) ** 0.5 * noise[:, t]
    errors = SIGMA_M * noise
    errors[..., 15, 0] += BIAS_M
    errors[..., 16, 0] -= BIAS_M
    seen = np.ones(60, bool)
    seen[20:25] = False
    said_px = views.landmarks_px + frame.off_px(errors[..., :2])
    said_camera = frame.from_crop(frame.pose + errors[..., 2:])
    joints = views.landmarks_camera[0, :, :22]
    return BankClip(
        BankOrigin(index, "made", "made", "one", "fit", "static", 30.0, 1.7), views.landmarks_camera[0].numpy(),
        joints.numpy(), np.zeros((60, 33), bool), views.K[0].numpy(), views.size_px[0].numpy(),
        np.tile(np.eye(3, dtype=np.float32), (60, 1, 1)), seen, said_px[0].numpy(), said_camera[0].numpy(),
        np.full((60, 33), 0.9, np.float32), np.zeros((60, 33), np.float32), np.zeros((60, 4), np.float16),
    )  # fmt: skip


@pytest.fixture(scope="module")
def fitted():
    before = fitting.STEPS
    fitting.STEPS = 150
    torch.set_num_threads(1)
    model = fitting.fit_learned([bank_clip(index) for index in range(24)])
    fitting.STEPS = before
    model.wider = 0.0
    return model


def simulated(model) -> torch.Tensor:
    found = []
    for seed in range(40):
        views = made_up_views(batch=1, frames=60, seed=500 + seed)
        said = seen_through(views, model.detections(views, Chance.seeded(seed)))
        found.append(said.errors[said.detections.seen[0]])
    return torch.cat(found)


def test_a_bias_comes_back(fitted):
    errors = simulated(fitted)
    assert errors[:, 15, 0].mean() == pytest.approx(BIAS_M, abs=0.015)
    assert errors[:, 16, 0].mean() == pytest.approx(-BIAS_M, abs=0.015)
    assert errors[:, 14, 0].mean().abs() < 0.015


def test_the_width_of_errors_comes_back(fitted):
    varying = simulated(fitted)[..., 25:29, :5]
    assert varying.std() == pytest.approx(SIGMA_M, rel=0.35)


def test_people_are_lost_as_often_as_in_the_bank(fitted):
    views = made_up_views(batch=80, frames=60, seed=9)
    lost = 1 - fitted.detections(views, Chance.seeded(0)).seen.float().mean()
    assert lost == pytest.approx(5 / 60, abs=0.05)
    assert fitted.run_s[-1] == pytest.approx(5 / 30, abs=0.02)


def test_residuals_are_packed_finely_where_most_of_them_are():
    values = torch.tensor([0.0, 0.1, -0.5, 1.0, -3.0, 20.0])
    packed = Residuals(Residuals.packed(values), torch.tensor([0]), torch.tensor([6]), torch.zeros(1, 8))
    torch.testing.assert_close(packed.unpacked(torch.arange(6)), values, atol=0.1, rtol=0.04)


def test_a_model_is_the_same_after_it_was_written(fitted, tmp_path):
    write_learned(tmp_path / "model.npz", fitted)
    again = read_learned(tmp_path / "model.npz", wider=0.0)
    views = made_up_views(batch=2)
    one, two = (model.detections(views, Chance.seeded(7)) for model in (fitted, again))
    torch.testing.assert_close(one.landmarks_px, two.landmarks_px, atol=1.5, rtol=0)


def test_exchanged_sides_are_put_right_before_errors_are_taken():
    from dataclasses import replace

    from backend.train.errors.exchanges import ORDERS

    clip = bank_clip(3)
    order = ORDERS["body"]
    swapped = replace(clip, said_px=clip.said_px[:, order], said_camera=clip.said_camera[:, order])
    right, wrong = said_of(clip), said_of(swapped)
    torch.testing.assert_close(wrong.errors[:, 11:, :5], right.errors[:, 11:, :5], atol=1e-4, rtol=0)
    assert wrong.exchanges[:, 0].all() and not right.exchanges.any()

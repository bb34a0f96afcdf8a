import pytest
import torch

from backend.train.lifter import first_guess
from backend.train.lifter.first_guess import fit_first_guess
from backend.train.lifter.inputs_of import inputs_of
from backend.train.lifter.losses import truth_of

from .made_up_training import some_batch, tiny_lifter


def test_a_linear_world_is_understood_exactly(monkeypatch):
    lifter = tiny_lifter()
    channels, wanted = lifter.first_guess.in_features, lifter.first_guess.out_features
    chance = torch.Generator().manual_seed(3)
    true = torch.randn(channels + 1, wanted, generator=chance)

    def pairs(_, batch):
        numbers = torch.cat([torch.randn(300, channels, generator=chance), torch.ones(300, 1)], 1)
        return numbers, numbers @ true

    monkeypatch.setattr(first_guess, "_pairs", pairs)
    monkeypatch.setattr(first_guess, "_RIDGE", 1e-9)
    fit_first_guess(lifter, range(2))
    torch.testing.assert_close(lifter.first_guess.weight, true[:-1].T, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(lifter.first_guess.bias, true[-1], atol=1e-4, rtol=1e-4)


def test_numbers_that_are_always_zero_do_no_harm():
    lifter = tiny_lifter()
    fit_first_guess(lifter, [some_batch()])     # the camera may stand still
    assert lifter.first_guess.weight.isfinite().all() and lifter.first_guess.weight.abs().max() < 1e3


def test_with_it_people_are_placed_to_the_decimetre_and_turned_half_right():
    lifter, batch = tiny_lifter(), some_batch()
    inputs = inputs_of(batch)
    truth = truth_of(batch, inputs.K)

    def off() -> tuple[float, float]:
        with torch.no_grad():
            told = lifter(inputs)
        return (float((told.root_person - truth.root)[..., :2].norm(dim=-1).mean()),
                float((told.R_person_from_joint - truth.R_person_from_joint).norm(dim=(-1, -2)).mean()))  # fmt: skip

    before = off()
    fit_first_guess(lifter, [batch])
    after = off()
    assert after[0] < 0.1 and after[1] < 0.5 * before[1]


def test_only_frames_in_which_somebody_is_seen_teach():
    lifter, batch = tiny_lifter(), some_batch()
    numbers, wanted = first_guess._pairs(lifter, batch)
    count = int((batch.detections.seen & batch.teaching.inside).sum())
    assert numbers.shape == (count, lifter.first_guess.in_features + 1) and len(wanted) == count
    assert wanted.shape[1] == lifter.first_guess.out_features
    assert numbers[:, -1].mean() == pytest.approx(1.0)

"""What holds for every model of the detector's errors."""

import pytest
import torch

from backend.train.chance import Chance
from backend.train.errors.by_hand import ErrorsByHand
from backend.train.errors.from_bank import seen_through
from backend.train.errors.learned import read_learned
from backend.train.errors.mixed import MixedErrors
from tests.backend.train.errors.made_up_views import made_up_views

MODELS = {"learned": read_learned(), "by_hand": ErrorsByHand(), "mixed": MixedErrors(read_learned(), ErrorsByHand())}


def said(name: str, seed: int = 0, **views: float):
    return MODELS[name].detections(made_up_views(**views), Chance.seeded(seed))


@pytest.mark.parametrize("name", MODELS)
def test_the_same_seed_says_the_same_and_another_one_does_not(name):
    assert torch.equal(said(name).landmarks_px, said(name).landmarks_px)
    assert not torch.equal(said(name).landmarks_px, said(name, seed=1).landmarks_px)


@pytest.mark.parametrize("name", MODELS)
def test_landmarks_in_metres_are_about_the_hips_and_scores_are_probabilities(name):
    detections = said(name, batch=20)
    hips = detections.landmarks_camera[..., 23:25, :].mean(-2)
    assert hips.abs().max() < 1e-5
    assert ((detections.scores >= 0) & (detections.scores <= 1)).all()
    assert (detections.landmarks_px[~detections.seen] == 0).all()
    assert all(torch.isfinite(values).all() for values in vars(detections).values())


@pytest.mark.parametrize("name", MODELS)
def test_most_people_are_found_about_where_they_are(name):
    views = made_up_views(batch=60, seed=4)
    detections = MODELS[name].detections(views, Chance.seeded(2))
    assert detections.seen.float().mean() > 0.7
    errors = seen_through_each(views, detections)
    assert errors[..., :2].norm(dim=-1).median() < 0.10
    assert errors[..., 2:5].norm(dim=-1).median() < 0.30


@pytest.mark.parametrize("name", MODELS)
def test_errors_hang_together_over_time(name):
    views = made_up_views(batch=60, seed=5)
    errors = seen_through_each(views, MODELS[name].detections(views, Chance.seeded(3)))
    steps = torch.diff(errors[..., 13:17, :2], dim=1).norm(dim=-1).median()
    jumps = (errors[:, 20:, 13:17, :2] - errors[:, :-20, 13:17, :2]).norm(dim=-1).median()
    assert steps < 0.7 * jumps


@pytest.mark.parametrize("name", MODELS)
def test_where_the_camera_points_does_not_matter(name):
    """Nobody asks the picture's size: a picture of twice the pixels has errors of twice the pixels."""
    views = made_up_views(batch=4)
    double = type(views)(views.landmarks_camera, views.K * torch.tensor([2.0, 2.0, 1.0])[:, None], 2 * views.size_px,
                         views.hidden, views.rate_hz)
    small, large = (MODELS["by_hand"].detections(each, Chance.seeded(0)) for each in (views, double))
    torch.testing.assert_close(large.landmarks_camera, small.landmarks_camera, atol=1e-4, rtol=0)


def seen_through_each(views, detections) -> torch.Tensor:
    """Errors [B, T, 33, 6] with sides put right."""
    one = [
        seen_through(
            type(views)(*(value[[number]] for value in vars(views).values())),
            type(detections)(*(value[[number]] for value in vars(detections).values())),
        ).errors
        for number in range(len(views.K))
    ]
    return torch.stack(one)

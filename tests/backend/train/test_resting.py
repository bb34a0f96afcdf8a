import numpy as np
import torch

from backend.train.motions.still import still_labels
from backend.train.resting import resting


def test_points_rest_where_the_labels_of_recordings_say_so():
    t = np.arange(300) / 30.0
    rng = np.random.default_rng(0)
    speed = np.clip(0.6 * np.sin(t[:, None] * rng.uniform(0.8, 2.0, 8) + rng.uniform(0.0, 6.0, 8)) + 0.2, 0.0, None)
    points = np.cumsum(speed, axis=0)[..., None] / 30.0 * np.array([0.6, 0.0, 0.8])
    label = resting(torch.from_numpy(points).float()[None], 30.0)[0].numpy()
    assert 0.1 < label.mean() < 0.9
    assert (label == still_labels(points, 30.0)).mean() > 0.98   # but for the frames at which they begin and end


def test_who_slows_down_without_resting_does_not_rest():
    t = torch.arange(90) / 30.0
    x = 0.25 * t + torch.where(t > 2.0, t - 2.0, 0.0)
    points = torch.stack([x, 0 * x, 0 * x], -1)[None, :, None]
    assert not resting(points, 30.0).any()


def test_a_single_frame_rests():
    assert resting(torch.zeros(2, 1, 2, 3), 30.0).all()

"""Hypotheses made one as published: a lens, distances in the picture, soft choice."""

from __future__ import annotations

import torch

from bench.fmpose3d_rpea import LensCamera, aggregated, projected_by_lens, reprojection_distances


def test_a_lens_without_distortion_is_a_pinhole_and_holds_what_is_far_to_the_side():
    camera = LensCamera((2.0, 2.5), (0.1, -0.2))
    points = torch.tensor([[0.3, -0.4, 2.0], [9.0, 0.0, 2.0]])
    torch.testing.assert_close(projected_by_lens(points, camera), torch.tensor([[0.4, -0.7], [2.1, -0.2]]))


def test_distortion_is_that_of_the_calibration():
    """One point of Brown's model (1966), worked out by hand."""
    camera = LensCamera((1.0, 1.0), (0.0, 0.0), (0.1, 0.2, 0.3), (0.01, 0.02))
    x, y = 0.5, -0.2
    square = x * x + y * y
    factor = 1 + 0.1 * square + 0.2 * square**2 + 0.3 * square**3 + 0.01 * x + 0.02 * y
    wanted = torch.tensor([[x * factor + 0.01 * square, y * factor + 0.02 * square]])
    torch.testing.assert_close(projected_by_lens(torch.tensor([[1.0, -0.4, 2.0]]), camera), wanted)


def test_the_mean_is_of_each_joints_eight_nearest():
    generator = torch.Generator().manual_seed(3)
    places = torch.randn(20, 2, 17, 3, generator=generator)
    distances = torch.full((20, 2, 17), 1.0)
    near = torch.stack([torch.randperm(20, generator=generator)[:8] for _ in range(34)]).reshape(2, 17, 8)
    distances.permute(1, 2, 0).scatter_(2, near, 0.003)
    wanted = torch.stack([torch.stack([places[near[b, j], b, j].mean(0) for j in range(17)]) for b in range(2)])
    wanted[:, 0] = 0
    torch.testing.assert_close(aggregated(places, distances), wanted)


def test_nearer_by_one_temperature_weighs_e_times_as_much():
    places = torch.zeros(2, 1, 17, 3)
    places[1] = 1.0
    distances = torch.tensor([0.004, 0.009])[:, None, None].expand(2, 1, 17)
    share = 1 / (1 + torch.e)
    torch.testing.assert_close(aggregated(places, distances)[0, 5], torch.full((3,), share))


def test_who_falls_onto_the_keypoints_is_chosen(rng):
    camera, root = LensCamera((2.2, 2.2), (0.0, 0.0)), torch.tensor([[0.2, -0.1, 4.0]])
    generator = torch.Generator().manual_seed(int(rng.integers(1000)))
    places = 0.3 * torch.randn(12, 1, 17, 3, generator=generator)
    keypoints = projected_by_lens(places[7] + root[:, None], camera)
    distances = reprojection_distances(places, root, keypoints, camera)
    assert (distances[7] < 1e-6).all() and (distances[..., 0] == 0).all()
    assert (distances[:, 0, 1:].argmin(0) == 7).all()

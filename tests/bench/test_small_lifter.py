from dataclasses import replace

import numpy as np
import torch

from backend.train.chance import Chance
from backend.train.errors.by_hand import ErrorsByHand
from bench.mediapipe_mapped import read_mapping
from bench.small_lifter import INPUTS, SmallLifter, tokens
from tests.backend.train.errors.made_up_views import made_up_views

VIEWS = made_up_views(batch=2, frames=12)
SAID = ErrorsByHand().detections(VIEWS, Chance.seeded(0))


def test_nothing_depends_on_the_size_of_the_picture():
    scale = torch.tensor([2.0, 2.0, 1.0])[:, None]
    larger = tokens(replace(SAID, landmarks_px=2 * SAID.landmarks_px), scale * VIEWS.K)
    torch.testing.assert_close(larger, tokens(SAID, VIEWS.K), atol=1e-4, rtol=1e-4)


def test_gaps_are_zero_but_for_the_mark_that_says_so():
    seen = SAID.seen.clone()
    seen[0, 3] = False
    found = tokens(replace(SAID, seen=seen), VIEWS.K)
    assert found.shape == (2, 12, INPUTS)
    assert (found[0, 3] == 0).all() and (found[1, :, -1] == SAID.seen[1]).all()


def test_before_it_learns_anything_it_says_what_the_mapping_says():
    torch.manual_seed(0)
    network = SmallLifter().eval()
    torch.nn.init.zeros_(network.leave.weight)
    torch.nn.init.zeros_(network.leave.bias)
    joints = network(SAID, VIEWS.K)[0].detach().numpy()
    mapped = read_mapping().joints(SAID.landmarks_camera[0].numpy())
    np.testing.assert_allclose(joints, mapped, atol=1e-5)

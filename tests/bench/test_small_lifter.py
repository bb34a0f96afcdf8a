from dataclasses import replace

import torch

from backend.train.errors.by_hand import ErrorsByHand
from bench.small_lifter import INPUTS, SmallLifter, tokens
from motion.skeleton import PARENTS
from tests.backend.train.errors.made_up_views import made_up_views

VIEWS = made_up_views(batch=2, frames=12)
SAID = ErrorsByHand().detections(VIEWS, torch.Generator().manual_seed(0))


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


def test_rotations_are_rotations_and_bones_keep_their_length_over_time():
    torch.manual_seed(0)
    R, joints = SmallLifter().eval()(tokens(SAID, VIEWS.K))
    torch.testing.assert_close(R @ R.mT, torch.eye(3).expand_as(R), atol=1e-5, rtol=0)
    torch.testing.assert_close(torch.linalg.det(R), torch.ones(R.shape[:3]), atol=1e-5, rtol=0)
    bones = (joints[:, :, 1:] - joints[:, :, [PARENTS[joint] for joint in range(1, 22)]]).norm(dim=-1)
    torch.testing.assert_close(bones, bones[:, :1].expand_as(bones), atol=1e-5, rtol=0)

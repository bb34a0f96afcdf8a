"""The orders of the scan on planes that are small enough to write down."""

import numpy as np
import torch

from backend.lift.published.plane_scan import PlaneScan, in_four_orders, merged, with_limbs
from backend.lift.published.skeleton17 import HUMAN36M

PLANE = torch.tensor([[[0.0, 1, 2], [10, 11, 12]]])[..., None]     # two frames of three joints


def test_two_frames_of_three_joints_are_read_in_four_orders():
    orders = [sequence[0, :, 0].tolist() for sequence in in_four_orders(PLANE, PLANE + 100)]
    assert orders == [[0, 1, 2, 10, 11, 12], [100, 110, 101, 111, 102, 112],
                      [12, 11, 10, 2, 1, 0], [112, 102, 111, 101, 110, 100]]  # fmt: skip


def test_merging_puts_every_token_back():
    torch.testing.assert_close(merged(in_four_orders(PLANE, PLANE), 2, 3), 4 * PLANE)


def test_limbs_are_added_as_released_without_a_gradient_or_by_parents_with_one():
    values = 2.0 ** torch.arange(17)
    plane = values.view(1, 1, 17, 1).requires_grad_()
    released, parents = (with_limbs(plane, HUMAN36M, mixing) for mixing in ("published", "parents"))
    gathered = [0, 0, 1, 2, 3, 0, 4, 5, 6, 8, 11, 12, 13, 8, 14, 15, 16]
    assert torch.equal(released[0, 0, :, 0], values + values[gathered])
    assert torch.equal(parents[0, 0, 1:, 0], values[1:] + values[list(HUMAN36M.parents[1:])])
    assert torch.autograd.grad(released.sum(), plane)[0].flatten().tolist() == [1.0] * 17
    children = [HUMAN36M.parents.count(joint) for joint in range(17)]
    expected = [1.0 + count for count in children]
    expected[0] += 1                    # the pelvis stands in for its own parent
    assert torch.autograd.grad(parents.sum(), plane)[0].flatten().tolist() == expected


def test_the_scan_is_the_recurrence_written_out_in_double_precision():
    """No convolution and no neighbours: one direction at a time against numpy."""
    torch.manual_seed(4)
    scan = PlaneScan(16, HUMAN36M, "published").double()
    sequence = torch.randn(1, 7, 32, dtype=torch.double)
    for order in range(4):
        x_weight, dt_weight, dt_bias = (values[order].detach().numpy() for values in (
            scan.x_proj_weight, scan.dt_projs_weight, scan.dt_projs_bias))  # fmt: skip
        decays = -np.exp(scan.A_logs.detach().numpy().reshape(4, 32, 16)[order])
        state, expected = np.zeros((32, 16)), []
        for x in sequence[0].numpy():
            step, B, C = np.split(x_weight @ x, [1, 17])
            dt = np.log1p(np.exp(dt_weight @ step + dt_bias))
            state = np.exp(dt[:, None] * decays) * state + (dt * x)[:, None] * B
            expected.append(state @ C + x)
        np.testing.assert_allclose(scan._scanned(sequence, order)[0].detach().numpy(), expected, rtol=1e-5, atol=1e-6)

"""The graph of the 17 joints and the convolution over it."""

import torch

from backend.lift.published.graph import GraphConvolution, adjacency
from backend.lift.published.skeleton17 import HUMAN36M

PELVIS, RIGHT_HIP, RIGHT_KNEE, RIGHT_ANKLE, THORAX = 0, 1, 2, 3, 8


def test_links_count_by_the_neighbours_of_both_ends():
    links = adjacency(HUMAN36M)
    assert links[RIGHT_ANKLE, RIGHT_KNEE] == 1 / 2**0.5                      # one neighbour and two
    torch.testing.assert_close(links[PELVIS, RIGHT_HIP], torch.tensor(1 / 6**0.5))     # three and two
    torch.testing.assert_close(links[THORAX, 7], torch.tensor(1 / 8**0.5))             # four and two
    assert links.diagonal().sum() == 0 and (links > 0).sum() == 2 * 16
    assert torch.equal(links, links.T)


def test_backwards_the_same_tree_is_numbered_from_the_last_joint():
    backwards = adjacency(HUMAN36M, backwards=True)
    assert backwards[16 - RIGHT_ANKLE, 16 - RIGHT_KNEE] == 1 / 2**0.5
    assert (backwards > 0).sum() == 2 * 16 and not torch.equal(backwards, adjacency(HUMAN36M))


def test_the_convolution_is_its_formula():
    torch.manual_seed(9)
    layer = GraphConvolution(4, HUMAN36M, backwards=False).double().eval()
    with torch.no_grad():
        layer.batch_norm.running_mean.normal_()
        layer.batch_norm.running_var.uniform_(0.5, 2.0)
    joints = torch.randn(3, 17, 4, dtype=torch.double)
    links = adjacency(HUMAN36M).double()
    mixed = torch.einsum("ij,njd,ed->nie", links, joints, layer.V.weight)
    mixed = mixed + links.sum(-1)[:, None] * layer.V.bias + joints @ layer.U.weight.T + layer.U.bias
    mean, variance = layer.batch_norm.running_mean[:, None], layer.batch_norm.running_var[:, None]
    expected = torch.relu(joints + (mixed - mean) / (variance + 1e-5).sqrt())
    torch.testing.assert_close(layer(joints), expected)


def test_a_joint_reaches_its_neighbours_and_no_others():
    layer = GraphConvolution(4, HUMAN36M, backwards=False).eval()
    joints = torch.rand(1, 17, 4, requires_grad=True)
    mixed = layer.batch_norm(layer.adjacency @ layer.V(joints))
    mixed[0, RIGHT_KNEE].sum().backward()
    assert torch.nonzero(joints.grad.abs().sum((0, 2))).flatten().tolist() == [RIGHT_HIP, RIGHT_ANKLE]

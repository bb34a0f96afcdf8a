"""PoseMamba against what its authors publish: sizes, names, shapes, and the recurrence written out."""

import pytest
import torch

from backend.lift.published.networks import NAMES, build
from backend.lift.published.pose_mamba import PoseMamba

PARAMETERS = {"pose_mamba_s": 1_470_211, "pose_mamba_b": 4_742_659, "pose_mamba_l": 9_450_499,
              "mdtf_tiny": 933_795, "mdtf_large": 4_424_307}  # fmt: skip


def block_shapes(width):
    """Read in the released code: names within a block, with the shapes that they have at a width."""
    inner, rank = 2 * width, (width + 15) // 16
    return {
        "norm.weight": (width,), "norm.bias": (width,), "norm2.weight": (width,), "norm2.bias": (width,),
        "op.x_proj_weight": (4, rank + 32, inner), "op.dt_projs_weight": (4, inner, rank),
        "op.dt_projs_bias": (4, inner), "op.A_logs": (4 * inner, 16), "op.Ds": (4 * inner,),
        "op.out_norm.weight": (inner,), "op.out_norm.bias": (inner,), "op.in_proj.weight": (2 * inner, width),
        "op.conv2d.weight": (inner, 1, 3, 3), "op.conv2d.bias": (inner,), "op.out_proj.weight": (width, inner),
        "mlp.fc1.weight": (inner, width), "mlp.fc1.bias": (inner,), "mlp.fc2.weight": (width, inner),
        "mlp.fc2.bias": (width,),
    }  # fmt: skip


def network_shapes(width, pairs, frames):
    shapes = {
        "Spatial_patch_to_embedding.weight": (width, 2), "Spatial_patch_to_embedding.bias": (width,),
        "Spatial_pos_embed": (1, 17, width), "Temporal_pos_embed": (1, frames, width),
        "head.0.weight": (width,), "head.0.bias": (width,), "head.1.weight": (3, width), "head.1.bias": (3,),
    }  # fmt: skip
    for norm in ("Spatial_norm", "Temporal_norm"):
        shapes |= {f"{norm}.weight": (width,), f"{norm}.bias": (width,)}
    for blocks in ("STEblocks", "TTEblocks"):
        for number in range(pairs):
            shapes |= {f"{blocks}.{number}.{name}": shape for name, shape in block_shapes(width).items()}
    return shapes


def test_every_network_has_as_many_parameters_as_published():
    counts = {name: sum(values.numel() for values in build(name).parameters()) for name in NAMES}
    assert counts == PARAMETERS


@pytest.mark.parametrize("name, width, pairs", [("pose_mamba_s", 64, 10), ("pose_mamba_l", 128, 20)])
def test_names_and_shapes_are_the_checkpoints(name, width, pairs):
    state = build(name).state_dict()
    assert {name: tuple(values.shape) for name, values in state.items()} == network_shapes(width, pairs, 243)


@pytest.mark.parametrize("mixing", ["published", "parents"])
def test_every_keypoint_moves_every_place_and_every_parameter_learns(mixing):
    torch.manual_seed(1)
    network = PoseMamba(16, 2, frames=6, mixing=mixing)
    keypoints = torch.randn(2, 6, 17, 2, requires_grad=True)
    places = network(keypoints)
    assert places.shape == (2, 6, 17, 3)
    (places * torch.randn_like(places)).sum().backward()
    assert (keypoints.grad != 0).all()
    still = [name for name, values in network.named_parameters() if values.grad is None or not values.grad.any()]
    assert still == []


def test_clips_do_not_mix_and_may_be_shorter():
    torch.manual_seed(2)
    network = PoseMamba(16, 2, frames=9)
    keypoints = torch.randn(2, 6, 17, 2)
    torch.testing.assert_close(network(keypoints)[1:], network(keypoints[1:]))


def test_the_confidence_is_not_looked_at():
    network = PoseMamba(16, 1, frames=4)
    keypoints = torch.randn(1, 4, 17, 3)
    torch.testing.assert_close(network(keypoints), network(keypoints[..., :2]))

"""MDTF against what its authors publish: sizes, names and shapes; and what depends on what."""

import pytest
import torch

from backend.lift.published.mdtf import BoneAwareModule, Mdtf, MdtfLifter
from backend.lift.published.networks import build
from backend.lift.published.skeleton17 import HUMAN36M


def mamba_shapes(width, prefix, graph=False):
    """Read in the released code, with the backward convolution that its forward pass calls."""
    rank = (width + 15) // 16
    shapes = {"in_proj.weight": (2 * width, width), "out_proj.weight": (width, width)}
    for back in ("", "_b"):
        shapes |= {
            f"A{back}_log": (width, 16), f"D{back}": (width,), f"conv1d{back}.weight": (width, 1, 4),
            f"conv1d{back}.bias": (width,), f"x_proj{back}.weight": (rank + 32, width),
            f"dt_proj{back}.weight": (width, rank), f"dt_proj{back}.bias": (width,),
        }  # fmt: skip
        if graph:
            shapes |= {f"norm_gcn{back}.{part}": (width,) for part in ("weight", "bias")}
            shapes |= {f"gcn{back}.{layer}.weight": (width, width) for layer in "UV"}
            shapes |= {f"gcn{back}.{layer}.bias": (width,) for layer in "UV"}
            shapes |= {f"gcn{back}.batch_norm.{part}": (17,) for part in ("weight", "bias", "running_mean",
                                                                         "running_var")}  # fmt: skip
            shapes[f"gcn{back}.batch_norm.num_batches_tracked"] = ()
    return {f"{prefix}.{name}": shape for name, shape in shapes.items()}


def linear(name, out, into):
    return {f"{name}.weight": (out, into), f"{name}.bias": (out,)}


def norm(name, width):
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def block_shapes(name, width, graph=False):
    norms, mamba = (("mambanorm1", "mambanorm2"), "gcnmamba") if graph else (("norm1", "norm2"), "mamba")
    return {**norm(f"{name}.{norms[0]}", width), **norm(f"{name}.{norms[1]}", width),
            **mamba_shapes(width, f"{name}.{mamba}", graph), **linear(f"{name}.mlp.fc1", 2 * width, width),
            **linear(f"{name}.mlp.fc2", width, 2 * width)}  # fmt: skip


def lifter_shapes(width, pairs):
    shapes = {"Spatial_pos_embed": (1, 17, width), "Temporal_pos_embed": (1, 243, width),
              **linear("fusion", 2, 2 * width), **norm("head.0", width), **linear("head.1", 3, width)}  # fmt: skip
    for name in ("Spatial_patch_to_embedding1", "Spatial_patch_to_embedding2"):
        shapes |= linear(name, width, 3)
    for name in ("Spatial_norm", "Temporal_norm", "limbSpatialNorm", "limbTemporalNorm"):
        shapes |= norm(name, width)
    for name in ("limbSpatialMamba", "limbTemporalMamba"):
        shapes |= block_shapes(name, width)
    for number in range(pairs):
        shapes |= block_shapes(f"STEblocks.{number}", width, graph=True)
        shapes |= block_shapes(f"TTEblocks.{number}", width)
    return shapes


def bone_shapes():
    widths = (64, 32, 16, 8)
    shapes = linear("Spatial_patch_to_embedding", 64, 3)
    for number, (width, following) in enumerate(zip(widths, (32, 16, 8, 6), strict=True)):
        for kind in ("STE", "TTE"):
            shapes |= block_shapes(f"{kind}blocks.{number}", width)
        shapes |= norm(f"Spatial_norm.{number}", width) | norm(f"Temporal_norm.{number}", width)
        shapes |= linear(f"mlp.{number}", following, width)
    return shapes


def shapes_of(network):
    return {name: tuple(values.shape) for name, values in network.state_dict().items()}


@pytest.mark.parametrize("name, width, pairs, count",
                         [("mdtf_tiny", 64, 8, 823_269), ("mdtf_large", 128, 12, 4_313_781)])  # fmt: skip
def test_names_and_shapes_are_the_checkpoints(name, width, pairs, count):
    network = build(name)
    assert shapes_of(network.lifter) == lifter_shapes(width, pairs)
    assert shapes_of(network.bones) == bone_shapes()
    assert sum(values.numel() for values in network.lifter.parameters()) == count
    assert sum(values.numel() for values in network.bones.parameters()) == 110_526


def test_all_but_the_bone_network_learns_from_places_and_that_from_classes():
    torch.manual_seed(5)
    network = Mdtf(16, 2, frames=6)
    torch.nn.init.normal_(network.lifter.fusion.weight)
    keypoints = torch.randn(2, 6, 17, 3)
    places = network(keypoints)
    assert places.shape == (2, 6, 17, 3)
    (places * torch.randn_like(places)).sum().backward()
    assert [name for name, values in network.lifter.named_parameters() if not values.grad.any()] == []
    assert all(values.grad is None for values in network.bones.parameters())
    logits = network.bones(keypoints)
    assert logits.shape == (2, 6, 17, 6)
    (logits * torch.randn_like(logits)).sum().backward()
    assert [name for name, values in network.bones.named_parameters() if not values.grad.any()] == []


def test_at_the_start_joints_and_bones_count_alike():
    lifter = MdtfLifter(16, 1, 4, HUMAN36M)
    joints, bones = torch.randn(2, 1, 4, 17, 16)
    torch.testing.assert_close(lifter._fused(joints, bones), (joints + bones) / 2)


def test_the_convention_of_bones_changes_places():
    torch.manual_seed(6)
    released, children = Mdtf(16, 1, frames=4).eval(), Mdtf(16, 1, frames=4, bone_places="children").eval()
    children.load_state_dict(released.state_dict())
    keypoints = torch.randn(1, 4, 17, 3)
    assert (released(keypoints) - children(keypoints)).abs().max() > 1e-4


def test_clips_do_not_mix_in_evaluation():
    torch.manual_seed(7)
    network = Mdtf(16, 2, frames=6).eval()
    keypoints = torch.randn(2, 5, 17, 3)
    torch.testing.assert_close(network(keypoints)[1:], network(keypoints[1:]))


def test_the_bone_network_sees_past_and_future():
    torch.manual_seed(8)
    keypoints = torch.randn(1, 5, 17, 3, requires_grad=True)
    BoneAwareModule()(keypoints)[0, 2].sum().backward()
    assert (keypoints.grad.abs().amax((0, 2, 3)) > 0).all()

"""Parameters pass between mamba_ssm and us, and its own reference operators agree with our scans.

Its kernels exist for CUDA alone, but its modules can be imported anywhere once two stand-ins take the place of its
compiled part; without the package the names and shapes of its documentation are what counts.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types

import pytest
import torch
from torch import nn

from backend.lift.state_space.gated_norm import gated
from backend.lift.state_space.mamba import Mamba
from backend.lift.state_space.mamba2 import Mamba2
from backend.lift.state_space.selective_scan import selective_scan
from backend.lift.state_space.ssd import ssd


@pytest.fixture
def package():
    """importlib.import_module for what lies inside mamba_ssm, without its compiled part."""
    found = importlib.util.find_spec("mamba_ssm")
    lacking = [name for name in ("mamba_ssm", "einops", "triton") if importlib.util.find_spec(name) is None]
    if lacking:
        pytest.skip(f"{', '.join(lacking)} not installed")
    before = dict(sys.modules)
    sys.modules["mamba_ssm"] = types.ModuleType("mamba_ssm")
    sys.modules["mamba_ssm"].__path__ = list(found.submodule_search_locations)
    sys.modules.setdefault("selective_scan_cuda", types.ModuleType("selective_scan_cuda"))
    yield importlib.import_module
    for name in set(sys.modules) - set(before):
        if name.split(".")[0] in ("mamba_ssm", "selective_scan_cuda"):
            del sys.modules[name]


def shapes(layer: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(values.shape) for name, values in layer.state_dict().items()}


def test_mamba_has_the_documented_parameters():
    d, D, N, R = 40, 120, 7, 3
    assert shapes(Mamba(d, N, conv_width=4, expand=3)) == {
        "in_proj.weight": (2 * D, d), "conv1d.weight": (D, 1, 4), "conv1d.bias": (D,),
        "x_proj.weight": (R + 2 * N, D), "dt_proj.weight": (D, R), "dt_proj.bias": (D,),
        "A_log": (D, N), "D": (D,), "out_proj.weight": (d, D),
    }  # fmt: skip


def test_mamba2_has_the_documented_parameters():
    d, D, N, G, H = 40, 120, 7, 3, 15
    mixed = D + 2 * G * N
    assert shapes(Mamba2(d, N, conv_width=4, expand=3, head_width=8, groups=G)) == {
        "in_proj.weight": (D + mixed + H, d), "conv1d.weight": (mixed, 1, 4), "conv1d.bias": (mixed,),
        "dt_bias": (H,), "A_log": (H,), "D": (H,), "norm.weight": (D,), "out_proj.weight": (d, D),
    }  # fmt: skip


@pytest.mark.parametrize("layer", (Mamba(16, 5), Mamba2(16, 5, head_width=8)), ids=("mamba", "mamba2"))
def test_weights_come_back_as_they_were_saved(layer, tmp_path):
    torch.save(layer.state_dict(), tmp_path / "layer.pt")
    twin = type(layer)(16, 5) if isinstance(layer, Mamba) else Mamba2(16, 5, head_width=8)
    twin.load_state_dict(torch.load(tmp_path / "layer.pt", weights_only=True))
    u = torch.randn(2, 6, 16)
    torch.testing.assert_close(twin(u), layer(u), rtol=0.0, atol=0.0)


def test_parameters_load_into_and_from_mamba(package):
    theirs = package("mamba_ssm.modules.mamba_simple").Mamba(40, d_state=7, d_conv=4, expand=3)
    ours = Mamba(40, 7, conv_width=4, expand=3)
    ours.load_state_dict(theirs.state_dict())
    theirs.load_state_dict(ours.state_dict())


@pytest.mark.parametrize("module, name", (("mamba2", "Mamba2"), ("mamba2_simple", "Mamba2Simple")))
def test_parameters_load_into_and_from_mamba2(package, monkeypatch, module, name):
    if importlib.util.find_spec("huggingface_hub") is None:   # downloads and uploads, which no layer needs
        hub = types.ModuleType("huggingface_hub")
        hub.PyTorchModelHubMixin = type("PyTorchModelHubMixin", (), {})
        monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    ours = Mamba2(32, 7, conv_width=4, expand=2, head_width=16, groups=2)
    theirs = getattr(package(f"mamba_ssm.modules.{module}"), name)(32, d_state=7, d_conv=4, headdim=16, ngroups=2)
    ours.load_state_dict(theirs.state_dict())
    theirs.load_state_dict(ours.state_dict())


def test_its_reference_scan_agrees(package):
    reference = package("mamba_ssm.ops.selective_scan_interface").selective_scan_ref
    u, dt = torch.randn(2, 50, 12), 0.1 * torch.rand(2, 50, 12)
    A, B, C, D = -torch.rand(12, 5), torch.randn(2, 50, 5), torch.randn(2, 50, 5), torch.randn(12)
    theirs = reference(u.mT, dt.mT, A, B.mT, C.mT, D).mT
    torch.testing.assert_close(selective_scan(u, dt, A, B, C, D), theirs, rtol=1e-5, atol=1e-5)


def test_its_minimal_ssd_agrees(package):
    reference = package("mamba_ssm.modules.ssd_minimal").ssd_minimal_discrete
    x, dt, A = torch.randn(2, 48, 3, 8), 0.1 * torch.rand(2, 48, 3), -4.0 * torch.rand(3)
    B, C = torch.randn(2, 48, 3, 5), torch.randn(2, 48, 3, 5)
    theirs, _ = reference(x * dt[..., None], A * dt, B, C, 16)
    torch.testing.assert_close(ssd(x, dt, A, B, C, 12), theirs, rtol=1e-5, atol=1e-5)


def test_its_gated_norm_agrees(package):
    reference = package("mamba_ssm.ops.triton.layernorm_gated").rms_norm_ref
    y, z, weight = torch.randn(2, 9, 12), torch.randn(2, 9, 12), torch.randn(12)
    theirs = reference(y, weight, None, z, eps=1e-5, group_size=4, norm_before_gate=False)
    ours = gated(y.unflatten(-1, (3, 4)), z.unflatten(-1, (3, 4))).flatten(2) * weight
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-5)

"""mamba_ssm's kernels are called as they are documented, on CUDA alone, and our own form otherwise."""

from __future__ import annotations

import sys
import types

import pytest
import torch
from torch.nn import functional

from backend.lift.state_space import kernels
from tests.backend.lift.state_space.plain_scans import plain_selective_scan, plain_ssd

BATCH, LENGTH, CHANNELS, STATES, HEADS, GROUPS = 2, 9, 12, 5, 4, 2


class OnCuda(torch.Tensor):
    """Says that it lies on CUDA; there may be none here."""

    is_cuda = True


def selective_scan_fn(u, delta, A, B, C, D=None, z=None, delta_bias=None, delta_softplus=False):
    """As documented in mamba_ssm.ops.selective_scan_interface: time last."""
    assert u.shape == delta.shape == (BATCH, CHANNELS, LENGTH) and (z is None or z.shape == u.shape)
    assert B.shape == C.shape == (BATCH, STATES, LENGTH) and A.shape == (CHANNELS, STATES)
    assert D.dtype == delta_bias.dtype == torch.float32 and delta_softplus
    u, delta, B, C = (values.as_subclass(torch.Tensor).mT for values in (u, delta, B, C))
    y = plain_selective_scan(u, functional.softplus(delta + delta_bias), A, B, C, D).mT
    return y if z is None else y * functional.silu(z)


def mamba_chunk_scan_combined(x, dt, A, B, C, chunk_size, D=None, z=None, dt_bias=None, dt_softplus=False):
    """As documented in mamba_ssm.ops.triton.ssd_combined."""
    assert x.shape == (BATCH, LENGTH, HEADS, CHANNELS // HEADS) and dt.shape == (BATCH, LENGTH, HEADS)
    assert B.shape == C.shape == (BATCH, LENGTH, GROUPS, STATES) and A.shape == D.shape == dt_bias.shape == (HEADS,)
    assert z is None and dt_softplus and chunk_size & (chunk_size - 1) == 0
    return plain_ssd(x.as_subclass(torch.Tensor), functional.softplus(dt + dt_bias), A, B, C, D)


@pytest.fixture
def calls(monkeypatch) -> list[str]:
    """The package with documented kernels in its place; hears which were called."""
    heard: list[str] = []

    def noting(kernel):
        def noted(*arguments, **named):
            heard.append(kernel.__name__)
            return kernel(*arguments, **named)
        return noted

    for path, kernel in (("selective_scan_interface", selective_scan_fn),
                         ("triton.ssd_combined", mamba_chunk_scan_combined)):  # fmt: skip
        module = types.ModuleType(f"mamba_ssm.ops.{path}")
        setattr(module, kernel.__name__, noting(kernel))
        monkeypatch.setitem(sys.modules, module.__name__, module)
    for name in ("mamba_ssm", "mamba_ssm.ops", "mamba_ssm.ops.triton"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    kernels._kernel.cache_clear()
    yield heard
    kernels._kernel.cache_clear()


def by_channels() -> list[torch.Tensor]:
    x, dt, z = (torch.randn(BATCH, LENGTH, CHANNELS) for _ in range(3))
    B, C = torch.randn(BATCH, LENGTH, STATES), torch.randn(BATCH, LENGTH, STATES)
    return [x, dt - 3.0, -torch.rand(CHANNELS, STATES), B, C, torch.randn(CHANNELS), torch.randn(CHANNELS), z]


def by_heads() -> list[torch.Tensor]:
    x, dt = torch.randn(BATCH, LENGTH, HEADS, CHANNELS // HEADS), torch.randn(BATCH, LENGTH, HEADS) - 3.0
    B, C = torch.randn(BATCH, LENGTH, GROUPS, STATES), torch.randn(BATCH, LENGTH, GROUPS, STATES)
    return [x, dt, -torch.rand(HEADS), B, C, torch.randn(HEADS), torch.randn(HEADS)]


def test_on_cuda_the_kernels_run_and_say_what_our_own_forms_say(calls):
    given, by_head = by_channels(), by_heads()
    ours = kernels.scanned_by_channels(*given), kernels.scanned_by_heads(*by_head, chunk=4)
    assert calls == []
    theirs = kernels.scanned_by_channels(given[0].as_subclass(OnCuda), *given[1:])
    torch.testing.assert_close(theirs.as_subclass(torch.Tensor), ours[0])
    theirs = kernels.scanned_by_heads(by_head[0].as_subclass(OnCuda), *by_head[1:], chunk=4)
    torch.testing.assert_close(theirs.as_subclass(torch.Tensor), ours[1])
    assert calls == ["selective_scan_fn", "mamba_chunk_scan_combined"]


def test_without_a_gate_neither_applies_one(calls):
    given = by_channels()[:-1]
    theirs = kernels.scanned_by_channels(given[0].as_subclass(OnCuda), *given[1:])
    torch.testing.assert_close(theirs.as_subclass(torch.Tensor), kernels.scanned_by_channels(*given))
    assert calls == ["selective_scan_fn"]


def broken(name: str) -> types.ModuleType:
    """A module built for another machine: whatever is asked of it raises."""
    module = types.ModuleType(name)

    def raise_os_error(attribute: str) -> None:
        raise OSError("libcudart.so.11.0: cannot open shared object file")

    module.__getattr__ = raise_os_error
    return module


def test_on_cuda_with_a_broken_package_our_own_forms_run(calls, monkeypatch):
    for name in ("mamba_ssm.ops.selective_scan_interface", "mamba_ssm.ops.triton.ssd_combined"):
        monkeypatch.setitem(sys.modules, name, broken(name))
    given, by_head = by_channels(), by_heads()
    found = kernels.scanned_by_channels(given[0].as_subclass(OnCuda), *given[1:])
    torch.testing.assert_close(found.as_subclass(torch.Tensor), kernels.scanned_by_channels(*given))
    found = kernels.scanned_by_heads(by_head[0].as_subclass(OnCuda), *by_head[1:], chunk=4)
    torch.testing.assert_close(found.as_subclass(torch.Tensor), kernels.scanned_by_heads(*by_head, chunk=4))
    assert calls == []

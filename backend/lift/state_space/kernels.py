"""What runs a scan: mamba_ssm's CUDA kernels where they are installed and the data is on CUDA, else our own form."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable

from torch import Tensor
from torch.nn import functional

from backend.lift.state_space.selective_scan import selective_scan
from backend.lift.state_space.ssd import ssd

_CHANNELS_KERNEL = ("mamba_ssm.ops.selective_scan_interface", "selective_scan_fn")
_HEADS_KERNEL = ("mamba_ssm.ops.triton.ssd_combined", "mamba_chunk_scan_combined")
_HEADS_KERNEL_CHUNK = 256   # mamba_ssm's own; the result does not depend on it


def scanned_by_channels(
    x: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor, D: Tensor, dt_bias: Tensor, z: Tensor | None = None
) -> Tensor:
    """Mamba's scan [B, L, D] with steps softplus(dt + dt_bias), times SiLU(z) where there is a z.

    x, dt and z [B, L, D], A < 0 [D, N], B and C [B, L, N], D and dt_bias [D].
    """
    kernel = _kernel(*_CHANNELS_KERNEL) if x.is_cuda else None
    if kernel is None:
        y = selective_scan(x, functional.softplus(dt + dt_bias), A, B, C, D)
        return y if z is None else y * functional.silu(z)
    x, dt, B, C = (values.mT for values in (x, dt, B, C))   # time comes last in the kernel
    z = None if z is None else z.mT
    return kernel(x, dt, A, B, C, D=D.float(), z=z, delta_bias=dt_bias.float(), delta_softplus=True).mT


def scanned_by_heads(
    x: Tensor, dt: Tensor, A: Tensor, B: Tensor, C: Tensor, D: Tensor, dt_bias: Tensor, chunk: int
) -> Tensor:
    """Mamba-2's scan [B, L, H, P] with steps softplus(dt + dt_bias); `chunk` is our own form's.

    x [B, L, H, P], dt [B, L, H], A < 0 [H], B and C [B, L, G, N], D and dt_bias [H].
    """
    kernel = _kernel(*_HEADS_KERNEL) if x.is_cuda else None
    if kernel is None:
        return ssd(x, functional.softplus(dt + dt_bias), A, B, C, chunk, D)
    return kernel(x, dt, A, B, C, _HEADS_KERNEL_CHUNK, D=D, dt_bias=dt_bias, dt_softplus=True)


@functools.cache
def _kernel(module: str, name: str) -> Callable[..., Tensor] | None:
    """None where the package is missing or broken: half-built ones raise more than ImportError."""
    try:
        return getattr(importlib.import_module(module), name)
    except Exception:
        return None

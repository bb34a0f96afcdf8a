"""Multi-head attention as the peers have it."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention


class Attention(nn.Module):
    """[..., L, width] to the same, every token looking at all L."""

    def __init__(self, width: int, heads: int, bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=bias)
        self.proj = nn.Linear(width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        q, k, v = self.qkv(tokens).unflatten(-1, (3, self.heads, -1)).transpose(-2, -4).unbind(-3)
        return self.proj(scaled_dot_product_attention(q, k, v).transpose(-2, -3).flatten(-2))

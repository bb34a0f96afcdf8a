"""TFLite's operators in torch.

Values keep TFLite's order of axes, [B, height, width, channels]. torch wants the channels second, but in memory it
likes them last: to turn from one to the other is only another look at the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from backend.detect.networks.tflite_schema import schema

Integers = npt.NDArray[np.int32]


@dataclass(frozen=True)
class How:
    """What an operator does beyond its inputs."""

    options: Mapping[str, int | float | bool]
    shape: tuple[int, ...]      # of the output for a batch of one


Run = Callable[..., Tensor]

ACTIVATIONS: dict[int, Callable[[Tensor], Tensor]] = {
    schema.ActivationFunctionType.NONE: lambda values: values,
    schema.ActivationFunctionType.RELU: torch.relu_,
    schema.ActivationFunctionType.RELU_N1_TO_1: lambda values: values.clamp_(-1, 1),
    schema.ActivationFunctionType.RELU6: lambda values: values.clamp_(0, 6),
}


def _activated(how: How, values: Tensor) -> Tensor:
    return ACTIVATIONS[how.options["fusedActivationFunction"]](values)


def _channels_second(pictures: Tensor) -> Tensor:
    return pictures.permute(0, 3, 1, 2)


def _channels_last(pictures: Tensor) -> Tensor:
    return pictures.permute(0, 2, 3, 1)


def _same_padding(size: int, window: int, stride: int) -> tuple[int, int]:
    """Pixels before and behind, so that there are size / stride places, rounded up: the odd one comes behind."""
    missing = max((-(-size // stride) - 1) * stride + window - size, 0)
    return missing // 2, missing - missing // 2


def _padded(how: How, pictures: Tensor, window: tuple[int, int], value: float) -> tuple[Tensor, tuple[int, int]]:
    """The pictures [B, channels, height, width] with the odd pixels on, and the padding that torch adds all round."""
    if how.options["padding"] == schema.Padding.VALID:
        return pictures, (0, 0)
    top, bottom = _same_padding(pictures.shape[2], window[0], how.options["strideH"])
    left, right = _same_padding(pictures.shape[3], window[1], how.options["strideW"])
    if (top, left) != (bottom, right):
        pictures = F.pad(pictures, (0, right - left, 0, bottom - top), value=value)
    return pictures, (top, left)


def _convolution(how: How, pictures: Tensor, weights: Tensor, bias: Tensor | None = None) -> Tensor:
    """Every group of channels has weights of its own: all channels are one group, or each is one."""
    stride = how.options["strideH"], how.options["strideW"]
    dilation = how.options["dilationHFactor"], how.options["dilationWFactor"]
    window = tuple((size - 1) * step + 1 for size, step in zip(weights.shape[2:], dilation, strict=True))
    padded, padding = _padded(how, _channels_second(pictures), window, 0.0)
    groups = padded.shape[1] // weights.shape[1]
    return _activated(how, _channels_last(F.conv2d(padded, weights, bias, stride, padding, dilation, groups)))


def _max_pool(how: How, pictures: Tensor) -> Tensor:
    stride = how.options["strideH"], how.options["strideW"]
    window = how.options["filterHeight"], how.options["filterWidth"]
    padded, padding = _padded(how, _channels_second(pictures), window, -torch.inf)
    return _activated(how, _channels_last(F.max_pool2d(padded, window, stride, padding)))


def _add(how: How, one: Tensor, other: Tensor) -> Tensor:
    return _activated(how, one + other)


def _pad(how: How, values: Tensor, paddings: Integers) -> Tensor:
    return F.pad(values, paddings[::-1].ravel().tolist())


def _resize_bilinear(how: How, pictures: Tensor, size: Integers) -> Tensor:
    aligned, half_pixel = how.options["alignCorners"], how.options["halfPixelCenters"]
    if not aligned and not half_pixel:
        return _stretched(_stretched(pictures, 1, int(size[0])), 2, int(size[1]))
    resized = F.interpolate(_channels_second(pictures), size.tolist(), mode="bilinear", align_corners=aligned)
    return _channels_last(resized)


def _stretched(pictures: Tensor, axis: int, size: int) -> Tensor:
    """Linear along one axis with the first pixels' centres on each other, which torch does not have."""
    last = pictures.shape[axis] - 1
    places = torch.arange(size, device=pictures.device) * (pictures.shape[axis] / size)
    lower = places.long()
    rest = (places - lower).view(-1, *[1] * (pictures.dim() - axis - 1))
    upper = (lower + 1).clamp(max=last)
    return torch.lerp(pictures.index_select(axis, lower), pictures.index_select(axis, upper), rest)


def _reshape(how: How, values: Tensor, shape: Integers | None = None) -> Tensor:
    return values.reshape(len(values), *how.shape[1:])


def _concatenation(how: How, *values: Tensor) -> Tensor:
    return _activated(how, torch.cat(values, how.options["axis"]))


def _depth_to_space(how: How, pictures: Tensor) -> Tensor:
    batch, height, width, channels = pictures.shape
    block = how.options["blockSize"]
    blocks = pictures.reshape(batch, height, width, block, block, channels // block**2)
    return blocks.transpose(2, 3).reshape(batch, height * block, width * block, channels // block**2)


def _mean(how: How, values: Tensor, axes: Integers) -> Tensor:
    return values.mean(tuple(axes.ravel().tolist()), how.options["keepDims"])


def _fully_connected(how: How, values: Tensor, weights: Tensor, bias: Tensor | None = None) -> Tensor:
    return _activated(how, F.linear(values.reshape(len(values), *how.shape[1:-1], weights.shape[1]), weights, bias))


def _prelu(how: How, values: Tensor, slopes: Tensor) -> Tensor:
    return torch.where(values < 0, values * slopes, values)


OPERATORS: dict[str, Run] = {
    "ADD": _add,
    "CONCATENATION": _concatenation,
    "CONV_2D": _convolution,
    "DENSIFY": lambda how, values: values,      # whoever reads the graph has done so
    "DEPTHWISE_CONV_2D": _convolution,
    "DEPTH_TO_SPACE": _depth_to_space,
    "DEQUANTIZE": lambda how, values: values.float(),
    "FULLY_CONNECTED": _fully_connected,
    "LOGISTIC": lambda how, values: values.sigmoid(),
    "MAX_POOL_2D": _max_pool,
    "MEAN": _mean,
    "PAD": _pad,
    "PRELU": _prelu,
    "RESHAPE": _reshape,
    "RESIZE_BILINEAR": _resize_bilinear,
}

# Weights [outputs, inputs of a group, height, width], as torch wants them, from TFLite's order.
WEIGHTS: dict[str, Callable[[Tensor], Tensor]] = {
    "CONV_2D": _channels_second,
    "DEPTHWISE_CONV_2D": lambda weights: weights.permute(3, 0, 1, 2).contiguous(),
}

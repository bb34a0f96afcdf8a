"""Each operator against a plain picture of what it does, in torch and in LiteRT, whose meaning it is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backend.detect.networks.engines import open_network
from backend.detect.networks.tflite_schema import schema
from tests.backend.detect.networks.made_up_graphs import MadeUpGraph

SAME, VALID = schema.Padding.SAME, schema.Padding.VALID
NONE = schema.ActivationFunctionType.NONE


def values(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


def agree(graph: MadeUpGraph, output: int, pictures: np.ndarray, expected: np.ndarray) -> None:
    """Both engines compute what is expected of a batch."""
    for engine in ("litert", "torch"):
        (found,) = open_network(graph.packed(output), engine, threads=1)(pictures)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5, err_msg=engine)


def windows(pictures, window, stride, dilation, padding, outside):
    """[B, rows, columns, window, window, C], what a filter sees from each place; `outside` beyond the border."""
    size = pictures.shape[1]
    reach = (window - 1) * dilation + 1
    count = -(-size // stride) if padding == SAME else -(-(size - reach + 1) // stride)
    before = max((count - 1) * stride + reach - size, 0) // 2 if padding == SAME else 0
    wide = np.pad(pictures, ((0, 0), (before, reach), (before, reach), (0, 0)), constant_values=outside)
    places = np.arange(count)[:, None] * stride + np.arange(window) * dilation
    return wide[:, places[:, None, :, None], places[None, :, None, :]]


@pytest.mark.parametrize("size, window, stride, padding", [
    *itertools.product((6, 7), (1, 2, 3, 5), (1, 2), (SAME, VALID)), (7, 3, 3, SAME), (8, 2, 3, SAME), (9, 1, 3, VALID),
])  # fmt: skip
def test_filters_and_maxima_stand_where_they_stand_in_tflite(size, window, stride, padding):
    pictures, weights, bias = values(3, size, size, 2), values(4, window, window, 2), values(4)
    steps = {"strideH": stride, "strideW": stride, "padding": padding, "fusedActivationFunction": NONE}

    seen = windows(pictures, window, stride, 1, padding, 0.0)
    graph = MadeUpGraph(1, size, size, 2)
    output = graph.add("CONV_2D", [0, graph.constant(weights), graph.constant(bias)], (1, *seen.shape[1:3], 4),
                       dilationHFactor=1, dilationWFactor=1, **steps)  # fmt: skip
    agree(graph, output, pictures, np.einsum("bhwijc,oijc->bhwo", seen, weights) + bias)

    graph = MadeUpGraph(1, size, size, 2)
    output = graph.add("MAX_POOL_2D", [0], (1, *seen.shape[1:3], 2), filterHeight=window, filterWidth=window, **steps)
    highest = windows(pictures, window, stride, 1, padding, -np.inf).max(axis=(3, 4))
    agree(graph, output, pictures, highest)


@pytest.mark.parametrize("channels, multiplier, stride, dilation", [
    (3, 1, 1, 1), (3, 1, 2, 1), (2, 2, 2, 1), (3, 1, 1, 2),
])  # fmt: skip
def test_depthwise_filters_see_their_own_channel_only(channels, multiplier, stride, dilation):
    pictures, weights = values(2, 8, 8, channels), values(1, 3, 3, channels * multiplier)
    bias = values(channels * multiplier)
    seen = windows(pictures, 3, stride, dilation, SAME, 0.0).repeat(multiplier, axis=-1)
    graph = MadeUpGraph(1, 8, 8, channels)
    output = graph.add("DEPTHWISE_CONV_2D", [0, graph.constant(weights), graph.constant(bias)],
                       (1, *seen.shape[1:3], seen.shape[-1]), depthMultiplier=multiplier, padding=SAME,
                       strideH=stride, strideW=stride, dilationHFactor=dilation, dilationWFactor=dilation)  # fmt: skip
    agree(graph, output, pictures, np.einsum("bhwijc,ijc->bhwc", seen, weights[0]) + bias)


def resizing(size: int, target: int, aligned: bool, half_pixel: bool) -> np.ndarray:
    """[target, size], how much of each pixel of a row there is in each pixel of the resized row."""
    places = source_places(size, target, aligned, half_pixel)
    return np.array([np.interp(places, np.arange(size), pixel) for pixel in np.eye(size)]).T


def source_places(size: int, target: int, aligned: bool, half_pixel: bool) -> np.ndarray:
    """Where in the source the pixels of a resized row lie."""
    if aligned:
        return np.arange(target) * (size - 1) / (target - 1)
    return (np.arange(target) + 0.5) * size / target - 0.5 if half_pixel else np.arange(target) * size / target


@pytest.mark.parametrize("aligned, half_pixel", [(False, True), (True, False), (False, False)])
@pytest.mark.parametrize("size, target", [((4, 4), (8, 8)), ((5, 3), (7, 9)), ((6, 6), (3, 4))])
def test_resizing_puts_the_pixels_where_its_flags_say(size, target, aligned, half_pixel):
    pictures = values(2, *size, 3)
    rows, columns = (resizing(old, new, aligned, half_pixel) for old, new in zip(size, target, strict=True))
    graph = MadeUpGraph(1, *size, 3)
    wanted = graph.constant(np.array(target, np.int32))
    output = graph.add("RESIZE_BILINEAR", [0, wanted], (1, *target, 3),
                       alignCorners=aligned, halfPixelCenters=half_pixel)  # fmt: skip
    agree(graph, output, pictures, np.einsum("Hh,Ww,bhwc->bHWc", rows, columns, pictures))


@pytest.mark.parametrize("activation, low, high", [
    (schema.ActivationFunctionType.NONE, -np.inf, np.inf), (schema.ActivationFunctionType.RELU, 0, np.inf),
    (schema.ActivationFunctionType.RELU_N1_TO_1, -1, 1), (schema.ActivationFunctionType.RELU6, 0, 6),
])  # fmt: skip
def test_a_sum_is_held_between_the_bounds_of_its_activation(activation, low, high):
    pictures, other = 5 * values(2, 4, 4, 3), values(1, 4, 4, 3)
    graph = MadeUpGraph(1, 4, 4, 3)
    output = graph.add("ADD", [0, graph.constant(other)], (1, 4, 4, 3), fusedActivationFunction=activation)
    agree(graph, output, pictures, np.clip(pictures + other, low, high))


def test_channels_become_neighbouring_pixels():
    pictures = values(2, 3, 3, 8)
    expected = np.zeros((2, 6, 6, 2), np.float32)
    for row, column in itertools.product(range(2), repeat=2):
        first = (2 * row + column) * 2
        expected[:, row::2, column::2] = pictures[..., first:first + 2]
    graph = MadeUpGraph(1, 3, 3, 8)
    agree(graph, graph.add("DEPTH_TO_SPACE", [0], (1, 6, 6, 2), blockSize=2), pictures, expected)


def test_what_is_made_flat_stays_with_its_picture():
    pictures = values(3, 2, 4, 3)
    graph = MadeUpGraph(1, 2, 4, 3)
    flat = graph.add("RESHAPE", [0, graph.constant(np.array([1, 8, 3], np.int32))], (1, 8, 3))
    output = graph.add("CONCATENATION", [flat, flat], (1, 16, 3), axis=1)
    agree(graph, output, pictures, np.concatenate([pictures.reshape(3, 8, 3)] * 2, axis=1))


def test_a_frame_of_zeros_may_be_of_another_width_at_each_side():
    pictures, widths = values(2, 3, 3, 2), np.array([[0, 0], [1, 2], [0, 1], [0, 3]], np.int32)
    graph = MadeUpGraph(1, 3, 3, 2)
    agree(graph, graph.add("PAD", [0, graph.constant(widths)], (1, 6, 4, 5)), pictures, np.pad(pictures, widths))


def test_the_head_of_a_network_sums_means_and_squeezes():
    pictures, weights, bias = values(3, 4, 4, 6), values(5, 6), values(5)
    graph = MadeUpGraph(1, 4, 4, 6)
    mean = graph.add("MEAN", [0, graph.constant(np.array([1, 2], np.int32))], (1, 6), keepDims=False)
    summed = graph.add("FULLY_CONNECTED", [mean, graph.constant(weights), graph.constant(bias)], (1, 5))
    output = graph.add("LOGISTIC", [summed], (1, 5))
    agree(graph, output, pictures, 1 / (1 + np.exp(-(pictures.mean(axis=(1, 2)) @ weights.T + bias))))


def test_below_zero_each_channel_has_its_own_slope():
    pictures, slopes = values(2, 3, 3, 4), values(1, 1, 4)
    graph = MadeUpGraph(1, 3, 3, 4)
    output = graph.add("PRELU", [0, graph.constant(slopes)], (1, 3, 3, 4))
    agree(graph, output, pictures, np.where(pictures < 0, slopes * pictures, pictures))


def test_weights_may_be_half_as_precise():
    pictures, other = values(2, 3, 3, 2), values(1, 3, 3, 2).astype(np.float16)
    graph = MadeUpGraph(1, 3, 3, 2)
    precise = graph.add("DEQUANTIZE", [graph.constant(other)], (1, 3, 3, 2))
    agree(graph, graph.add("ADD", [0, precise], (1, 3, 3, 2)), pictures, pictures + other.astype(np.float32))

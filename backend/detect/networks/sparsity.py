"""Weights of which a TFLite file holds only those that are not zero."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from backend.detect.networks.tflite_schema import schema

Places = npt.NDArray[np.int64]


def dense(values: npt.NDArray, shape: tuple[int, ...], sparsity: schema.SparsityParametersT) -> npt.NDArray:
    """All weights, zeros included.

    The file walks through the axes as through a tree (the format is TACO's, see SparsityParameters in TFLite's
    schema): at each axis, every branch goes on to all places, or only to those that are listed. The axes behind
    the tensor's own are places inside blocks.
    """
    sizes = _axis_sizes(shape, sparsity)
    branches = np.zeros((1, 0), np.int64)       # [N, axes walked so far]
    for metadata, axis in zip(sparsity.dimMetadata, sparsity.traversalOrder, strict=True):
        branches = _grown(branches, metadata, sizes[axis])
    places = branches[:, np.argsort(sparsity.traversalOrder)]
    whole = np.zeros(sizes, values.dtype)
    whole[tuple(places.T)] = values
    return _without_blocks(whole, shape, sparsity)


def _axis_sizes(shape: tuple[int, ...], sparsity: schema.SparsityParametersT) -> list[int]:
    """Of the tensor's axes, counted in blocks, then of the axes inside blocks."""
    sizes = list(shape)
    for number, axis in enumerate(_block_map(sparsity), len(shape)):
        block = sparsity.dimMetadata[list(sparsity.traversalOrder).index(number)].denseSize
        sizes[axis] //= block
        sizes.append(block)
    return sizes


def _grown(branches: Places, metadata: schema.DimensionMetadataT, size: int) -> Places:
    if metadata.format == schema.DimensionType.DENSE:
        leaves = np.tile(np.arange(size), len(branches))
        return np.column_stack([np.repeat(branches, size, axis=0), leaves])
    counts = np.diff(metadata.arraySegments.values.astype(np.int64))
    return np.column_stack([np.repeat(branches, counts, axis=0), metadata.arrayIndices.values])


def _without_blocks(whole: npt.NDArray, shape: tuple[int, ...], sparsity: schema.SparsityParametersT) -> npt.NDArray:
    """The axes inside blocks put behind the axes that they divide, and merged with them."""
    order: list[int] = []
    for axis in range(len(shape)):
        inside = [number for number, divided in enumerate(_block_map(sparsity), len(shape)) if divided == axis]
        order += [axis, *inside]
    return np.ascontiguousarray(whole.transpose(order)).reshape(shape)


def _block_map(sparsity: schema.SparsityParametersT) -> list[int]:
    return [] if sparsity.blockMap is None else [int(axis) for axis in sparsity.blockMap]

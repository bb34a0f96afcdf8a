"""Weights come back with their zeros, each in its place."""

from __future__ import annotations

import numpy as np

from backend.detect.networks.sparsity import dense
from backend.detect.networks.tflite_schema import schema


def every_place(size: int) -> schema.DimensionMetadataT:
    axis = schema.DimensionMetadataT()
    axis.format, axis.denseSize = schema.DimensionType.DENSE, size
    return axis


def listed_places(segments: list[int], places: list[int]) -> schema.DimensionMetadataT:
    axis = schema.DimensionMetadataT()
    axis.format, axis.arraySegments, axis.arrayIndices = (
        schema.DimensionType.SPARSE_CSR, schema.Int32VectorT(), schema.Uint8VectorT(),
    )  # fmt: skip
    axis.arraySegments.values, axis.arrayIndices.values = np.array(segments, np.int32), np.array(places, np.uint8)
    return axis


def sparsity(order, blocks, *axes: schema.DimensionMetadataT) -> schema.SparsityParametersT:
    made = schema.SparsityParametersT()
    made.traversalOrder = np.array(order, np.int32)
    made.blockMap = None if blocks is None else np.array(blocks, np.int32)
    made.dimMetadata = list(axes)
    return made


def test_rows_list_the_columns_that_they_fill():
    rows = sparsity([0, 1], None, every_place(3), listed_places([0, 2, 2, 3], [0, 3, 1]))
    found = dense(np.array([1, 2, 3], np.float16), (3, 4), rows)
    assert found.dtype == np.float16 and found.tolist() == [[1, 0, 0, 2], [0, 0, 0, 0], [0, 3, 0, 0]]


def test_columns_may_come_before_rows():
    columns = sparsity([1, 0], None, every_place(2), listed_places([0, 1, 3], [2, 0, 1]))
    assert dense(np.array([1, 2, 3]), (3, 2), columns).tolist() == [[0, 2], [0, 3], [1, 0]]


def test_blocks_are_whole_where_they_are():
    pairs_of_rows = sparsity([0, 1, 2], [0], every_place(2), listed_places([0, 1, 3], [1, 0, 2]), every_place(2))
    found = dense(np.array([1, 2, 3, 4, 5, 6]), (4, 3), pairs_of_rows)
    assert found.tolist() == [[0, 1, 0], [0, 2, 0], [3, 0, 5], [4, 0, 6]]

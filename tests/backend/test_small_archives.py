"""Weights in small files."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from backend.small_archives import in_bytes, of_bytes, save_small


def test_an_archive_is_read_by_numpy_to_the_bit() -> None:
    rng = np.random.default_rng(3)
    arrays = {"half/weight": rng.normal(size=(7, 5)).astype(np.float16), "scalar": np.array(3.5),
              "empty": np.zeros((0, 4), np.int8), "about": np.frombuffer(b"{}", np.uint8)}  # fmt: skip
    stream = BytesIO()
    save_small(stream, arrays)
    stream.seek(0)
    with np.load(stream, allow_pickle=False) as archive:
        assert archive.files == list(arrays)
        for name, values in arrays.items():
            assert archive[name].dtype == values.dtype
            np.testing.assert_array_equal(archive[name], values)


def test_the_same_weights_are_the_same_file() -> None:
    one, other = BytesIO(), BytesIO()
    for stream in (one, other):
        save_small(stream, {"weight": np.arange(40.0).reshape(8, 5)})
    assert one.getvalue() == other.getvalue()


def test_rows_keep_a_hundredth_of_their_largest_number() -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(size=(6, 3, 4)) * np.logspace(-6, 3, 6)[:, None, None]
    back = of_bytes(in_bytes({"a.weight": values, "a.bias": values[0, 0]}))
    assert set(back) == {"a.weight", "a.bias"}
    off = np.abs(back["a.weight"] - values).reshape(6, -1).max(axis=1)
    assert (off <= 0.01 * np.abs(values).reshape(6, -1).max(axis=1)).all()
    np.testing.assert_array_equal(back["a.bias"], values[0, 0].astype(np.float32))


def test_rows_of_zeros_come_back() -> None:
    np.testing.assert_array_equal(of_bytes(in_bytes({"weight": np.zeros((3, 4))}))["weight"], np.zeros((3, 4)))

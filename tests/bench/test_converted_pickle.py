"""Plain pickles become arrays; of all others nothing is run."""

import builtins
import collections
import os
import pickle
import struct
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bench import converted_pickle
from bench.converted_pickle import converted
from motion.refusal import Refusal

DTYPES = ("<f4", "<f8", ">f8", "<i8", "|u1", "|b1", "<U7", "|S3", "<c8")


def written(folder, content, protocol=4):
    path = folder / "set.pkl"
    path.write_bytes(content if isinstance(content, bytes) else pickle.dumps(content, protocol))
    return path


def refused(folder, content):
    with pytest.raises(Refusal) as caught:
        converted(written(folder, content))
    assert caught.value.sentence.startswith("set.pkl holds more than arrays and plain containers: ")
    return caught.value.sentence.removeprefix("set.pkl holds more than arrays and plain containers: ")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pickles")


@settings(deadline=None, max_examples=80)
@given(data=st.data(), protocol=st.integers(0, 5), dtype=st.sampled_from(DTYPES))
def test_arrays_come_back_whatever_the_protocol(folder, data, protocol, dtype):
    values = data.draw(arrays.arrays(dtype, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0)))
    values = np.asfortranarray(values) if data.draw(st.booleans()) else values
    found = converted(written(folder, {"test": {"joints": values, "name": "S9"}}, protocol))
    assert found["test/joints"].dtype == values.dtype
    np.testing.assert_array_equal(found["test/joints"], values)
    assert found["test/name"] == "S9"


def test_names_say_where_a_thing_stood(folder):
    content = collections.OrderedDict(
        test={"source": ["s_09_act_02", "s_11_act_3"], "factor": [np.float64(4.5), np.float32(0.5)], "none": None},
        clips=[np.arange(3), {"k": (1, 2, 3)}], empty=[], done=True)  # fmt: skip
    found = converted(written(folder, content))
    assert {name: values.tolist() for name, values in found.items()} == {
        "test/source": ["s_09_act_02", "s_11_act_3"], "test/factor": [4.5, 0.5], "clips/0": [0, 1, 2],
        "clips/1/k": [1, 2, 3], "done": True}  # fmt: skip


def test_a_pickle_inside_an_npz_is_converted_too(folder):
    """MPI-INF-3DHP's file: one array of one object, a dictionary of dictionaries."""
    content = {"TS1": {"data_2d": np.ones((4, 17, 2)), "valid": np.array([1, 0, 1, 1])}}
    np.savez_compressed(folder / "data_test_3dhp.npz", data=content, plain=np.arange(2.0))
    found = converted(folder / "data_test_3dhp.npz")
    assert sorted(found) == ["data/TS1/data_2d", "data/TS1/valid", "plain"]
    assert found["data/TS1/data_2d"].shape == (4, 17, 2)


def test_arrays_of_arrays_are_taken_apart(folder):
    ragged = np.empty(2, object)
    ragged[:] = [np.arange(2), np.arange(3)]
    found = converted(written(folder, {"ragged": ragged}))
    assert found["ragged/1"].tolist() == [0, 1, 2]


class Calls:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


ATTACKS = [
    (os.mkdir, "posix.mkdir" if os.name == "posix" else "nt.mkdir"),
    (os.system, "posix.system" if os.name == "posix" else "nt.system"),
    (builtins.eval, "builtins.eval"),
    (builtins.getattr, "builtins.getattr"),
    (subprocess.check_call, "subprocess.check_call"),
    (np.load, "numpy.load"),
    (np.frombuffer, "numpy.frombuffer"),
]


@pytest.mark.parametrize("function, name", ATTACKS, ids=[name for _, name in ATTACKS])
@pytest.mark.parametrize("nest", [
    lambda attack: attack,
    lambda attack: {"test": [1, ({"deep": attack},)]},
    lambda attack: np.array([attack, None], object),
], ids=["bare", "nested", "in an array"])  # fmt: skip
def test_nothing_is_run(folder, function, name, nest):
    target = folder / "owned"
    assert refused(folder, nest(Calls(function, str(target)))) == f"{name}."
    assert not target.exists()


def test_nothing_inside_an_npz_is_run_either(folder):
    np.savez(folder / "evil.npz", data=np.array(Calls(os.mkdir, str(folder / "owned")), object))
    with pytest.raises(Refusal, match="^evil.npz holds more than arrays and plain containers: .*mkdir"):
        converted(folder / "evil.npz")
    assert not (folder / "owned").exists()


def test_what_reads_a_pickle_cannot_be_changed_by_it(folder):
    """BUILD on a function sets its attributes, unless the function refuses."""
    change = b"c_codecs\nencode\n(N}X\x08\x00\x00\x00functionNstb."
    assert refused(folder, change) == "a change of what reads it."
    assert refused(folder, b"cnumpy\ndtype\n(N}X\x08\x00\x00\x00__init__Nstb.") == "damage."


def test_memory_is_never_read_through_a_made_up_dtype(folder):
    """numpy takes pointers from the pickled bytes of objects, and offsets from the fields of dtypes."""
    object_dtype = b"cnumpy\ndtype\n(X\x01\x00\x00\x00OtR"
    pointer = b"cnumpy.core.multiarray\nscalar\n(" + object_dtype + b"C\x08" + struct.pack("<Q", 64) + b"tR."
    assert refused(folder, pointer) == "damage."
    assert refused(folder, np.zeros(2, [("x", "f8")])) == "the dtype V8."
    assert refused(folder, np.dtype("M8[s]")) == "the dtype M8."


def test_containers_that_hold_each_other_are_refused(folder, monkeypatch):
    monkeypatch.setattr(converted_pickle, "MOST_PARTS", 10_000)
    endless: list = [1.0]
    endless.append(endless)
    assert refused(folder, endless) == "containers that hold each other without end."
    laughs: list = []
    for _ in range(12):
        laughs = [laughs] * 10
    assert refused(folder, laughs) == "containers that hold each other without end."


@pytest.mark.parametrize("content, what", [
    ({1, 2}, "a set at its top"),
    ({"a": b"raw"}, "a bytes at a"),
    ({"a": {"b/c": 1}}, "a dictionary with keys that are no names"),
    ({"a": [10**400]}, "a number that is too large"),
    ({"a": len}, "builtins.len"),
    ({"a": range(3)}, "builtins.range"),
])  # fmt: skip
def test_other_things_are_named(folder, content, what):
    assert refused(folder, content) == f"{what}."


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=60))
def test_any_bytes_are_converted_or_refused(folder, content):
    try:
        assert isinstance(converted(written(folder, content)), dict)
    except Refusal as refusal:
        assert refusal.code == "not-plain"


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_damaged_pickle_is_converted_or_refused(folder, data):
    content = bytearray(pickle.dumps({"a": np.arange(6.0).reshape(2, 3), "b": ["x", "y"], "c": np.float64(1.5)}, 2))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        converted(written(folder, bytes(content)))
    except Refusal as refusal:
        assert refusal.code == "not-plain"


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_damaged_npz_is_converted_or_refused(folder, data):
    np.savez_compressed(folder / "sound.npz", data={"TS1": {"valid": np.ones(30)}}, plain=np.arange(50.0))
    content = bytearray((folder / "sound.npz").read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (folder / "cut.npz").write_bytes(content)
    try:
        converted(folder / "cut.npz")
    except Refusal as refusal:
        assert refusal.code == "not-plain"


def test_an_array_that_says_it_fills_the_memory_is_refused(folder):
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000,), }".ljust(117) + b"\n"
    with zipfile.ZipFile(folder / "vast.npz", "w") as archive:
        archive.writestr("vast.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)
    with pytest.raises(Refusal, match="^vast.npz holds more than arrays and plain containers: damage."):
        converted(folder / "vast.npz")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refusal, match="gone.pkl cannot be read"):
        converted(tmp_path / "gone.pkl")


def test_the_command_writes_what_numpy_opens_without_pickle(tmp_path):
    source = written(tmp_path, {"test": {"joint_2d": np.arange(4.0)}})
    command = [sys.executable, "-m", "bench.converted_pickle", str(source), str(tmp_path / "plain.npz")]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout == "test/joint_2d  float64  4\n"
    with np.load(tmp_path / "plain.npz", allow_pickle=False) as archive:
        assert archive["test/joint_2d"].tolist() == [0, 1, 2, 3]

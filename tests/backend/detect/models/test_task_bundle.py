"""A bundle says how pictures are scaled, changes no weight, and can be read in place."""

from __future__ import annotations

import io
import zipfile

import pytest

from backend.detect.models.task_bundle import ALIGNMENT, bundle, is_bundle, network_in, with_metadata
from backend.detect.networks.tflite_schema import metadata_schema, schema
from motion.refusal import Refusal
from tests.backend.detect.made_up_networks import network


def metadata_of(model: schema.ModelT) -> metadata_schema.ModelMetadataT:
    (entry,) = [entry for entry in model.metadata if entry.name == b"TFLITE_METADATA"]
    data = bytes(model.buffers[entry.buffer].data)
    assert data[4:8] == b"M001"
    return metadata_schema.ModelMetadataT.InitFromObj(metadata_schema.ModelMetadata.GetRootAsModelMetadata(data, 0))


def test_the_scaling_of_the_picture_is_said_once_however_often_it_is_written():
    once = with_metadata(network(), 10.0, 20.0, 1)
    twice = with_metadata(once, 127.5, 63.0, 3)
    graph = metadata_of(schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(twice, 0))).subgraphMetadata[0]
    scaling = graph.inputTensorMetadata[0].processUnits[0].options
    assert (list(scaling.mean), list(scaling.std)) == ([127.5], [63.0])
    assert len(graph.outputTensorMetadata) == 3


def test_weights_stay():
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(with_metadata(network(b"abcdef"), 0.0, 255.0, 2), 0))
    assert bytes(model.buffers[1].data) == b"abcdef"


@pytest.mark.parametrize("name", ["a.tflite", "ab.tflite", "abc.tflite", "abcd.tflite"])
def test_members_are_whole_and_aligned(name):
    networks = {name: network(b"odd"), "second.tflite": network(b"longer")}
    data = bundle(networks)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {member: archive.read(member) for member in networks} == networks
    assert all(data.index(member) % ALIGNMENT == 0 for member in networks.values())


def test_broken_and_foreign_files_are_no_bundle():
    data = bundle({"a.tflite": network(), "b.tflite": network()})
    assert is_bundle(data, {"a.tflite", "b.tflite"})
    assert not is_bundle(data, {"c.tflite"})
    assert not is_bundle(data[: len(data) // 2], {"a.tflite"})
    assert not is_bundle(data.replace(b"weights", b"weighty"), {"a.tflite"})
    assert not is_bundle(data[100:], {"a.tflite"})     # its directory begins before the file
    assert not is_bundle(data.replace(b"PK\x01\x02", b"PK\x01\x03"), {"a.tflite"})
    assert not is_bundle(b"<html>no such file</html>", {"a.tflite"})
    assert not is_bundle(bundle({"a.tflite": b"not a network"}), {"a.tflite"})


def test_a_network_comes_out_as_it_went_in_and_one_that_is_not_there_is_refused(tmp_path):
    task = tmp_path / "dänce.task"
    task.write_bytes(bundle({"a.tflite": network(b"first"), "b.tflite": network(b"second")}))
    assert network_in(task, "b.tflite") == network(b"second")
    with pytest.raises(Refusal) as refusal:
        network_in(task, "c.tflite")
    assert refusal.value.code == "bad-model"
    assert refusal.value.sentence == f"The model {task} is damaged or has no network c.tflite."
    task.write_bytes(b"<html>no such file</html>")
    with pytest.raises(Refusal):
        network_in(task, "a.tflite")

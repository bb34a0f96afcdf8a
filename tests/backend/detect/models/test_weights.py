"""A network is known by its layers and constants, whoever wrote the file."""

from __future__ import annotations

import flatbuffers
import pytest

from backend.detect.models.model_files import CATALOGUE, find_model
from backend.detect.models.task_bundle import unbundled, with_metadata
from backend.detect.models.weights import weights_digest
from backend.detect.networks.tflite_schema import schema
from tests.backend.detect.made_up_networks import network

LITE = unbundled(find_model("lite").read_bytes())["pose_landmarks_detector.tflite"]


def changed(data: bytes, change) -> bytes:
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(data, 0))
    change(model)
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def test_metadata_and_packing_do_not_count():
    repacked = changed(with_metadata(LITE, 3.0, 4.0, 1), lambda model: None)
    assert repacked != LITE
    assert weights_digest(repacked) == weights_digest(LITE) == CATALOGUE["networks"]["pose_landmark_lite"]["weights"]


def other_weight(model: schema.ModelT) -> None:
    largest = max(model.buffers, key=lambda buffer: 0 if buffer.data is None else len(buffer.data))
    largest.data = bytes([largest.data[0] ^ 1]) + bytes(largest.data[1:])


def layer_left_out(model: schema.ModelT) -> None:
    model.subgraphs[0].operators.pop(7)


def other_input(model: schema.ModelT) -> None:
    layer = next(each for each in model.subgraphs[0].operators if len(each.inputs) == 2)
    layer.inputs = layer.inputs[::-1]


def other_shape(model: schema.ModelT) -> None:
    model.subgraphs[0].tensors[0].shape = [1, 128, 128, 3]


@pytest.mark.parametrize("change", [other_weight, layer_left_out, other_input, other_shape])
def test_every_change_of_the_network_counts(change):
    assert weights_digest(changed(LITE, change)) != weights_digest(LITE)


@pytest.mark.parametrize("data", [b"", b"no network", LITE[:1000], b"\xff" * 400, network()[:60]])
def test_bytes_that_are_no_network_have_no_digest_of_one(data):
    assert weights_digest(data) != CATALOGUE["networks"]["pose_landmark_lite"]["weights"]

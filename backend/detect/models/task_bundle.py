"""MediaPipe's .task files: an uncompressed zip of networks, each saying how its input picture is scaled."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import flatbuffers

from backend.detect.networks.tflite_schema import metadata_schema
from backend.detect.networks.tflite_schema import schema as model_schema
from motion.open_archive import DAMAGED
from motion.refusal import Refusal

LARGEST_BYTES = 256 << 20   # unpacked; the heavy model has 31 MB
ALIGNMENT = 4               # the library reads the members in place
PADDING_ID, PADDING_HEAD = 0xD935, struct.Struct("<HH")     # the field that Android's zipalign pads with
PARSER_VERSION = b"1.0.0"   # the oldest reader of metadata that understands picture scaling
MODEL_MARK, METADATA_MARK = b"TFL3", b"M001"
METADATA_NAME = b"TFLITE_METADATA"


def with_metadata(network: bytes, mean: float, deviation: float, outputs: int) -> bytes:
    """A TFLite network that says: the input is an RGB picture, (value - mean) / deviation."""
    model = model_schema.ModelT.InitFromObj(model_schema.Model.GetRootAsModel(network, 0))
    buffer = model_schema.BufferT()
    buffer.data = _packed(_metadata(mean, deviation, outputs), METADATA_MARK)
    entry = model_schema.MetadataT()
    entry.name, entry.buffer = METADATA_NAME, len(model.buffers)
    model.buffers.append(buffer)
    model.metadata = [m for m in model.metadata or [] if m.name != METADATA_NAME] + [entry]
    return _packed(model, MODEL_MARK)


def _metadata(mean: float, deviation: float, outputs: int) -> metadata_schema.ModelMetadataT:
    graph = metadata_schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [_picture(mean, deviation)]
    graph.outputTensorMetadata = [_feature(f"output{n}") for n in range(outputs)]
    metadata = metadata_schema.ModelMetadataT()
    metadata.subgraphMetadata, metadata.minParserVersion = [graph], PARSER_VERSION
    return metadata


def _picture(mean: float, deviation: float) -> metadata_schema.TensorMetadataT:
    scaling = metadata_schema.NormalizationOptionsT()
    scaling.mean, scaling.std = [mean], [deviation]
    unit = metadata_schema.ProcessUnitT()
    unit.optionsType, unit.options = metadata_schema.ProcessUnitOptions.NormalizationOptions, scaling
    colours = metadata_schema.ImagePropertiesT()
    colours.colorSpace = metadata_schema.ColorSpaceType.RGB
    content = metadata_schema.ContentT()
    content.contentPropertiesType = metadata_schema.ContentProperties.ImageProperties
    content.contentProperties = colours
    picture = metadata_schema.TensorMetadataT()
    picture.name, picture.content, picture.processUnits = "image", content, [unit]
    return picture


def _feature(name: str) -> metadata_schema.TensorMetadataT:
    content = metadata_schema.ContentT()
    content.contentPropertiesType = metadata_schema.ContentProperties.FeatureProperties
    content.contentProperties = metadata_schema.FeaturePropertiesT()
    feature = metadata_schema.TensorMetadataT()
    feature.name, feature.content = name, content
    return feature


def _packed(table: model_schema.ModelT | metadata_schema.ModelMetadataT, mark: bytes) -> bytes:
    builder = flatbuffers.Builder(0)
    builder.Finish(table.Pack(builder), mark)
    return bytes(builder.Output())


def bundle(members: dict[str, bytes]) -> bytes:
    """A .task file of networks that carry their metadata."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, network in members.items():
            entry = zipfile.ZipInfo(name)
            entry.extra = _padding(stream.tell() + zipfile.sizeFileHeader + len(name))
            archive.writestr(entry, network)
    return stream.getvalue()


def _padding(offset: int) -> bytes:
    """An extra field of a zip entry after which the data that would start at `offset` start aligned."""
    zeros = -(offset + PADDING_HEAD.size) % ALIGNMENT
    return PADDING_HEAD.pack(PADDING_ID, zeros) + b"\0" * zeros


def network_in(task_file: Path, member: str) -> bytes:
    """The TFLite file of this name in a .task file. Raises Refusal."""
    try:
        with zipfile.ZipFile(task_file) as archive:
            return archive.read(member)
    except DAMAGED as error:
        raise Refusal("bad-model", f"The model {task_file} is damaged or has no network {member}.",
                      "Choose another model file, or install Mambocap's own again.") from error  # fmt: skip


def unbundled(data: bytes) -> dict[str, bytes]:
    """The networks in a .task file, by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def is_bundle(data: bytes, members: set[str]) -> bool:
    """Whether `data` is a .task file with networks of these names."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST_BYTES:
                return False
            return archive.testzip() is None and members <= set(archive.namelist()) and all(
                archive.read(name)[4:8] == MODEL_MARK for name in members)
    except DAMAGED:
        return False

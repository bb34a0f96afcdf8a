"""Damages the arrays in .npz files and the members of zips: other shapes, kinds, texts and lies about sizes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from bench.reliability_damage_json import damaged_json
from motion.open_archive import DAMAGED

BOMB = "bomb"                # a damage's name
BOMB_BYTES = 1_200_000_000    # of zeros, which take about a megabyte in the file
BOMB_SHARE = 1 / 2000         # of the damages to archives: to make one takes seconds
_KINDS = ("f2", "f4", ">f8", "c16", "i1", "i8", "u8", "?", "M8[s]", "U3", "S3", "O", "V8", "g", "f8,i4")
_WAYS = (zipfile.ZIP_STORED,) * 37 + (zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2)
_STRANGE = (np.nan, np.inf, -np.inf, 1e308, -1.0, 0.0, 2.0**63, 1e-320, 3.0)
_TEXTS = ("", "x" * 100_000, "\ud7ff\0", "[", "{}", "[]", "null", "../../x", "[" * 50_000, "1e400", "-1", "\u202e")
_SHAPES = ((10**12,), (2**62, 4), (-1, 3), (10**6, 10**6), (2**70,), (0,), (3, True), (1e3,), "x", (), (10**5, 165))
Members = dict[str, bytes]    # of a zip, by name


def damaged_archive(name: str, content: bytes, rng: np.random.Generator) -> tuple[bytes, str] | None:
    """The archive with one fault, and its name; None for what is none."""
    members = _members(content)
    if not members:
        return None
    if rng.random() < BOMB_SHARE:
        return _with_bomb(dict(members), rng), BOMB
    chosen = list(members)[rng.integers(len(members))]
    faults = _OF_ARRAYS + _OF_MEMBERS if name.endswith(".npz") else _OF_MEMBERS
    fault = faults[rng.integers(len(faults))]
    try:
        changed = fault(dict(members), chosen, rng)
    except DAMAGED:     # of an array that was damaged before
        changed = _bytes_changed(dict(members), chosen, rng)
    return _lying(_zip(changed, rng), rng), f"archive {fault.__name__.lstrip('_')} {chosen}"


@lru_cache(maxsize=64)
def _members(content: bytes) -> Members | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except Exception:     # what an archive that was damaged before raises is looked for in the readers, not here
        return None


def _zip(members: Members, rng: np.random.Generator) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", _WAYS[rng.integers(len(_WAYS))]) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name) if rng.random() < 0.01 else name, data)
    return stream.getvalue()


def _lying(content: bytes, rng: np.random.Generator) -> bytes:
    """Seldom with another size, way of packing, flag or check sum in one of the entries of its directory."""
    entries = [found.start() for found in re.finditer(b"PK\x01\x02", content)] if rng.random() < 0.1 else []
    if not entries:
        return content
    start = entries[rng.integers(len(entries))]
    field = start + (8, 10, 16, 20, 24, 28, 42)[rng.integers(7)]
    number = int((0, 1, 9, 0xFFFF_FFFF, 0x7FFF_FFFF, int(rng.integers(1 << 31)))[rng.integers(6)])
    size = 2 if field - start in (8, 10, 28) else 4
    return content[:field] + number.to_bytes(4, "little")[:size] + content[field + size :]


def _array(data: bytes) -> Any:
    return np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)


def _npy(array: Any) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asanyarray(array), allow_pickle=True)
    return stream.getvalue()


def _with_bomb(members: Members, rng: np.random.Generator) -> bytes:
    """One array says truly that it has BOMB_BYTES of zeros, in its own width where it has one."""
    chosen = list(members)[rng.integers(len(members))]
    try:
        tail = _array(members[chosen]).shape[1:]
    except DAMAGED:     # of a network, or of an array that was damaged before
        tail = ()
    row = 8 * int(np.prod(tail, dtype=np.int64)) or 8
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        head, {"descr": "<f8", "fortran_order": False, "shape": (BOMB_BYTES // row, *tail)})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            if name != chosen:
                archive.writestr(name, data)
        with archive.open(chosen, "w", force_zip64=True) as member:
            member.write(head.getvalue())
            for _ in range(BOMB_BYTES // (1 << 20)):
                member.write(bytes(1 << 20))
    return stream.getvalue()


def _left_out(members: Members, chosen: str, rng: np.random.Generator) -> Members:
    return {name: data for name, data in members.items() if name != chosen}


def _renamed(members: Members, chosen: str, rng: np.random.Generator) -> Members:
    other = ("x.npy", "../" + chosen, chosen.upper(), chosen[:-5] + ".npy", "x" * 5000, chosen + "\0")[rng.integers(6)]
    return {other if name == chosen else name: data for name, data in members.items()}


def _bytes_changed(members: Members, chosen: str, rng: np.random.Generator) -> Members:
    data = bytearray(members[chosen])
    for place in rng.integers(max(min(len(data), 200), 1), size=rng.integers(1, 4)) if data else ():
        data[place] = int(rng.integers(256))
    return members | {chosen: bytes(data[: rng.integers(len(data) + 1)] if rng.random() < 0.2 else data)}


def _exchanged(members: Members, chosen: str, rng: np.random.Generator) -> Members:
    other = list(members)[rng.integers(len(members))]
    return members | {chosen: members[other], other: members[chosen]}


def _other_kind(members: Members, chosen: str, rng: np.random.Generator) -> Members:
    array, kind = _array(members[chosen]), _KINDS[rng.integers(len(_KINDS))]
    try:
        with np.errstate(all="ignore"):
            return members | {chosen: _npy(array.astype(kind))}
    except (ValueError, TypeError):
        return members | {chosen: _npy(np.zeros(array.shape, kind))}


def _other_shape(members: Members, chosen: str, rng: np.random.Generator) -> Members:
    array = _array(members[chosen])
    shapes = (array.ravel(), array[None], array[:0] if array.ndim else array[None][:0], array.T,
              array[..., :-1] if array.ndim else array[None, None], np.repeat(np.atleast_1d(array), 2, axis=0),
              array.ravel()[0] if array.size else array, np.atleast_1d(array)[1:])  # fmt: skip
    return members | {chosen: _npy(shapes[rng.integers(len(shapes))])}


def _other_values(members: Members, chosen: str, rng: np.random.Generator) -> Members:
    array = np.array(_array(members[chosen]))
    if array.dtype.kind not in "fiub" or not array.size:
        return _other_text(members, chosen, rng)
    value = _STRANGE[rng.integers(len(_STRANGE))]
    flat = array.ravel().astype(np.float64 if rng.random() < 0.3 or not np.isfinite(value) else array.dtype)
    places = slice(None) if rng.random() < 0.2 else rng.integers(flat.size, size=1 + flat.size // 20)
    with np.errstate(all="ignore"):
        flat[places] = np.asarray(value).astype(flat.dtype)
    return members | {chosen: _npy(flat.reshape(array.shape))}


def _other_text(members: Members, chosen: str, rng: np.random.Generator) -> Members:
    """Text that is JSON, also when it is kept as bytes, is damaged as such; all else becomes a text."""
    array = _array(members[chosen])
    is_bytes = array.dtype == np.uint8
    text = array.tobytes().decode("utf-8", "replace") if is_bytes else str(array) if array.dtype.kind == "U" else ""
    found = damaged_json(text, rng) if text and rng.random() < 0.9 else None
    said = found[0].decode("utf-8", "replace") if found else _TEXTS[rng.integers(len(_TEXTS))]
    return members | {chosen: _npy(np.frombuffer(said.encode(), np.uint8) if is_bytes else np.array(said))}


def _other_head(members: Members, chosen: str, rng: np.random.Generator) -> Members:
    """The array says that it has another shape, kind or order than there is."""
    array, shape = _array(members[chosen]), _SHAPES[rng.integers(len(_SHAPES))]
    said: dict[str, Any] = {"descr": np.lib.format.dtype_to_descr(array.dtype), "fortran_order": False,
                            "shape": array.shape}  # fmt: skip
    said |= ({"shape": shape}, {"descr": ("|O", "<U99999999", "", "<f8x", [("a", "<f8")], None)[rng.integers(6)]},
             {"fortran_order": (True, "yes", 7)[rng.integers(3)]}, {"unknown": 1}, {"shape": shape})[
                 rng.integers(5)]  # fmt: skip
    text = repr(said).encode() + b" " * 20 + b"\n"
    if rng.random() < 0.1:
        text = (b"(" * 5000, b"{'shape': ", b"\0" * 100, b"1" * 9000, b'"""', b"[" * 150)[rng.integers(6)] + b"\n"
    body = members[chosen][-array.nbytes :] if array.nbytes else b""
    head = b"\x93NUMPY" + bytes([(1, 1, 1, 2, 3, 9)[rng.integers(6)], 0])
    length = len(text).to_bytes(2 if head[6] == 1 else 4, "little")
    return members | {chosen: head + length + text + body}


Fault = Callable[[Members, str, np.random.Generator], Members]
_OF_MEMBERS: tuple[Fault, ...] = (_left_out, _renamed, _bytes_changed, _exchanged)
_OF_ARRAYS: tuple[Fault, ...] = (_other_kind, _other_shape, _other_values, _other_values, _other_text, _other_head)

"""Footage made on the spot, with the number of every picture burnt in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.packet import Packet
from av.video.frame import VideoFrame

Rgb = npt.NDArray[np.uint8]

COLUMNS, ROWS = 4, 3          # of cells: the first is always white and the last black, ten bits lie between
DARK, LIGHT = 30, 225


def numbered_picture(number: int, width: int = 160, height: int = 120) -> Rgb:
    """An upright picture that carries `number` (below 1024) in black and white cells."""
    cells = np.array([1, *((number >> bit) & 1 for bit in range(COLUMNS * ROWS - 2)), 0]).reshape(ROWS, COLUMNS)
    rows = np.arange(height) * ROWS // height
    columns = np.arange(width) * COLUMNS // width
    grey = np.where(cells[np.ix_(rows, columns)], LIGHT, DARK).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def number_in(rgb: Rgb) -> int | None:
    """The number that a picture carries, None when it does not stand upright."""
    height, width = rgb.shape[:2]
    rows = (2 * np.arange(ROWS) + 1) * height // (2 * ROWS)
    columns = (2 * np.arange(COLUMNS) + 1) * width // (2 * COLUMNS)
    cells = (rgb[np.ix_(rows, columns)].mean(axis=-1) > 128).ravel()
    if not cells[0] or cells[-1]:
        return None
    return int(sum(1 << bit for bit, light in enumerate(cells[1:-1]) if light))


def write_film(
    path: Path, count: int = 30, rate: Fraction = Fraction(30), size: tuple[int, int] = (160, 120), *,
    ticks: Sequence[int] | None = None, clock: Fraction = Fraction(1, 90000), codec: str = "libx264",
    pix_fmt: str = "yuv420p", options: Mapping[str, str] | None = None, rotation: int = 0,
    aspect: Fraction | None = None, transfer: int | None = None, metadata: Mapping[str, str] | None = None,
    mux: Mapping[str, str] | None = None, level: float = 1.0,
) -> Path:  # fmt: skip
    """A film of `count` numbered pictures of upright `size`, at `rate` or at `ticks` of `clock`.

    `rotation` is the counter-clockwise turn that players have to apply; `level` darkens the pictures.
    """
    with av.open(str(path), "w", options=dict(mux or {})) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=rate, options=dict(options or {}))
        stored = np.rot90(numbered_picture(0, *size), -(rotation // 90))
        stream.width, stream.height, stream.pix_fmt = stored.shape[1], stored.shape[0], pix_fmt
        if rotation:
            stream.set_display_rotation(rotation)
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        if transfer:
            stream.codec_context.color_trc, stream.codec_context.color_primaries = transfer, 9
            stream.codec_context.colorspace = 9
        if ticks is not None:
            stream.codec_context.time_base = clock
        for number in range(count):
            picture = np.rot90(numbered_picture(number, *size), -(rotation // 90))
            frame = VideoFrame.from_ndarray(np.ascontiguousarray(picture * level).astype(np.uint8), format="rgb24")
            frame = frame.reformat(format=pix_fmt)
            frame.pts, frame.time_base = (number, 1 / rate) if ticks is None else (ticks[number], clock)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_sequence(folder: Path, first: int, count: int, size: tuple[int, int] = (160, 120)) -> list[Path]:
    """Pictures shot_0007.png and so on, each carrying the number in its name."""
    folder.mkdir()
    paths = [folder / f"shot_{number:04d}.png" for number in range(first, first + count)]
    for number, path in enumerate(paths, start=first):
        frame = VideoFrame.from_ndarray(numbered_picture(number, *size), format="rgb24")
        with av.open(str(path), "w", format="image2", options={"update": "1"}) as container:
            stream = container.add_stream("png", rate=1)
            stream.width, stream.height, stream.pix_fmt = *size, "rgb24"
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return paths


def write_sound(path: Path) -> Path:
    """A second of silence without any picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 48000), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 48000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def cut_off(path: Path, kept: int) -> Path:
    """A film that announces 240 pictures, 8 s, of which the first `kept` are there."""
    write_film(path, 240, options={"bf": "0"}, mux={"movflags": "faststart"})
    with av.open(str(path)) as container:
        offsets = [packet.pos for packet in container.demux(video=0) if packet.size]
    path.write_bytes(path.read_bytes()[: offsets[kept]])
    return path


def repacked(path: Path, change: Callable[[Packet], None]) -> Path:
    """The same pictures, not encoded again, after `change` has been done to each packet."""
    changed = path.with_name(f"repacked {path.name}")
    with av.open(str(path)) as source, av.open(str(changed), "w", options={"avoid_negative_ts": "disabled"}) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                change(packet)
                packet.stream = stream
                target.mux(packet)
    return changed

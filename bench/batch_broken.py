"""Clips of which nothing can be captured, each broken in a way of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np

from backend.preview.write_film import written_film
from bench.batch_films import RATE

SIDE_PX = 256


def empty(path: Path) -> None:
    """A file of no bytes, as a card leaves that was pulled out."""
    path.touch()


def text(path: Path) -> None:
    """No film at all, whatever its name says."""
    path.write_text("Where the clips lie: the blue disk, second folder.\n" * 200, encoding="utf-8")


def cut_off(path: Path) -> None:
    """A film that announces 4 s and has 0.2 s, as a copy leaves that was stopped."""
    whole = path.with_suffix(".whole.mp4")
    with av.open(str(whole), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=RATE, options={"bf": "0", "crf": "20"})
        stream.width, stream.height, stream.pix_fmt = SIDE_PX, SIDE_PX, "yuv420p"
        for number in range(120):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(_wall(number), format="rgb24")))
        container.mux(stream.encode(None))
    with av.open(str(whole)) as container:
        places = [packet.pos for packet in container.demux(video=0) if packet.size]
    path.write_bytes(whole.read_bytes()[: places[6]])
    whole.unlink()


def sound_only(path: Path) -> None:
    """A second of silence."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 48000), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 48000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def nobody(path: Path) -> None:
    """A wall that a camera looks along."""
    with written_film(path, RATE, SIDE_PX, SIDE_PX) as append:
        for number in range(12):
            append(_wall(number))


def damaged(path: Path) -> None:
    """A film whose index is whole, and whose pictures are overwritten."""
    nobody(path)
    with av.open(str(path)) as container:
        packets = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    content = bytearray(path.read_bytes())
    rng = np.random.default_rng(len(packets))
    for place, size in packets:
        content[place : place + size] = rng.bytes(size)
    path.write_bytes(content)


def _wall(number: int) -> np.ndarray:
    """[SIDE_PX, SIDE_PX, 3] bricks, a few pixels further in each picture."""
    rows, columns = np.mgrid[:SIDE_PX, :SIDE_PX] + np.array([0, 3 * number])[:, None, None]
    bricks = (rows % 32 > 3) & ((columns + 24 * (rows // 32 % 2)) % 48 > 3)
    grey = np.where(bricks, 120, 190).astype(np.uint8)
    return cv2.cvtColor(cv2.GaussianBlur(grey, (5, 5), 0), cv2.COLOR_GRAY2RGB)


WAYS: dict[str, Callable[[Path], None]] = {
    "empty": empty, "text": text, "cut_off": cut_off, "sound_only": sound_only, "nobody": nobody, "damaged": damaged,
}  # fmt: skip

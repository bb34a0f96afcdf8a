"""A film of any length: the shipped sample, or another, played to and fro; and a track."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Iterator

import av
import cv2
import numpy as np

from backend.track.tracks import Track
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from bench.data import ROOT

SAMPLE = ROOT / "assets" / "sample" / "sample.mp4"


def looped_film(path: Path, frames: int, source: Path = SAMPLE, widest_px: int = 10_000) -> Path:
    """Write `frames` pictures of the source, forwards and backwards in turn so that nobody jumps."""
    clip = open_clip(source, VideoSettings())
    scale = min(1.0, widest_px / clip.width_px)
    width_px, height_px = (2 * round(0.5 * scale * side_px) for side_px in (clip.width_px, clip.height_px))
    shown = [cv2.resize(picture.rgb, (width_px, height_px), interpolation=cv2.INTER_AREA) for picture in pictures(clip)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=clip.rate, options={"crf": "20", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        for rgb in islice(_to_and_fro(shown), frames):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        container.mux(stream.encode())
    return path


def _to_and_fro(shown: list) -> Iterator:
    while True:
        yield from shown
        yield from reversed(shown[1:-1])


def looped_track(track: Track, frames: int) -> Track:
    """So many frames of a track, from its beginning again after its end."""
    order = np.arange(frames) % len(track.times_s)
    step_s = float(track.times_s[1] - track.times_s[0])
    names = ("seen", "landmarks_px", "scores", "doubts_px", "landmarks_camera",
             "hands_px", "hands_camera", "hand_scores")
    arrays = {name: getattr(track, name)[order] for name in names}
    return replace(track, times_s=np.arange(frames) * step_s, **arrays)

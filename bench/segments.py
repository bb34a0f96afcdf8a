"""`python -m bench.segments FILM [FILM ...]`: what looking at long footage in segments costs and changes.

Each film is played to and fro, 640 px wide at most, and looked at in one piece and in segments of several lengths, in
turn and with one thread; time is the processor's. Landmarks are compared with those of the one piece, near behind the
borders between segments and later.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from backend.detect.detections import Detections
from backend.detect.detector import DetectSettings, open_detector
from backend.detect.find_people import look_with, segments_to_look_at
from backend.detect.pose import SAME_BODY_SHARE, body_size_px, trunk_distance_px
from backend.progress import silent
from backend.threads import use_threads
from backend.track.follow import TrackSettings, everybody
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from bench.looped_film import looped_film
from bench.tables import machine_line, print_table
from motion.arrays import Array, Mask

WIDEST_PX = 640
BEHIND = 30     # pictures behind a border that are near it
HEAD = ("film", "length", "segments", "looked at", "time", "people a picture", "nobody %", "tracklets", "people",
        "first 30: px", "99 %", "later: px", "99 %")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", nargs="+", type=Path)
    parser.add_argument("--pictures", type=int, default=1400)
    parser.add_argument("--lengths", type=int, nargs="+", default=[900, 300])
    parser.add_argument("--detector", default="lite")
    parser.add_argument("--quality", choices=("best", "fast"), default="fast")
    options = parser.parse_args()
    use_threads(1)
    settings = DetectSettings(options.detector, options.quality, hands=False)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for film in options.films:
            long = looped_film(Path(folder) / film.name, options.pictures, film, WIDEST_PX)
            rows += rows_of(open_clip(long, VideoSettings()), settings, options.lengths)
    print_table(HEAD, rows)
    print(machine_line())


def rows_of(clip: Clip, settings: DetectSettings, lengths: Sequence[int]) -> list[tuple[object, ...]]:
    """One for the clip in one piece, with which those of the `lengths` behind it are compared."""
    rows: list[tuple[object, ...]] = []
    whole, whole_s = None, 0.0
    for length in (clip.picture_count, *lengths):
        wanted = replace(settings, segment_pictures=length)
        detector = open_detector(clip, wanted, "cpu")
        started = time.process_time()
        found = look_with(detector, clip, wanted, silent)
        took_s = time.process_time() - started
        if whole is None:
            whole, whole_s = found, took_s
        segments = segments_to_look_at(clip, wanted)
        looked_at = sum(each.end_look - each.first_look for each in segments) / clip.picture_count
        borders = np.array([each.first for each in segments[1:]], np.int64)
        rows.append((clip.path.stem, length, len(segments), looked_at, took_s / whole_s, *_people(found, clip),
                     *_differences(found, whole, borders)))  # fmt: skip
    return rows


def _people(found: Detections, clip: Clip) -> tuple[float, float, int, int]:
    nobody = 1 - len(np.unique(found.picture)) / clip.picture_count
    return (len(found.picture) / clip.picture_count, 100 * nobody, len(np.unique(found.tracklet)),
            len(everybody(found, clip, TrackSettings())))  # fmt: skip


def _differences(found: Detections, whole: Detections, borders: Array) -> tuple[float | None, ...]:
    """Of landmarks, px: median and 99th percentile near behind the borders, and the same elsewhere."""
    if not len(borders):
        return (None,) * 4
    near, apart_px = _apart_px(found, whole, borders)
    return tuple(float(np.percentile(apart_px[some], share)) for some in (near, ~near) for share in (50, 99))


def _apart_px(found: Detections, whole: Detections, borders: Array) -> tuple[Mask, Array]:
    """Of bodies that both have found: which are near behind a border [M], and how far landmarks lie apart [M, 33]."""
    near, apart_px = [], []
    for index, picture in enumerate(found.picture.tolist()):
        others_px = whole.landmarks_px[slice(*np.searchsorted(whole.picture, (picture, picture + 1)))]
        own_px = found.landmarks_px[index]
        trunks_px = trunk_distance_px(others_px, own_px)
        if len(trunks_px) and trunks_px.min() < SAME_BODY_SHARE * body_size_px(own_px):
            apart_px.append(np.linalg.norm(others_px[trunks_px.argmin()] - own_px, axis=-1))
            near.append(np.any((picture >= borders) & (picture < borders + BEHIND)))
    return np.array(near, bool), np.array(apart_px).reshape(-1, 33)


if __name__ == "__main__":
    main()

"""`python -m bench.lifter_sheet FILE [CLIP ...]`: the single clips of the test footage, direct lift beside network.

A row for each person, and in it the moments in which the two differ most, and one in which they differ as usual: each
over the picture, then each from the side. Clips whose origin is not stated may not be published: of these only what
was found is drawn, on grey.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from backend.lift.network.configuration import SHIPPED
from backend.lift.network.lifter import Lifter
from backend.lift.network.weights import read_lifter
from backend.preview.footage import nearest
from backend.preview.labels import write
from backend.preview.painter import Picture
from backend.preview.people import Person
from backend.video.clip import Clip, VideoSettings
from backend.video.pictures import pictures
from bench.by_network import people_of, placed_by_network
from bench.captures import Captured, kept_capture
from bench.data import data_folder
from bench.labelled_frames import read_frames
from bench.lifter_panels import drawn_people, panels
from bench.strips import PUBLISHABLE
from motion.arrays import Array
from motion.motion import Motion
from motion.refusal import Refusal
from motion.skeleton import BODY_JOINT_COUNT
from motion.whole_files import written_whole

WIDTH_PX, PANEL_HEIGHT_PX, GAP_PX, CAPTION_PX = 1500, 120, 9, 20
MOMENTS, MOST_PEOPLE = 3, 2
MOST_BYTES = 350_000
_APART = 1 / 8           # of the clip: moments lie at least so far from each other
_SHORT = VideoSettings(last_frame=60)   # of clips without labels, which nobody else has detected
_PAPER, _INK = 255, (40, 42, 46)
_QUALITIES = range(88, 20, -4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="a JPEG")
    parser.add_argument("clips", nargs="*", help="names of films without their suffix (default: all)")
    parser.add_argument("--lifter-file", type=Path, default=SHIPPED, metavar="WEIGHTS",
                        help="a network's weights (default: those of the product)")  # fmt: skip
    options = parser.parse_args()
    lifter = read_lifter(options.lifter_file)
    films = sorted((data_folder() / "footage" / "single").glob("*.mp4"))
    chosen = [film for film in films if not options.clips or film.stem in options.clips]
    rows = [row for film in chosen for row in rows_of_film(film, lifter)]
    write_sheet(options.file, np.vstack(rows))


def rows_of_film(film: Path, lifter: Lifter) -> Iterator[Picture]:
    """One for each person, the first MOST_PEOPLE."""
    labelled = {frame.clip for frame in read_frames()}
    try:
        take = kept_capture("real_labels", film) if film.stem in labelled else (
            kept_capture("lifter_sheet", film, _SHORT))  # fmt: skip
    except Refusal as refusal:
        print(f"{film.stem}: {refusal.sentence}")
        return
    people = people_of_take(take, lifter)[:MOST_PEOPLE]
    for number, both in enumerate(people, start=1):
        name = film.stem.replace("_", " ") + (f", person {number}" if len(people) > 1 else "")
        yield row_of(name, both, take.clip, film.stem in PUBLISHABLE)


def people_of_take(take: Captured, lifter: Lifter) -> list[list[Person]]:
    """Everybody, each by the direct lift and by the network."""
    network = people_of(placed_by_network(take, lifter))
    return [drawn_people(both) for both in zip(take.people, network, strict=True)]


def row_of(name: str, both: Sequence[Person], clip: Clip, with_pictures: bool) -> Picture:
    """The moments of one person side by side, with words above them."""
    apart_m = how_far_apart_m(*(person.motion for person in both))
    motion = both[0].motion
    frames = moments(apart_m, MOMENTS)
    shown = nearest(clip.times_s, motion.times_s[frames])
    found = pictures_at(clip, shown) if with_pictures else {}
    width_px = (WIDTH_PX - (MOMENTS - 1) * GAP_PX) // MOMENTS // 4
    row = np.full((CAPTION_PX + PANEL_HEIGHT_PX + 4, WIDTH_PX, 3), _PAPER, dtype=np.uint8)
    for place, (frame, index) in enumerate(zip(frames, shown.tolist(), strict=True)):
        left = place * (4 * width_px + GAP_PX)
        tile = panels(both, frame, found.get(index), width_px, PANEL_HEIGHT_PX)
        row[CAPTION_PX:CAPTION_PX + PANEL_HEIGHT_PX, left:left + tile.shape[1]] = tile
        words = f"{motion.times_s[frame]:.1f} s: {1000 * apart_m[frame]:.0f} mm apart"
        write(row, words if place else f"{name}, {words}", left + 2, CAPTION_PX - 6, 13, _INK)
    return row


def how_far_apart_m(direct: Motion, network: Motion) -> Array:
    """[T] the mean distance of the body's joints, about their middle, as the camera sees them; NaN where unseen."""
    joints = []
    for motion in (direct, network):
        body = motion.world_joints()[:, :BODY_JOINT_COUNT]
        joints.append((body - body.mean(axis=1, keepdims=True)) @ motion.cameras[0].R_camera_from_world.mT)
    apart = np.linalg.norm(joints[0] - joints[1], axis=-1).mean(axis=1)
    return np.where(direct.seen, apart, np.nan)


def moments(apart_m: Array, count: int) -> list[int]:
    """In order of time, at most `count` frames: those of the greatest differences, and the most usual one.

    apart_m [T] m is NaN where nobody is seen.
    """
    left = np.array(apart_m)
    usual = int(np.nanargmin(np.abs(left - np.nanmedian(left))))
    chosen: list[int] = []
    while len(chosen) < count and np.isfinite(left).any():
        frame = int(np.nanargmax(left)) if len(chosen) < count - 1 else _nearest_left(left, usual)
        chosen.append(frame)
        reach = max(1, round(_APART * len(left)))
        left[max(0, frame - reach):frame + reach + 1] = np.nan
    return sorted(chosen)


def _nearest_left(left: Array, wanted: int) -> int:
    free = np.flatnonzero(np.isfinite(left))
    return int(free[np.abs(free - wanted).argmin()])


def pictures_at(clip: Clip, wanted: Array) -> dict[int, Picture]:
    """By index in the clip."""
    found = {}
    for picture in pictures(clip):
        if picture.index in wanted:
            found[picture.index] = picture.rgb
        if picture.index >= max(wanted):
            break
    return found


def write_sheet(path: Path, sheet: Picture, most_bytes: int = MOST_BYTES) -> None:
    """As good as so many bytes allow."""
    for quality in _QUALITIES:
        wanted = (cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1, cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
        encoded = cv2.imencode(".jpg", sheet[:, :, ::-1], wanted)[1].tobytes()
        if len(encoded) <= most_bytes:
            break
    with written_whole(path) as stream:
        stream.write(encoded)


if __name__ == "__main__":
    main()

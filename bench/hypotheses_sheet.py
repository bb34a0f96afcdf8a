"""`python -m bench.hypotheses_sheet FILE CLIP ...`: where samples differ and where they agree, on real footage.

A row for each clip's first person: the moment in which the samples lie farthest apart and the one in which they lie
nearest together, each over the picture and from the side. Clips whose origin is not stated are drawn on grey.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from backend.cameras.projection import projected
from backend.hypotheses.sample import sample_poses
from backend.hypotheses.samples import Samples
from backend.hypotheses.settings import HypothesesSettings
from backend.hypotheses.weights import shipped_flow
from backend.lift.network.lift_network import shipped_lifter
from backend.preview.footage import nearest
from backend.preview.labels import write
from backend.preview.painter import Picture
from backend.video.clip import Clip
from bench.by_network import placed_by_network
from bench.captures import kept_capture
from bench.data import data_folder
from bench.lifter_sheet import pictures_at, write_sheet
from bench.strips import PUBLISHABLE
from motion.arrays import Array
from motion.skeleton import BODY_JOINT_COUNT, PARENTS

SAMPLES = 20
PANEL_PX, CAPTION_PX, GAP_PX = 230, 20, 8
MOST_BYTES = 110_000
_GREY, _PAPER, _INK = 90, 250, (40, 42, 46)
_MAIN, _OTHER = (30, 90, 190), (240, 150, 40)
_ROOM = 1.25           # of a panel beside what it shows
_SHORTEST_SPAN_M = 1.2
_FROM_ENDS = 0.05      # of the clip, where neither moment is looked for


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="a JPEG")
    parser.add_argument("clips", nargs="+", help="names of films of the test footage without their suffix")
    options = parser.parse_args()
    folder = data_folder() / "footage" / "single"
    rows = [row_of(next(folder.glob(f"{clip}.*"))) for clip in options.clips]
    write_sheet(options.file, np.vstack(rows), MOST_BYTES)


def row_of(film: Path) -> Picture:
    """Both moments side by side, with words above them."""
    take = kept_capture("real_labels", film)
    lift = placed_by_network(take, shipped_lifter())[0].lift
    samples = sample_poses(lift, SAMPLES, shipped_flow(), HypothesesSettings())
    apart_m = how_far_apart_m(samples)
    frames = moments(np.where(lift.track.seen, apart_m, np.nan))
    shown = nearest(take.clip.times_s, lift.track.times_s[frames])
    found = pictures_at(take.clip, shown) if film.stem in PUBLISHABLE else {}
    tiles = []
    for frame, index in zip(frames, shown.tolist(), strict=True):
        words = f"{film.stem.replace('_', ' ')}, {lift.track.times_s[frame]:.1f} s: {100 * apart_m[frame]:.0f} cm apart"
        tiles += [_captioned(panels(samples, frame, found.get(index), take.clip), words)]
    return np.hstack(tiles)


def how_far_apart_m(samples: Samples) -> Array:
    """[T] the root mean square distance of the joint that scatters most from its mean, about the pelvis."""
    joints = samples.joints_camera()
    joints = joints - joints[:, :, :1]
    return np.sqrt(np.square(joints - joints.mean(axis=0)).sum(-1).mean(axis=0)).max(axis=-1)


def moments(apart_m: Array) -> list[int]:
    """The frames of the greatest and the least of apart_m [T], which is NaN where nobody is seen."""
    inside = np.array(apart_m)
    edge = round(_FROM_ENDS * len(inside))
    inside[:edge] = inside[len(inside) - edge :] = np.nan
    return [int(np.nanargmax(inside)), int(np.nanargmin(inside))]


def panels(samples: Samples, frame: int, picture: Picture | None, clip: Clip) -> Picture:
    """The samples thin and the lift thick, over the picture and from the side, where the camera is at the left."""
    joints = samples.joints_camera()[:, frame]
    main = Samples(samples.lift, np.zeros_like(samples.turns_rad[:1]), samples.lift.root_camera[None])
    own = main.joints_camera()[0, frame]
    middle, span_m = 0.5 * (own.min(0) + own.max(0)), max(_SHORTEST_SPAN_M, _ROOM * float(np.ptp(own, axis=0).max()))
    px_a_metre = samples.lift.K[0, 0] / middle[2]
    corner = projected(middle[None], samples.lift.K)[0] - 0.5 * span_m * px_a_metre
    front = _cut(picture, clip, corner, span_m * px_a_metre)
    side = np.full_like(front, _PAPER)
    scale = PANEL_PX / (span_m * px_a_metre)
    for pose, colour, thickness in [(each, _OTHER, 1) for each in joints] + [(own, _MAIN, 3)]:
        _draw(front, (projected(pose, samples.lift.K) - corner) * scale, colour, thickness)
        from_side = (pose - pose[0] + own[0] - middle)[:, [2, 1]] / span_m + 0.5
        _draw(side, from_side * PANEL_PX, colour, thickness)
    return np.hstack([front, side])


def _cut(picture: Picture | None, clip: Clip, corner: Array, size_px: float) -> Picture:
    """A square of the picture, a little paler, as large as a panel."""
    whole = np.full((clip.height_px, clip.width_px, 3), _GREY, np.uint8) if picture is None else picture
    scale = PANEL_PX / size_px
    moved = np.array([[scale, 0.0, -scale * corner[0]], [0.0, scale, -scale * corner[1]]])
    cut = cv2.warpAffine(whole, moved, (PANEL_PX, PANEL_PX), flags=cv2.INTER_AREA, borderValue=(_GREY,) * 3)
    return np.ascontiguousarray((0.6 * cut + 0.4 * _PAPER).astype(np.uint8))


def _draw(picture: Picture, joints_px: Array, colour: tuple[int, int, int], thickness: int) -> None:
    """Sixteenths of pixels, so that thin lines do not jump."""
    points = np.round(16.0 * joints_px).astype(int)
    for joint in range(1, BODY_JOINT_COUNT):
        start, end = points[PARENTS[joint]].tolist(), points[joint].tolist()
        cv2.line(picture, start, end, colour, thickness, cv2.LINE_AA, 4)


def _captioned(tile: Picture, words: str) -> Picture:
    whole = np.full((CAPTION_PX + tile.shape[0] + 4, tile.shape[1] + GAP_PX, 3), 255, np.uint8)
    whole[CAPTION_PX : CAPTION_PX + tile.shape[0], : tile.shape[1]] = tile
    write(whole, words, 2, CAPTION_PX - 6, 13, _INK)
    return whole


if __name__ == "__main__":
    main()

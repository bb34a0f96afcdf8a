"""`python -m bench.limits_sheet FOLDER CLIP@SECONDS,SECONDS,... ...`: what is wrong with takes, FOLDER/CLIP.webp each.

The moments of the first person (`CLIP/2@...`: of the second) as they are captured, over the footage and from the side;
with the error where the truth is known. Of footage that may not be published only the landmarks are drawn, on grey.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from backend import pipeline
from backend.lift.network.configuration import SHIPPED
from backend.lift.network.weights import read_lifter
from backend.preview.footage import nearest
from backend.preview.labels import write
from backend.preview.painter import Picture
from backend.preview.people import Person, people_of
from bench.accuracy_figures import nearest as nearest_to
from bench.accuracy_figures import pose_in_camera
from bench.by_network import people_of as captured_people
from bench.by_network import placed_by_network
from bench.captures import Captured, kept_capture
from bench.data import data_folder
from bench.lifter_panels import panels
from bench.lifter_sheet import pictures_at
from bench.reference import Reference, of_rendered
from bench.strips import PUBLISHABLE
from motion.arrays import Array
from motion.whole_files import written_whole

PANEL_PX, CAPTION_PX, GAP_PX, QUALITY = (150, 170), 18, 6, 60
_PAPER, _INK = 255, (40, 42, 46)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("wanted", nargs="+", metavar="CLIP@SECONDS")
    options = parser.parse_args()
    for words in options.wanted:
        clip, _, times = words.partition("@")
        name, _, number = clip.partition("/")
        sheet = sheet_of(name, int(number or 1), [float(second) for second in times.split(",")])
        with written_whole(options.folder / f"{name}.webp") as stream:
            wanted = [cv2.IMWRITE_WEBP_QUALITY, QUALITY]
            stream.write(cv2.imencode(".webp", sheet[:, :, ::-1], wanted)[1].tobytes())


def sheet_of(name: str, number: int, times_s: list[float]) -> Picture:
    """The moments of one person side by side; numbers from 1."""
    take, reference = _take(name)
    index = take.people.index(nearest_to(take, reference)) if reference else number - 1
    captured = captured_people(placed_by_network(take, read_lifter(SHIPPED)))[index]
    person = people_of([captured.motion], [captured.body])[0]
    frames = nearest(captured.motion.times_s, np.array(times_s))
    shown = nearest(take.clip.times_s, captured.motion.times_s[frames])
    found = pictures_at(take.clip, shown) if reference or name in PUBLISHABLE else {}
    errors_mm = _errors_mm(captured, reference) if reference else None
    tiles = [_tile(person, int(frame), found.get(int(index)), errors_mm) for frame, index in zip(frames, shown)]
    return np.hstack([part for tile in tiles for part in (_gap(), tile)][1:])


def _take(name: str) -> tuple[Captured, Reference | None]:
    for which in ("rendered_dev", "rendered"):
        for reference in of_rendered(which):
            if reference.name == name:
                return kept_capture(which, reference.film), reference
    return kept_capture("real_labels", next((data_folder() / "footage").glob(f"*/{name}.mp4"))), None


def _errors_mm(captured: pipeline.Person, reference: Reference) -> Array:
    """[T] mean distance of the body's joints about the pelvis from the true ones."""
    joints = pose_in_camera(captured).joints_camera[: len(reference.times_s)]
    truth = reference.pose.joints_camera[: len(joints)]
    gaps = (joints - joints[:, :1]) - (truth - truth[:, :1])
    return 1000.0 * np.linalg.norm(gaps, axis=-1).mean(axis=1)


def _tile(person: Person, frame: int, picture: Picture | None, errors_mm: Array | None) -> Picture:
    both = panels([person], frame, picture, *PANEL_PX, names=("",))
    tile = np.full((CAPTION_PX + both.shape[0], both.shape[1], 3), _PAPER, dtype=np.uint8)
    tile[CAPTION_PX:] = both
    words = f"{person.motion.times_s[frame]:.1f} s"
    if errors_mm is not None:
        words += f": {errors_mm[min(frame, len(errors_mm) - 1)]:.0f} mm"
    write(tile, words, 2, CAPTION_PX - 5, 13, _INK)
    return tile


def _gap() -> Picture:
    return np.full((CAPTION_PX + PANEL_PX[1], GAP_PX, 3), _PAPER, dtype=np.uint8)


if __name__ == "__main__":
    main()

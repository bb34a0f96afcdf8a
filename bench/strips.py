"""`python -m bench.strips FOLDER [CLIP ...]`: strips of clips with everybody's box, number and landmarks, to look at.

One strip a clip, FOLDER/CLIP.webp, from the single clips of the test footage. Clips whose origin is not stated may not
be published: of these only what was found is drawn, on grey.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from backend.detect.detector import DetectSettings
from backend.detect.find_people import find_people
from backend.detect.live_picture import FAINT_SCORE
from backend.progress import silent
from backend.track.follow import TrackSettings, follow
from backend.track.tracks import Track
from backend.video.clip import Clip, VideoSettings
from backend.video.open_clip import open_clip
from backend.video.pictures import pictures
from backend.video.tone_map import Rgb
from bench.data import data_folder
from motion.landmarks import LANDMARK_LINES
from motion.whole_files import written_whole

PUBLISHABLE = frozenset({   # recordings of their projects' own, under licences that allow it (the footage's README)
    "walk_and_backflip_static", "sit_stand_chair_static", "arms_and_steps_dark_clothes", "squats_portrait_5fps",
    "enter_stand_leave_10fps", "sign_language_upper_body", "selfie_signing_portrait",
})  # fmt: skip
TILES, TILE_HEIGHT_PX, GREY = 12, 180, 70
COLOURS = ((90, 220, 90), (255, 150, 50), (80, 170, 255), (240, 90, 230), (250, 230, 70), (70, 230, 230))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("clips", nargs="*")
    parser.add_argument("--quality", choices=("best", "fast"), default="best")
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True)
    films = sorted((data_folder() / "footage" / "single").glob("*.mp4"))
    for film in films:
        if not options.clips or film.stem in options.clips:
            clip = open_clip(film, VideoSettings())
            found = find_people(clip, DetectSettings(quality=options.quality, hands=False), silent)
            people = follow(found, clip, TrackSettings())
            print(f"{film.stem}: {_seen_words(people)}", flush=True)
            _write(options.folder / f"{film.stem}.webp", strip(clip, people, film.stem in PUBLISHABLE))


def strip(clip: Clip, people: list[Track], with_pictures: bool) -> Rgb:
    """Pictures evenly over the clip, side by side, in two rows."""
    wanted = np.linspace(0, clip.picture_count - 1, TILES).round().astype(int)
    tiles = [_tile(picture.rgb if with_pictures else np.full_like(picture.rgb, GREY), clip, picture.index, people)
             for picture in pictures(clip) if picture.index in wanted]  # fmt: skip
    half = (len(tiles) + 1) // 2
    rows = [np.hstack(row) for row in (tiles[:half], tiles[half:]) if row]
    width_px = max(row.shape[1] for row in rows)
    return np.vstack([np.pad(row, ((0, 0), (0, width_px - row.shape[1]), (0, 0))) for row in rows])


def _tile(rgb: Rgb, clip: Clip, index: int, people: list[Track]) -> Rgb:
    scale = TILE_HEIGHT_PX / rgb.shape[0]
    tile = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for person in people:
        frame = int(np.abs(person.times_s - clip.times_s[index]).argmin())
        if person.seen[frame]:
            _draw(tile, scale * person.landmarks_px[frame], person.scores[frame], person.number)
    cv2.putText(tile, f"{clip.times_s[index]:.1f} s", (4, TILE_HEIGHT_PX - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.38,
                (255, 255, 255), 1, cv2.LINE_AA)  # fmt: skip
    return tile


def _draw(tile: Rgb, places: np.ndarray, scores: np.ndarray, number: int) -> None:
    colour = COLOURS[(number - 1) % len(COLOURS)]
    ends = np.rint(places).astype(int).tolist()
    for first, second in LANDMARK_LINES:
        if min(scores[first], scores[second]) >= FAINT_SCORE:
            cv2.line(tile, ends[first], ends[second], colour, 1, cv2.LINE_AA)
    left_top, right_bottom = places.min(axis=0).astype(int).tolist(), places.max(axis=0).astype(int).tolist()
    cv2.rectangle(tile, left_top, right_bottom, colour, 1)
    cv2.putText(tile, str(number), (left_top[0], max(left_top[1] - 3, 10)), cv2.FONT_HERSHEY_SIMPLEX, 0.4, colour, 1,
                cv2.LINE_AA)  # fmt: skip


def _seen_words(people: list[Track]) -> str:
    return ", ".join(f"person {person.number} in {person.seen.mean():.0%}" for person in people) or "nobody"


def _write(path: Path, picture: Rgb) -> None:
    with written_whole(path) as stream:
        stream.write(cv2.imencode(".webp", picture[:, :, ::-1], [cv2.IMWRITE_WEBP_QUALITY, 60])[1].tobytes())


if __name__ == "__main__":
    main()

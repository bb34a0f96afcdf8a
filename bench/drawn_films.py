"""Films drawn as those of the bank are, from motion that is kept out of fits; made once and kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from backend.train.bank.make_bank import filmed, written_film_of
from backend.train.bank.scenes import Scenes
from backend.train.motions.training_clip import TrainingClip
from motion.body import read_open_body
from motion.places import home

SEED = 77       # none of a bank's


def drawn_films(clips: Sequence[TrainingClip], count: int) -> list[Path]:
    """So many films in the user's data folder."""
    folder = home() / "bench" / "drawn"
    folder.mkdir(parents=True, exist_ok=True)
    scenes = None
    films = [folder / f"{2 * number + 1:03d}.mp4" for number in range(count)]   # odd scenes are the kept ones
    for film in films:
        if not film.exists():
            scenes = scenes or Scenes(list(clips), read_open_body(), SEED)
            scene = scenes.scene(int(film.stem))
            partial = film.with_suffix(".part.mp4")
            written_film_of(filmed(scene, scene.landmarks_and_joints()[0], "cpu").pictures, scene, partial)
            partial.replace(film)
    return films

"""Which clips the rendered benchmark has: one line of clips.csv each."""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from pathlib import Path

TABLE = Path(__file__).with_name("clips.csv")
SETS = {"rendered_dev": "dev", "rendered": "test"}   # and the split of the motion that each may hold
CATEGORIES = ("walk", "run", "dance", "sit", "floor", "sport", "gesture", "everyday")
CAMERAS = ("static", "pan", "track", "push", "handheld")
SIDES = {"front": 0.0, "front_left": 45.0, "left": 90.0, "back_left": 135.0, "back": 180.0, "back_right": 225.0,
         "right": 270.0, "front_right": 315.0}   # azimuth of the camera about the person, towards their left
PICTURES_PX = {"landscape": (640, 360), "portrait": (360, 640)}
FRAMINGS = ("whole", "small", "cut", "enters", "leaves")
PLACES = ("room", "hall", "street", "park")
EXTRAS = ("", "seat", "occluder")


@dataclass(frozen=True)
class Plan:
    """What one clip shows. Raises ValueError for words that nothing is known about."""

    name: str
    set: str
    category: str
    motion: str         # names of training clips joined by "+"
    start_s: float
    seconds: float
    rate_hz: float
    camera: str
    side: str
    picture: str
    framing: str
    place: str
    extra: str
    pitch_deg: float    # downwards
    roll_deg: float
    seed: int

    def __post_init__(self) -> None:
        known = {"set": SETS, "category": CATEGORIES, "camera": CAMERAS, "side": SIDES, "picture": PICTURES_PX,
                 "framing": FRAMINGS, "place": PLACES, "extra": EXTRAS}
        for name, words in known.items():
            if getattr(self, name) not in words:
                raise ValueError(f"{self.name}: {name} must be one of {', '.join(words)}, not {getattr(self, name)!r}.")

    @property
    def size_px(self) -> tuple[int, int]:
        return PICTURES_PX[self.picture]


def read_plans(path: Path = TABLE) -> list[Plan]:
    kinds = {"str": str, "float": float, "int": int}
    with path.open(encoding="utf-8", newline="") as lines:
        return [Plan(**{field.name: kinds[field.type](row[field.name]) for field in fields(Plan)})
                for row in csv.DictReader(lines)]  # fmt: skip

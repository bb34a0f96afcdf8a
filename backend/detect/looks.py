"""A picture and who was seen in it."""

from __future__ import annotations

from dataclasses import dataclass

from backend.detect.pose_network import Answer
from backend.video.pictures import Picture


@dataclass(frozen=True, eq=False)
class Look:
    """What the stages of detection hand to each other."""

    picture: Picture
    shot: int
    people: dict[int, Answer]     # by tracklet

"""Captures the sample clip into the take that *Try a Sample* shows without a backend.

    python -m assets.solve_sample

Run it in the backend's environment after a change that moves the sample's motion.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from backend.lift.lift_track import LiftSettings, lifter_version
from backend.settings import Settings
from backend.versions import versions
from bench.captures import captured
from motion.motion_file import write_motion
from motion.quality.card import quality_card

SAMPLE = Path(__file__).resolve().parent / "sample"


def main() -> None:
    """The footage is named without a folder: it is looked for beside the take."""
    film = SAMPLE / "sample.mp4"
    with tempfile.TemporaryDirectory() as folder:
        person = captured(film, Path(folder)).people[0]
    camera = replace(person.motion.cameras[0], video_path=film.name)
    made_by = {**versions(), "lifter": lifter_version(LiftSettings())}
    record = {"settings": Settings().to_dict(), "versions": made_by}
    out = SAMPLE / "take" / "person_00"
    out.mkdir(parents=True, exist_ok=True)
    motion = replace(person.motion, cameras=(camera,), **record)
    write_motion(out / "motion.npz", replace(motion, quality=quality_card(motion, person.body).to_dict()))


if __name__ == "__main__":
    main()

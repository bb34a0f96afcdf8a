"""Which of the calibrated cameras took which clip, in the pixels of the clips."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from backend.multiview.known.known_cameras import KnownCameras
from backend.multiview.rig import Rig
from motion.arrays import Array
from motion.refusal import Refusal

ROUNDING_PX = 1.5      # by which a side of a smaller copy of a clip may miss the exact factor
_ENDING = re.compile(r"\.[a-z][a-z0-9]{1,4}$")   # of a file; what follows a point and begins with a digit is none
_MEND_NAMES = "Name the cameras in the file as the clips are named."
_MEND_SIZE = "Calibrate with pictures of the clip's own shape, or leave the calibration file out."


def of_clips(known: KnownCameras, clip_names: Sequence[str], sizes_px: Sequence[tuple[int, int]]) -> KnownCameras:
    """The cameras of the clips, in the clips' order and pixels, called as the clips are.

    sizes_px: width and height of the upright clips. Matched by name, the rest in their order with a warning. Raises
    Refusal where there is no telling, or where a clip's shape is another than that which was calibrated.
    """
    by_name = _matched_by_name(known.names, clip_names)
    views, warnings = _rest_by_order(known.names, clip_names, by_name)
    chosen = known.only(views)
    scales = np.array([_scale(chosen, view, name, size)
                       for view, (name, size) in enumerate(zip(clip_names, sizes_px))])  # fmt: skip
    K = chosen.K.copy()
    K[:, :2] *= scales[..., None]
    return replace(chosen, names=tuple(clip_names), sizes_px=np.array(sizes_px), K=K,
                   warnings=chosen.warnings + warnings)  # fmt: skip


def rig_of(known: KnownCameras) -> Rig:
    """The rig in the frame of the first camera, all clocks as if the clips began together and ran alike."""
    R_first_from_world, count = known.R_camera_from_world[0], len(known.names)
    R_first_from_camera = R_first_from_world @ np.swapaxes(known.R_camera_from_world, -1, -2)
    places_first = known.places_world @ R_first_from_world.T + known.t_camera_from_world[0]
    return Rig(known.K, R_first_from_camera, places_first, np.zeros(count), np.ones(count))


def up_first_of(known: KnownCameras) -> Array:
    """The world's up in the first camera's frame, [0 or 1, 3]."""
    return known.up_world @ known.R_camera_from_world[0].T


def _matched_by_name(cameras: Sequence[str], clips: Sequence[str]) -> dict[int, int]:
    """Camera by clip, of those clips for which exactly one camera that is no other clip's has the name."""
    stems, names = [_bare(Path(clip).name) for clip in clips], [_bare(camera) for camera in cameras]
    alike = _only_ones([{view for view, name in enumerate(names) if Path(name).name == stem} for stem in stems])
    near = [set() if clip in alike else {view for view, name in enumerate(names)
                                         if view not in alike.values() and (_within(stem, name) or _within(name, stem))}
            for clip, stem in enumerate(stems)]  # fmt: skip
    return alike | _only_ones(near)


def _only_ones(candidates: Sequence[set[int]]) -> dict[int, int]:
    """The clips with one candidate that no other clip shares."""
    found = {clip: next(iter(views)) for clip, views in enumerate(candidates) if len(views) == 1}
    return {clip: view for clip, view in found.items() if sum(view in views for views in candidates) == 1}


def _bare(name: str) -> str:
    return _ENDING.sub("", name.lower().replace("\\", "/"))


def _within(part: str, whole: str) -> bool:
    """Whether `part` stands in `whole` as a word or number of its own: cam1 is not in cam10, but in left_cam1."""
    starts, ends = (_beside(letter) for letter in (part[:1], part[-1:]))
    return bool(part and re.search(f"(?<!{starts}){re.escape(part)}(?!{ends})", whole))


def _beside(letter: str) -> str:
    """What would go on with the same word or number."""
    return "[0-9]" if letter.isdigit() else "[^\\W\\d_]"


def _rest_by_order(
    cameras: Sequence[str], clips: Sequence[str], by_name: dict[int, int]
) -> tuple[list[int], tuple[str, ...]]:
    free = [view for view in range(len(cameras)) if view not in by_name.values()]
    nameless = [clip for clip in range(len(clips)) if clip not in by_name]
    if nameless and len(free) != len(nameless):
        raise Refusal("foreign-calibration", f"The calibration file names {_listed(cameras)}, which says no camera of "
                      f"{_listed([Path(clips[clip]).name for clip in nameless])}.", _MEND_NAMES)  # fmt: skip
    views = by_name | dict(zip(nameless, free))
    in_order = [views[clip] for clip in range(len(clips))]
    if not nameless:
        return in_order, ()
    pairs = _listed([f"{cameras[views[clip]]} for {Path(clips[clip]).name}" for clip in nameless])
    return in_order, (f"Names do not tell which camera took which clip, so their order is taken: {pairs}.",)


def _listed(names: Sequence[str]) -> str:
    few = list(names[:8]) + ([f"{len(names) - 8} more"] if len(names) > 8 else [])
    return few[0] if len(few) == 1 else f"{', '.join(few[:-1])} and {few[-1]}"


def _scale(chosen: KnownCameras, view: int, clip: str, size_px: tuple[int, int]) -> tuple[float, float]:
    """Of x and y, from the calibrated pictures to the clip's."""
    (width, height), (own_width, own_height) = size_px, chosen.sizes_px[view]
    scale_x, scale_y = width / own_width, height / own_height
    if abs(height - own_height * scale_x) <= ROUNDING_PX * max(1.0, scale_x):
        return scale_x, scale_y
    sizes = f"{own_width:.0f} x {own_height:.0f} pixels, and {Path(clip).name} has {width} x {height}"
    turned = abs(width - own_height * height / own_width) <= ROUNDING_PX * max(1.0, height / own_width)
    why = ", turned by 90 degrees" if turned else ", which is another shape"
    raise Refusal("calibrated-otherwise", f"{chosen.names[view]} was calibrated at {sizes}{why}.", _MEND_SIZE)

"""Everything an artist said of a motion, applied to what was captured: raw -> corrections -> clean-up -> held."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..body import Body
from ..motion import Motion
from .drag import dragged
from .edits import Edit, Exchange, Ignore, LandmarkDrag, Pin, PoseKey
from .exchange import exchanged
from .ignore import ignored
from .pin import pinned
from .pose_keys import carried, with_pose_keys


def mended(
    motion: Motion, edits: Sequence[Edit], body: Body, clean: Callable[[Motion], Motion] = lambda motion: motion
) -> Motion:
    """`motion` as captured, corrected in the order of the edits and cleaned up again.

    Poses come last, since they are the last word: each is measured against what the artist saw, which is the cleaned
    motion, and the result has it exactly. Pins, too, hold after clean-up. `body` is on the motion's skeleton.
    """
    corrected, keys = corrected_but_keys(motion, edits, body), [e for e in edits if isinstance(e, PoseKey)]
    cleaned = clean(corrected)
    if keys:
        cleaned = clean(with_pose_keys(corrected, cleaned, keys, body))
    for edit in edits:
        if isinstance(edit, Pin):
            cleaned = pinned(cleaned, edit)
    return carried(cleaned, cleaned, keys)


def corrected_but_keys(motion: Motion, edits: Sequence[Edit], body: Body) -> Motion:
    """The motion after all edits but poses, without clean-up."""
    for edit in edits:
        if isinstance(edit, Exchange):
            motion = exchanged(motion, edit, body)
        elif isinstance(edit, Ignore):
            motion = ignored(motion, edit)
        elif isinstance(edit, Pin):
            motion = pinned(motion, edit)
        elif isinstance(edit, LandmarkDrag):
            motion = dragged(motion, edit, body)
    return motion

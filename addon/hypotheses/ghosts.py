"""The other poses of the active person, thin and tinted over the one that is shown: each one's limb, in its frames.

What a ghost shows is what Use This One takes. A sample differs a little everywhere; five whole ones say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import bpy
import numpy as np

from ...motion.arrays import Array
from ...motion.corrections.fading import plateau
from ...motion.hypotheses.limbs import LIMBS, WHOLE_BODY
from ...motion.hypotheses.take_over import FADE_FRAMES
from ...motion.skeleton import JOINT
from ..clean_up_take import first_frame_of
from ..curves import curves_of
from ..kept_quality import COLOUR_ICONS
from .coloured_lines import Lines
from .ghost_figure import JOINT_OF_POINT, LINES, posed_by, posed_figures, shown_figure
from .kept_hypotheses import KeptHypothesis, hypotheses_of
from .seen_person import seen_person

_AGREES_M, _DIFFERS_M = 0.03, 0.08   # clean-up alone moves a limb by less than the one
_ALPHA = 0.9
_WIDTH_PX = 3.5
_TINTS = (5, 4, 7, 6, 8)             # of a theme's colours, from 1: blue, green, pink, purple, brown
_MAIN_COLOUR = (0.95, 0.95, 0.95)
# How far a point goes along with where its limb begins: a leg alone stands where it stands in its own pose.
_LEG_GOES_ALONG = {JOINT[f"{side}_{joint}"]: share for side in ("left", "right")
                   for joint, share in (("hip", 1.0), ("knee", 0.5))}  # fmt: skip

Colour = tuple[float, float, float]
_handlers: list[object] = []


@dataclass(frozen=True, eq=False)
class Ghost:
    points: Array            # [27, 3] m in the armature's own space
    colour: Colour
    limb: str = WHOLE_BODY   # of LIMBS: what is drawn of it
    share: float = 1.0       # of full strength


def tint_of(number: int) -> Colour:
    """The colour of a hypothesis."""
    return tuple(bpy.context.preferences.themes[0].strip_color[_TINTS[number % len(_TINTS)] - 1].color)


def icon_of(number: int) -> str:
    """The icon in the colour of a hypothesis."""
    return f"{COLOUR_ICONS}{_TINTS[number % len(_TINTS)]:02}"


def ghosts_of(person: bpy.types.Object, frame: float) -> list[Ghost]:
    """All poses of a person at a scene frame but the one that is shown; the main one is white."""
    poses = list(_poses(person, frame))
    if not poses:
        return []
    wxyz, locations = zip(*(posed for _, _, _, posed in poses), strict=True)
    figures = posed_figures(person.data, np.array(wxyz), np.array(locations))
    return [Ghost(points, colour, limb, share)
            for points, (colour, limb, share, _) in zip(figures, poses, strict=True)]  # fmt: skip


def ghost_lines(ghosts: list[Ghost], shown: Array) -> Lines:
    """Each ghost where it differs from the figure that is shown [27, 3] m and from the ghosts before it.

    A limb begins where that figure has it. Towards where they agree it fades out, so that a limb of which all say the
    same is drawn once.
    """
    parts, others = [], [shown]
    for ghost in ghosts:
        points, drawn = _begun_at(ghost, shown), _is_drawn(ghost)
        parts.append(Lines.of(points, LINES, _faded(ghost, points, drawn, np.array(others))))
        others.append(np.where(drawn[:, None], points, np.inf))
    return Lines.all_of(parts)


def _poses(person: bpy.types.Object, frame: float) -> Iterator[tuple[Colour, str, float, tuple[Array, Array]]]:
    """Colour, limb and strength of each ghost that is seen at a scene frame, and what its curves say."""
    others = hypotheses_of(person)
    if any(kept.is_shown for kept in others):
        yield _MAIN_COLOUR, WHOLE_BODY, 1.0, posed_by(curves_of(person), frame)
    first = first_frame_of(person)
    for kept in others:
        if not kept.is_shown and (share := _strength(kept, frame - first)):
            # Where its strip lies is looked up only when a pose is shown: the person's keys say when it begins.
            posed = posed_by(kept.curves(), kept.strip.action_frame_start + frame - first)
            yield tint_of(kept.number), kept.choice.limb, share, posed


def _strength(kept: KeptHypothesis, frame: float) -> float:
    """Of a ghost at a frame that counts from the person's first key, fading as Use This One blends."""
    return float(plateau(np.array([frame]), kept.choice.first, kept.choice.last, FADE_FRAMES + 1.0)[0])


def _is_drawn(ghost: Ghost) -> Array:
    return np.isin(JOINT_OF_POINT, LIMBS[ghost.limb])


def _begun_at(ghost: Ghost, shown: Array) -> Array:
    """The points [27, 3] m of a ghost whose limb begins where the figure that is shown [27, 3] m has it."""
    if ghost.limb == WHOLE_BODY:
        return ghost.points
    begin = LIMBS[ghost.limb][0]
    if begin in _LEG_GOES_ALONG:
        shares = np.array([_LEG_GOES_ALONG.get(joint, 0.0) for joint in JOINT_OF_POINT])
    else:
        shares = np.ones(len(JOINT_OF_POINT))
    return ghost.points + shares[:, None] * (shown[begin] - ghost.points[begin])


def _faded(ghost: Ghost, points: Array, drawn: Array, others: Array) -> Array:
    """Colours [27, 4] of a ghost's points [27, 3] m, drawn or not [27], beside the other figures [G, 27, 3] m."""
    off_m = np.linalg.norm(points - others, axis=-1).min(axis=0)
    share = np.clip((off_m - _AGREES_M) / (_DIFFERS_M - _AGREES_M), 0.0, 1.0)
    alpha = _ALPHA * ghost.share * drawn * share * share * (3.0 - 2.0 * share)
    return np.column_stack([np.tile(ghost.colour, (len(off_m), 1)), alpha])


def _draw() -> None:
    context = bpy.context
    if not context.scene.mambocap_uncertainty.ghosts or (person := seen_person(context)) is None:
        return
    ghosts = ghosts_of(person, context.scene.frame_current_final)
    ghost_lines(ghosts, shown_figure(person)).draw(person.matrix_world, _WIDTH_PX)


def register() -> None:
    if not bpy.app.background:
        _handlers.append(bpy.types.SpaceView3D.draw_handler_add(_draw, (), "WINDOW", "POST_VIEW"))


def unregister() -> None:
    while _handlers:
        bpy.types.SpaceView3D.draw_handler_remove(_handlers.pop(), "WINDOW")

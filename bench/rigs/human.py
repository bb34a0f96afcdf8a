"""Where the joints of a made-up human are at rest: standing on z = 0, facing -Y, its left at +X, in metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motion.arrays import Array
from motion.retarget.slots import SIDES
from motion.rotations import matrix_from_axis_angle

LEFT, BACK, UP = np.eye(3)


@dataclass(frozen=True)
class Human:
    """Lengths in metres and how it stands. An A-pose has its arms 45 to 55 degrees below a T-pose's."""

    thigh: float = 0.42
    shin: float = 0.40
    ankle_height: float = 0.08
    foot: float = 0.13           # ankle to ball, over the ground
    toe: float = 0.07
    hip_width: float = 0.18      # between the hip joints
    torso: float = 0.50          # hips to neck
    shoulder_width: float = 0.34
    upper_arm: float = 0.28
    forearm: float = 0.25
    hand: float = 0.09           # wrist to knuckles
    neck: float = 0.09
    head: float = 0.20
    arms_down_deg: float = 0.0
    arms_forward_deg: float = 0.0
    elbows_bent_deg: float = 2.0
    palms_turned_deg: float = 0.0   # 90: they look ahead in a T-pose
    fingers_bent_deg: float = 3.0   # each joint
    legs_apart_deg: float = 2.0
    knees_bent_deg: float = 2.0
    feet_out_deg: float = 5.0

    def places(self) -> dict[str, Array]:
        """Places [3] by name: "hips", "spine", "neck", "head", "head_top", and by side and slot where a bone begins.

        A hand ends at the "knuckles", a toe at the "toe_tip"; fingers have places 0 to 3, the last one their tip.
        """
        places = {"ground": np.zeros(3)}
        for side, outward in zip(SIDES, (1.0, -1.0)):
            places |= {f"{side}_{name}": place * [outward, 1.0, 1.0] for name, place in self._left_leg().items()}
        hips = (places["left_thigh"] + places["right_thigh"]) / 2 + 0.06 * UP + 0.02 * BACK
        neck = hips + self.torso * UP + 0.02 * BACK
        head = neck + self.neck * (0.97 * UP - 0.24 * BACK)
        places |= {"hips": hips, "spine": hips + 0.04 * UP, "neck": neck, "head": head,
                   "head_top": head + self.head * UP}  # fmt: skip
        for side, outward in zip(SIDES, (1.0, -1.0)):
            places |= {f"{side}_{name}": (place * [outward, 1.0, 1.0]) + neck for name, place in self._arm().items()}
        return places

    def soles(self) -> dict[str, Array]:
        """Points [3] of the soles on the ground, by side: heel, ball and toe."""
        places = self.places()
        return {f"{side}_{name}": places[f"{side}_{place}"] * [1.0, 1.0, 0.0] for side in SIDES
                for name, place in (("heel", "heel"), ("ball", "toe"), ("toe", "toe_tip"))}  # fmt: skip

    def _left_leg(self) -> dict[str, Array]:
        """Built from the ground up, so that the sole is on it."""
        out = _turn(UP, self.feet_out_deg)
        apart, bent = np.radians(self.legs_apart_deg), self.knees_bent_deg / 2
        to_shin = self.shin * _turn(BACK, -self.legs_apart_deg) @ _turn(LEFT, bent) @ -UP
        to_thigh = self.thigh * _turn(BACK, -self.legs_apart_deg) @ _turn(LEFT, -bent) @ -UP
        hip_x = self.hip_width / 2
        ankle = np.array([hip_x + (self.thigh + self.shin) * np.sin(apart), 0.0, self.ankle_height])
        knee = ankle - to_shin
        hip = knee - to_thigh
        ball = ankle + out @ (-self.foot * BACK) - (self.ankle_height - 0.015) * UP
        return {"thigh": hip, "shin": knee, "foot": ankle, "toe": ball, "toe_tip": ball + out @ (-self.toe * BACK),
                "heel": np.array([ankle[0], 0.05, 0.0])}  # fmt: skip

    def _arm(self) -> dict[str, Array]:
        """The left one, from the neck."""
        R_upper = _turn(BACK, self.arms_down_deg) @ _turn(UP, -self.arms_forward_deg)
        R_fore = R_upper @ _turn(UP, -self.elbows_bent_deg)
        R_hand = R_fore @ _turn(LEFT, -self.palms_turned_deg)
        shoulder = np.array([self.shoulder_width / 2, 0.01, -0.07])
        elbow = shoulder + self.upper_arm * R_upper @ LEFT
        wrist = elbow + self.forearm * R_fore @ LEFT
        arm = {"clavicle": np.array([0.02, 0.0, -0.06]), "upper_arm": shoulder, "forearm": elbow, "hand": wrist,
               "knuckles": wrist + self.hand * R_hand @ LEFT}  # fmt: skip
        size = self.hand / 0.09
        for finger, (start, metacarpal, direction, lengths) in _FINGER_SHAPES.items():
            points = [start, *_bent(start, direction, lengths, self.fingers_bent_deg, finger)]
            arm |= {f"{finger}{i}": wrist + size * R_hand @ point for i, point in enumerate(points)}
            arm[f"{finger}_metacarpal"] = wrist + size * R_hand @ metacarpal
        return arm


def _bent(start: Array, direction: Array, lengths: tuple[float, ...], bent_deg: float, finger: str) -> list[Array]:
    """Three places further on, each bone bent a little more towards the palm."""
    axis = LEFT if finger == "thumb" else BACK
    places = []
    for i, length in enumerate(lengths):
        start = start + length * _turn(axis, (i + 1) * bent_deg) @ direction
        places.append(start)
    return places


def _turn(axis: Array, angle_deg: float) -> Array:
    return matrix_from_axis_angle(np.radians(angle_deg) * axis)


def _finger_shapes() -> dict[str, tuple[Array, Array, Array, tuple[float, ...]]]:
    """By finger of a left hand that points along +X, palm down: first joint, root in the palm, direction, lengths."""
    shapes = {
        name: (np.array([along, across, 0.0]), np.array([0.02, 0.6 * across, 0.0]), LEFT, lengths)
        for name, along, across, lengths in (
            ("index", 0.090, -0.028, (0.040, 0.024, 0.020)), ("middle", 0.092, -0.008, (0.044, 0.028, 0.021)),
            ("ring", 0.088, 0.012, (0.040, 0.026, 0.020)), ("pinky", 0.080, 0.030, (0.031, 0.020, 0.018)),
        )
    }  # fmt: skip
    thumb = np.array([0.72, -0.66, -0.2])
    return {"thumb": (np.array([0.022, -0.025, -0.008]), np.zeros(3), thumb, (0.042, 0.032, 0.026)), **shapes}


_FINGER_SHAPES = _finger_shapes()

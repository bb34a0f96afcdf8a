"""Somebody who jumps on the spot, made up: the centre of mass goes as physics has it, whatever arms and legs do."""

import numpy as np

from backend.multiview.scale.centre_of_mass import centre_of_mass
from motion.arrays import Array
from motion.body import read_open_body
from motion.landmarks import LANDMARK, LANDMARK_COUNT
from motion.rotations import matrix_from_axis_angle

GRAVITY_M_S2 = 9.81
BODY = read_open_body().light().shaped(np.zeros(0))
UP = np.array([0.0, 1.0, 0.0])
_ARMS = [LANDMARK[f"{side}_{part}"] for side in ("left", "right")
         for part in ("elbow", "wrist", "index", "pinky", "thumb")]  # fmt: skip


def jumps(air_times_s: tuple[float, ...], rate_hz: float = 60.0, stand_s: float = 0.8) -> tuple[Array, Array]:
    """Landmarks [T, 33, 3] m, Y up, at times_s [T]: stands, flies so long, stands, flies ..., stands."""
    times_s = np.arange(int(rate_hz * (stand_s + sum(each + stand_s for each in air_times_s)))) / rate_hz
    rise, since = np.zeros(len(times_s)), stand_s
    for air_s in air_times_s:
        into = times_s - since
        rise += np.where((into > 0.0) & (into < air_s), 0.5 * GRAVITY_M_S2 * into * (air_s - into), 0.0)
        since += air_s + stand_s
    landmarks = swinging_arms(times_s)
    centre = centre_of_mass(landmarks)
    wanted = centre[:1] + rise[:, None] * UP
    return landmarks + (wanted - centre)[:, None], times_s


def swinging_arms(times_s: Array) -> Array:
    """[T, 33, 3] standing with arms that swing about the shoulders."""
    points = BODY.points[:LANDMARK_COUNT]
    landmarks = np.tile(points, (len(times_s), 1, 1))
    turn_rad = 0.6 * np.sin(2.0 * np.pi * 0.9 * times_s)
    R = matrix_from_axis_angle(turn_rad[:, None] * np.array([1.0, 0.0, 0.0]))
    middle = 0.5 * (points[LANDMARK["left_shoulder"]] + points[LANDMARK["right_shoulder"]])
    landmarks[:, _ARMS] = np.einsum("tij,lj->tli", R, points[_ARMS] - middle) + middle
    return landmarks

from dataclasses import replace

import numpy as np
import pytest

from backend.cameras.camera_path import CameraPath, standing_camera
from backend.cameras.projection import projected
from backend.lift.beliefs import Beliefs
from backend.lift.lift import Lift
from backend.world.gravity import up_of_shot
from backend.world.hints import WorldHints
from backend.world.tilt import angles_from_up
from motion.body import read_open_body
from motion.rotations import matrix_from_axis_angle
from tests.backend.lift.made_up_track import R_CAMERA_FROM_STANDING, K, reaching_and_stepping, seen
from tests.backend.world.test_gravity_view import down_of, from_first, turning_camera
from tests.backend.world.test_up_words import degrees_between, edges_of
from tests.backend.world.tilted import up_from_angles


def standing(pitch_deg=0.0, roll_deg=0.0, frames=60):
    """Somebody who stands upright before a camera that is tilted down by pitch and rolled."""
    body = read_open_body().shaped(np.zeros(0))
    R = np.broadcast_to(np.eye(3), (frames, 55, 3, 3)).copy()
    roll, pitch = np.deg2rad([roll_deg, pitch_deg])
    tilt = matrix_from_axis_angle(np.array([0.0, 0.0, roll])) @ matrix_from_axis_angle(np.array([pitch, 0.0, 0.0]))
    R[:, 0] = tilt @ R_CAMERA_FROM_STANDING
    return seen(body, R, np.tile(tilt @ [0.0, 0.5, 4.0], (frames, 1)))


def lifted(person):
    """The truth as a lift that has no network."""
    frames = len(person.R_parent_from_joint)
    R = person.R_parent_from_joint
    root = np.tile([0.0, 0.5, 4.0], (frames, 1))
    return Lift(person.track, person.body, K, R, root, np.ones((frames, 55)))


def told(lift, down_camera, sigma_deg=4.0):
    """The lift with a network's word for gravity, [3] or [T, 3]."""
    frames = len(lift.root_camera)
    shapes = {"root_velocity": (3,), "still": (6,), "sigma_rotation_rad": (22,), "sigma_joint_m": (22, 2),
              "bias_px": (33, 2), "bias_sigma_px": (33,)}  # fmt: skip
    beliefs = Beliefs(np.broadcast_to(down_camera, (frames, 3)), np.full(frames, np.deg2rad(sigma_deg)),
                      **{name: np.zeros((frames, *shape)) for name, shape in shapes.items()})  # fmt: skip
    return replace(lift, beliefs=beliefs)


def stepping():
    return lifted(reaching_and_stepping())


def still(lift):
    return standing_camera(lift.track.times_s)


def test_with_nothing_to_go_by_the_camera_is_level_and_looks_slightly_down():
    lift = stepping()
    knee_up = np.arange(len(lift.root_camera)) > 30
    lift = replace(lift, track=replace(lift.track, seen=knee_up))
    roll_deg, pitch_deg = angles_from_up(up_of_shot([lift], still(lift)).up)
    assert abs(roll_deg) < 0.5 and 3.0 < pitch_deg < 15.0
    belief = up_of_shot([lift], still(lift))
    assert belief.rests_on == ("camera",) and belief.sigma_rad > np.deg2rad(4.0)


def test_who_stands_tells_up_where_there_is_no_network():
    lift = lifted(standing(pitch_deg=20.0, roll_deg=5.0))
    belief = up_of_shot([lift], still(lift))
    assert belief.rests_on == ("camera", "bodies")
    assert degrees_between(belief.up, up_from_angles(5.0, 20.0)) < degrees_between(
        up_of_shot([stepping()], still(lift)).up, up_from_angles(5.0, 20.0)) - 5.0  # fmt: skip


def test_the_surer_the_network_the_more_it_counts():
    lift, true = stepping(), up_from_angles(6.0, 25.0)
    off_deg = [degrees_between(up_of_shot([told(lift, -true, sigma)], still(lift)).up, true) for sigma in (1, 4, 16)]
    assert off_deg[0] < 1.0 and off_deg[0] < off_deg[1] < off_deg[2]


def test_two_people_are_surer_than_one():
    one = told(stepping(), -up_from_angles(0.0, 14.0))
    sigmas = [up_of_shot([one] * count, still(one)).sigma_rad for count in (1, 2, 4)]
    assert sigmas[0] > sigmas[1] > sigmas[2]


def test_a_turning_camera_has_one_up_in_its_first_pictures_axes():
    lift = stepping()
    R_world_from_camera = turning_camera(len(lift.root_camera))
    times_s = lift.track.times_s
    camera = CameraPath(times_s, from_first(R_world_from_camera), np.zeros((len(times_s), 3)), "turning", 1.0)
    belief = up_of_shot([told(lift, down_of(R_world_from_camera), sigma_deg=2.0)], camera)
    assert degrees_between(belief.up, R_world_from_camera[0].T @ [0.0, 0.0, 1.0]) < 1.5


def test_frames_in_which_nobody_is_seen_say_nothing():
    lift, true = stepping(), up_from_angles(0.0, 15.0)
    seen_first = np.arange(len(lift.root_camera)) < 30
    lift = replace(lift, track=replace(lift.track, seen=seen_first))
    down = np.where(seen_first[:, None], -true, [1.0, 0.0, 0.0])
    np.testing.assert_allclose(up_of_shot([told(lift, down)], still(lift)).up,
                               up_of_shot([told(lift, -true)], still(lift)).up, atol=1e-9)  # fmt: skip


def test_upright_edges_of_the_background_mend_the_networks_word():
    lift, true = stepping(), up_from_angles(-2.0, 12.0)
    wrong = told(lift, -up_from_angles(4.0, 6.0))
    camera = replace(still(lift), verticals_camera=edges_of(true, 60, 60))
    guessed, known = (up_of_shot([wrong], camera, lens_known=known) for known in (False, True))
    assert known.rests_on == ("camera", "network", "edges")
    assert degrees_between(known.up, true) < 0.5 and degrees_between(guessed.up, true) < 2.5
    assert known.sigma_rad < guessed.sigma_rad < up_of_shot([wrong], still(lift)).sigma_rad


def drawn(up, *places, time_s=0.5):
    """Lines as an artist draws them along `up` [3] in the camera, from places [3] m."""
    ends = [projected(np.stack([place, place + up]), K).ravel() for place in np.array(places)]
    return WorldHints("; ".join(" ".join(f"{x:.3f}" for x in (*end, time_s)) for end in ends))


def test_drawn_lines_overrule_what_the_network_says():
    lift, true = stepping(), up_from_angles(9.0, 22.0)
    wrong = told(lift, -up_from_angles(-5.0, 5.0), sigma_deg=2.0)
    belief = up_of_shot([wrong], still(lift), drawn(true, [-1.5, 1.0, 4.0], [1.5, 1.0, 4.0]))
    assert degrees_between(belief.up, true) < 1.0
    assert belief.rests_on[-1] == "artist"


def test_one_drawn_line_stands_upright_in_the_picture_that_it_was_drawn_over():
    lift = stepping()
    times_s = lift.track.times_s
    R = matrix_from_axis_angle(np.linspace(0.0, 0.6, len(times_s))[:, None] * [0.0, 0.3, 1.0])
    camera = CameraPath(times_s, R, np.zeros((len(times_s), 3)), "turning", 1.0)
    then = 20
    hints = drawn(up_from_angles(9.0, 10.0), [0.8, 0.5, 4.0], time_s=times_s[then])
    up_then = R[then].T @ up_of_shot([lift], camera, hints).up
    start, end = np.array(hints.vertical_lines()[0].from_px), np.array(hints.vertical_lines()[0].to_px)
    place = np.linalg.solve(K, [*start, 1.0]) * 4.0
    shown = projected(np.stack([place, place + up_then]), K)
    along, wanted = np.diff(shown, axis=0)[0], end - start
    angle = np.arctan2(along[0] * wanted[1] - along[1] * wanted[0], along @ wanted)
    assert abs(np.rad2deg(angle)) < 0.5


def test_upright_here_overrules_network_and_holding():
    person = standing(pitch_deg=30.0, roll_deg=-12.0)
    lift = told(lifted(person), -up_from_angles(10.0, 0.0), sigma_deg=1.0)
    belief = up_of_shot([lift], still(lift), WorldHints(upright_at_s=0.7))
    assert degrees_between(belief.up, up_from_angles(-12.0, 30.0)) < 1.5
    assert belief.rests_on == ("camera", "artist")


def test_upright_here_is_of_the_time_that_is_said():
    turns = matrix_from_axis_angle(np.linspace(0.0, 0.5, 60)[:, None] * [0.0, 0.0, 1.0])
    person = standing(roll_deg=-10.0)
    R = np.array(person.R_parent_from_joint)
    R[:, 0] = turns @ R[:, 0]
    lift = lifted(seen(person.body, R, np.tile([0.0, 0.5, 4.0], (60, 1))))
    rolls = [angles_from_up(up_of_shot([lift], still(lift), WorldHints(upright_at_s=time_s)).up)[0]
             for time_s in (0.0, 1.9)]  # fmt: skip
    assert rolls[1] - rolls[0] == pytest.approx(np.rad2deg(0.5) * 57 / 59, abs=1.5)


def test_a_camera_that_knows_up_is_taken_as_it_is():
    lift, true = told(stepping(), -up_from_angles(0.0, 5.0), sigma_deg=1.0), up_from_angles(15.0, 30.0)
    belief = up_of_shot([lift], replace(still(lift), up_first=true[None]))
    assert degrees_between(belief.up, true) < 0.01 and belief.rests_on == ("file",)

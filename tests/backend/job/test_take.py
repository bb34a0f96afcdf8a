"""A take from footage to files. What a perfect detector would find in it lies in the cache already."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from backend.detect.detector import DEFAULT_MODEL
from backend.hypotheses import configuration, weights
from backend.hypotheses.weights import write_flow
from backend.job.run import run_job
from backend.job.thumbnails import SIDE_PX
from backend.lift.network.weights import weights_name
from backend.track.tracks import Track
from motion.body import read_open_body
from motion.job import CACHE, ERROR, MOTION, PREVIEW, RESULT, THUMBNAIL, Event, Failure, Request, Result
from motion.shots import shots_of
from motion.smplx_file import read_smplx
from tests.smplx_model import PACKAGE_VERTEX_COUNT, write_smplx_model

from ..hypotheses.made_up_lift import some_flow
from ..lift.made_up_track import reaching_and_stepping
from ..made_up_take import SIZE, captured, detected, home_without_networks, motion_in, somebody
from ..video.made_footage import write_film

FRAMES = 12
FEW = {"samples": 4}   # hypotheses


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path / "home"))
    return home_without_networks(tmp_path / "home")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "Tanz & 舞.mp4", FRAMES, size=SIZE)


@pytest.fixture
def job(tmp_path: Path, home: Path, film: Path) -> Path:
    folder = tmp_path / "job"
    folder.mkdir()
    detected(folder, film, [somebody(FRAMES)])
    return folder


@pytest.fixture(autouse=True)
def flow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small one in place of the shipped one."""
    path = tmp_path / "flow.npz"
    write_flow(path, some_flow(), {})
    for module in (configuration, weights):
        monkeypatch.setattr(module, "SHIPPED", path)
    weights.shipped_flow.cache_clear()
    yield path
    weights.shipped_flow.cache_clear()


def files(job: Path) -> set[str]:
    return {str(path.relative_to(job)) for path in job.rglob("*") if path.is_file() and path.parent.name != CACHE}


def test_a_take_says_who_was_seen_and_how_well_it_fits(job: Path, film: Path) -> None:
    result = captured(job, film, preview=True, hypotheses=FEW)
    assert isinstance(result, Result), result
    person = result.people[0]
    assert (person.folder, person.frames, person.seen_share) == ("person_00", FRAMES, 1.0)
    assert person.reprojection_px < 30.0
    assert person.frames_per_second == pytest.approx(FRAMES / person.seconds)
    assert files(job) - {"lock"} == {"request.json", "events.jsonl", "backend.log", "result.json", "preview.mp4",
                                    "person_00/motion.npz", "person_00/thumbnail.png"}  # fmt: skip
    assert list(result.stages_s) == ["open", "detect", "track", "camera", "lift", "hypotheses", "world", "write",
                                     "preview"]  # fmt: skip
    with av.open(str(job / PREVIEW)) as container:
        assert sum(1 for _ in container.decode(video=0)) == FRAMES


def test_the_motion_knows_footage_settings_and_versions(job: Path, film: Path) -> None:
    captured(job, film, body={"height_m": 1.62})
    motion = motion_in(job)
    assert motion.frame_count == FRAMES and motion.cameras[0].video_path == str(film)
    assert motion.settings["body"]["height_m"] == 1.62 and motion.settings["device"] == "auto"
    assert motion.versions["numpy"] == np.__version__
    assert motion.versions["lifter"] == f"network {weights_name()}"
    captured(job, film, lift={"lifter": "direct"})
    assert motion_in(job).versions["lifter"] == "direct"


def test_the_motion_says_how_unsure_it_is_and_which_flow_said_so(job: Path, film: Path, flow: Path) -> None:
    captured(job, film, hypotheses=FEW)
    motion = motion_in(job)
    assert (motion.spread_m.max(axis=0)[1:] > 0.0).all()
    assert len(motion.choices) == len(motion.hypotheses) <= 5
    assert motion.versions["flow"] == weights_name(flow)


def test_a_damaged_flow_is_told_before_the_work(job: Path, film: Path, flow: Path) -> None:
    flow.write_bytes(b"no flow")
    failure = captured(job, film, hypotheses=FEW)
    assert isinstance(failure, Failure) and failure.code == "bad-flow"
    assert {json.loads(line)["stage"] for line in (job / "events.jsonl").read_text().splitlines()} == {"open"}
    assert isinstance(captured(job, film, hypotheses={"samples": 0}), Result)


@pytest.mark.parametrize("change", [{"hypotheses": {"samples": 0}}, {"lift": {"lifter": "direct"}}])
def test_who_asks_for_no_other_poses_gets_none(job: Path, film: Path, change: dict) -> None:
    result = captured(job, film, **change)
    assert isinstance(result, Result) and "hypotheses" not in result.stages_s
    motion = motion_in(job)
    assert not motion.spread_m.any() and not len(motion.hypotheses) and "flow" not in motion.versions


@pytest.mark.parametrize("change", [
    {"body": {"height_m": 1.9}},
    {"body": {"actor": "Ada"}},
    {"camera": {"fov_deg": 50.0}},
    {"lift": {"lifter": "direct"}},
    {"hypotheses": {"samples": 4, "aggregate": True}},
    {"world": {"clean_up": {"strength": 0.5}}},
])  # fmt: skip
def test_another_body_camera_lift_or_floor_does_not_detect_again(job: Path, film: Path, change: dict) -> None:
    assert isinstance(captured(job, film, actors=job / "actors", **change), Result)


@pytest.mark.parametrize("change", [{"video": {"out_s": 0.5}}, {"detect": {"most_people": 2}}])
def test_another_part_of_the_clip_or_another_detection_does(job: Path, film: Path, change: dict) -> None:
    assert isinstance(captured(job, film, **change), Failure)


def test_other_footage_under_the_same_name_is_not_taken_for_the_old(job: Path, film: Path) -> None:
    write_film(film, FRAMES, size=SIZE, level=0.9)
    assert isinstance(captured(job, film), Failure)


def test_footage_that_was_only_moved_is_known_again(job: Path, film: Path) -> None:
    moved = film.rename(film.with_name("moved.mp4"))
    assert isinstance(captured(job, moved), Result)


def test_everybody_has_a_number_a_picture_and_a_time(job: Path, film: Path) -> None:
    detected(job, film, [somebody(FRAMES), somebody(FRAMES, right_px=150.0)])
    people = captured(job, film).people
    assert [person.thumbnail for person in people] == ["person_00/thumbnail.png", "person_01/thumbnail.png"]
    for person in people:
        assert cv2.imread(str(job / person.thumbnail)).shape == (SIDE_PX, SIDE_PX, 3)
        assert (person.first_s, person.last_s) == pytest.approx((0.0, (FRAMES - 1) / 30))


@pytest.mark.parametrize("edits, why", [("drop 1", "dropped"), ("only 2", "dropped"), ("merge 2 1", "merged into 2")])
def test_who_is_left_out_is_listed_with_a_picture_until_brought_back(
    job: Path, film: Path, edits: str, why: str
) -> None:
    detected(job, film, [somebody(FRAMES), somebody(FRAMES, right_px=150.0)])
    captured(job, film)
    result = captured(job, film, track={"people": edits})
    assert [person.number for person in result.people] == [2] and result.people_edits == edits
    assert [(other.number, other.why) for other in result.left_out] == [(1, why)]
    assert (job / "people_left_out/01.png").is_file() and not (job / "person_01").exists()
    assert not captured(job, film).left_out
    assert not (job / "people_left_out").exists()


def test_people_who_are_gone_leave_no_motion_behind_and_files_of_others_stay(job: Path, film: Path) -> None:
    detected(job, film, [somebody(FRAMES), somebody(FRAMES, right_px=150.0)])
    assert len(captured(job, film, preview=True).people) == 2
    (job / "person_01/notes.txt").write_text("mine")
    detected(job, film, [somebody(FRAMES)])
    assert len(captured(job, film).people) == 1
    assert not (job / "person_01" / MOTION).exists() and not (job / "person_01" / THUMBNAIL).exists()
    assert (job / "person_01/notes.txt").read_text() == "mine"
    assert not (job / PREVIEW).exists()   # it showed what is there no more


def within(track: Track, first: int, end: int) -> Track:
    """Who is seen from picture `first` to before `end` alone."""
    there = (np.arange(len(track.seen)) >= first) & (np.arange(len(track.seen)) < end)
    return replace(track, seen=there)


def test_people_of_two_shots_have_worlds_of_their_own_and_the_times_of_their_shots(tmp_path: Path, home: Path) -> None:
    film, job = write_film(tmp_path / "cut.mp4", 30, size=SIZE), tmp_path / "job"
    job.mkdir()
    left, right = somebody(30), somebody(30, right_px=150.0)
    detected(job, film, [within(left, 0, 11), within(right, 11, 30), within(left, 11, 28)], cuts=[11])
    result = captured(job, film, preview=True)
    assert isinstance(result, Result) and result.preview, result
    motions = sorted((motion_in(job, person) for person in range(3)), key=lambda m: (m.start_s, -m.seen.mean()))
    assert [(m.start_s, m.frame_count) for m in motions] == [(0.0, 11), *[(pytest.approx(11 / 30), 19)] * 2]
    assert shots_of(motions) == [0, 1, 1]
    before, first, second = (motion.cameras[0] for motion in motions)
    np.testing.assert_array_equal(first.t_camera_from_world, second.t_camera_from_world)
    assert before.source_times_s[-1] == pytest.approx(29 / 30)
    starts = [np.linalg.norm(motion.root_world[0, :2]) for motion in motions]
    assert starts[0] < 0.02 and min(starts[1:]) < 0.02 and max(starts[1:]) > 0.3
    with av.open(str(job / PREVIEW)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 30


def test_a_person_of_one_shot_is_solved_as_if_the_others_were_not_there(tmp_path: Path, home: Path) -> None:
    film, job = write_film(tmp_path / "cut.mp4", 30, size=SIZE), tmp_path / "job"
    job.mkdir()
    detected(job, film, [within(somebody(30), 0, 20)], cuts=[20])
    captured(job, film)
    alone = motion_in(job)
    detected(job, film, [within(somebody(30), 0, 20), within(somebody(30, right_px=99.0), 20, 30)], cuts=[20])
    captured(job, film)
    np.testing.assert_array_equal(motion_in(job).root_world, alone.root_world)
    np.testing.assert_array_equal(motion_in(job).R_parent_from_joint, alone.R_parent_from_joint)


def test_nobody_in_the_clip_is_said_by_its_name(job: Path, film: Path) -> None:
    detected(job, film, [])
    failure = captured(job, film)
    assert (failure.code, failure.sentence, failure.mend) == (
        "no-person", f"No person was found in {film.name}.",
        "Choose a clip in which the body is visible from head to foot.",
    )  # fmt: skip


def test_a_graphics_card_that_is_not_there_is_told_before_any_work(job: Path, film: Path, monkeypatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert captured(job, film, device="cuda").code == "no-cuda"
    assert isinstance(captured(job, film, device="cpu"), Result)


def test_a_missing_model_is_named_before_any_work(job: Path, film: Path, home: Path) -> None:
    (home / f"models/{DEFAULT_MODEL}.task").unlink()
    assert captured(job, film).sentence == f"The model {DEFAULT_MODEL} is not installed in {home / 'models'}."


def test_with_the_users_smplx_file_the_motion_says_its_betas_and_gender(job: Path, film: Path, tmp_path: Path) -> None:
    model = write_smplx_model(tmp_path / "SMPLX_FEMALE.npz")
    captured(job, film, body={"smplx_file": str(model), "height_m": 1.6})
    motion = motion_in(job)
    shaped = read_smplx(model, read_open_body()).shaped(motion.betas)
    assert np.abs(motion.betas).max() > 0.1 and motion.gender == "female" and not len(motion.body_shape)
    np.testing.assert_allclose(motion.skeleton.rest_joints, shaped.skeleton.rest_joints, atol=1e-9)


@pytest.mark.parametrize("lifter", ["network", "direct"])
@pytest.mark.parametrize("smplx", [False, True])
def test_an_actor_has_the_same_bones_in_every_take_and_in_the_file(
    job: Path, film: Path, tmp_path: Path, smplx: bool, lifter: str
) -> None:
    body = {"actor": "Ada", "smplx_file": str(write_smplx_model(tmp_path / "SMPLX_MALE.npz")) if smplx else ""}
    takes = []
    for yaw, height in ((0.6, {"height_m": 1.7}), (-0.5, {})):
        detected(job, film, [reaching_and_stepping(yaw, frames=FRAMES).track])
        result = captured(job, film, actors=tmp_path / "actors", body={**body, **height}, lift={"lifter": lifter})
        assert isinstance(result, Result), result
        takes.append(motion_in(job))
    kept = json.loads((tmp_path / "actors/Ada.json").read_text(encoding="utf-8"))
    for motion in takes:
        np.testing.assert_allclose(motion.skeleton.rest_joints, kept["rest_joints"], atol=1e-6)
        np.testing.assert_allclose(motion.betas if smplx else motion.body_shape, kept["shape"], atol=1e-6)


def test_without_it_the_betas_are_zero_and_the_shape_has_a_key_of_its_own(job: Path, film: Path) -> None:
    captured(job, film, body={"height_m": 1.6})
    with np.load(job / "person_00" / MOTION) as archive:
        assert not archive["betas"].any() and archive["body_shape"].any() and archive["gender"] == "neutral"
        assert list(archive["neutral_parts"]) == ["jaw", "eyes", "expression"]


def test_the_smplx_package_puts_the_joints_where_the_motion_has_them(job: Path, film: Path, tmp_path: Path) -> None:
    smplx = pytest.importorskip("smplx", reason="smplx, whose licence is for research only, is not installed")
    model = write_smplx_model(tmp_path / "SMPLX_NEUTRAL.npz", PACKAGE_VERTEX_COUNT)
    captured(job, film, body={"smplx_file": str(model), "height_m": 1.83})
    with np.load(job / "person_00" / MOTION) as archive:
        joints = joints_by_package(smplx, model, archive["betas"], archive["poses"], archive["trans"])
    np.testing.assert_allclose(joints, motion_in(job).world_joints(), atol=1e-4)


def joints_by_package(smplx, model: Path, betas: np.ndarray, poses: np.ndarray, trans: np.ndarray) -> np.ndarray:
    """Joints [T, 55, 3] m of an AMASS archive, as everybody else computes them."""
    import torch

    frames = len(poses)
    layer = smplx.create(str(model), "smplx", ext="npz", use_pca=False, flat_hand_mean=True, num_betas=len(betas),
                         batch_size=frames)  # fmt: skip
    names = {"global_orient": 3, "body_pose": 63, "jaw_pose": 3, "leye_pose": 3, "reye_pose": 3, "left_hand_pose": 45,
             "right_hand_pose": 45}  # fmt: skip
    split = np.split(poses.astype(np.float32), np.cumsum(list(names.values()))[:-1], axis=1)
    parts = {name: torch.from_numpy(part) for name, part in zip(names, split, strict=True)}
    shape = torch.from_numpy(np.tile(betas, (frames, 1)).astype(np.float32))
    posed = layer(betas=shape, transl=torch.from_numpy(trans.astype(np.float32)), **parts)
    return posed.joints[:, :55].detach().numpy()


def test_a_failing_run_leaves_the_last_take_as_it_was(job: Path, film: Path) -> None:
    captured(job, film)
    before = {name: (job / name).read_bytes() for name in ("person_00/motion.npz", RESULT)}
    assert isinstance(captured(job, film, body={"smplx_file": "nowhere.npz"}), Failure)
    assert {name: (job / name).read_bytes() for name in before} == before
    assert (job / ERROR).exists()


def test_a_preview_that_cannot_be_written_costs_the_preview_alone(job: Path, film: Path) -> None:
    (job / PREVIEW / "in the way").mkdir(parents=True)
    result = captured(job, film, preview=True)
    assert isinstance(result, Result) and result.preview == ""
    assert result.warnings[-1].startswith("There is no preview: ")
    assert motion_in(job).frame_count == FRAMES


def test_cancelled_during_the_preview_the_motions_are_there(job: Path, film: Path) -> None:
    stop = threading.Event()

    def listen(event: Event) -> None:
        if event.stage == "preview":
            stop.set()

    Request((str(film),)).write(job)
    assert run_job(job, listener=listen, stop=stop).code == "cancelled"
    assert motion_in(job).frame_count == FRAMES and not (job / PREVIEW).exists()


def test_a_name_longer_than_the_disk_allows_is_not_called_our_bug(job: Path) -> None:
    Request((os.sep + 300 * "x" + ".mp4",)).write(job)
    failure = run_job(job)
    assert failure.code in ("out-of-reach", "no-file") and "x.mp4" in failure.sentence


def test_the_same_take_twice_is_the_same_to_the_bit(job: Path, film: Path) -> None:
    captured(job, film)
    first = motion_in(job)
    captured(job, film)
    np.testing.assert_array_equal(motion_in(job).R_parent_from_joint, first.R_parent_from_joint)
    np.testing.assert_array_equal(motion_in(job).root_world, first.root_world)

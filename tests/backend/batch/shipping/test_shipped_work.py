"""A task on a machine that sees none of the driver's files leaves the same files as one that does."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.batch.shipping.node_folder import PREFIX, WORKERS, Cleaner, drop, local_folder, local_path, node_folder
from backend.batch.shipping.sender import Sender, Shipment, shipment_of
from backend.batch.shipping.shipped_work import do_shipped
from backend.batch.task import Finished, Needs, Task
from backend.settings import settings_from
from motion.batch.words import BatchRequest, WantedTake
from motion.job import CameraResult, Failure, Request, Result, read_request, write_json
from motion.whole_files import written_whole

BATCH = "test"


class Studio:
    """The driver's folders, with a take of two clips and a solved camera, and a machine that shall not see them."""

    def __init__(self, folder: Path) -> None:
        self.footage, self.job = folder / "studio/footage", folder / "studio/out/jump"
        self.footage.mkdir(parents=True)
        self.job.mkdir(parents=True)
        self.clips = [self.footage / "jump_cam1.mp4", self.footage / "jump_cam2.mp4"]
        for clip in self.clips:
            clip.write_bytes(os.urandom(5000))
        self.camera = self.footage / "camera.json"
        self.camera.write_text("{}")
        self.actors = folder / "studio/actors"
        self.settings = {"camera": {"path_file": str(self.camera)}, "device": "cpu"}
        Request(tuple(map(str, self.clips)), self.settings, actor_folder=str(self.actors)).write(self.job)
        self.sender = Sender(Shipment(BATCH, (str(self.job),)))

    def do(self, work, kind: str = "make"):
        return do_shipped(Task("jump", str(self.job), kind, Needs()), BATCH, self.sender, work)


@pytest.fixture
def studio(tmp_path, monkeypatch) -> Studio:
    (tmp_path / "machine").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "machine"))
    return Studio(tmp_path)


def written_take(job: Path) -> Result:
    """As a capture of the request in `job` writes it, as far as it names files: a motion, texts, a result."""
    request = read_request(job)
    (job / "person_00").mkdir(exist_ok=True)
    with written_whole(job / "person_00/motion.npz") as stream:
        settings = json.dumps(settings_from(request.settings).to_dict(), ensure_ascii=False)
        paths = np.array([str(Path(clip)) for clip in request.clips], dtype=np.str_)
        np.savez_compressed(stream, poses=np.arange(330.0), settings=settings, video_path=paths)
    (job / "backend.log").write_text(f"opened {request.clips[0]}\n", encoding="utf-8")
    cameras = tuple(CameraResult(clip, doubts=(f"{clip} is odd.",)) for clip in request.clips)
    result = Result((), cameras=cameras, warnings=(f"{job} is full of wonders.",))
    result.write(job)
    return result


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_shipped_take_is_byte_by_byte_that_of_one_machine(studio):
    outcome = studio.do(lambda task: written_take(Path(task.job)))
    shipped = files_in(studio.job)
    assert outcome == written_take(studio.job)
    assert shipped == files_in(studio.job)


@pytest.mark.parametrize("name", ["Ümläute & \"quotes\"", "plain"])
def test_paths_with_any_letters_come_back_as_they_were(tmp_path, monkeypatch, name):
    (tmp_path / "machine").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "machine"))
    studio = Studio(tmp_path / name)
    outcome = studio.do(lambda task: written_take(Path(task.job)))
    shipped = files_in(studio.job)
    assert outcome == written_take(studio.job) and shipped == files_in(studio.job)


def test_the_work_is_told_of_no_file_outside_of_the_machines_temporary_folder(studio, tmp_path):
    seen: list[str] = []

    def look(task: Task) -> Finished:
        request = read_request(Path(task.job))
        settings = settings_from(request.settings)
        seen.extend((task.job, *request.clips, request.actor_folder, settings.camera.path_file))
        assert [Path(clip).read_bytes() for clip in request.clips] == [clip.read_bytes() for clip in studio.clips]
        assert Path(settings.camera.path_file).read_text() == "{}"
        return Finished()

    assert studio.do(look, "camera") == Finished()
    assert len(seen) == 5 and all(Path(each).is_relative_to(tmp_path / "machine") for each in seen)


def test_what_one_machine_kept_the_next_one_finds(studio, monkeypatch, tmp_path):
    def detect(task: Task) -> Finished:
        (Path(task.job) / "cache").mkdir(exist_ok=True)
        (Path(task.job) / "cache/detect-1.npz").write_bytes(b"people")
        return Finished()

    studio.do(detect, "detect")
    assert (studio.job / "cache/detect-1.npz").read_bytes() == b"people"
    (tmp_path / "other").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "other"))
    found: list[bytes] = []
    studio.do(lambda task: found.append((Path(task.job) / "cache/detect-1.npz").read_bytes()) or Finished(), "camera")
    assert found == [b"people"]


def test_what_a_killed_worker_left_unsent_is_sent_by_the_next_one(studio):
    class Killed(BaseException):
        pass

    def killed(task: Task) -> Finished:
        (Path(task.job) / "cache").mkdir()
        (Path(task.job) / "cache/detect-1.npz").write_bytes(b"people")
        raise Killed

    with pytest.raises(Killed):
        studio.do(killed, "detect")
    assert not (studio.job / "cache").exists()
    assert studio.do(lambda task: Finished(), "detect") == Finished()
    assert (studio.job / "cache/detect-1.npz").read_bytes() == b"people"


def test_what_the_work_removes_goes_from_the_drivers_folder_and_the_request_stays_the_users(studio):
    (studio.job / "cache").mkdir()
    (studio.job / "cache/old.npz").write_bytes(b"old")
    before = (studio.job / "request.json").read_bytes()
    studio.do(lambda task: (Path(task.job) / "cache/old.npz").unlink() or Finished(), "camera")
    assert not (studio.job / "cache/old.npz").exists()
    assert (studio.job / "request.json").read_bytes() == before


def test_an_actor_who_was_measured_on_a_machine_is_kept_with_the_user(studio):
    def measure(task: Task) -> Finished:
        folder = Path(read_request(Path(task.job)).actor_folder)
        write_json(folder / "Ada.json", {"height_m": 1.7})
        return Finished()

    assert studio.do(measure) == Finished()
    assert json.loads((studio.actors / "Ada.json").read_text()) == {"height_m": 1.7}


def test_a_failure_names_the_users_files(studio):
    studio.clips[1].unlink()

    def fail(task: Task) -> Failure:
        missing = read_request(Path(task.job)).clips[1]
        assert not Path(missing).exists()
        return Failure("no-such-file", f"There is no file {missing}.", f"See {Path(task.job) / 'backend.log'}.")

    said = studio.do(fail, "open")
    assert said.sentence == f"There is no file {studio.clips[1]}." and said.mend == f"See {studio.job / 'backend.log'}."


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_footage_that_the_driver_may_not_read_is_named(studio):
    studio.clips[0].chmod(0)
    said = studio.do(lambda task: Finished(), "open")
    assert said.sentence == f"{studio.clips[0]} cannot be used (Permission denied)."


def test_all_pictures_of_a_sequence_are_sent_and_nothing_else_of_its_folder(studio):
    pictures = studio.footage / "seq"
    pictures.mkdir()
    for number in range(12):
        (pictures / f"shot_{number:03d}.png").write_bytes(bytes([number]))
    (pictures / "notes.pdf").write_bytes(b"x" * 100)
    Request((str(pictures), str(pictures / "shot_004.png"))).write(studio.job)
    found: list[list[str]] = []

    def look(task: Task) -> Finished:
        folder, first = map(Path, read_request(Path(task.job)).clips)
        found.append(sorted(path.name for path in folder.iterdir()))
        found.append(sorted(path.name for path in first.parent.iterdir()))
        return Finished()

    studio.do(look, "open")
    names = [f"shot_{number:03d}.png" for number in range(12)]
    assert found == [names, names[4:]]
    studio.sender.end(str(studio.job))
    drop(node_folder(BATCH), studio.sender.no_longer_needed())
    assert not list((node_folder(BATCH) / "footage").rglob("*.png"))


def test_footage_of_takes_that_are_over_makes_room(studio):
    studio.do(lambda task: Finished())
    folder = node_folder(BATCH)
    assert local_path(folder, str(studio.clips[0])).exists()
    studio.sender.end(str(studio.job))
    drop(folder, studio.sender.no_longer_needed())
    assert not local_path(folder, str(studio.clips[0])).exists()
    assert not local_folder(folder, str(studio.job)).exists()


def test_what_dead_batches_left_is_removed_and_what_live_ones_use_stays(studio, tmp_path):
    dead, alive = (tmp_path / "machine" / f"{PREFIX}{name}" for name in ("dead", "alive"))
    for folder, process in ((dead, 2**22 + 1), (alive, os.getppid())):
        (folder / WORKERS).mkdir(parents=True)
        (folder / WORKERS / str(process)).touch()
    own = node_folder(BATCH)
    assert own.exists() and alive.exists() and not dead.exists()
    Cleaner().clear(BATCH)
    assert not own.exists() and alive.exists()


def test_a_shipment_is_of_all_takes_and_never_meets_another(tmp_path):
    request = BatchRequest((WantedTake("a", ("/a.mp4",)), WantedTake("b", ("/b.mp4",))))
    one, other = shipment_of(tmp_path, request), shipment_of(tmp_path, replace(request, takes_folder="/takes"))
    assert one.jobs == (str(tmp_path / "a"), str(tmp_path / "b"))
    assert other.jobs == (str(Path("/takes/a")), str(Path("/takes/b")))
    assert one.batch != other.batch


def test_every_setting_that_names_a_file_is_known_to_the_sender(studio):
    groups = settings_from({}).to_dict()
    files = {(group, name) for group, values in groups.items() if isinstance(values, dict)
             for name in values if name.endswith("_file")}  # fmt: skip
    settings = {group: {name: str(studio.camera) for of, name in files if of == group} for group, _ in files}
    settings["detect"] = {"model": str(studio.camera)}
    Request((str(studio.clips[0]),), settings).write(studio.job)
    assert set(studio.sender.wanted(str(studio.job)).files) == {str(studio.clips[0]), str(studio.camera)}
    assert {name for _, name in files} >= {"path_file", "smplx_file", "calibration_file"}

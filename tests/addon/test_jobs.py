"""Captures on the disk: made, listed, measured, deleted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from mambocap.addon import jobs
from mambocap.motion.job import CACHE, ERROR, EVENTS, RESULT, Failure, PersonResult, Request, Result
from mambocap.motion.places import jobs_folder
from mambocap.motion.refusal import Refusal


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def made(name: str = "dance.mp4") -> Path:
    return jobs.new_job(Path(name), Request((f"/films/{name}",)))


def finish(job: Path) -> None:
    (job / "person_00").mkdir()
    (job / "person_00" / "motion.npz").write_bytes(b"motion")
    Result((PersonResult("person_00", 24, 1.0, 24.0, 3.0, 1.0),)).write(job)


def test_names_of_films_in_any_script_become_folders():
    for name in ("Tänze & Sprünge.mp4", "踊り.mov", "../../evil.mp4", "a" * 300 + ".mp4"):
        folder = made(name)
        assert folder.parent == jobs_folder() and (folder / "request.json").exists()


def keep(job: Path, name: str, content: bytes) -> None:
    (job / CACHE).mkdir(exist_ok=True)
    (job / CACHE / name).write_bytes(content)


@pytest.mark.parametrize("has_links", [True, False])
def test_a_camera_more_finds_what_was_kept_of_the_clips_before(monkeypatch, has_links):
    if not has_links:
        monkeypatch.setattr(jobs.os, "link", lambda *_: (_ for _ in ()).throw(PermissionError()))
    front, side, other = made("front.mp4"), made("side.mp4"), made("other.mp4")
    keep(front, "detect-a.npz", b"of the front")
    keep(side, "detect-b.npz", b"of the side")
    keep(other, "detect-c.npz", b"of another film")
    both = jobs.new_job(Path("front.mp4"), Request(("/films/front.mp4", "/films/side.mp4")))
    assert {path.name: path.read_bytes() for path in (both / CACHE).iterdir()} == {
        "detect-a.npz": b"of the front", "detect-b.npz": b"of the side"}  # fmt: skip
    jobs.delete(front)
    assert (both / CACHE / "detect-a.npz").read_bytes() == b"of the front"


def test_one_clip_is_captured_afresh():
    keep(made(), "detect-a.npz", b"")
    assert not (made() / CACHE).exists()


def test_several_clips_are_called_by_the_first(home):
    job = jobs.new_job(Path("a.mp4"), Request(("/films/a.mp4", "/films/b.mp4", "/films/c.mp4")))
    assert jobs.look_at(job).clip == jobs.clip_name(job) == "a.mp4 and 2 more"


def test_the_newest_capture_stands_first():
    first, second = made("one.mp4"), made("two.mp4")
    assert [job.folder for job in jobs.all_jobs()] == [second, first]
    assert [job.clip for job in jobs.all_jobs()] == ["two.mp4", "one.mp4"]


def test_the_state_is_that_of_the_last_run():
    job = made()
    assert jobs.look_at(job).state == "interrupted"
    (job / EVENTS).write_text("")
    finish(job)
    assert (jobs.look_at(job).state, jobs.look_at(job).people) == ("finished", 1)
    Failure("bug", "It broke.", "Report it.").write(job)
    assert jobs.look_at(job).state == "failed"
    (job / ERROR).unlink()
    later_ns = (job / RESULT).stat().st_mtime_ns + 1_000_000_000
    os.utime(job / EVENTS, ns=(later_ns, later_ns))
    assert jobs.look_at(job).state == "interrupted", "solving again was broken off, the result is an older one"


def test_damaged_folders_are_passed_over():
    made()
    for name, text in (("a", "{"), ("b", "[]"), ("c", "")):
        (jobs_folder() / name).mkdir()
        (jobs_folder() / name / "request.json").write_text(text)
    (jobs_folder() / "empty").mkdir()
    assert len(jobs.all_jobs()) == 1


def test_deleting_takes_the_capture_and_nothing_else():
    job, other = made("one.mp4"), made("two.mp4")
    jobs.delete(job)
    assert not job.exists() and other.exists()


@pytest.mark.parametrize("name", ["", ".", "..", "empty"])
def test_what_is_no_capture_is_not_deleted(home, name):
    job = made()
    (jobs_folder() / "empty").mkdir()
    with pytest.raises(Refusal, match="is no capture of Mambocap"):
        jobs.delete(jobs_folder() / name)
    assert job.exists() and (jobs_folder() / "empty").exists()


def test_deleting_the_cache_leaves_the_motion():
    job = made()
    finish(job)
    (job / CACHE).mkdir()
    (job / CACHE / "detections.npz").write_bytes(b"0" * 3_000_000)
    assert jobs.size_words(jobs.all_jobs()) == "3 MB"
    jobs.delete_cache(job)
    assert not (job / CACHE).exists()
    assert jobs.look_at(job).people == 1

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

"""`clean` frees what only saves time, and nothing else."""

from __future__ import annotations

from pathlib import Path

from motion.job import CACHE, DONE, LIVE_PICTURE, MOTION, Request

from ..processes import ROOT, finished, started, wait_for_stage


def a_job(folder: Path) -> Path:
    (folder / CACHE).mkdir(parents=True)
    (folder / "person_00").mkdir()
    Request(("dance.mp4",)).write(folder)
    (folder / CACHE / "detect-0.npz").write_bytes(bytes(1_500_000))
    (folder / LIVE_PICTURE).write_bytes(bytes(500_000))
    (folder / "person_00" / MOTION).write_bytes(b"mine")
    return folder


def test_caches_of_all_jobs_go_and_results_stay(tmp_path: Path) -> None:
    jobs = [a_job(tmp_path / "jobs" / name) for name in ("one", "two")]
    ended = finished("-m", "backend", "clean", MAMBOCAP_HOME=str(tmp_path))
    assert (ended.returncode, ended.stdout) == (DONE, "4.0 MB deleted from 2 captures.\n")
    for job in jobs:
        assert not (job / CACHE).exists() and (job / "person_00" / MOTION).read_bytes() == b"mine"


def test_a_running_capture_keeps_its_cache(tmp_path: Path) -> None:
    job = a_job(tmp_path / "jobs/busy")
    backend = started(ROOT / "tests/backend/slow_take.py", job)
    wait_for_stage(job, "lift")
    ended = finished("-m", "backend", "clean", job)
    backend.kill()
    backend.wait()
    assert "1 left alone because a capture runs there" in ended.stdout
    assert (job / CACHE).exists()


def test_a_folder_that_is_no_job_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / CACHE).mkdir()
    (tmp_path / CACHE / "photos.npz").touch()
    ended = finished("-m", "backend", "clean", tmp_path)
    assert ended.stderr == f"{tmp_path} is no job folder. Choose a folder that a capture has written.\n"
    assert (tmp_path / CACHE / "photos.npz").exists()

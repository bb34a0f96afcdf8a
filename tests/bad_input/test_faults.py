"""A whole take, and what may befall it: a full disk, a kill, a second capture, a card without memory."""

from __future__ import annotations

import os
import subprocess
import venv
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
import torch

from backend.body.skinning import posed_vertices
from backend.command_line.names import BUILD
from backend.device import ON_TO_THE_CPU, SMALLER_BATCHES
from backend.job.run import run_job
from backend.preview import people
from backend.preview.draw_preview import PreviewSettings, draw_preview
from backend.progress import silent
from backend.video.clip import VideoSettings
from backend.video.open_clip import open_clip
from motion.job import DONE, ERROR, LOG, MOTION, PREVIEW, RESULT, USER_CAN_MEND, Failure, Request, Result
from motion.places import environment_python
from tests.backend.made_up_take import SIZE, captured, detected, motion_in, somebody
from tests.backend.processes import ROOT, finished, started, wait_for, wait_for_stage
from tests.backend.video.made_footage import write_film

FRAMES = 12


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "dance.mp4", FRAMES, size=SIZE)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 1 MB; only root may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path, leave_bytes: int) -> Path:
    """Fill the disk but for some bytes; deleting the returned file frees it."""
    ballast = disk / "ballast"
    with open(ballast, "wb", buffering=0) as stream, pytest.raises(OSError):
        while True:
            stream.write(bytes(4096))
    with open(ballast, "r+b") as stream:
        stream.truncate(ballast.stat().st_size - leave_bytes)
    return ballast


def test_a_take_for_which_the_disk_is_too_small_says_so_and_goes_on_when_there_is_room(
    disk: Path, film: Path, home: Path
) -> None:
    detected(disk, film, [somebody(FRAMES)])
    Request((str(film),), preview=False).write(disk)
    ballast = fill(disk, leave_bytes=28 << 10)
    outcome = run_job(disk)
    assert isinstance(outcome, Failure) and outcome.code == "disk-full"
    assert outcome.sentence.startswith(f"The disk is full: {MOTION} could not be written to {disk}")
    assert outcome.mend == "Free some space there and start again; what is finished is kept."
    assert not (disk / RESULT).exists() and not list(disk.glob("person_*/*"))
    ballast.unlink()
    assert isinstance(run_job(disk), Result)


def test_an_output_folder_that_may_not_be_written_is_refused(disk: Path, film: Path, home: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    ended = finished("-m", "backend", "capture", film, "--out", disk / "take")
    assert ended.returncode == USER_CAN_MEND
    assert ended.stderr == (f"dance.mp4: take could not be written to {disk} (Read-only file system). "
                            "Choose a folder that you may write to.\n")  # fmt: skip


def test_a_backend_killed_in_the_preview_goes_on_without_detecting_again(job: Path, film: Path) -> None:
    film = write_film(film, 300, size=SIZE)
    detected(job, film, [somebody(300)])
    Request((str(film),)).write(job)
    backend = started("-m", "backend", "run", job)
    wait_for_stage(job, "preview")
    backend.kill()
    backend.wait()
    assert not (job / RESULT).exists() and not (job / PREVIEW).exists() and motion_in(job).frame_count == 300
    Request((str(film),), preview=False).write(job)
    assert finished("-m", "backend", "run", job).returncode == DONE
    assert "detect is taken from detect-" in (job / LOG).read_text(encoding="utf-8")
    assert not [path for path in job.rglob("*.tmp")]


def test_two_captures_into_one_folder_are_one_too_many(job: Path, film: Path) -> None:
    film = write_film(film, 150, size=SIZE)
    detected(job, film, [somebody(150)])
    first = started("-m", "backend", "capture", film, "--out", job)
    wait_for(lambda: (job / f"person_00/{MOTION}").exists())
    second = finished("-m", "backend", "capture", film, "--out", job)
    assert second.returncode == USER_CAN_MEND
    assert second.stderr.splitlines()[-1] == (
        f"dance.mp4: A capture is already running in {job} (process {first.pid}). "
        "Wait until it is done, cancel it, or choose another folder."
    )
    assert first.communicate()[0].startswith("person_00 (person 1): 150 frames in ") and not (job / ERROR).exists()


def test_an_environment_older_than_the_update_is_told_by_every_door(job: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "old", with_pip=False, symlinks=os.name != "nt")
    Request(("dance.mp4",)).write(job)
    words = ("The installed backend lacks the package numpy. "
             f"Press Install Backend in Blender's preferences of Mambocap, or run `{BUILD} setup`.")
    for arguments in (["run", job], ["capture", "dance.mp4", "--out", job]):
        command = [environment_python(tmp_path / "old"), "-m", "backend", *arguments]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert (ended.returncode, ended.stderr.strip()) == (USER_CAN_MEND, words)


@pytest.mark.parametrize("room, told", [(100, []), (5, [SMALLER_BATCHES]), (0, [SMALLER_BATCHES, ON_TO_THE_CPU])])
def test_a_card_without_memory_draws_the_same_preview_and_says_what_it_did(
    job: Path, film: Path, monkeypatch: pytest.MonkeyPatch, room: int, told: list[str]
) -> None:
    body, motion = captured_person(job, film)
    clip = open_clip(film, VideoSettings())
    draw_preview(clip, [motion], [body], job / "cpu.mp4", PreviewSettings(), silent)
    monkeypatch.setattr(people, "posed_vertices", card_with_room_for(room))
    said: list[str] = []
    draw_preview(clip, [motion], [body], job / "cuda.mp4", PreviewSettings(), silent, "cuda", said.append)
    assert said == told
    assert np.abs(pictures_in(job / "cuda.mp4") - pictures_in(job / "cpu.mp4")).mean() < 0.1   # of 255


def test_a_take_on_a_card_without_memory_is_whole_and_tells_it_once(
    job: Path, home: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = write_film(film, 70, size=SIZE)
    detected(job, film, [somebody(70)])
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    monkeypatch.setattr(people, "posed_vertices", card_with_room_for(0))
    result = captured(job, film, preview=True, device="cuda", lift={"lifter": "direct"})   # a real card is not there
    assert isinstance(result, Result) and result.preview == PREVIEW
    assert [each for each in result.warnings if "card" in each] == [SMALLER_BATCHES, ON_TO_THE_CPU]


def pictures_in(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.array([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)], dtype=float)


def captured_person(job: Path, film: Path):
    from motion.body import read_open_body

    detected(job, film, [somebody(FRAMES)])
    captured(job, film)
    motion = motion_in(job)
    return read_open_body().shaped(motion.body_shape).fitted_to(motion.skeleton), motion


def card_with_room_for(frames: int):
    """The true skinning, on a card whose memory really ends: torch's own error, from the call that computes."""
    def posed(body, R_parent_from_joint: np.ndarray, root: np.ndarray, device: str) -> npt.NDArray[np.float32]:
        if device != "cpu" and len(root) > frames:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return posed_vertices(body, R_parent_from_joint, root, "cpu")

    return posed

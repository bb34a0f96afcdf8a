"""A batch of made-up clips in Blender, with a backend that is played."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import bpy
import pytest
from mambocap.addon.batch import start_batch, watched
from mambocap.addon.batch.seen_batch import Seen

pytest_plugins = ["tests.addon.in_blender"]

PLAYED = Path(__file__).with_name("played_batch.py")


def until(condition: Callable[[], bool], timeout_s: float = 20.0) -> None:
    """Call the timer's function as Blender's event loop would, until `condition` holds."""
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, "it took too long"
        watched.look()
        time.sleep(0.01)


def batch() -> watched.Batch:
    shown = watched.batch_of(bpy.context.scene)
    assert shown is not None
    return shown


def seen() -> Seen:
    return batch().seen


def is_found() -> bool:
    return watched.batch_of(bpy.context.scene) is not None and not batch().is_finding


def is_over() -> bool:
    return is_found() and not seen().runs and batch().look is None


def states() -> dict[str, str]:
    return {name: row.state for name, row in seen().rows.items()}


def choose(folder: Path, *names: str) -> Path:
    """A folder of footage with these clips, chosen in the panel and looked through. Returns the batch's folder."""
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.mp4").write_bytes(b"not really a film")
    bpy.context.scene.mambocap_batch.folder = str(folder)
    until(is_found)
    return seen().places.folder


@pytest.fixture
def played(extension: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Mambocap enabled, with batches that are played."""
    monkeypatch.setattr(start_batch, "backend_python", lambda: Path(sys.executable))
    monkeypatch.setattr(start_batch, "is_installed", lambda: True)
    monkeypatch.setattr(start_batch, "arguments", lambda folder: [str(PLAYED), folder])
    yield
    for each in watched.batches.values():
        if each.process_id is not None:
            watched.backend_process.end(each.process_id)

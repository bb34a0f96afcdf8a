"""Which engine does a batch's tasks."""

from __future__ import annotations

from pathlib import Path

from backend.batch.engine import Engine
from backend.batch.this_machine import ThisMachine, fitting_workers
from backend.device import choose_device
from backend.settings import settings_from
from motion.batch.words import BatchRequest


def open_engine(folder: Path, request: BatchRequest) -> Engine:
    """For the request's takes, which are those that are to be done.

    Raises Refusal for settings that are none, a device that is not there, and a cluster that cannot be reached.
    """
    settings = settings_from(request.settings)
    if request.cluster:
        from backend.batch.ray_cluster import RayCluster  # an optional package

        return RayCluster(folder, request)
    clips = sum(len(take.clips) for take in request.takes)
    return ThisMachine(request.workers or min(clips, fitting_workers(choose_device(settings.device))))

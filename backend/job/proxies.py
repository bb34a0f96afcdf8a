"""Films that Blender can show in time, of those clips that it could not."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from backend.job.watch import Watch
from backend.progress import part_of
from backend.video.clip import Clip
from backend.video.proxy import needs_proxy, write_proxy
from motion.job import PROXY, RESULT, proxy_name


def write_proxies(job: Path, clips: Sequence[Clip], watch: Watch) -> None:
    """Of the motions' cameras, in their order; what an earlier run wrote and nobody needs goes."""
    needed = [camera for camera, clip in enumerate(clips) if needs_proxy(clip)]
    _remove_but(job, needed)
    if not needed:
        return
    with watch.stage("proxy") as report:
        sizes = [clips[camera].picture_count for camera in needed]
        for part, camera in enumerate(needed):
            with watch.clip(camera + 1, len(clips)):
                write_proxy(clips[camera], job / proxy_name(camera), part_of(report, sizes, part))


def _remove_but(job: Path, needed: Sequence[int]) -> None:
    """Nothing that no run has written."""
    if not (job / RESULT).exists():
        return
    kept = {proxy_name(camera) for camera in needed}
    for path in (job / PROXY, *job.glob("proxy_[0-9][0-9].mp4")):
        if path.name not in kept:
            with contextlib.suppress(OSError):
                path.unlink()

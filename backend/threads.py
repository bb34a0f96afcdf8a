"""How many threads this process works with: all cores, unless it is one of several workers. Results are the same."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

_given: int | None = None


def threads() -> int:
    """The number that use_threads() was given, else one for every core."""
    return _given or available_cores()


def use_threads(count: int) -> None:
    """Work with so many threads from here on; OpenCV and what torch does on the processor with one.

    With one thread the stages of detection take turns (`video/ahead.py`) instead of running beside each other.
    """
    global _given
    import cv2
    import torch  # here, since it takes seconds and whoever only asks threads() must not wait

    _given = max(1, count)
    cv2.setNumThreads(1)
    torch.set_num_threads(1)


@contextlib.contextmanager
def one_torch_thread() -> Iterator[None]:
    """Meanwhile torch works with one thread on the processor, as several part sums elsewhere and round otherwise."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def available_cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""What this machine has, or what of it the container or the job of a farm that we are in may use."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from backend.threads import available_cores

CONTROL_GROUPS = Path("/sys/fs/cgroup")    # Linux's limits of containers and of a farm's jobs
OUR_GROUPS = Path("/proc/self/cgroup")
# In each group's folder, of the second and of the first version.
MEMORY_LIMITS = ("memory.max", "memory.limit_in_bytes")


def memory_bytes() -> int:
    """0 where it cannot be known."""
    known = [size for size in (_installed_bytes(), *_limits(*MEMORY_LIMITS)) if size > 0]
    return min(known, default=0)


def cores() -> int:
    """Whole cores' worth of time that this process gets, at least 1."""
    shares = [quota / period for quota, period in _quotas() if quota > 0 and period > 0]
    return max(1, int(min([float(available_cores()), *shares])))


def _installed_bytes() -> int:
    if sys.platform == "win32":
        return _installed_on_windows()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def _limits(*names: str) -> Iterator[int]:
    for folder in _our_folders():
        for name in names:
            with contextlib.suppress(OSError, ValueError):   # no such file, or "max"
                yield _number(folder / name)


def _quotas() -> Iterator[tuple[int, int]]:
    """Microseconds of cores' time in so many microseconds."""
    for folder in _our_folders():
        with contextlib.suppress(OSError, ValueError):   # no such file, or "max 100000"
            quota, period = (folder / "cpu.max").read_text(encoding="ascii").split()
            yield int(quota), int(period)
        with contextlib.suppress(OSError, ValueError):   # the first version says -1 where there is no limit
            yield _number(folder / "cpu.cfs_quota_us"), _number(folder / "cpu.cfs_period_us")


def _number(path: Path) -> int:
    return int(path.read_text(encoding="ascii"))


def _our_folders() -> Iterator[Path]:
    """Of the groups that we are in, and of those around them; a limit of any of them holds."""
    yield CONTROL_GROUPS
    with contextlib.suppress(OSError):
        for line in OUR_GROUPS.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            _, controllers, group = line.split(":", 2)
            root = CONTROL_GROUPS / controllers   # of the second version: nothing
            inner = root / group.strip("/")
            yield from (inner, *(folder for folder in inner.parents if folder.is_relative_to(root)))


def _installed_on_windows() -> int:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong),
                    *((name, ctypes.c_ulonglong) for name in ("installed", "free", "page_all", "page_free",
                                                              "virtual_all", "virtual_free", "extended"))]  # fmt: skip

    status = Status(length=ctypes.sizeof(Status))
    answered = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))   # type: ignore[attr-defined]
    return int(status.installed) if answered else 0

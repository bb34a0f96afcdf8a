"""What this machine has."""

from __future__ import annotations

import os
import sys


def memory_bytes() -> int:
    """Of the whole machine, or of the container that we are in if that is less; 0 where it cannot be known."""
    known = [size for size in (_installed_bytes(), _allowed_bytes()) if size > 0]
    return min(known, default=0)


def _installed_bytes() -> int:
    if sys.platform == "win32":
        return _installed_on_windows()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def _allowed_bytes() -> int:
    """The limit of a Linux control group, of either version."""
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            with open(path, encoding="ascii") as stream:
                return int(stream.read())
        except (OSError, ValueError):   # no such file, or "max"
            continue
    return 0


def _installed_on_windows() -> int:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong),
                    *((name, ctypes.c_ulonglong) for name in ("installed", "free", "page_all", "page_free",
                                                              "virtual_all", "virtual_free", "extended"))]  # fmt: skip

    status = Status(length=ctypes.sizeof(Status))
    answered = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))   # type: ignore[attr-defined]
    return int(status.installed) if answered else 0

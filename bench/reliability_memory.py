"""How much memory this process had, and a bound for it."""

from __future__ import annotations

import sys
from pathlib import Path

ADDRESSES_BOUND_MB = 6144   # by which a process may grow at all, where the system can bound it, so that no machine dies
_MB = 1 << 20


def peak_mb() -> float:
    """The most memory that this process had so far."""
    if sys.platform == "win32":
        return _windows_peak_mb()
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / _MB if sys.platform == "darwin" else peak / 1024


def bound_addresses() -> None:
    """A net under this process, where the system has one: what wants far too much gets a MemoryError."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    bound = pages * resource.getpagesize() + ADDRESSES_BOUND_MB * _MB
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def _windows_peak_mb() -> float:
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = [("cb", wintypes.DWORD), ("faults", wintypes.DWORD),
                    *((name, ctypes.c_size_t) for name in ("peak", "now", "a", "b", "c", "d", "e", "f"))]  # fmt: skip

    counters = Counters(cb=ctypes.sizeof(Counters))
    kernel = ctypes.windll.kernel32
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    kernel.K32GetProcessMemoryInfo(wintypes.HANDLE(kernel.GetCurrentProcess()), ctypes.byref(counters), counters.cb)
    return counters.peak / _MB

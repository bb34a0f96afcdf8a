"""The most memory that this process has had at once; `python -m bench.peak_memory` says what an empty one has."""

from __future__ import annotations

import json
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_mb() -> float:
    """MiB, resident."""
    if STATUS.exists():     # what getrusage says on Linux begins with the memory of the process that started this one
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return float(line.split()[1]) / 1024
    import resource  # not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    print(json.dumps({"peak_mb": peak_mb()}))

"""A process of its own that runs a batch of tasks that never end, on two workers; a polite end cancels it."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

if __name__ == "__main__":
    from backend.batch.run_batch import run_batch
    from backend.batch.this_machine import ThisMachine
    from tests.backend.batch.made_up_work import slow

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    run_batch(Path(sys.argv[1]), lambda *_: ThisMachine(2, 1, slow), stop=stop)

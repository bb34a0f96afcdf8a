"""Every machine of a cluster runs the driver's code."""

from __future__ import annotations

import subprocess
import sys

from backend.batch.cluster.sent_code import FOLDERS, ROOT, copied_code
from backend.job.cache import code_digest


def test_the_copy_runs_by_itself_and_counts_as_the_same_code():
    ours = code_digest("video", "detect", "track", "cameras")
    asked = ("import backend.job.cache as c, motion.body; motion.body.read_open_body(); "
             "print(c.__file__, c.code_digest('video', 'detect', 'track', 'cameras'))")  # fmt: skip
    with copied_code() as folder:
        said = subprocess.run([sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); {asked}"],
                              capture_output=True, text=True, cwd=folder, check=True).stdout.split()  # fmt: skip
        names = {path.relative_to(folder) for path in folder.rglob("*")}
    assert said == [str(folder / "backend/job/cache.py"), ours]
    assert {name.parts[0] for name in names} == set(FOLDERS)
    assert not [name for name in names if name.name == "__pycache__" or name.name.startswith(".")]
    assert not folder.exists() and (ROOT / "backend").exists()

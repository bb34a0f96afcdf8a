"""Which build of torch a machine gets, and where it comes from."""

from __future__ import annotations

import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

from backend.environments.pins import TorchPins
from backend.environments.pip_command import Pip
from backend.environments.telling import Step
from motion.refusal import Refusal

DEVICES = ("auto", "cpu", "cuda")
REACH_S = 5.0


def build_for(device: str) -> str:
    """ "cpu" or "cuda" for what the user wished; `auto` takes CUDA where an NVIDIA driver answers."""
    if device == "cuda" and sys.platform == "darwin":
        raise Refusal("no-cuda", "macOS has no CUDA.", "Choose --device cpu.")
    if device != "auto":
        return device
    return "cuda" if _nvidia_driver_answers() else "cpu"


def install_torch(pip: Pip, pins: TorchPins, build: str, constraints: Path, download_mb: dict[str, int]) -> None:
    """Install the build of torch from the first place that has it. `download_mb` is that of the part, by build."""
    if build == "cuda":
        _install_cuda(pip, pins, constraints)
    elif sys.platform == "linux":
        _install_cpu_on_linux(pip, pins, constraints, download_mb["cuda"])
    else:
        pip.install("--no-deps", f"torch=={pins.version}")


def _install_cuda(pip: Pip, pins: TorchPins, constraints: Path) -> None:
    if sys.platform == "win32" and not pip.wheels:
        pip.install("--no-deps", f"torch=={pins.version}+{pins.cuda_tag}", index=pins.cuda_index)
    else:
        pip.install("--constraint", str(constraints), f"torch=={pins.version}")


def _install_cpu_on_linux(pip: Pip, pins: TorchPins, constraints: Path, ordinary_mb: int) -> None:
    cpu_only = f"torch=={pins.version}+cpu"
    try:  # the user's own index or folder may have it, and then no other is asked
        return pip.install("--no-deps", cpu_only)
    except Refusal as refusal:
        if refusal.code not in ("no-such-package", "no-such-wheel"):
            raise
    if not pip.wheels and _reachable(pins.cpu_index):
        return pip.install("--no-deps", cpu_only, index=pins.cpu_index)
    if not pip.wheels:
        pip.tell(Step("download", "PyTorch's own index for CPU builds cannot be reached: the ordinary build is taken, "
                                  "which brings CUDA and is several gigabytes larger"))  # fmt: skip
        pip.expected_mb = ordinary_mb
    pip.install("--constraint", str(constraints), f"torch=={pins.version}")


def _nvidia_driver_answers() -> bool:
    program = shutil.which("nvidia-smi")
    if not program:
        return False
    try:
        answer = subprocess.run([program, "-L"], capture_output=True, text=True, errors="replace", timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "GPU" in answer.stdout


def _reachable(address: str) -> bool:
    request = urllib.request.Request(f"{address}/torch/", method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=REACH_S):
            return True
    except (OSError, ValueError):
        return False

"""`build.py setup`, and what other commands call to have an environment that is whole."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from pathlib import Path

from backend import install
from backend.environments.environment import Wish, ensure, is_ready
from backend.environments.pins import CLUSTER, TESTS, blender_environments, read_pins
from backend.environments.pythons import find_python
from backend.environments.telling import Lines
from backend.environments.torch_build import DEVICES
from motion.places import models_folder, python_of
from motion.refusal import Refusal

BACKEND = "backend"
MODEL_LIST = Path(install.ROOT, "backend/detect/models/models.json")


def run(argv: list[str]) -> int:
    """Make every environment that `capture` and `test` use."""
    options = _parser().parse_args(argv)
    wish = Wish(options.device, install.checked_wheels(options.wheels), may_use_apt=True)
    ask = sys.stdin.isatty() and not options.yes
    parts = (TESTS, CLUSTER) if options.cluster else (TESTS,)
    if options.cluster:
        check_ray_exists()
        tell_of_ray()
    ready_python(BACKEND, parts, wish, ask)
    for name in blenders_to_test():
        ready_python(name, (TESTS,), wish, ask)
    ready_models(options.models_from, also_whole=True)
    print("Everything is set up.", file=sys.stderr)
    return 0


def ready_python(name: str, parts: tuple[str, ...] = (), wish: Wish | None = None, ask: bool = False) -> Path:
    """The interpreter of an environment, made first where it is missing."""
    wish = wish or Wish(may_use_apt=True)
    if is_ready(name, parts, wish.device):
        return python_of(name)
    tell = Lines()
    try:
        install.announce(name, parts, wish, tell, ask)
        return ensure(name, parts, wish, tell)
    finally:
        tell.close()


def ready_backend(device: str = "auto") -> Path:
    """The backend's interpreter with its detection models; an environment that is whole stays as it is."""
    wished = "auto" if is_ready(BACKEND) else device
    python = ready_python(BACKEND, (), Wish(wished, may_use_apt=True))
    ready_models()
    return python


def ready_models(models_from: Path | None = None, also_whole: bool = False) -> None:
    """Install the detection models where one is missing, or damaged if `also_whole`, which takes a second to see."""
    wanted = json.loads(MODEL_LIST.read_text(encoding="utf-8"))["models"]
    if not also_whole and all((models_folder() / f"{name}.task").is_file() for name in wanted):
        return
    tell = Lines()
    try:
        install.install_models(python_of(BACKEND), models_from, tell)
    finally:
        tell.close()


def check_ray_exists() -> None:
    """Raises Refusal on a machine for which nobody builds Ray."""
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        raise Refusal("no-ray", "There is no build of Ray for Macs with Intel processors.",
                      "Use a cluster of Linux or Windows machines or of Macs with Apple's processors; "
                      "batches on this machine alone need no --cluster.")  # fmt: skip


def tell_of_ray() -> None:
    """Say so where Ray is there already, since nothing else is told then."""
    if is_ready(BACKEND, (CLUSTER,)):
        print(f"Ray {ray_version()} is installed for clusters already.", file=sys.stderr)


def ray_version() -> str:
    """The one that is pinned."""
    return dict(each.split("==") for each in read_pins(CLUSTER).requirements)["ray"]


def blenders_to_test() -> list[str]:
    """The oldest Blender that we support and the newest whose Python is on this machine."""
    at_hand = [name for name in blender_environments() if is_ready(name) or find_python(read_pins(name).pythons)]
    if not at_hand:
        raise Refusal("no-python", "Blender's module needs Python 3.11 or 3.13, and neither was found here.",
                      "Install Python 3.11 and start again.")  # fmt: skip
    return list(dict.fromkeys((at_hand[0], at_hand[-1])))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py setup", description="Make the environments that capture and test use."
    )
    parser.add_argument(
        "--device", choices=DEVICES, default="auto", help="which build of torch (default: what fits the machine)"
    )
    parser.add_argument("--wheels", type=Path, metavar="FOLDER", help="install from this folder, without network")
    parser.add_argument("--models-from", type=Path, metavar="FOLDER", help="take the detection models from this folder")
    parser.add_argument("--cluster", action="store_true", help="with what batches on several machines need (Ray)")
    parser.add_argument("--yes", action="store_true", help="do not ask before using the network")
    return parser

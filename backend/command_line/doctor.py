"""`python -m backend doctor`: what is here, what is missing, and the command that mends it. Needs no package itself."""

from __future__ import annotations

import importlib
import json
import operator
import sys
from dataclasses import asdict, dataclass

from backend.command_line.names import BUILD
from backend.environments.pins import CLUSTER, read_pins
from backend.lift.network.configuration import SHIPPED
from backend.machine import cores, memory_bytes
from backend.versions import version_of
from motion.job import DONE, USER_CAN_MEND
from motion.places import environment_folder, models_folder
from motion.refusal import Refusal

# Where the name to import is not the package's.
PACKAGE_OF = {"cv2": "opencv-python-headless", "ai_edge_litert.interpreter": "ai-edge-litert"}
COMPARISONS = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, ">=": operator.ge}
NEEDED_MODELS = ("pose_landmarker_heavy", "hand_landmarker")
SETUP = f"{BUILD} setup"
SETUP_CLUSTER = f"{SETUP} --cluster"
NO_LIFTER = "the lifter's weights, which come with Mambocap: install it again"


@dataclass(frozen=True)
class Package:
    """One package that the backend stands on."""

    name: str
    version: str     # empty when it is not installed
    pinned: str      # the version that setup installs
    problem: str     # why it cannot be used, empty when it can


@dataclass(frozen=True)
class Diagnosis:
    """All that the doctor found; `missing` and `mend` are empty when captures can run."""

    python: str
    executable: str
    packages: tuple[Package, ...]
    device: str            # "cuda" or "cpu"
    device_name: str
    memory_gb: float       # of that device, 0 where it is not known
    models_folder: str
    models: dict[str, str]   # name to file, empty where there is none
    lifter: str              # file of the network that lifts, empty where it is missing or damaged
    environment: str         # folder of the environment that setup makes
    ray: str                 # version of what batches on a cluster need besides, empty where it is not installed
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()   # packages of other versions than the pinned ones
    mend: str = ""


def main(as_json: bool) -> int:
    """Print the diagnosis; 0 when captures can run, else 2."""
    diagnosis = diagnose()
    print(json.dumps(asdict(diagnosis), indent=1) if as_json else _words(diagnosis))
    return USER_CAN_MEND if diagnosis.missing else DONE


def diagnose() -> Diagnosis:
    """Look at packages, device and models. Never raises for what is missing."""
    pinned = _pinned_versions()
    packages = tuple(_package(name, pinned) for name in read_pins("backend").imports)
    models = _models()
    missing = [f"package {each.name}: {each.problem}" for each in packages if each.problem]
    missing += [f"model {name}" for name, path in models.items() if not path]
    other, ray = _differences(pinned), version_of("ray")
    others_of_cluster = [note for note in _differences(_pinned_versions(CLUSTER)) if note not in other] if ray else []
    device, device_name, memory_gb = _device()
    lifter = _lifter()
    return Diagnosis(
        python=sys.version.split()[0], executable=sys.executable, packages=packages, device=device,
        device_name=device_name, memory_gb=round(memory_gb, 1), models_folder=str(models_folder()), models=models,
        lifter=lifter, environment=str(environment_folder("backend")), ray=ray,
        notes=(*other, *others_of_cluster), missing=(*missing, *([] if lifter else [NO_LIFTER])),
        mend=SETUP_CLUSTER if others_of_cluster else SETUP if missing or other else "",
    )  # fmt: skip


def _package(import_name: str, pinned: dict[str, str]) -> Package:
    name = PACKAGE_OF.get(import_name, import_name)
    try:
        importlib.import_module(import_name)
        problem = ""
    except ModuleNotFoundError as error:
        is_itself = import_name == error.name or import_name.startswith(f"{error.name}.")
        problem = "is not installed" if is_itself else f"needs {error.name}, which is not installed"
    except Exception as error:   # a damaged package may fail in any way
        problem = f"does not start ({next(iter(str(error).strip().splitlines()), type(error).__name__)})"
    return Package(name, version_of(name), pinned.get(name, ""), problem)


def _differences(pinned: dict[str, str]) -> list[str]:
    return [note for name, version in pinned.items() if (note := _difference(name, version_of(name), version))]


def _difference(name: str, version: str, pinned: str) -> str:
    if version.split("+")[0] == pinned:   # torch says its build after a plus
        return ""
    return f"{name} {f'is {version}' if version else 'is not installed'}, pinned is {pinned}"


def _pinned_versions(part: str = "backend") -> dict[str, str]:
    """Package to version, for this Python."""
    pins = read_pins(part)
    versions = {"torch": pins.torch.version} if pins.torch else {}
    for requirement in pins.requirements:
        wanted, _, condition = requirement.partition(";")
        if _holds(condition):
            name, _, version = wanted.strip().partition("==")
            versions[name] = version
    return versions


def _holds(condition: str) -> bool:
    """Whether an environment marker such as "python_version < '3.12'" or "sys_platform == 'win32'" holds here."""
    if not condition.strip():
        return True
    name, comparison, value = condition.replace("'", "").split()
    if name == "sys_platform":
        return COMPARISONS[comparison](sys.platform, value)
    return COMPARISONS[comparison](sys.version_info[:2], tuple(int(part) for part in value.split(".")))


def _models() -> dict[str, str]:
    """The file of each model, empty where it is missing or damaged."""
    try:
        from backend.detect.models.model_files import installed_models
    except ImportError:   # whether they are whole is only seen with the packages
        files = {name: models_folder() / f"{name}.task" for name in NEEDED_MODELS}
        return {name: str(path) if path.is_file() else "" for name, path in files.items()}
    whole = installed_models()
    return {name: str(whole[name] or "") for name in NEEDED_MODELS}


def _lifter() -> str:
    """The file of the lifter's weights, empty where it is missing or damaged."""
    try:
        from backend.lift.network.weights import read_lifter

        read_lifter(SHIPPED)
    except Refusal:
        return ""
    except ImportError:   # whether it is whole is only seen with the packages
        pass
    return str(SHIPPED) if SHIPPED.is_file() else ""


def _device() -> tuple[str, str, float]:
    """Kind, name and memory in GB of the device that "auto" takes."""
    try:
        import torch

        if torch.cuda.is_available():
            card = torch.cuda.get_device_properties(0)
            return "cuda", card.name, card.total_memory / 1e9
    except Exception:   # reported among the packages
        pass
    return "cpu", f"{cores()} cores", memory_bytes() / 1e9


def _words(diagnosis: Diagnosis) -> str:
    rows = [("python", f"{diagnosis.python}  {diagnosis.executable}")]
    rows += [(each.name, each.problem or each.version) for each in diagnosis.packages]
    memory = f", {diagnosis.memory_gb:.1f} GB of memory" if diagnosis.memory_gb else ""
    rows += [("device", f"{diagnosis.device}: {diagnosis.device_name}{memory}"), ("models", diagnosis.models_folder)]
    rows += [(f"  {name}", "found" if path else "missing or damaged") for name, path in diagnosis.models.items()]
    rows += [("lifter", diagnosis.lifter or "missing or damaged")]
    rows += [("cluster", f"ray {diagnosis.ray}" if diagnosis.ray else f"needs ray, as by {SETUP_CLUSTER}")]
    lines = [f"{name:<{max(len(row[0]) for row in rows)}}  {text}" for name, text in rows] + list(diagnosis.notes)
    return "\n".join([*lines, _verdict(diagnosis)])


def _verdict(diagnosis: Diagnosis) -> str:
    if diagnosis.missing:
        return f"Something is missing. Run: {diagnosis.mend}" if diagnosis.mend else f"Missing are {NO_LIFTER}."
    if diagnosis.notes:
        return f"Captures can run, but not everything is as pinned. Run: {diagnosis.mend}"
    return "Captures can run."

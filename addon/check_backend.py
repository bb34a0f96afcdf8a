"""Check Backend: what the backend itself says about its versions, device and models."""

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from ..motion.refusal import Refusal
from . import backend_process
from .backend_place import backend_python, is_installed
from .redraw import redraw_panels

LOOK_EVERY_S = 0.3


@dataclass(frozen=True)
class Checking:
    """A check that runs."""

    process_id: int
    output: Path


checking: Checking | None = None
answer: dict[str, Any] | None = None    # what the last check said; None before the first


def start(python: Path) -> None:
    """Ask the backend how it does; the answer comes by timer. Raises Refusal when it cannot be started."""
    global checking
    output = Path(tempfile.mkdtemp(prefix="mambocap-")) / "doctor.json"
    checking = Checking(backend_process.start(python, ["-m", "backend", "doctor", "--json"], output), output)
    bpy.app.timers.register(look, first_interval=LOOK_EVERY_S, persistent=True)


def look() -> float | None:
    """Whether the answer has come; returns the seconds until the next look, None when done."""
    global checking, answer
    if checking is None:
        return None
    if backend_process.is_alive(checking.process_id):
        return LOOK_EVERY_S
    answer = _read(checking.output)
    shutil.rmtree(checking.output.parent, ignore_errors=True)
    checking = None
    redraw_panels()
    return None


def lines() -> list[tuple[str, str]]:
    """The last answer as icons and lines for the preferences."""
    if answer is None:
        return []
    missing = [("ERROR", f"Missing: {each}") for each in _texts(answer.get("missing"))]
    notes = [("INFO", each) for each in _texts(answer.get("notes"))]
    mend = [("BLANK1", "Press Install Again to put this right")] if answer.get("mend") else []
    return [*_facts(answer), *missing, *notes, *mend]


def _facts(told: dict[str, Any]) -> list[tuple[str, str]]:
    if "device" not in told:
        return []
    memory = f", {told['memory_gb']} GB" if told.get("memory_gb") else ""
    packages = [p for p in told.get("packages", ()) if isinstance(p, dict) and p.get("version")]
    return [
        ("CHECKMARK", f"Device: {told['device']} ({told.get('device_name', '')}{memory})"),
        ("CHECKMARK", f"Python {told.get('python')}, " + ", ".join(f"{p['name']} {p['version']}" for p in packages)),
    ]


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _read(output: Path) -> dict[str, Any]:
    text = output.read_text(encoding="utf-8", errors="replace")
    try:
        value = json.loads(text[text.index("{") : text.rindex("}") + 1])
    except ValueError:
        value = None
    if isinstance(value, dict):
        return value
    last = text.strip().splitlines()[-1:] or ["it says nothing"]
    return {"missing": [f"the backend does not start ({last[0][:200]})"]}


class MAMBOCAP_OT_check_backend(bpy.types.Operator):
    bl_idname = "mambocap.check_backend"
    bl_label = "Check Backend"
    bl_description = "Start the backend once and show its versions, its device and what is missing. Takes some seconds"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if checking is not None:
            cls.poll_message_set("The backend is being checked")
            return False
        if not is_installed():
            cls.poll_message_set("There is no backend to check: press Install Backend")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            start(backend_python())
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        return {"FINISHED"}


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_OT_check_backend)


def unregister() -> None:
    global checking, answer
    if bpy.app.timers.is_registered(look):
        bpy.app.timers.unregister(look)
    bpy.utils.unregister_class(MAMBOCAP_OT_check_backend)
    checking = answer = None

"""Install Backend: Blender's own Python makes the backend's environment, in a process to watch and to stop."""

import json
import signal
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import bpy
from bpy.props import EnumProperty, StringProperty

from ..motion.places import environment_folder, home
from ..motion.refusal import Refusal
from . import backend_process, check_backend
from .backend_place import backend_folder, backend_python
from .redraw import redraw_panels

LOOK_EVERY_S = 0.3
PINS = backend_process.EXTENSION_FOLDER / "backend" / "environments" / "pins.toml"


@dataclass
class Installation:
    """An installation that this Blender started."""

    process_id: int
    offset: int = 0
    stage: str = "prepare"
    message: str = "Preparing"
    done: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        """0..1 of this step, 0 while its whole is not known."""
        return min(1.0, self.done / self.of) if self.of else 0.0

    @property
    def words(self) -> str:
        """Such as "Fetching packages (120 of 430 MB)"."""
        unit = " MB" if self.stage == "download" else ""
        return f"{self.message} ({self.done:,} of {self.of:,}{unit})" if self.of else self.message

    def read_on(self) -> None:
        """Read what was appended to the log; lines that are no JSON are the installers' own chatter."""
        with open(log_file(), "rb") as stream:
            stream.seek(self.offset)
            text = stream.read()
        whole = text[: text.rfind(b"\n") + 1]
        self.offset += len(whole)
        for line in whole.splitlines():
            self._heed(line)

    def _heed(self, line: bytes) -> None:
        try:
            step = json.loads(line)
            told = str(step["stage"]), str(step["message"]), int(step.get("done", 0)), int(step.get("of", 0))
        except (ValueError, KeyError, TypeError):
            return
        self.stage, self.message, self.done, self.of = told


installation: Installation | None = None
failure: str = ""      # the last word of an installation that failed


def log_file() -> Path:
    """What the last installation said."""
    return home() / "install.log"


def megabytes(build: str) -> tuple[int, int]:
    """What the backend's installation downloads, and what it then takes on the disk; `build` is "cpu" or "cuda"."""
    pins = tomllib.loads(PINS.read_text(encoding="utf-8"))["backend"]
    return pins["download_mb"][build], pins["disk_mb"][build]


def start(build: str, wheels: str) -> None:
    """Start the installation. Raises Refusal when it cannot be started."""
    global installation, failure
    home().mkdir(parents=True, exist_ok=True)
    log_file().unlink(missing_ok=True)
    offline = ["--wheels", wheels, "--models-from", wheels] if wheels else []
    arguments = [str(PINS.parents[1] / "install.py"), "backend", "--events", "--yes", "--device", build, *offline]
    installation, failure = Installation(backend_process.start(Path(sys.executable), arguments, log_file())), ""
    bpy.app.timers.register(look, first_interval=LOOK_EVERY_S, persistent=True)


def look() -> float | None:
    """One look at the installation; returns the seconds until the next, None when it has ended."""
    global installation, failure
    if installation is None:
        return None
    installation.read_on()
    redraw_panels()
    if backend_process.is_alive(installation.process_id):
        return LOOK_EVERY_S
    ended, installation = installation, None
    if backend_process.exit_code(ended.process_id) == 0:
        _check()
    else:
        failure = ended.message
    return None


def _check() -> None:
    global failure
    try:
        check_backend.start(backend_python())
    except Refusal as refusal:
        failure = f"{refusal.sentence} {refusal.mend}"


class MAMBOCAP_OT_install_backend(bpy.types.Operator):
    bl_idname = "mambocap.install_backend"
    bl_label = "Install Backend"
    bl_description = (
        "Make the backend's Python environment in your data folder. "
        "Says first how much it downloads; Blender's own Python stays as it is"
    )

    device: EnumProperty(
        name="For",
        items=[
            ("auto", "Automatic", "For the graphics card when there is an NVIDIA one, else for the processor"),
            ("cpu", "Processor", "Works on every machine"),
            ("cuda", "NVIDIA Graphics Card", "Faster with an NVIDIA card; a much larger download"),
        ],
        description="Which build of the heavy packages is installed",
    )
    wheels: StringProperty(
        name="Offline From", subtype="DIR_PATH", options={"SKIP_SAVE"},
        description="A folder with all packages as wheels and the detection models, to install without the network",
    )  # fmt: skip

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if installation is not None:
            cls.poll_message_set("The backend is being installed")
            return False
        if backend_folder() != environment_folder("backend"):
            cls.poll_message_set("The preferences name a folder of your own for the backend: empty that field first")
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        return context.window_manager.invoke_props_dialog(self, width=420, confirm_text="Install")

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.prop(self, "device")
        layout.prop(self, "wheels", placeholder="Empty: from the internet")
        download_mb, disk_mb = megabytes("cuda" if self.device == "cuda" else "cpu")
        column = layout.column(align=True)
        if self.wheels:
            column.label(text="Nothing is downloaded", icon="CHECKMARK")
        else:
            _draw_download(column, self.device, download_mb)
        column.label(text=f"Takes about {disk_mb:,} MB on the disk", icon="DISK_DRIVE")

    def execute(self, context: bpy.types.Context) -> set[str]:
        if not self.wheels and not bpy.app.online_access:
            self.report({"ERROR"}, "Blender may not use the internet. Allow Online Access, here or under "
                                   "Preferences > System, or choose a folder of wheels.")  # fmt: skip
            return {"CANCELLED"}
        try:
            start(self.device, bpy.path.abspath(self.wheels))
        except (Refusal, OSError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return {"FINISHED"}


def _draw_download(layout: bpy.types.UILayout, device: str, download_mb: int) -> None:
    layout.label(text=f"Downloads up to {download_mb:,} MB", icon="INTERNET")
    if device == "auto":
        layout.label(text=f"With an NVIDIA card up to {megabytes('cuda')[0]:,} MB", icon="BLANK1")
    if bpy.app.online_access_override:
        if not bpy.app.online_access:
            layout.label(text="Blender was started without the internet", icon="ERROR")
        return
    row = layout.row()   # stays when it is ticked: Install must not move away below the mouse
    row.alert = not bpy.app.online_access
    row.prop(bpy.context.preferences.system, "use_online_access")


class MAMBOCAP_OT_cancel_install(bpy.types.Operator):
    bl_idname = "mambocap.cancel_install"
    bl_label = "Cancel Installation"
    bl_description = "Stop installing the backend. What was downloaded is used again by the next try"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if installation is None:
            cls.poll_message_set("Nothing is being installed")
        return installation is not None

    def execute(self, context: bpy.types.Context) -> set[str]:
        backend_process.end(installation.process_id, signal.SIGTERM)
        return {"FINISHED"}


class MAMBOCAP_OT_open_install_log(bpy.types.Operator):
    bl_idname = "mambocap.open_install_log"
    bl_label = "Open Installation Log"
    bl_description = "Open what the last installation of the backend said in the system's text viewer"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not log_file().exists():
            cls.poll_message_set("The backend was not installed from this Blender")
        return log_file().exists()

    def execute(self, context: bpy.types.Context) -> set[str]:
        return bpy.ops.wm.path_open(filepath=str(log_file()))


_CLASSES = (MAMBOCAP_OT_install_backend, MAMBOCAP_OT_cancel_install, MAMBOCAP_OT_open_install_log)


def register() -> None:
    for cls in _CLASSES:
        bpy.utils.register_class(cls)


def unregister() -> None:
    global installation
    if bpy.app.timers.is_registered(look):
        bpy.app.timers.unregister(look)
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
    installation = None

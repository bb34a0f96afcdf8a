"""Use Blender's Solved Camera: what the artist tracked becomes the camera of the capture."""

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, StringProperty

from ..motion.refusal import Refusal
from .capture_settings import SOLVED, true_fps
from .scene_clock import clock_of
from .solved_camera import Solved, footage_start, of_clip, of_object, write
from .stage import PART


class MAMBOCAP_OT_use_solved_camera(bpy.types.Operator):
    bl_idname = "mambocap.use_solved_camera"
    bl_label = "Use Blender's Solved Camera"
    bl_description = (
        "Capture with a camera that you tracked or animated in Blender. Its path from In to Out is written to a file "
        "and taken as it is"
    )
    bl_options = {"REGISTER", "UNDO"}

    source: EnumProperty(
        name="Take It From",
        items=[
            ("OBJECT", "Camera", "A camera object as it moves in this scene, in the scene's own world"),
            ("CLIP", "Movie Clip", "The reconstruction of a movie clip, which knows neither metres nor up"),
        ],
        description="Where the camera's path is",
    )
    camera: StringProperty(name="Camera", description="The camera object that moves as the one of the footage did")
    clip: StringProperty(name="Movie Clip", description="The movie clip of which the camera motion is solved")
    footage_starts: IntProperty(
        name="Footage Starts At", description="The scene frame that shows the first picture of the footage"
    )
    in_metres: BoolProperty(
        name="Scene Is in Metres", default=True,
        description="One unit of the scene is a metre, so that the take stands in the same world. Else only the "
                    "camera's turns and the shape of its way are used",
    )  # fmt: skip

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        settings = context.scene.mambocap
        if settings.frame_count < 1 or settings.fps <= 0.0:
            cls.poll_message_set("Choose footage first that Blender can read")
            return False
        if settings.mirrored:
            cls.poll_message_set("No camera in a scene shows mirrored footage: switch Mirrored off")
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        camera, clip = _likely_camera(context), _likely_clip(context)
        self.camera, self.clip = camera.name if camera else "", clip.name if clip else ""
        self.source = "OBJECT" if camera or not clip else "CLIP"
        self.footage_starts = footage_start(camera, context.scene) if camera else context.scene.frame_start
        return context.window_manager.invoke_props_dialog(self, width=340)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.prop(self, "source", expand=True)
        if self.source == "CLIP":
            layout.prop_search(self, "clip", bpy.data, "movieclips")
            return
        layout.prop_search(self, "camera", context.scene, "objects", icon="CAMERA_DATA")
        layout.prop(self, "footage_starts")
        layout.prop(self, "in_metres")

    def execute(self, context: bpy.types.Context) -> set[str]:
        settings = context.scene.mambocap
        try:
            solved = self._solved(context)
            settings.path_file = str(write(solved))
        except Refusal as refusal:
            self.report({"ERROR"}, f"{refusal.sentence} {refusal.mend}")
            return {"CANCELLED"}
        settings.camera_motion = SOLVED
        clash = self._clash_of_clocks(context.scene) if self.source == "OBJECT" else ""
        self.report({"WARNING"} if clash else {"INFO"},
                    clash or f"The camera is known at {len(solved.times_s)} pictures")  # fmt: skip
        return {"FINISHED"}

    def _solved(self, context: bpy.types.Context) -> Solved:
        scene = context.scene
        if self.source == "CLIP":
            clip = bpy.data.movieclips.get(self.clip)
            if clip is None:
                raise Refusal("no-clip", f"There is no movie clip {self.clip or 'chosen'}.", "Choose one.")
            return of_clip(clip, scene.mambocap)
        camera = scene.objects.get(self.camera)
        if camera is None or camera.type != "CAMERA":
            raise Refusal("no-camera", f"There is no camera {self.camera or 'chosen'} in this scene.", "Choose one.")
        if camera.data.type != "PERSP":
            raise Refusal("no-lens", f"{camera.name} is no perspective camera.", "Choose a perspective camera.")
        if not self.properties.is_property_set("footage_starts"):
            self.footage_starts = footage_start(camera, scene)
        return of_object(camera, scene, scene.mambocap, self.footage_starts, self.in_metres)

    def _clash_of_clocks(self, scene: bpy.types.Scene) -> str:
        """Why the take will not run along with the tracked camera, empty if it will."""
        settings, scene_fps = scene.mambocap, float(clock_of(scene).rate)
        first = self.footage_starts + settings.first_frame - 1
        if abs(scene_fps / true_fps(settings) - 1.0) > 1e-4:
            return (f"The scene runs at {scene_fps:.4g} fps, the footage at {true_fps(settings):.4g}. "
                    "Give the scene that rate, else the take runs apart from this camera")  # fmt: skip
        if first != scene.frame_start:
            return (f"Takes begin where the scene starts, at scene frame {scene.frame_start}, In is at {first}. "
                    f"Let the scene start at {first} before the take is brought in")  # fmt: skip
        return ""


def _likely_camera(context: bpy.types.Context) -> bpy.types.Object | None:
    """The active camera, else the scene's, else any; those of takes are what is to be replaced."""
    likely = [context.view_layer.objects.active, context.scene.camera, *context.scene.objects]
    return next((thing for thing in likely if thing and thing.type == "CAMERA" and PART not in thing), None)


def _likely_clip(context: bpy.types.Context) -> bpy.types.MovieClip | None:
    solved = [clip for clip in bpy.data.movieclips if clip.tracking.reconstruction.is_valid]
    return context.scene.active_clip if context.scene.active_clip in solved else next(iter(solved), None)


def register() -> None:
    bpy.utils.register_class(MAMBOCAP_OT_use_solved_camera)


def unregister() -> None:
    bpy.utils.unregister_class(MAMBOCAP_OT_use_solved_camera)

"""An environment that is older than the sources, as after an update: a package is not there."""

from __future__ import annotations

from backend.command_line.names import BUILD
from motion.refusal import Refusal

OWN = ("backend", "motion", "bench")


def lacking_package(error: ModuleNotFoundError) -> Refusal | None:
    """The refusal for a package that the environment lacks; None for a module of our own, which is a bug."""
    package = (error.name or "").split(".")[0]
    if not package or package in OWN:
        return None
    return Refusal("old-environment", f"The installed backend lacks the package {package}.",
                   f"Press Install Backend in Blender's preferences of Mambocap, or run `{BUILD} setup`.")

"""What goes into the extension's zip."""

from __future__ import annotations

from commands.extension import ROOT, contents

NAMES = {path.relative_to(ROOT).as_posix() for path in contents()}


def test_everything_that_runs_on_the_users_machine_is_in_the_zip():
    assert {"blender_manifest.toml", "__init__.py", "COPYING", "addon/__init__.py", "motion/places.py",
            "backend/install.py", "backend/environments/pins.toml",
            "backend/detect/models/models.json"} <= NAMES  # fmt: skip


def test_nothing_else_is():
    assert {name.split("/")[0] for name in NAMES if "/" in name} == {"addon", "motion", "backend", "assets"}
    assert not [name for name in NAMES if "__pycache__" in name or name.endswith((".pyc", ".tmp"))]
    assert not [name for name in NAMES if name.startswith("assets/") and name.endswith(".py")]

"""Which bone of a rig is which part of the body, found without asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .bone_tree import BoneTree
from .by_table import BoneNames, mapping_by_table
from .mapping import RigMapping
from .rig import Rig
from .rig_table import RigTable
from .tables import read_tables


def find_mapping(
    rig: Rig, tables: Sequence[RigTable] | None = None, original_names: Mapping[str, str] | None = None
) -> RigMapping:
    """The likeliest mapping: by a table of known names, else by names and structure. `missing` says what was not found.

    original_names: what bones were called before an importer changed it, by their names now (mmd_tools keeps them).
    """
    tree = BoneTree(rig)
    names = BoneNames(rig.names, original_names)
    found = mapping_by_table(rig, tree, read_tables() if tables is None else tables, names)
    return found or RigMapping({}, title="", score=0.0)

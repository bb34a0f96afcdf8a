"""A mapping of one character given to another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from .rig_mapping import RigMapping

_NAMESPACE, _ENDING = re.compile(r"^.*[:|]", re.DOTALL), re.compile(r"(?:\.\d{3})+$")


def mapping_on(bone_names: Iterable[str], mapping: RigMapping) -> RigMapping:
    """The mapping for a rig with these bones: by their names, else by what is left without namespaces and endings.

    Bones that the rig lacks are left out, and so are doubts about them. The score falls by their share.
    """
    names = tuple(bone_names)
    bare: dict[str, str] = {}
    for name in names:
        bare.setdefault(_bare(name), name)
    there = dict.fromkeys(names)
    wanted = {slot: [name if name in there else bare.get(_bare(name)) for name in chain]
              for slot, chain in mapping.bones.items()}  # fmt: skip
    bones = {slot: tuple(dict.fromkeys(filter(None, chain))) for slot, chain in wanted.items()}
    found, sought = (sum(map(len, each.values())) for each in (bones, mapping.bones))
    doubts = tuple(slot for slot in mapping.doubts if bones.get(slot))
    return replace(mapping, bones=bones, doubts=doubts, score=mapping.score * found / max(sought, 1))


def _bare(name: str) -> str:
    return _ENDING.sub("", _NAMESPACE.sub("", name))

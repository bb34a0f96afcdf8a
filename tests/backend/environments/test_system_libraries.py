"""Shared libraries that the system must have."""

from __future__ import annotations

import sys

import pytest

from backend.environments.pins import blender_environments, read_pins
from backend.environments.system_libraries import missing_libraries, provide
from motion.refusal import Refusal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


def test_only_what_cannot_be_loaded_is_missing():
    assert missing_libraries({"libc.so.6": "libc6", "libmambocapnone.so.9": "libnone9"}) == {
        "libmambocapnone.so.9": "libnone9"
    }


def test_the_one_command_that_brings_them_is_named():
    wanted = {"libmambocapnone.so.9": "libnone9", "libmambocapno.so.1": "libno1", "libc.so.6": "libc6"}
    with pytest.raises(Refusal) as refused:
        provide(wanted, may_install=False, tell=lambda step: None)
    assert refused.value.sentence == "This system lacks libmambocapno.so.1, libmambocapnone.so.9."
    assert "`sudo apt-get install -y libno1 libnone9`" in refused.value.mend


def test_a_whole_system_is_left_alone():
    told = []
    provide({"libc.so.6": "libc6"}, may_install=True, tell=told.append)
    assert told == []


def test_every_blender_module_says_what_it_needs():
    for name in blender_environments():
        assert "libX11.so.6" in read_pins(name).libraries

"""The door of build.py."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from backend.command_line.names import BUILD
from commands.door import COMMANDS, main

ROOT = Path(__file__).resolve().parents[1]


def test_without_arguments_every_command_is_named_with_what_it_does():
    said = subprocess.run([sys.executable, "build.py"], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0
    for command in COMMANDS.values():
        assert f"{BUILD} {command.usage}" in said.stdout
        assert command.does in said.stdout


def test_it_starts_in_any_folder(tmp_path):
    said = subprocess.run([sys.executable, ROOT / "build.py", "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert said.returncode == 0
    assert "capture" in said.stdout


def test_an_unknown_command_is_refused_with_those_that_there_are(capsys):
    assert main(["captrue"]) == 2
    assert capsys.readouterr().err == f"There is no command 'captrue'. There are {', '.join(COMMANDS)}.\n"


def test_an_old_python_can_read_the_file_far_enough_to_say_what_it_lacks():
    tree = ast.parse((ROOT / "build.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    names = [node.names[0].name for node in tree.body if isinstance(node, ast.Import)]
    first_of_ours = next(index for index, node in enumerate(tree.body) if isinstance(node, ast.ImportFrom))
    check = next(index for index, node in enumerate(tree.body) if isinstance(node, ast.If))
    assert names == ["sys"] and check < first_of_ours


@pytest.mark.parametrize("command", ["setup", "extension", "dev"])
def test_commands_explain_themselves(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"build.py {command}" in capsys.readouterr().out

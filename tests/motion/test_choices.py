"""What modules declare is read without running them."""

import pytest

from motion.choices import Choice, declared_in, lifters


def test_modules_are_choices_by_their_two_texts_and_are_not_run(tmp_path):
    (tmp_path / "waves.py").write_text('"""A docstring."""\nimport nowhere\nTITLE = "Waves"\nNOTE = "Out of the air"\n')
    (tmp_path / "beside.py").write_text('TITLE = "Beside"\nLIMIT = 3\n')
    (tmp_path / "alone.py").write_text('raise ValueError\nTITLE: str = "Alone"\nNOTE: Final = "By itself"\nx: int\n')
    alone, waves = Choice("Alone", "By itself"), Choice("Waves", "Out of the air")
    assert dict(declared_in(tmp_path)) == {"alone": alone, "waves": waves}


def test_a_module_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "half.py").write_text("TITLE = (")
    with pytest.raises(SyntaxError) as refused:
        declared_in(tmp_path)
    assert refused.value.filename == str(tmp_path / "half.py")


def test_the_usual_lifter_stands_first_whatever_others_are_called(tmp_path):
    for name in ("aaa", "direct", "network"):
        (tmp_path / f"{name}.py").write_text(f'TITLE = "{name}"\nNOTE = "x"\n')
    assert list(declared_in(tmp_path)) == ["network", "direct", "aaa"]
    assert list(lifters())[:2] == ["network", "direct"]

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.world.hints import VerticalLine, WorldHints
from motion.refusal import Refusal

numbers = st.floats(-5000.0, 5000.0).map(lambda x: round(x, 3))


def test_nothing_said_is_nothing_known():
    assert WorldHints().vertical_lines() == () and WorldHints(" ; ").vertical_lines() == ()


@given(lines=st.lists(st.tuples(numbers, numbers, numbers, st.floats(0.0, 9e3)), max_size=3))
def test_lines_are_read_as_written(lines):
    text = ";".join(f"{x} {y} {x} {y + 20.0 + abs(y2)}  {time}" for x, y, y2, time in lines)
    wanted = tuple(VerticalLine((x, y), (x, y + 20.0 + abs(y2)), time) for x, y, y2, time in lines)
    assert WorldHints(text).vertical_lines() == wanted


@pytest.mark.parametrize("text, sentence", [
    ("410 80 402", 'The vertical line "410 80 402" is not five numbers.'),
    ("1 2 3 4 5 6", 'The vertical line "1 2 3 4 5 6" is not five numbers.'),
    ("the door", 'The vertical line "the door" is not five numbers.'),
    ("1 2 3 90 -1", 'The vertical line "1 2 3 90 -1" has a number that is no place or time in the footage.'),
    ("1 2 3 nan 0", 'The vertical line "1 2 3 nan 0" has a number that is no place or time in the footage.'),
    ("0 0 0 99 1; 5 5 6 7 1", 'The vertical line "5 5 6 7 1" is shorter than 10 px.'),
])  # fmt: skip
def test_a_line_that_is_none_is_refused_in_words(text, sentence):
    with pytest.raises(Refusal) as refused:
        WorldHints(text)
    assert refused.value.sentence == sentence
    assert refused.value.mend == 'Give x1 y1 x2 y2 in px and the time in seconds, such as "410 80 402 900 2.5".'


WORDS = {"upright_at_s": "at which somebody stands upright", "floor_at_s": "at which somebody stands on the floor"}


@pytest.mark.parametrize("name, time_s, shown", [("upright_at_s", -1.5, "-1.5"), ("floor_at_s", float("nan"), "nan")])
def test_a_time_before_the_footage_is_refused_in_words(name, time_s, shown):
    with pytest.raises(Refusal) as refused:
        WorldHints(**{name: time_s})
    assert refused.value.sentence == f"The time {WORDS[name]}, {shown} s, lies before the take begins."
    assert refused.value.mend == "Give seconds from the first picture of the take."


@pytest.mark.parametrize("hints, what", [
    (WorldHints(upright_at_s=99.0), "at which somebody stands upright"),
    (WorldHints(floor_at_s=99.0), "at which somebody stands on the floor"),
    (WorldHints("410 80 402 900 99"), "of a vertical line"),
])  # fmt: skip
def test_a_time_behind_the_take_is_refused_in_words(hints, what):
    with pytest.raises(Refusal) as refused:
        hints.check_within(9.3)
    assert refused.value.sentence == f"The time {what}, 99 s, lies behind the end of the take at 9.3 s."
    hints.check_within(99.0)


@given(text=st.text(max_size=60))
def test_any_text_is_lines_or_refused(text):
    try:
        lines = WorldHints(text).vertical_lines()
    except Refusal:
        return
    assert all(line.time_s >= 0.0 for line in lines)

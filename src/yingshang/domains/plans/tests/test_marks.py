"""What a task's events do to its sub-actions."""

import pytest

from yingshang.domains.plans.tasking.marks import (
    Marked,
    Marking,
    UnreadableNumbers,
    fold_marks,
    parse_numbers,
)


def marks(*markings):
    return fold_marks([1, 2, 3], markings)


def test_numbers_are_read_as_people_write_them():
    assert parse_numbers("1，3、2 3") == (1, 3, 2)
    assert parse_numbers("  ") == ()


@pytest.mark.parametrize("text", ["一", "1-3", "-1", "12345", "1.5"])
def test_anything_else_is_refused(text):
    with pytest.raises(UnreadableNumbers):
        parse_numbers(text)


def test_reported_then_confirmed():
    found = marks(Marking(4, "reported", "named", (1, 3)), Marking(5, "confirmed", "named", (1,)))
    assert found == {1: Marked(4, 5), 2: Marked(), 3: Marked(4)}


def test_sending_back_opens_what_is_not_confirmed():
    found = marks(
        Marking(4, "reported", "named", (1,)),
        Marking(5, "confirmed", "named", (1,)),
        Marking(6, "reported", "rest"),
        Marking(7, "open", "reported"),
    )
    assert found == {1: Marked(4, 5), 2: Marked(), 3: Marked()}


def test_confirming_the_whole_confirms_every_part():
    found = marks(Marking(4, "reported", "named", (2,)), Marking(9, "confirmed", "all"))
    assert found == {1: Marked(9, 9), 2: Marked(4, 9), 3: Marked(9, 9)}


def test_concluding_confirms_only_what_was_reported():
    found = marks(Marking(4, "reported", "named", (2,)), Marking(9, "confirmed", "reported"))
    assert [m.confirmed_in for m in found.values()] == [None, 9, None]

"""Spells carried on: what goes on keeps its beginning, whatever order runs come in."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yingshang.domains.matching.spells import UNKNOWN_FEN, Spells, carry_on

days = st.lists(
    st.dictionaries(st.integers(1, 12), st.integers(0, 3) | st.just(UNKNOWN_FEN)),
    min_size=1,
    max_size=6,
)


def arrays(entitled):
    subjects = np.array(sorted(entitled), np.int64)
    return subjects, np.array([entitled[one] for one in sorted(entitled)], np.int64)


@given(days)
def test_since_is_the_first_day_of_the_present_unbroken_stretch(history):
    spells = Spells.none()
    for day, entitled in enumerate(history):
        carried = carry_on(spells, *arrays(entitled), day)
        before = set(spells.subject.tolist())
        assert set(carried.ended.subject.tolist()) == before - set(entitled)
        assert set(carried.now.subject[carried.gained].tolist()) == set(entitled) - before
        spells = carried.now
    for place, subject in enumerate(spells.subject.tolist()):
        stretch = len(history) - 1
        while stretch > 0 and subject in history[stretch - 1]:
            stretch -= 1
        assert spells.since[place] == stretch
        assert spells.amount[place] == history[-1][subject]
        assert spells.place_of(subject) == place
    assert all(spells.place_of(one) is None for one in range(14) if one not in history[-1])


@given(st.dictionaries(st.integers(1, 12), st.integers(0, 3)))
def test_the_same_outcome_again_changes_nothing(entitled):
    first = carry_on(Spells.none(), *arrays(entitled), 3).now
    again = carry_on(first, *arrays(entitled), 9)
    assert (len(again.ended), again.changed, again.gained.sum()) == (0, 0, 0)
    assert again.now.since.tolist() == first.since.tolist()

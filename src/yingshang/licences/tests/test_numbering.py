"""Numbers: patterns, checks, no gap and no duplicate."""

import threading
from collections import Counter

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from yingshang.licences.errors import SerialsUsedUp
from yingshang.licences.models import Decision, Licence
from yingshang.licences.numbering import OutsideTransaction, Pattern, mod_11_10, next_number


@pytest.mark.parametrize(
    ("body", "check"),
    [("0794", "5"), ("79462", "3")],
)
def test_the_check_digit_is_that_of_mod_11_10(body: str, check: str) -> None:
    assert mod_11_10(body) == check


@given(st.text("0123456789", min_size=1, max_size=16), st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_never_passes_the_check(body: str, place: int, by: int) -> None:
    place %= len(body)
    wrong = body[:place] + str((int(body[place]) + by) % 10) + body[place + 1 :]
    assert mod_11_10(wrong) != mod_11_10(body)


def test_a_pattern_writes_text_values_serial_and_check() -> None:
    pattern = Pattern("JY{category}{division}{serial:06}{check:mod_11_10}")
    number = pattern.write({"category": "2", "division": "339705"}, 123)
    assert number[:-1] == "JY2339705000123"
    assert number[-1] == mod_11_10("2339705000123")
    assert Pattern("审〔{year}〕第{serial}号").write({"year": "2026"}, 12) == "审〔2026〕第12号"


def test_a_serial_that_does_not_fit_is_refused() -> None:
    with pytest.raises(SerialsUsedUp):
        Pattern("A{serial:02}").write({}, 100)


@pytest.mark.parametrize(
    "text", ["{nobody}", "{check:mod_9}", "{serial:04", "{serial}{serial}", "{Serial}"]
)
def test_an_unwritable_pattern_is_named(text: str) -> None:
    known = frozenset({"serial", "check", "year"})
    assert Pattern(text).faults(known)
    assert not Pattern("{year}{serial:04}{check:mod_37_36}").faults(known)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_given(make_town) -> None:
    with pytest.raises(OutsideTransaction):
        next_number(make_town().organs["market"], "x", 2026)


def test_a_number_that_is_rolled_back_is_given_to_the_next(town) -> None:
    first = town.decide()
    with transaction.atomic():
        assert town.decide().serial == first.serial + 1
        transaction.set_rollback(True)
    assert town.decide().serial == first.serial + 1


def test_each_organ_and_each_year_count_for_themselves(town) -> None:
    market, health = town.organs["market"], town.organs["health"]
    asked = [(market, 2026), (market, 2026), (health, 2026), (market, 2027), (market, 2026)]
    assert [next_number(organ, "x", year) for organ, year in asked] == [1, 2, 1, 1, 3]
    assert next_number(market, "y", 2026) == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_no_gap_and_no_duplicate(make_town) -> None:
    town = make_town()
    threads, each = 4, 6

    def work(place: int) -> None:
        try:
            for turn in range(each):
                try:
                    with transaction.atomic():
                        town.decide()
                        if (place + turn) % 3 == 0:
                            raise ZeroDivisionError
                except ZeroDivisionError:
                    continue
        finally:
            connection.close()

    running = [threading.Thread(target=work, args=(place,)) for place in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    serials = sorted(Decision.objects.values_list("serial", flat=True))
    assert serials == list(range(1, len(serials) + 1))
    assert len(serials) == threads * each - 8


@pytest.mark.django_db(transaction=True)
def test_licences_issued_at_once_have_numbers_of_their_own(make_town) -> None:
    town = make_town()

    def work(firm: str) -> None:
        try:
            for _turn in range(5):
                town.issue(subject=town.firms[firm].ref)
        finally:
            connection.close()

    running = [threading.Thread(target=work, args=(firm,)) for firm in ("甲", "乙", "甲")]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    serials = sorted(int(number[9:15]) for number in numbers())
    assert serials == list(range(1, 16))
    assert max(Counter(numbers()).values()) == 1


def numbers() -> list[str]:
    return list(Licence.objects.values_list("number", flat=True))

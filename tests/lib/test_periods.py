"""Periods lie beside each other without gap or overlap, and are called what people call them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caricc.lib.periods import PERIODS, Period, add_months, around, period_of

DAY = datetime.date
ONE = datetime.timedelta(1)
days = st.dates(DAY(1950, 1, 1), DAY(2050, 12, 31))


@given(days, st.sampled_from(["month", "quarter", "year"]))
def test_a_day_lies_in_its_month_quarter_and_year(day, unit):
    period = around(day, unit)
    assert period.after <= day <= period.before
    assert period.months == {"month": 1, "quarter": 3, "year": 12}[unit]


@given(days, st.integers(0, 800), st.integers(-3, 3))
def test_periods_of_one_length_follow_each_other_without_gap(day, length, steps):
    period = Period(day, day + datetime.timedelta(length))
    one, other = period.shifted(steps), period.shifted(steps + 1)
    assert other.after == one.before + ONE
    assert one.is_closed
    if not period.months:
        assert one.before - one.after == period.before - period.after


@given(days, st.sampled_from(["month", "quarter", "year"]))
def test_whole_months_stay_whole_months_a_year_ago(day, unit):
    ago = around(day, unit).a_year_ago()
    assert ago == around(add_months(day, -12), unit)


def test_a_year_before_the_leap_day_is_the_last_of_february():
    assert Period(DAY(2024, 2, 10), DAY(2024, 2, 29)).a_year_ago() == Period(DAY(2023, 2, 10), DAY(2023, 2, 28))
    assert add_months(DAY(2024, 1, 31), 1) == DAY(2024, 2, 29)


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period(DAY(2021, 10, 1), DAY(2021, 12, 31)), "Fourth quarter 2021"),
        (Period(DAY(2021, 10, 1), DAY(2021, 10, 31)), "October 2021"),
        (Period(DAY(2021, 1, 1), DAY(2021, 12, 31)), "2021"),
        (Period(DAY(2021, 2, 1), DAY(2021, 4, 30)), "Feb – Apr 2021"),
        (Period(DAY(2021, 12, 1), DAY(2022, 1, 31)), "Dec 2021 – Jan 2022"),
        (Period(DAY(2021, 10, 3), DAY(2021, 10, 3)), "3 Oct 2021"),
        (Period(DAY(2021, 10, 3), DAY(2021, 11, 4)), "3 Oct 2021 – 4 Nov 2021"),
        (Period(DAY(2021, 10, 3)), "Since 3 Oct 2021"),
        (Period(None, DAY(2021, 10, 3)), "Until 3 Oct 2021"),
        (Period(), "All time"),
    ],
)
def test_a_period_is_called_what_people_call_it(period, words):
    assert str(period) == words


@pytest.mark.parametrize(
    ("name", "after", "before"),
    [
        ("this_month", DAY(2026, 2, 1), DAY(2026, 2, 28)),
        ("this_quarter", DAY(2026, 1, 1), DAY(2026, 3, 31)),
        ("last_quarter", DAY(2025, 10, 1), DAY(2025, 12, 31)),
        ("last_month", DAY(2026, 1, 1), DAY(2026, 1, 31)),
        ("last_year", DAY(2025, 1, 1), DAY(2025, 12, 31)),
        ("last_30_days", DAY(2026, 1, 12), DAY(2026, 2, 10)),
        ("next_30_days", DAY(2026, 2, 10), DAY(2026, 3, 11)),
        ("all_time", None, None),
    ],
)
def test_moving_periods_move_with_the_day(name, after, before):
    assert period_of(name, DAY(2026, 2, 10)) == Period(after, before)


def test_every_name_has_its_days_and_the_bounds_of_the_register_hold():
    for name, _label in PERIODS:
        period_of(name)
    assert Period(DAY(1900, 1, 1), DAY(1900, 12, 31)).shifted(-1).after >= DAY(1900, 1, 1)
    assert Period(DAY(2100, 1, 1), DAY(2100, 12, 31)).shifted(1).before <= DAY(2100, 12, 31)

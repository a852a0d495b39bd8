import json

import pytest

from tests.bench import table
from tests.bench.__main__ import chosen, measured
from tests.bench.measure import AT_LEAST, AT_MOST, failed, in_turn, times_as_fast, times_as_long, within, written
from tests.bench.works import WORKS


def counting(calls: list, name: str, ms: float):
    def side() -> dict:
        calls.append(name)
        return {"ms": ms + len(calls)}

    return side


def test_a_goal_at_most_is_met_by_a_small_ratio():
    slow, quick = times_as_long("a", 50, 10, "SQL", 4), times_as_long("a", 30, 10, "SQL", 4)
    assert (slow.ratio, slow.met, slow.goal_is) == (5, False, AT_MOST)
    assert (quick.ratio, quick.met) == (3, True)
    assert times_as_long("a", 40, 10, "SQL", 4).met


def test_a_goal_at_least_is_met_by_a_great_ratio_of_the_other_to_ours():
    slow, quick = times_as_fast("a", 10, 20, "view", 3), times_as_fast("a", 10, 40, "view", 3)
    assert (slow.ratio, slow.met, slow.goal_is) == (2, False, AT_LEAST)
    assert (quick.ratio, quick.met) == (4, True)
    assert times_as_fast("a", 10, 8, "psql", 0.80).met


def test_a_goal_is_not_met_by_rounding():
    assert not times_as_long("a", 4.0004, 1, "SQL", 4).met


def test_a_limit_is_used_by_a_share():
    found = within("queries", 9, 8, "queries")
    assert (found.ours, found.other, found.ratio, found.goal, found.met) == (9, 8, 1.125, 1, False)
    assert within("queries", 8, 8, "queries").met


def test_sides_take_turns_and_another_one_begins_each_round():
    calls: list = []
    times = in_turn({name: counting(calls, name, 10) for name in ("a", "b", "c")}, seconds=0)
    assert "".join(calls) == "abcbcacab"
    assert times["a"].ms == 16
    assert times["a"].most("ms") == 18


def test_quick_sides_are_asked_more_often_than_three_times():
    calls: list = []
    in_turn({"a": counting(calls, "a", 1)}, seconds=60, most=7)
    assert len(calls) == 7


def test_the_file_is_what_the_contract_says(tmp_path):
    path = tmp_path / "bench.json"
    written(path, 1000, [times_as_long("list", 20, 10, "SQL", 4), failed("export", "no psql")])
    found = json.loads(path.read_text())
    assert found["events"] == 1000
    assert {"work", "ours", "other", "other_is", "ratio", "goal", "met"} <= set(found["results"][0])
    assert found["results"][0]["ratio"] == 2
    assert found["results"][0]["met"] is True
    assert found["results"][1]["met"] is False
    assert found["results"][1]["failed"] == "no psql"


def test_a_work_that_fails_is_a_row_and_keeps_what_it_had_measured(capsys):
    def broken(run):
        yield times_as_long("first", 1, 1, "SQL", 1)
        raise ValueError("the second broke")

    rows = measured("two works", broken, None)
    assert [row.work for row in rows] == ["first", "two works"]
    assert rows[1].failed == "ValueError: the second broke"
    assert "failed" in table.told(rows)


def test_works_are_chosen_by_words_of_their_names():
    assert set(chosen("")) == set(WORKS)
    assert set(chosen("export c, api")) == {"export CSV", "API page"}
    with pytest.raises(SystemExit, match="No work is called"):
        chosen("nonsense")


def test_the_direction_of_a_goal_can_be_read_in_the_table():
    text = table.told([times_as_long("list", 20, 10, "SQL", 4), times_as_fast("file", 10, 8, "psql", 0.9)])
    assert "≤ 4  yes" in text
    assert "≥ 0.9   NO" in text


def test_tables_are_put_between_their_marks_and_nothing_else_changes(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("before\n<!-- table -->\nold\n<!-- end of table -->\nafter\n")
    for _ in range(2):
        table.put_into(path, "table", table.markdown(("a", "b"), [("1|2", "3")]))
    marks = "<!-- table -->\n\n| a | b |\n| --- | --- |\n| 1\\|2 | 3 |\n\n<!-- end of table -->"
    assert path.read_text() == f"before\n{marks}\nafter\n"


def test_the_page_of_the_docs_has_the_marks():
    for name in ("table", "growth"):
        assert table.DOCS.read_text().count(f"<!-- {name} -->") == 1
        assert table.DOCS.read_text().count(f"<!-- end of {name} -->") == 1

from btgui.engine.counting import all_of, counted, one_or, some_of


def test_one_is_no_many():
    assert [counted(count, "scan") for count in (0, 1, 2, 1200)] == [
        "0 scans",
        "1 scan",
        "2 scans",
        "1,200 scans",
    ]
    assert [one_or(count, "is", "are") for count in (0, 1, 2)] == ["are", "is", "are"]


def test_names_are_listed_as_in_a_sentence():
    assert all_of(["A"]) == "A"
    assert all_of(["A", "B"]) == "A and B"
    assert all_of(["A", "B", "C"]) == "A, B and C"


def test_of_very_many_names_the_first_are_told():
    assert some_of(["a", "b"]) == "a, b"
    assert some_of([str(n) for n in range(12)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"

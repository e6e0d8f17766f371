from btgui.engine.counting import counted, one_or, some_of


def test_one_is_no_many():
    assert [counted(count, "scan") for count in (0, 1, 2, 1200)] == [
        "0 scans",
        "1 scan",
        "2 scans",
        "1,200 scans",
    ]
    assert [one_or(count, "is", "are") for count in (0, 1, 2)] == ["are", "is", "are"]


def test_of_very_many_names_the_first_are_told():
    assert some_of(["a", "b"]) == "a, b"
    assert some_of([str(n) for n in range(12)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"

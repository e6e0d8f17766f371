from training.counting import counted, one_or


def test_one_thing_is_no_several():
    assert [counted(n, "scan") for n in (0, 1, 2, 1200)] == [
        "0 scans",
        "1 scan",
        "2 scans",
        "1,200 scans",
    ]
    assert [one_or(n, "is", "are") for n in (0, 1, 2)] == ["are", "is", "are"]

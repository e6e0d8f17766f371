from btgui.engine.counting import counted, one_or


def test_one_is_no_many():
    assert [counted(count, "scan") for count in (0, 1, 2, 1200)] == [
        "0 scans",
        "1 scan",
        "2 scans",
        "1,200 scans",
    ]
    assert [one_or(count, "is", "are") for count in (0, 1, 2)] == ["are", "is", "are"]

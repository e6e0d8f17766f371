from benchmarks.table import table


def test_networks_stand_side_by_side_and_what_was_missed_is_bold():
    lines = table({"ratios": {"predict/mobilenetv2": 7.9, "predict/vgg19": 3.1}})
    assert lines[0] == "| measured, and relative to what | mobilenetv2 | vgg19 | target |"
    assert lines[2].endswith("| **7.90** | 3.10 | at least 3, mobilenetv2: 8 |")
    assert len(lines) == 3


def test_what_is_of_no_network_has_a_table_of_its_own():
    lines = table({"ratios": {"predict/mobilenetv2": 8.1, "memory": 0.5}})
    assert lines[3:5] == ["", "| measured, and relative to what | ratio | target |"]
    assert lines[6].endswith("| 0.50 | at most 1 |")


def test_networks_that_were_not_measured_have_no_column():
    assert table({"ratios": {"memory": 1.5}})[2].endswith("| **1.50** | at most 1 |")

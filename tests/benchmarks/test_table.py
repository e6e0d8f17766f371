from benchmarks.table import table


def test_a_result_becomes_a_table_that_says_what_was_missed():
    lines = table({"ratios": {"predict/mobilenetv2": 7.9, "memory": 0.5}})
    assert lines[0].startswith("| what |")
    assert "| 7.90 | at least 8 | **missed** |" in lines[2]
    assert "| 0.50 | at most 1 | met |" in lines[3]
    assert len(lines) == 4

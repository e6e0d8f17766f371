from btgui.engine.models.names import LONGEST_NAME, free_model_name


def test_a_name_that_is_taken_gets_the_first_free_number():
    assert free_model_name("Mine", ()) == "Mine"
    assert free_model_name("Mine", {"Mine", "Mine 2"}) == "Mine 3"


def test_a_name_that_is_too_long_is_cut():
    long = "x" * 200
    assert free_model_name(long, ()) == "x" * LONGEST_NAME
    second = free_model_name(long, {"x" * LONGEST_NAME})
    assert second.endswith("x 2")
    assert len(second) == LONGEST_NAME

from btgui.engine.results import Prediction


def test_verdict_and_runner_up_are_the_two_most_probable():
    prediction = Prediction(tuple("abcd"), tuple("ABCD"), (0.1, 0.2, 0.65, 0.05), (0, 1, 2, -1))
    assert prediction.verdict == "c"
    assert prediction.verdict_index == 2
    assert prediction.runner_up_index == 1

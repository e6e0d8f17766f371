from dataclasses import replace

from btgui.engine.results import NOVEL, Prediction, Reading


def test_verdict_and_runner_up_are_the_two_most_probable():
    prediction = Prediction(tuple("abcd"), tuple("ABCD"), (0.1, 0.2, 0.65, 0.05), (0, 1, 2, -1))
    assert prediction.verdict == "c"
    assert prediction.verdict_index == 2
    assert prediction.runner_up_index == 1


def test_of_equal_probabilities_the_first_class_is_the_verdict():
    prediction = Prediction(("a", "b"), ("A", "B"), (0.5, 0.5), (0, 0))
    assert prediction.verdict == "a"


def test_of_equal_probabilities_the_next_class_is_the_runner_up():
    for probabilities in ((0.5, 0.5), (0.4, 0.4, 0.2), (0.25,) * 4):
        names = tuple("abcd"[: len(probabilities)])
        prediction = Prediction(names, names, probabilities, (0,) * len(names))
        assert (prediction.verdict_index, prediction.runner_up_index) == (0, 1)


def test_of_two_classes_the_other_is_the_runner_up():
    for probabilities, runner_up in (((0.9, 0.1), 1), ((0.2, 0.8), 0)):
        prediction = Prediction(("a", "b"), ("A", "B"), probabilities, (0, 0))
        assert prediction.runner_up_index == runner_up


def test_no_tumour_is_doubtful_where_the_tumours_together_are_likelier():
    names = ("glioma", "meningioma", "notumor", "pituitary")
    for shares, together, doubtful in (
        ((0.3, 0.3, 0.38, 0.02), 0.62, True),
        ((0.2, 0.2, 0.52, 0.08), 0.48, False),
        ((0.6, 0.1, 0.2, 0.1), 0.8, False),  # a tumour by its verdict
    ):
        prediction = Prediction(names, names, shares, (0,) * 4)
        assert round(prediction.tumours_together, 6) == together
        assert prediction.is_doubtful_health is doubtful
        words = "All tumour classes together: 62 %. Look closely."
        assert prediction.doubt == (words if doubtful else "")
    only_tumours = Prediction(names[:2], names[:2], (0.5, 0.5), (0, 0))
    assert (only_tumours.tumours_together, only_tumours.is_doubtful_health) == (0, False)


def test_a_reading_is_doubtful_by_its_probabilities_and_by_its_crop():
    names = ("glioma", "meningioma", "notumor")
    sure = Prediction(names, names, (0.9, 0.05, 0.05), (0,) * 3)
    unsure = Prediction(names, names, (0.3, 0.3, 0.4), (0,) * 3)
    readings = [Reading("", "", one, has_head=True, note="Odd.") for one in (sure, unsure)]
    assert [one.doubt for one in readings] == ["Odd.", f"{unsure.doubt} Odd."]
    assert Reading("", "", sure, has_head=True).doubt == ""


def test_a_novel_scan_is_doubtful_and_the_reason_comes_first():
    names = ("glioma", "meningioma", "notumor")
    unsure = Prediction(names, names, (0.3, 0.3, 0.4), (0,) * 3)
    for novelty, is_novel in ((None, False), (1.0, False), (1.01, True)):
        prediction = replace(unsure, novelty=novelty)
        assert prediction.is_novel is is_novel
        assert prediction.doubt == (f"{NOVEL} {unsure.doubt}" if is_novel else unsure.doubt)


def test_a_reading_tells_which_scan_and_model_it_is_of_and_whether_a_head_was_found(analysis):
    reading = analysis.reading
    assert (reading.sha256, reading.frame) == (analysis.scan.sha256, analysis.scan.frame)
    assert (reading.model_id, reading.prediction) == ("small", analysis.prediction)
    assert reading.greys == analysis.scan.greys
    assert reading.has_head
    found = analysis.preprocessed.outline
    outline = replace(found, contour=found.contour[:0], note="No head outline was found.")
    headless = replace(analysis, preprocessed=replace(analysis.preprocessed, outline=outline))
    assert not headless.reading.has_head

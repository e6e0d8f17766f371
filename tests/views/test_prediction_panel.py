from dataclasses import replace

import pytest

from btgui.engine.results import Prediction
from btgui.views.prediction_panel import PredictionPanel, ProbabilityBars
from btgui.views.text import unbroken
from tests.conftest import card_for
from tests.views.conftest import heard, shown_plainly


@pytest.fixture
def panel(qtbot):
    panel = PredictionPanel()
    qtbot.addWidget(panel)
    return panel


@pytest.fixture
def sure(analysis):
    prediction = Prediction(
        classes=analysis.prediction.classes,
        display_names=analysis.prediction.display_names,
        probabilities=(0.02, 0.93, 0.04, 0.01),
        logits=(0.0, 4.0, 0.7, -0.7),
    )
    return replace(analysis, prediction=prediction)


def test_the_verdict_is_in_words_with_the_runner_up(panel, sure):
    panel.show_analysis(sure)
    assert panel._verdict.text() == "Meningioma"
    assert panel.sentence.text() == unbroken("Likely: 93 %.\nNext: no tumour, 4 %.")
    assert heard(panel._verdict)[0] == "Verdict: Meningioma"


def test_no_tumour_beside_tumours_that_are_likelier_together_is_told_as_doubtful(panel, sure):
    shares = (0.3, 0.3, 0.38, 0.02)
    panel.show_analysis(replace(sure, prediction=replace(sure.prediction, probabilities=shares)))
    assert panel._verdict.text() == "No tumour"
    assert panel.warning.text() == unbroken("All tumour classes together: 62 %. Look closely.")
    panel.show_analysis(sure)
    assert not panel.warning.text()


def test_each_class_has_a_bar_in_the_network_s_order(panel, sure):
    panel.show_analysis(sure)
    assert panel.bars.lines() == [
        "Glioma: 2 %",
        "Meningioma: 93 %",
        "No tumour: 4 %",
        "Pituitary tumour: 1 %",
    ]
    assert panel.bars.accessibleDescription().startswith("Glioma: 2 %")


def test_a_long_name_gives_way_to_its_figure(qtbot, sure):
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    long = "A tumour with a name that goes on and on, to the very end"
    names = (long, *sure.prediction.display_names[1:])
    bars.show_prediction(replace(sure.prediction, display_names=names))
    bars.resize(200, bars.sizeHint().height())
    shown = bars.shown_name(0)
    assert shown.endswith("\N{HORIZONTAL ELLIPSIS}")
    assert bars.fontMetrics().horizontalAdvance(f"{shown} 2 %") <= 200
    assert bars.shown_name(1) == "Meningioma"
    assert long in bars.toolTip()


def test_the_bars_are_as_long_as_the_probabilities(qtbot, sure):
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.show_prediction(sure.prediction)
    row = bars.sizeHint().height() // 4
    bars.resize(200, 4 * row)
    drawn = bars.grab().toImage()

    def coloured(number: int) -> int:
        y = number * row + bars.fontMetrics().height() + 5
        return sum(drawn.pixelColor(x, y).hsvSaturation() > 90 for x in range(200))

    assert coloured(1) == pytest.approx(186, abs=3)
    assert coloured(0) < 12


def test_it_says_which_model_and_what_preprocessing_and_how_long(panel, sure):
    panel.show_analysis(sure)
    text = panel._details.text()
    assert "Small test model" in text
    assert "Read in" in text
    assert sure.scan.window_source in text


def test_a_failure_replaces_the_verdict_by_its_reason(panel, sure):
    panel.show_analysis(sure)
    panel.show_failure("scan.jpg is empty.")
    assert panel._verdict.text() == "Not read"
    assert panel.sentence.text() == "scan.jpg is empty."
    assert panel.bars.lines() == []


def test_names_of_files_and_models_are_shown_as_they_are_written(panel, sure):
    panel.show_analysis(replace(sure, model_name="<b>own</b> model"))
    assert shown_plainly(panel._details)
    panel.show_failure("<b>1</b>.jpg is empty.")
    assert shown_plainly(panel.sentence)


def test_a_long_name_of_a_file_or_a_model_does_not_widen_the_window(panel, sure):
    widths = []
    for name in ("1.dcm", f"{'1.2.840.113619' * 5}.dcm"):
        panel.show_failure(f"{name} is damaged or incomplete.")
        widths.append(panel.sentence.minimumSizeHint().width())
        panel.show_analysis(replace(sure, model_name=name))
        widths.append(panel._details.minimumSizeHint().width())
    assert widths[2:] == pytest.approx(widths[:2], abs=40)


def test_waiting_shows_no_old_figures(panel, sure):
    panel.show_analysis(sure)
    panel.show_waiting("Reading …")
    assert panel.bars.lines() == []
    assert panel._details.text() == ""
    assert panel.sentence.text() == "Reading …"


def test_what_is_waited_for_follows_the_model(panel, sure):
    panel.show_waiting("Reading …")
    panel.await_model()
    assert panel.sentence.text() == "The model is being loaded …"
    panel.set_no_model("There is none.")
    assert (panel._verdict.text(), panel.sentence.text()) == ("Not read", "There is none.")
    panel.show_waiting("Reading …")
    assert panel.sentence.text() == "There is none."
    panel.set_model(card_for())
    assert (panel._verdict.text(), panel.sentence.text()) == ("…", "Reading …")


def test_a_verdict_and_a_failure_of_the_scan_s_own_stay_while_a_model_is_loaded(panel, sure):
    panel.show_analysis(sure)
    panel.await_model()
    assert panel._verdict.text() == "Meningioma"
    panel.show_failure("scan.jpg is empty.")
    panel.await_model()
    assert panel.sentence.text() == "scan.jpg is empty."


def test_without_a_scan_it_says_how_to_begin_unless_there_is_no_model(panel):
    panel.await_model()
    assert panel._verdict.text() == "No scan"
    panel.set_no_model("There is none.")
    assert panel.sentence.text() == "There is none."
    panel.await_model()
    assert panel._verdict.text() == "No scan"


def test_a_slice_s_verdict_is_titled_and_smaller_than_a_scan_s(panel):
    size = panel._verdict.font().pointSizeF()
    assert panel._heading.isHidden()
    panel.set_of_slice(of_slice=True)
    assert panel._heading.text() == "This slice"
    assert not panel._heading.isHidden()
    assert panel._verdict.font().pointSizeF() < size
    panel.set_of_slice(of_slice=False)
    assert panel._verdict.font().pointSizeF() == size


def test_a_verdict_names_its_scan_wherever_it_is_seen(panel, sure):
    assert panel._heading.isHidden()
    panel.name_scan("next.png")
    panel.show_waiting("Reading …")
    assert panel._heading.text() == "next.png"
    panel.show_analysis(sure)
    assert panel._heading.text() == sure.scan.path.name
    assert not panel._heading.isHidden()
    panel.set_of_slice(of_slice=True)
    panel.show_analysis(sure)
    assert panel._heading.text() == "This slice"
    panel.set_of_slice(of_slice=False)
    panel.name_scan("head.png")
    panel.clear()
    assert panel._heading.isHidden()


def test_what_makes_a_verdict_doubtful_stands_below_it_and_goes_with_it(panel, sure):
    panel.show_analysis(sure, "This is no scan of a head.")
    assert panel.warning.text() == "This is no scan of a head."
    panel.show_waiting("Reading …")
    assert panel.warning.text() == ""
    panel.show_analysis(sure)
    assert panel.warning.isHidden()

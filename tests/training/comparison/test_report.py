import json
import re

import numpy as np
import pytest

from btgui.engine.preprocessing import PLAIN
from btgui.engine.training_request import RECOMMENDED, TrainingRequest
from training.augmenting.augmentation import without_augmentation
from training.comparison.report import write_report

TRUE = [0, 1, 2, 3, 0, 1]
FIRST = [0, 1, 2, 0, 1, 1]
SECOND = [0, 1, 2, 2, 0, 0]
HISTORY = {
    "loss": [1.0, 0.5],
    "accuracy": [0.5, 0.7],
    "validation_loss": [1.1, 0.8],
    "validation_accuracy": [0.4, 0.6],
}


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    (tmp_path / "report").mkdir()


def sections(text):
    """Return the page's sections by the first words of their heading."""
    pieces = re.split(r"<h2>", text)[1:]
    return {piece.split("</h2>")[0].split(":")[0]: piece for piece in pieces}


def test_the_page_holds_every_table_and_figure_and_no_path(findings, tmp_path):
    folder = tmp_path / "report"
    write_report(findings(TRUE, FIRST, SECOND), folder)
    text = (folder / "comparison.html").read_text(encoding="utf-8")
    assert [*sections(text)] == [
        "The models",
        "Table 4",
        "Figure 8",
        "Figure 10",
        "Figure 11",
        "Table 5",
        "Table 6",
        "Figure 12",
        "Figure 13",
        "Figure 14",
        "Figures 15 and 16",
        "How this was measured",
    ]
    linked = set(re.findall(r"<figure><img src='([^']+)'", text))
    assert linked == {file.name for file in folder.glob("*.png")}
    assert len(linked) == 5
    assert all((folder / name).stat().st_size > 5000 for name in linked)
    assert "src='http" not in text
    assert str(tmp_path) not in text + (folder / "comparison.json").read_text(encoding="utf-8")
    assert "Not recorded in the cards of A and B." in sections(text)["Figure 11"]
    assert "--no-preprocessing" in sections(text)["Figure 14"]
    assert "--no-augmentation" in sections(text)["Figures 15 and 16"]
    assert json.loads((folder / "comparison.json").read_text(encoding="utf-8"))["format"] == 1


@pytest.mark.usefixtures("unrendered")
def test_scans_that_both_get_wrong_are_shown_with_what_was_said(findings, tmp_path):
    write_report(findings(TRUE, FIRST, SECOND), tmp_path / "report")
    text = (tmp_path / "report" / "comparison.html").read_text(encoding="utf-8")
    (scan,) = re.findall(r"<div class='scan'>.*?</div>", text)
    assert "<b>Pituitary tumour</b>" in scan
    assert "Scan 4, 03.png" in scan
    assert "A: Glioma, 70\N{NO-BREAK SPACE}%<br>B: No tumour, 70" in scan


@pytest.mark.usefixtures("unrendered")
def test_models_without_errors_are_reported_too(findings, tmp_path):
    write_report(findings(TRUE, TRUE, TRUE), tmp_path / "report")
    text = (tmp_path / "report" / "comparison.html").read_text(encoding="utf-8")
    assert "Every model classifies every scan correctly" in sections(text)["Figure 10"]


def test_pairs_that_differ_in_one_thing_are_drawn(findings, contender, tmp_path):
    request = TrainingRequest(datasets=("made",), output="", name="")
    plain = TrainingRequest(datasets=("made",), output="", name="", preprocessing=PLAIN)
    still = TrainingRequest(
        datasets=("made",), output="", name="", recipe=without_augmentation(RECOMMENDED)
    )
    models = [
        contender(
            mark,
            training={"request": one.without_paths(), "history": HISTORY},
            preprocessing=one.preprocessing,
        )
        for mark, one in zip("ABC", (request, plain, still), strict=True)
    ]
    made = findings(TRUE, TRUE, FIRST, SECOND, contenders=models)
    write_report(made, tmp_path / "report")
    text = (tmp_path / "report" / "comparison.html").read_text(encoding="utf-8")
    found = sections(text)
    assert "A with preprocessing, B without: +33.3 points of accuracy (honest" in found["Figure 14"]
    assert "A with augmentation, C without: +33.3 points" in found["Figures 15 and 16"]
    pictures = {file.name for file in (tmp_path / "report").glob("*.png")}
    assert pictures >= {
        "figure-11-curves.png",
        "figure-14-preprocessing.png",
        "figure-15-augmentation.png",
        "figure-16-curves-AC.png",
    }
    assert "python -m training fit" not in text


@pytest.mark.usefixtures("unrendered")
def test_an_ablation_has_the_interval_and_the_corrected_p_value_of_its_pair(
    findings, contender, tmp_path
):
    plain, request = (
        TrainingRequest(datasets=("made",), output="", name="", **options)
        for options in ({"preprocessing": PLAIN}, {})
    )
    models = [
        contender(mark, training={"request": one.without_paths()}, preprocessing=one.preprocessing)
        for mark, one in zip("AB", (plain, request), strict=True)
    ]
    made = findings(TRUE, FIRST, TRUE, SECOND, contenders=[*models, contender("C")])
    write_report(made, tmp_path / "report")
    text = (tmp_path / "report" / "comparison.html").read_text(encoding="utf-8")
    said = sections(text)["Figure 14"]
    assert made.tests[0].p_value == pytest.approx(0.5)
    low, high = (100 * bound for bound in made.tests[0].interval)
    assert (
        f"+33.3 points of accuracy (honest protocol; 95 % interval {-high:+.1f}".replace(
            "-", "\N{MINUS SIGN}"
        )
        in said
    )
    assert f"to {-low:+.1f}), p 1.000 by McNemar&#x27;s exact test by scan" in said
    assert "corrected for the number of pairs of models" in said
    assert "not the variation between training runs" in said


@pytest.mark.usefixtures("unrendered")
def test_the_curve_of_an_average_is_told_to_be_its_models(findings, contender, tmp_path):
    whole = {"history": HISTORY, "averaged": ["one", "two"]}
    both = [contender("A", training={"history": HISTORY}), contender("B", training=whole)]
    write_report(findings(TRUE, FIRST, SECOND, contenders=both), tmp_path / "report")
    text = (tmp_path / "report" / "comparison.html").read_text(encoding="utf-8")
    assert "B: an average of several models" in sections(text)["Figure 11"]
    assert "A: an average" not in text


@pytest.mark.usefixtures("unrendered")
def test_what_is_missing_of_the_published_figures_is_said(findings, tmp_path):
    write_report(findings(TRUE, FIRST, SECOND), tmp_path / "report")
    found = sections((tmp_path / "report" / "comparison.html").read_text(encoding="utf-8"))
    assert "a dash stands for every other published figure" in found["Table 4"]
    assert "the application does not hold the published training times" in found["Table 5"]
    assert "of all sessions together for an interrupted and resumed run" in found["Table 5"]
    assert "Published times are not shown" in found["Table 6"]


@pytest.mark.usefixtures("unrendered")
def test_the_page_says_what_its_figures_do_not_show(findings, contender, tmp_path):
    both = [contender(mark, training={"history": HISTORY}) for mark in "AB"]
    write_report(findings(TRUE, FIRST, SECOND, contenders=both), tmp_path / "report")
    found = sections((tmp_path / "report" / "comparison.html").read_text(encoding="utf-8"))
    assert "a larger p does not show that the models are equally good" in found["Table 4"]
    assert "never the verdict counts with a precision of 0" in found["Table 4"]
    assert "different label smoothing cannot be compared" in found["Figure 11"]


@pytest.mark.usefixtures("unrendered")
def test_the_page_says_that_intervals_and_tests_are_of_patients(findings, tmp_path):
    patients = [str(scan // 2) for scan in range(len(TRUE))]
    write_report(findings(TRUE, FIRST, SECOND, patients=patients), tmp_path / "report")
    text = (tmp_path / "report" / "comparison.html").read_text(encoding="utf-8")
    assert f"{len(TRUE)} test scans of {len(set(patients))} patients in made" in text
    assert "McNemar&#x27;s exact test by patient" in text
    assert "not on scans: slices of one patient are alike" in text
    assert "exchange their results by patient" in text


def test_names_are_escaped_and_dollars_are_drawn(findings, contender, tmp_path):
    evil = [
        contender("A", name="<b>$x^{</b>", data=("<i>made</i>",)),
        contender("B", name="B" * 200),
    ]
    write_report(findings(TRUE, FIRST, SECOND, contenders=evil, data=("<u>",)), tmp_path / "report")
    text = (tmp_path / "report" / "comparison.html").read_text(encoding="utf-8")
    assert "<b>$x" not in text
    assert "<i>made" not in text
    assert "<u>" not in text
    assert "&lt;b&gt;$x^{&lt;/b&gt;" in text


def test_a_dozen_models_find_room(findings, contender, tmp_path):
    models = [contender(mark) for mark in "ABCDEFGHIJKL"]
    generator = np.random.default_rng(0)
    said = generator.integers(0, 4, (len(models), 30)).tolist()
    true = generator.integers(0, 4, 30).tolist()
    write_report(findings(true, *said, contenders=models), tmp_path / "report")  # warns of nothing
    text = (tmp_path / "report" / "comparison.html").read_text(encoding="utf-8")
    assert "smaller combinations are not shown" in text

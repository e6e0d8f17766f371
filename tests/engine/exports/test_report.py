from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.exports.report import (
    SeriesPart,
    heatmap_words,
    moment_words,
    scan_report,
    series_report,
)
from btgui.engine.exports.shown_scan import ShownScan
from btgui.engine.pictures.greys import Greys
from btgui.engine.pictures.measurement import Measurement
from btgui.engine.pictures.turn import PictureTurn
from btgui.engine.results import Prediction
from btgui.engine.studies.index import index_places
from btgui.engine.studies.series_verdict import SeriesVerdict, SliceReading
from btgui.engine.studies.words import NOT_VALIDATED
from tools.make_series import make_series

READ_AT = datetime(2026, 1, 5, 13, 30, tzinfo=UTC)
NAMING = ("PHANTOM", "1970-01-01", "slice0002", "Secret", "0002.dcm")


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    folder = tmp_path_factory.mktemp("series")
    make_series(folder, slices=3, size=64, description="T1 of Mrs Secret")
    return index_places([folder]).series[0]


@pytest.fixture(scope="module")
def analysis(tiny_pack, series):
    analyser = Analyser(tiny_pack)
    return analyser.explain(analyser.read(series.slices[1].address))


@pytest.fixture
def card(tiny_pack):
    return replace(tiny_pack.card, training={"planes": ["axial"], "sequences": ["T2"]})


def shown(analysis, *, patient=True, measured=()):
    return ShownScan(analysis.scan, Greys(), PictureTurn(), measured, patient)


def part(series, verdict, **changes):
    readings = tuple(SliceReading(n, (0.7, 0.1, 0.1, 0.1)) for n in range(3))
    return SeriesPart(series, readings, verdict, READ_AT, 1, "it speaks most", **changes)


def all_words(report):
    facts = [word for fact in (*report.about, *report.facts) for word in fact]
    return "\n".join(
        [*facts, report.of, report.sentence, report.note, report.shares_of, *report.warnings]
    )


def test_a_scan_s_report_says_who_what_and_how(analysis, card, series):
    measured = (Measurement(((0, 0), (10, 0))),)
    report = scan_report(analysis, card, series, shown(analysis, measured=measured))
    about, facts = dict(report.about), dict(report.facts)
    assert about["Patient"] == "PHANTOM, Head"
    assert about["Born"] == "1970-01-01"
    assert about["Sequence"] == "T1, axial"
    assert about["File"] == "slice0002.dcm"
    assert facts["Tested"].startswith("Accuracy 95.0 % on 200 test scans")
    assert "honest protocol" in facts["Tested"]
    assert facts["Measured"] == "15.0 mm"
    assert "ID small" in facts["Model"]
    assert moment_words(analysis.read_at) in facts["Read"]
    assert facts["Network input"].startswith("window in the DICOM header, width")
    assert report.verdict == report.shares[report.leader][0]
    assert sum(share for _, share in report.shares) == pytest.approx(1)
    assert report.warnings == (
        "This model was not trained on T1 scans. Do not rely on its verdict.",
    )


def test_a_picture_states_no_patient_and_no_sequence(analysis, card, series):
    bare = replace(analysis, scan=replace(analysis.scan, header={}))
    report = scan_report(bare, card, None, shown(bare))
    assert dict(report.about)["Patient"] == "not stated in the file"
    assert dict(report.about)["Sequence"] == "not stated in the file"
    silent = replace(series, sequence="", plane="")
    about = dict(scan_report(bare, card, silent, shown(bare)).about)
    assert about["Sequence"] == "not stated in the file"
    assert not report.warnings


def test_everything_that_makes_a_verdict_doubtful_warns(analysis, card, series):
    prediction = Prediction(card.classes, card.display_names, (0.3, 0.2, 0.4, 0.1), (1, 1, 2, 0))
    outline = replace(analysis.preprocessed.outline, note="No head outline was found.")
    doubtful = replace(
        analysis,
        prediction=prediction,
        preprocessed=replace(analysis.preprocessed, outline=outline),
    )
    whole = scan_report(doubtful, card, series, shown(analysis)).warnings
    assert whole[0] == "All tumour classes together: 60 %. Look closely."
    assert "not trained on T1" in whole[1]
    assert whole[2] == "No head outline was found."
    gappy = replace(series, findings=("Gaps: 1.",), breaks=(1,))
    of_series = series_report(
        doubtful, card, part(gappy, SeriesVerdict(0, 0.7, 0, (0, 1, 2), 3)), shown(analysis)
    )
    assert of_series.warnings[-1] == "Slice 2: No head outline was found."
    assert of_series.warnings.count("Gaps: 1.") == 1


def test_where_the_patient_is_hidden_nothing_leads_to_him_or_her(analysis, card, series):
    hidden = shown(analysis, patient=False)
    verdict = SeriesVerdict(0, 0.7, 0, (0, 1, 2), 3)
    for report in (
        scan_report(analysis, card, series, hidden),
        series_report(analysis, card, part(series, verdict), hidden),
    ):
        assert dict(report.about)["Patient"] == "hidden"
        assert not [name for name in NAMING if name.casefold() in all_words(report).casefold()]
    named = series_report(analysis, card, part(series, verdict), shown(analysis))
    assert "Secret" in all_words(named)


def test_a_series_report_has_the_series_verdict_and_its_slice_s_probabilities(
    analysis, card, series
):
    report = series_report(
        analysis, card, part(series, SeriesVerdict(0, 0.7, 0, (0, 1, 2), 3)), shown(analysis)
    )
    assert (report.verdict, report.class_index) == ("Glioma", 0)
    assert report.sentence == "Decided by slices 1 to 3: 70 % on average."
    assert report.note == NOT_VALIDATED
    assert "Help" not in report.note  # on paper there is none
    assert report.shares_of.startswith("Slice 2 of 3")
    assert dict(report.about)["Slices"] == "3, 3.00 mm apart"
    assert dict(report.facts)["Network input"] == (
        "of slice 2: window in the DICOM header, width 700, centre 350"
    )
    assert dict(report.facts)["Slice shown"] == "Slice 2 of 3, H 0.0 mm: it speaks most."
    assert moment_words(READ_AT) in dict(report.facts)["Read"]


@pytest.mark.parametrize(
    ("verdict", "word"),
    [(None, "No verdict"), (SeriesVerdict(2, 0.3, 0, (), 3, unread=1), "Incomplete")],
)
def test_a_series_that_is_no_tumour_s_has_no_class_where_that_is_not_certain(
    analysis, card, series, verdict, word
):
    report = series_report(analysis, card, part(series, verdict), shown(analysis))
    assert (report.verdict, report.class_index) == (word, None)
    assert report.sentence


def test_a_heatmap_is_named_by_stage_method_and_class(analysis):
    explanation = replace(analysis.explanation, target_index=3)
    words = heatmap_words(analysis, explanation, 1)
    assert words.startswith("Stage 2, Grad-CAM, evidence for pituitary tumour")
    first = explanation.stages[0]
    silent = replace(first, feature_map=np.zeros_like(first.feature_map))
    without = replace(explanation, stages=(silent,))
    assert heatmap_words(analysis, without, 0).endswith(": no evidence at this stage")


def test_a_moment_is_told_with_its_distance_from_utc():
    words = moment_words(READ_AT)
    assert datetime.strptime(words, "%Y-%m-%d %H:%M (UTC%z)") == READ_AT


def test_where_the_patient_is_hidden_a_volume_is_told_by_its_series_number(analysis, card, series):
    echo = replace(series, volume="echo 2 (TE 98 ms)", number=5)
    verdict = SeriesVerdict(0, 0.7, 0, (0, 1, 2), 3)
    report = series_report(analysis, card, part(echo, verdict), shown(analysis, patient=False))
    assert dict(report.about)["Series"] == "number 5, echo 2 (TE 98 ms)"
    unnumbered = part(replace(series, number=0), verdict)
    report = series_report(analysis, card, unnumbered, shown(analysis, patient=False))
    assert "Series" not in dict(report.about)

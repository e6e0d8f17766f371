from dataclasses import replace

from btgui.engine.models.published_networks import PUBLISHED
from training.comparison import tables

TRUE = [0, 1, 2, 3]
SAID = [0, 1, 2, 0]


def test_table_4_names_each_protocol_and_shows_published_figures_beside(comparison, contender):
    both = [contender("A"), contender("B", training={})]
    text = tables.accuracy_table(comparison(TRUE, SAID, TRUE, contenders=both))
    assert "<td class=words>honest</td><td>75.0\N{NO-BREAK SPACE}%<small>30.1 to 95.4" in text
    assert "not recorded, so published" in text
    assert "ResNet-50, as published</td><td class=words>published</td><td>98.70" in text
    assert text.count("as published") == len(PUBLISHED) == 6
    assert "without copies" not in text  # not known here


def test_table_4_has_intervals_for_every_figure(comparison):
    text = tables.accuracy_table(comparison(TRUE, SAID, TRUE))
    first = text[text.index("<td class=words>A<") :]
    first = first[: first.index("</tr>")]
    assert first.count(" to ") == 4
    perfect = text[text.index("<td class=words>B<") :]
    assert perfect[: perfect.index("</tr>")].count("<small>51.0 to 100.0") == 4
    by_class = tables.classes_table(comparison(TRUE, SAID, TRUE))
    assert by_class.count(" to ") == 8 * 3 - 1  # one class is never named: no precision


def test_table_4_shows_the_scans_without_a_copy_where_known(comparison):
    some = tables.accuracy_table(comparison(TRUE, SAID, TRUE, leaked=[True, True, False, False]))
    assert "accuracy without copies" in some
    assert "<td>50.0\N{NO-BREAK SPACE}%<small>9.5 to 90.5" in some
    every = tables.accuracy_table(comparison(TRUE, SAID, TRUE, leaked=[True] * 4))
    assert "<td>\N{EN DASH}</td></tr><tr><td class=words>B" in every


def test_table_5_says_what_is_not_recorded(comparison, contender):
    full = {
        "request": {"protocol": "honest", "weights": "imagenet"},
        "seconds": 9182,
        "history": {"loss": [1, 0.5, 0.2]},
    }
    both = [contender("A", training=full), contender("B", training={})]
    text = tables.size_table(comparison(TRUE, SAID, TRUE, contenders=both))
    assert "<td class=words>imagenet</td><td>2.26</td><td>2 h 33 min</td><td>3</td>" in text
    assert text.count("not recorded") == 3
    assert "as published</td><td class=words>\N{EN DASH}</td><td>84.93</td>" in text


def test_table_6_has_the_five_times(comparison):
    text = tables.times_table(comparison(TRUE, SAID, TRUE))
    expected = "".join(f"<td>{ms}</td>" for ms in ("1.0", "2.0", "2.0", "3.0", "4.0"))
    assert f"{expected}<td>10</td>" in text


def test_pairs_show_counts_difference_and_p(findings):
    text = tables.pairs_table(findings(TRUE, SAID, TRUE))
    assert "<td class=words>A and B</td><td>3</td><td>0</td><td>1</td><td>0</td>" in text
    assert "<td>\N{MINUS SIGN}25.0<small>" in text
    assert "<td>1.000</td><td>1.000</td>" in text


def test_a_class_is_named_once_for_all_models(comparison):
    text = tables.classes_table(comparison(TRUE, SAID, TRUE))
    assert text.count("Pituitary tumour") == 1
    assert text.count("A · Model A") == 4


def test_a_class_that_a_model_never_names_has_no_precision(comparison):
    text = tables.classes_table(comparison(TRUE, SAID, TRUE))
    pituitary = text[text.index("Pituitary tumour") :]
    first = pituitary[: pituitary.index("</tr>")]
    assert "<td>\N{EN DASH}</td>" in first


def test_the_key_says_how_each_model_was_made(comparison, contender, request_for):
    request = replace(request_for(), datasets=("made & more",)).without_paths()
    both = [contender("A", training={"request": request}), contender("B", training={})]
    text = tables.models_table(comparison(TRUE, SAID, TRUE, contenders=both))
    assert "made &amp; more" in text
    assert "as published</td><td class=words>yes</td>" in text
    assert "as published</td><td class=words>not recorded</td>" in text

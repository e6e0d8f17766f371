import pytest
from pydicom import dcmread

from btgui.engine.studies.headers import read_header
from btgui.engine.studies.sequences import sequence_of, sequence_of_header
from tools.make_series import make_series


@pytest.mark.parametrize(
    ("description", "sequence"),
    [
        ("t2_tirm_tra_dark-fluid", "FLAIR"),
        ("Ax T2 FLAIR", "FLAIR"),
        ("AX T1 POST", "T1"),
        ("t1_mprage_sag", "T1"),
        ("T2W_TSE", "T2"),
        ("ep2d_diff_4scan", "DWI"),
        ("head", ""),
        ("", ""),
        ("PT10 part12", ""),
    ],
)
def test_only_plain_words_name_a_sequence(description, sequence):
    assert sequence_of(description) == sequence


@pytest.mark.parametrize(
    ("echo", "repetition", "inversion", "kind", "sequence"),
    [
        (12, 500, None, "SE", "T1"),
        (100, 4000, None, "SE", "T2"),
        (100, 9000, 2500, "SE", "FLAIR"),
        (15, 3000, None, "SE", ""),
        (12, 500, None, "GR", ""),
        (None, None, None, "SE", ""),
    ],
)
def test_times_of_spin_echo_decide_where_words_do_not(
    tmp_path, echo, repetition, inversion, kind, sequence
):
    file, *_ = make_series(tmp_path, slices=1, size=16, description="head")
    dataset = dcmread(file)
    dataset.EchoTime, dataset.RepetitionTime, dataset.InversionTime = echo, repetition, inversion
    dataset.ScanningSequence = kind
    dataset.save_as(file)
    assert sequence_of_header(read_header(file)) == sequence

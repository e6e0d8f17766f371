import pytest

from btgui.engine.studies.sequences import sequence_of


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

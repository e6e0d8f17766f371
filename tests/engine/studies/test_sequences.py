import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from btgui.engine.dicom.headers import read_header
from btgui.engine.studies.sequences import before_sequence, sequence_of, sequence_of_header
from tools.make_series import make_series


def _sequence_in(file):
    header = read_header(file)
    return sequence_of_header(header, header.traits[0])


@pytest.mark.parametrize(
    ("description", "sequence"),
    [
        ("t2_tirm_tra_dark-fluid", "FLAIR"),
        ("Ax T2 FLAIR", "FLAIR"),
        ("AX T1 POST", "T1"),
        ("t1_mprage_sag", "T1"),
        ("T2W_TSE", "T2"),
        ("ep2d_diff_4scan", "DWI"),
        ("SAG T1 FLAIR", "T1"),
        ("AX T1 FLAIR +C", "T1"),
        ("t1_tirm_dark-fluid_tra", "T1"),
        ("T2FLAIR", "FLAIR"),
        ("T2 FLAIR (as T1)", "FLAIR"),
        ("T2* GRE", "T2*"),
        ("T2 STAR", "T2*"),
        ("AX T2star", "T2*"),
        ("t2_fl2d_tra_hemo", "T2*"),
        ("t2_me2d_tra", "T2*"),
        ("AX T2 GRE", "T2*"),
        ("T2WI", "T2"),
        ("sT2W_TSE", "T2"),
        ("T1WI", "T1"),
        ("sT1W_3D_TFE", "T1"),
        ("T1MPRAGE", "T1"),
        ("*tfl3d1_16ns", "T1"),
        ("3DT1", "T1"),
        ("T1POST", "T1"),
        ("AX FSPGR", "T1"),
        ("T1 map", "T1 map"),
        ("t2_mapping", "T2 map"),
        ("PD", "PD"),
        ("AX PD/T2", "PD"),
        ("PD protocol T1", "T1"),
        ("3D TOF", "MRA"),
        ("MRA head", "MRA"),
        ("COR STIR", "STIR"),
        ("T2 STIR", "STIR"),
        ("t2_tirm_cor", "TIRM"),
        ("eADC", "DWI"),
        ("ep2d_diff_TRACEW", "DWI"),
        ("*ep_b1000t", "DWI"),
        ("SWIp", "SWI"),
        ("mIP_Images(SW)", "SWI"),
        ("ep2d_perf", "perfusion"),
        ("pcasl", "perfusion"),
        ("AX GRE", ""),
        ("localizer", ""),
        ("head", ""),
        ("", ""),
        ("PT10 part12", ""),
    ],
)
def test_only_plain_words_name_a_sequence(description, sequence):
    assert sequence_of(description) == sequence


def told_by(folder, description="head", *, enhanced=False, **elements):
    """Return the sequence recognised in a synthetic file whose header has these elements."""
    (file,) = make_series(folder, slices=1, size=16, enhanced=enhanced, description=description)
    dataset = dcmread(file)
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    dataset.save_as(file)
    return _sequence_in(file)


@pytest.mark.parametrize(
    ("echo", "repetition", "inversion", "kind", "sequence"),
    [
        (12, 500, None, "SE", "T1"),
        (100, 4000, None, "SE", "T2"),
        (100, 9000, 2500, "SE", "FLAIR"),
        (15, 3000, None, "SE", ""),
        (12, 500, None, "GR", ""),
        (None, 500, None, "SE", ""),
        (12, None, None, "SE", ""),
    ],
)
def test_times_of_spin_echo_decide_where_words_do_not(
    tmp_path, echo, repetition, inversion, kind, sequence
):
    times = {"EchoTime": echo, "RepetitionTime": repetition, "InversionTime": inversion}
    assert told_by(tmp_path, ScanningSequence=kind, **times) == sequence


@pytest.mark.parametrize(
    ("description", "echo", "kind", "sequence"),
    [
        ("PD/T2 TSE", 14, "SE", "PD"),
        ("PD/T2 TSE", 98, "SE", "T2"),
        ("T2 TSE", 14, "SE", "PD"),
        ("T2 TSE", 98, "SE", "T2"),
        ("T2 TSE", 14, "GR", "T2"),
        ("T2 TSE", None, "SE", "T2"),
        ("PD TSE", 98, "SE", "PD"),
        ("T1 SE", 98, "SE", "T1"),
    ],
)
def test_of_a_double_echo_the_time_decides(tmp_path, description, echo, kind, sequence):
    times = {"EchoTime": echo, "RepetitionTime": 3000}
    assert told_by(tmp_path, description, ScanningSequence=kind, **times) == sequence


def test_the_sequence_s_own_name_tells_where_the_description_does_not(tmp_path):
    assert told_by(tmp_path, SequenceName="*tfl3d1_16ns") == "T1"


@pytest.mark.parametrize(
    ("stated", "sequence"),
    [("FLUID_ATTENUATED", "FLAIR"), ("T2_STAR", "T2*"), ("TOF", "MRA"), ("UNKNOWN", "T1")],
)
def test_what_an_enhanced_file_states_goes_before_its_description(tmp_path, stated, sequence):
    assert told_by(tmp_path, "T1", enhanced=True, AcquisitionContrast=stated) == sequence


@pytest.mark.parametrize(("inversion", "sequence"), [(None, "T2"), (2500.0, "FLAIR")])
def test_an_enhanced_file_s_times_are_found_in_its_functional_groups(tmp_path, inversion, sequence):
    (file,) = make_series(tmp_path, slices=2, size=16, enhanced=True, description="head")
    dataset = dcmread(file)
    dataset.EchoPulseSequence = "SPIN"
    timing, echo, modifier = Dataset(), Dataset(), Dataset()
    timing.RepetitionTime, echo.EffectiveEchoTime = 9000, 100.0
    shared = dataset.SharedFunctionalGroupsSequence[0]
    shared.MRTimingAndRelatedParametersSequence = [timing]
    if inversion:
        modifier.InversionTimes = [inversion]
        shared.MRModifierSequence = [modifier]
    dataset.PerFrameFunctionalGroupsSequence[0].MREchoSequence = [echo]
    dataset.save_as(file)
    assert _sequence_in(file) == sequence


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("IXI002-Guys-0828-T1", "IXI002-Guys-0828-"),
        ("BraTS20_001_t1ce", "BraTS20_001_"),
        ("T1_brain", ""),
        ("FLAIR_brain_reg", ""),
        ("brain", "brain"),
    ],
)
def test_what_stands_before_the_sequence_is_told(name, before):
    assert before_sequence(name) == before

from btgui.engine.dicom.patient import patient_facts, patient_lines


def test_who_was_scanned_is_told_with_labels_as_far_as_the_header_says():
    header = {
        "PatientName (0010,0010)": "DOE^JANE^^Dr.=山田^花子",
        "PatientID (0010,0020)": " 10042007 ",
        "PatientBirthDate (0010,0030)": "19610302",
        "StudyDate (0008,0020)": "last week",
        "Private (0009,1001)": "PatientName",
    }
    assert patient_facts(header) == (
        ("Patient", "DOE, JANE, Dr."),
        ("ID", "10042007"),
        ("Born", "1961-03-02"),
        ("Study date", "last week"),
    )
    lines = ("DOE, JANE, Dr.", "ID 10042007", "born 1961-03-02", "study of last week")
    assert patient_lines(header) == lines
    assert patient_facts({"PatientName (0010,0010)": "", "PatientID (0010,0020)": ""}) == ()


def test_a_name_that_is_not_given_in_latin_letters_is_told_as_it_is_written():
    for name in ("=山田^花子=やまだ^はなこ", "^^=山田^花子"):
        assert patient_facts({"PatientName (0010,0010)": name}) == (("Patient", "山田, 花子"),)
    assert patient_facts({"PatientName (0010,0010)": "^^=="}) == ()

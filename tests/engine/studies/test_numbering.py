from types import SimpleNamespace

from btgui.engine.studies.numbering import numbered


def of(patient, study):
    return SimpleNamespace(patient=patient, study=study)


def test_patients_are_numbered_by_their_keys_and_studies_within_each():
    found = [of("", "x"), of("Amy", "b"), of("Amy", "a"), of("Amy", "b"), of("Bob", "a")]
    assert [row[:2] for row in numbered(found)] == [(0, 1), (1, 1), (1, 2), (1, 1), (2, 1)]
    assert [row[2] for row in numbered(found)] == found

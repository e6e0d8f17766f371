import pytest

from btgui.engine.class_names import display_name, healthy_index


def test_the_public_classes_have_names_to_read_and_others_keep_theirs():
    assert display_name("notumor") == "No tumour"
    assert display_name("no_tumor") == "No tumour"
    assert display_name("metastasis") == "metastasis"


@pytest.mark.parametrize(
    "name", ["notumor", "no_tumor", "No Tumour", "no-tumor", "NORMAL", "healthy", "no", "Control"]
)
def test_the_healthy_class_is_known_by_the_names_that_data_sets_give_it(name):
    assert healthy_index(("glioma", name), ("glioma", name)) == 1


def test_what_the_reader_calls_a_class_counts_before_its_folder():
    assert healthy_index(("0", "1"), ("Healthy", "Tumour")) == 0
    assert healthy_index(("normal", "1"), ("Normal-pressure hydrocephalus", "No tumour")) == 1


@pytest.mark.parametrize("names", [("glioma", "meningioma"), ("normal", "healthy"), ("nose", "x")])
def test_without_one_such_class_none_is_guessed(names):
    assert healthy_index(names, names) is None

from btgui.engine.class_names import display_name


def test_the_public_classes_have_names_to_read_and_others_keep_theirs():
    assert display_name("notumor") == "No tumour"
    assert display_name("metastasis") == "metastasis"

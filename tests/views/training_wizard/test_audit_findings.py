from pathlib import Path

from btgui.views.training_wizard.audit_findings import choose_safely, obstacle


def test_nothing_is_found_in_a_clean_data_set(found, draft):
    assert found() == []
    assert obstacle(draft) is None


def test_shared_scans_offer_the_honest_and_the_published_protocol(found, draft, leak):
    near = leak | {"kind": "near", "test": leak["test"].replace("00", "01")}
    (finding,) = found(leaked_test_scans=1, leaks=[leak, near])
    assert "1 of 4 test scans" in finding.what
    (pair,) = finding.pairs
    assert pair.captions == ("Test\nGlioma", "Training\nGlioma")
    assert pair.relation == "mirrored"
    honest, published = finding.choices
    assert "recommended" in honest.text
    published.apply(draft)
    assert (draft.protocol, published.is_chosen(draft)) == ("published", True)
    honest.apply(draft)
    assert (draft.protocol, honest.is_chosen(draft)) == ("honest", True)


def test_scans_that_training_and_validation_share_are_shown_too(found, draft, leak):
    of_validation = {"validation": leak["test"], "train": leak["train"]}
    pair = leak | of_validation | {"between": ["validation", "train"]}
    (finding,) = found(leaks=[pair], counts={"validation": {"glioma": 7}})
    assert finding.title == "Training and validation share scans"
    assert finding.what.startswith("1 of 7 validation scans is also in the training part")
    assert finding.pairs[0].captions == ("Validation\nGlioma", "Training\nGlioma")
    assert len(finding.choices) == 2


def test_all_parts_that_share_scans_are_listed(found, leak):
    of_validation = {"validation": leak["test"], "train": leak["train"]}
    pair = leak | of_validation | {"between": ["validation", "train"]}
    (finding,) = found(leaks=[leak, pair], counts={"validation": {"glioma": 7}})
    assert finding.title == "Training, validation and test share scans"


def test_near_copies_of_two_classes_leave_nothing_out(found, conflict):
    assert found(label_conflicts=[conflict | {"kind": "near"}]) == []


def test_of_several_copies_of_a_test_scan_the_likest_is_shown(found, leak):
    second = leak | {"train": leak["train"].replace("03", "04")}
    (finding,) = found(leaked_test_scans=1, leaks=[leak, second])
    assert finding.pair_count == len(finding.pairs) == 1
    assert finding.pairs[0].second == Path(leak["train"])


def test_shared_patients_offer_the_same_choice(found):
    (finding,) = found(shared_patients=3)
    assert finding.title == "Training and test share patients"
    assert len(finding.choices) == 2


def test_heads_that_the_order_of_files_tells_offer_it_too(found):
    (finding,) = found(shared_heads=2)
    assert "2 patients, inferred from the order of the files, have scans in more" in finding.what
    assert len(finding.choices) == 2
    (finding,) = found(shared_heads=1, shared_patients=1)
    assert "1 patient has scans in more" in finding.what
    assert "1 patient, inferred from the order of the files, has scans in more" in finding.what


def test_conflicts_leave_both_scans_out_or_keep_them(found, draft, conflict):
    (finding,) = found(label_conflicts=[conflict])
    assert finding.pairs[0].relation == "the same file"
    assert finding.pairs[0].captions == ("Glioma", "No tumour")
    leave, keep = finding.choices
    leave.apply(draft)
    assert draft.left_out == {Path(conflict["first"]), Path(conflict["second"])}
    assert leave.is_chosen(draft)
    keep.apply(draft)
    assert draft.left_out == set()
    assert keep.is_chosen(draft)


def test_files_that_cannot_be_read_are_left_out(found, draft, dataset):
    bad = dataset / "Training" / "glioma" / "00.png"
    (finding,) = found(unreadable=[{"path": str(bad), "reason": "00.png is empty."}])
    assert finding.problems == (f"{Path('Training/glioma')}: 00.png is empty.",)
    choose_safely(draft)
    assert draft.left_out == {bad}


def test_files_of_several_pictures_are_listed(found, draft, tmp_path):
    draft.place = tmp_path / "table.csv"
    file = tmp_path / "head 1" / "a.dcm"
    (finding,) = found(several=[{"path": str(file), "remark": "a.dcm holds 20 pictures."}])
    assert (finding.level, finding.problems) == ("alarm", ("head 1: a.dcm holds 20 pictures.",))
    assert finding.what.startswith("1 file contains several pictures")


def test_imbalance_weighs_the_rare_class(found, draft):
    (finding,) = found(imbalance=5.0, counts={"train": {"glioma": 50, "notumor": 10}})
    assert "“Glioma” has 50 scans, 5.0 times as many as “No tumour” with 10." in finding.what
    before = draft.recipe
    weigh, alike = finding.choices
    alike.apply(draft)
    assert alike.is_chosen(draft)
    # Neither may make a scan of the rare class count for more.
    assert (draft.recipe.class_weights, draft.recipe.balance) == (False, 0.0)
    choose_safely(draft)
    assert weigh.is_chosen(draft)
    assert draft.recipe == before


def test_copies_within_a_class_are_a_note(found):
    (finding,) = found(repeats={"glioma": 4})
    assert (finding.level, finding.choices) == ("note", ())
    assert finding.what.startswith("4 scans have a copy in the same class")
    assert "Glioma 4" in finding.what
    (finding,) = found(repeats={"glioma": 1})
    assert finding.what.startswith("1 scan has a copy in the same class")


def test_many_pairs_are_counted_and_some_shown(found, conflict):
    (finding,) = found(label_conflicts=[conflict] * 30)
    assert (len(finding.pairs), finding.pair_count) == (12, 30)

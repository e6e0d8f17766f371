import json

import cv2

from btgui.views.training_wizard.audit_findings import findings_of
from tests.training.conftest import Teller
from training.auditing.audit import audit

COLOUR = {"label": "notumor", "value": "8 bits, colour", "share": 0.9, "others": 0.0}


def test_shortcuts_are_explained(found):
    one = {"label": "notumor", "auc": 0.99, "strongest": ["width"], "alarm": True}
    (finding,) = found(shortcuts=[one, one | {"alarm": False}])
    assert finding.title == "“No tumour” can be recognised without anatomy"
    assert "0.99" in finding.more
    assert not finding.choices


def test_files_of_another_depth_or_colour_are_told_with_both_shares(found):
    (finding,) = found(uneven={"sizes": [], "modes": [COLOUR]})
    assert finding.level == "alarm"
    assert finding.title == "Files of different classes have different depths or colours"
    assert finding.what == (
        "90 % of the files of “No tumour” are of 8 bits, colour; of the others, 0 %."
    )
    assert "different sources" in finding.meaning
    assert not finding.choices


def test_every_class_apart_has_its_sentence(found):
    sizes = [
        {"label": label, "value": "64 x 64", "share": 1.0, "others": 0.25}
        for label in ("glioma", "meningioma")
    ]
    (finding,) = found(uneven={"sizes": sizes, "modes": []})
    assert finding.title == "Files of different classes have different sizes"
    assert "“Glioma” have 64 x 64 pixels; of the others, 25 %." in finding.what
    assert "“meningioma” have 64 x 64 pixels" in finding.what


def test_what_a_real_audit_writes_is_told(draft):
    for scan in draft.scans:
        if scan.label == "notumor":
            cv2.imwrite(str(scan.path), cv2.resize(cv2.imread(str(scan.path)), (80, 80)))
    draft.audit = json.loads(json.dumps(audit(draft.scans, Teller()).to_json()))
    titles = [finding.title for finding in findings_of(draft)]
    assert "Files of different classes have different sizes" in titles
    assert "Files of different classes have different depths or colours" in titles

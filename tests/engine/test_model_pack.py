import json
import shutil
import zipfile
from dataclasses import replace

import pytest

from btgui.engine.errors import ModelPackError
from btgui.engine.model_pack import (
    CARD_FILE,
    export_pack,
    import_pack,
    open_pack,
    read_card,
    write_pack,
)


@pytest.fixture
def copy(tiny_pack, tmp_path):
    """A copy of the small pack, to be spoilt."""
    return shutil.copytree(tiny_pack.folder, tmp_path / "copy")


@pytest.fixture
def packed(tiny_pack, tmp_path):
    file = tmp_path / "small.btmodel"
    export_pack(tiny_pack, file)
    return file


def test_a_sound_pack_opens(tiny_pack):
    assert open_pack(tiny_pack.folder).card == tiny_pack.card


def test_a_changed_byte_is_noticed(copy):
    content = bytearray((copy / "model.keras").read_bytes())
    content[len(content) // 2] ^= 1
    (copy / "model.keras").write_bytes(content)
    with pytest.raises(ModelPackError, match="changed or damaged after the model was made"):
        open_pack(copy)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda p: (p / "model.keras").unlink(), "model.keras is missing"),
        (lambda p: (p / "code.py").touch(), "code.py, which its card does not name"),
        (lambda p: (p / CARD_FILE).unlink(), "card"),
        (lambda p: (p / CARD_FILE).write_text("{"), "card"),
        (lambda p: (p / CARD_FILE).write_bytes(b"\xff\xfe\x00"), "card"),
    ],
    ids=["no model", "extra file", "no card", "half a card", "no text"],
)
def test_a_pack_that_is_not_whole_is_refused(copy, spoil, words):
    spoil(copy)
    with pytest.raises(ModelPackError, match=words):
        open_pack(copy)


def test_a_link_in_place_of_the_model_is_refused(copy, tiny_pack):
    (copy / "model.keras").unlink()
    (copy / "model.keras").symlink_to(tiny_pack.model_file)
    with pytest.raises(ModelPackError, match="not an ordinary file"):
        open_pack(copy)


def test_a_card_that_names_no_model_is_refused(copy):
    values = json.loads((copy / CARD_FILE).read_text(encoding="utf-8"))
    (copy / CARD_FILE).write_text(json.dumps(values | {"files": {}}), encoding="utf-8")
    (copy / "model.keras").unlink()
    with pytest.raises(ModelPackError, match="does not name"):
        open_pack(copy)


def test_an_exported_pack_comes_back_the_same(packed, tiny_pack, tmp_path):
    pack = import_pack(packed, tmp_path / "library")
    assert pack.folder == tmp_path / "library" / "small"
    assert pack.card == tiny_pack.card
    assert pack.model_file.read_bytes() == tiny_pack.model_file.read_bytes()


def test_a_folder_can_be_imported_too(tiny_pack, tmp_path):
    assert import_pack(tiny_pack.folder, tmp_path).card == tiny_pack.card


def test_an_id_that_is_taken_is_refused_and_the_old_one_kept(packed, tmp_path):
    first = import_pack(packed, tmp_path / "library")
    with pytest.raises(ModelPackError, match="in the library already"):
        import_pack(packed, tmp_path / "library")
    assert open_pack(first.folder)
    assert [p.name for p in (tmp_path / "library").iterdir()] == ["small"]


@pytest.mark.parametrize("name", ["../evil.txt", "/evil.txt", "a/b.txt", "..\\evil.txt", ".."])
def test_an_archive_that_writes_elsewhere_is_refused(packed, tmp_path, name):
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(name, "evil")
    with pytest.raises(ModelPackError):
        import_pack(packed, tmp_path / "library")
    assert not list(tmp_path.rglob("evil*"))
    assert not list((tmp_path / "library").iterdir())


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04"])
def test_what_is_no_pack_is_refused(tmp_path, content):
    (tmp_path / "bad.btmodel").write_bytes(content)
    with pytest.raises(ModelPackError, match=r"bad\.btmodel"):
        import_pack(tmp_path / "bad.btmodel", tmp_path / "library")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ModelPackError, match="was not found"):
        import_pack(tmp_path / "none.btmodel", tmp_path / "library")


def test_writing_never_replaces_a_pack(tiny_pack, tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(ModelPackError, match="exists already"):
        write_pack(tmp_path / "taken", tiny_pack.card, tiny_pack.model_file)


def test_a_wrong_card_writes_nothing(tiny_pack, tmp_path):
    with pytest.raises(ModelPackError):
        write_pack(tmp_path / "new", replace(tiny_pack.card, temperature=-1), tiny_pack.model_file)
    assert not list(tmp_path.iterdir())


def test_the_card_alone_can_be_read_quickly(tiny_pack):
    assert read_card(tiny_pack.folder) == tiny_pack.card

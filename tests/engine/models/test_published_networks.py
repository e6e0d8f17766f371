import pytest

from btgui.engine.models.published_networks import PUBLISHED, published
from training.networks.architectures import ARCHITECTURES


def test_they_are_the_networks_that_training_knows():
    assert {one.architecture for one in PUBLISHED} == set(ARCHITECTURES)
    for one in PUBLISHED:
        assert ARCHITECTURES[one.architecture].display_name == one.name


def test_one_is_found_by_the_name_of_a_request():
    assert published("resnet50").name == "ResNet-50"
    with pytest.raises(KeyError, match="'alexnet'"):
        published("alexnet")

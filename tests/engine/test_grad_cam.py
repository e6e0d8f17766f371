import numpy as np
import pytest

from btgui.engine.grad_cam import class_activation_map

METHODS = ("grad_cam", "grad_cam_plus_plus")


@pytest.fixture
def by_hand():
    """Two channels on a 2 by 2 grid, small enough for pencil and paper."""
    activations = np.zeros((2, 2, 2), np.float32)
    activations[..., 0] = [[1, 0], [0, 3]]
    activations[..., 1] = [[0, 2], [1, 0]]
    gradients = np.zeros((2, 2, 2), np.float32)
    gradients[..., 0] = [[2, 2], [0, 0]]
    gradients[..., 1] = [[-1, -1], [-1, 1]]
    return activations, gradients


@pytest.fixture
def lively():
    """Rectified activations and gradients of both signs, as of a real stage."""
    generator = np.random.default_rng(3)
    activations = np.maximum(generator.normal(0.3, 1, (5, 6, 7)), 0).astype(np.float32)
    return activations, generator.normal(0, 0.2, (5, 6, 7)).astype(np.float32)


def test_grad_cam_by_hand(by_hand):
    # Mean gradients 1 and -1/2; sum [[1, -1], [-1/2, 3]]; rectified, over its maximum of 3.
    result = class_activation_map(*by_hand, "grad_cam")
    assert result == pytest.approx(np.array([[1 / 3, 0], [0, 1]]))
    assert result.any()


def test_grad_cam_plus_plus_by_hand(by_hand):
    # Channel 0, sum of A 4: alpha = 4 / (8 + 4 * 8) = 1/10 at two places, weight 2 * 2/10.
    # Channel 1, sum of A 3: only the place with g = 1 counts, alpha = 1 / (2 + 3), weight 1/5.
    # Sum [[0.4, 0.4], [0.2, 1.2]], over its maximum of 1.2.
    result = class_activation_map(*by_hand, "grad_cam_plus_plus")
    assert result == pytest.approx(np.array([[1 / 3, 1 / 3], [1 / 6, 1]]))


def published_plus_plus(activations, gradients, score):
    """Chattopadhay et al. 2018, equations 5, 7 and 19, for Y = exp(S), one place at a time."""
    first = np.exp(score) * gradients.astype(np.float64)
    second = np.exp(score) * gradients.astype(np.float64) ** 2
    third = np.exp(score) * gradients.astype(np.float64) ** 3
    height, width, channels = activations.shape
    saliency = np.zeros((height, width))
    for k in range(channels):
        everywhere = sum(float(activations[a, b, k]) for a in range(height) for b in range(width))
        weight = 0.0
        for i in range(height):
            for j in range(width):
                below = 2 * second[i, j, k] + everywhere * third[i, j, k]
                alpha = second[i, j, k] / below if below else 0.0
                weight += alpha * max(first[i, j, k], 0.0)
        saliency += weight * activations[:, :, k]
    saliency = np.maximum(saliency, 0)
    return saliency / saliency.max()


@pytest.mark.parametrize("score", [-3.0, 0.0, 5.0])
def test_grad_cam_plus_plus_is_the_published_formula_whatever_the_score(lively, score):
    result = class_activation_map(*lively, "grad_cam_plus_plus")
    assert result == pytest.approx(published_plus_plus(*lively, score), abs=1e-6)


def test_the_two_methods_do_not_give_the_same_map(lively):
    first, second = (class_activation_map(*lively, method) for method in METHODS)
    assert np.abs(first - second).max() > 0.05


@pytest.mark.parametrize("method", METHODS)
def test_a_map_is_rectified_and_its_maximum_is_one(lively, method):
    result = class_activation_map(*lively, method)
    assert result.dtype == np.float32
    assert result.shape == (5, 6)
    assert result.min() >= 0
    assert result.max() == 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_how_large_the_gradients_are_does_not_matter_to_grad_cam(lively, method, scale):
    activations, gradients = lively
    scaled = class_activation_map(activations, gradients * np.float32(scale), method)
    assert scaled.any()
    assert np.isfinite(scaled).all()
    if method == "grad_cam":
        expected = class_activation_map(activations, gradients, method)
        assert scaled == pytest.approx(expected, abs=1e-5)


NOTHING = np.zeros((3, 4, 2), np.float32)
ONES = np.ones((3, 4, 2), np.float32)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("activations", "gradients"),
    [
        (ONES, -ONES),  # everything speaks against the class
        (ONES, NOTHING),  # nothing speaks at all
        (NOTHING, ONES),  # the stage is silent
        (ONES * np.float32(np.nan), ONES),  # the network is broken
        (ONES * np.float32(np.inf), ONES),
    ],
)
def test_a_map_without_positive_evidence_is_flagged_zero_and_finite(activations, gradients, method):
    with np.errstate(invalid="ignore"):
        result = class_activation_map(activations, gradients, method)
    assert result.shape == (3, 4)
    assert not result.any()  # NaN would count as something


def test_evidence_that_is_only_rounding_noise_is_none():
    # Two channels that cancel but for one part in a hundred million.
    activations = np.ones((2, 2, 2), np.float32)
    gradients = np.ones((2, 2, 2), np.float64)
    gradients[..., 1] = -1 + 1e-8
    assert not class_activation_map(activations, gradients, "grad_cam").any()
    gradients[..., 1] = -1 + 1e-3
    assert class_activation_map(activations, gradients, "grad_cam").any()
    # A thousand channels of which half cancel the others but for a part in a million: noise is
    # measured by all terms of a place.
    activations = np.ones((2, 2, 1000), np.float32)
    gradients = np.ones((2, 2, 1000), np.float64)
    gradients[..., 500:] = -1 + 1e-6
    assert not class_activation_map(activations, gradients, "grad_cam").any()

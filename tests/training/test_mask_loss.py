import numpy as np
import pytest

from training.mask_loss import mask_loss


def test_the_loss_is_minus_log_of_the_share_inside_the_mask():
    activation = np.zeros((3, 2, 2, 2), np.float32)
    activation[:, 0, 0, 1] = np.log(5)  # class 1: shares 5/8, 1/8, 1/8, 1/8
    mask = np.zeros((3, 2, 2, 2), np.float32)
    mask[0, 0, 0, 1] = 1
    mask[1, 1, :, 1] = 1
    loss = np.asarray(mask_loss(mask, activation))  # the third scan has no mask
    assert loss == pytest.approx([-np.log(5 / 8), -np.log(2 / 8), 0], abs=1e-4)

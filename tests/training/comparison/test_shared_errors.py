import numpy as np

from training.comparison.shared_errors import Combination, find_shared_errors


def test_shared_errors_by_hand():
    wrong = np.array(
        [
            [1, 1, 0, 0, 1, 1, 0],
            [0, 1, 0, 1, 1, 1, 0],
            [0, 1, 0, 0, 0, 0, 0],
        ],
        bool,
    )
    sure = np.full(wrong.shape, 0.6)
    sure[0, 5] = 0.9
    errors = find_shared_errors(wrong, sure)
    assert errors.matrix.tolist() == [[4, 3, 1], [3, 4, 1], [1, 1, 1]]
    assert errors.combinations == [
        Combination((0, 1), 2),
        Combination((0,), 1),
        Combination((1,), 1),
        Combination((0, 1, 2), 1),
    ]
    assert errors.hardest == [1, 5, 4]  # by all three first, then the surest
    assert (errors.wrong_by_any, errors.wrong_by_all) == (5, 1)


def test_models_without_errors_share_none():
    errors = find_shared_errors(np.zeros((2, 4), bool), np.ones((2, 4)))
    assert errors.matrix.tolist() == [[0, 0], [0, 0]]
    assert (errors.combinations, errors.hardest, errors.wrong_by_any) == ([], [], 0)

from itertools import product

import numpy as np

from training.augmenting.random_streams import Purpose, random_stream


def test_no_stream_repeats_another_s_numbers_nor_those_of_a_split():
    generators = [
        *(random_stream(*one) for one in product(Purpose, range(4), range(4), range(4))),
        *(np.random.default_rng(seed) for seed in range(4)),
        *(np.random.default_rng((seed, 1)) for seed in range(4)),
    ]
    first = {generator.integers(2**63) for generator in generators}
    assert len(first) == len(generators)


def test_a_stream_is_repeated_by_its_seed():
    first, again = (random_stream(Purpose.CHANGES, 5, 2, 7).random() for _ in range(2))
    assert first == again

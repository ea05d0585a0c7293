"""pyref/reference/generator.py against the published Mersenne twister, and against NumPy."""

import copy
import pickle
import random

import pytest

from pyref.reference.generator import Stream

# What init_genrand(5489) is followed by: the default stream of C++'s std::mt19937.
FIRST_WORDS_OF_5489 = [3499211612, 581869302, 3890346734, 3586334585, 545404204]
WORD_10000_OF_5489 = 4123659995  # ISO C++ [rand.predef]

# numpy.random.seed(1); numpy.random.random(), as tutorials print it.
FIRST_OF_SEED_1 = [0.417022004702574, 0.7203244934421581, 0.00011437481734488664]


def test_first_words_of_the_reference_seed():
    """A double takes 27 bits from one word and 26 from the next."""
    a, b, c, d, _ = FIRST_WORDS_OF_5489
    stream = Stream(5489)
    assert stream.random() == ((a >> 5) * 2**26 + (b >> 6)) / 2**53
    assert stream.random() == ((c >> 5) * 2**26 + (d >> 6)) / 2**53
    assert int(stream.random() * 2**27) == FIRST_WORDS_OF_5489[4] >> 5


def test_ten_thousandth_word_of_the_reference_seed():
    stream = Stream(5489)
    for _ in range(4999):
        stream.random()
    assert int(stream.random() * 2**53) % 2**26 == WORD_10000_OF_5489 >> 6


def test_seed_1_is_what_tutorials_print():
    stream = Stream(1)
    assert [stream.random() for _ in range(3)] == FIRST_OF_SEED_1


@pytest.mark.parametrize("seed", [0, 1, 2, 42, 5489, 2**31, 2**32 - 1])
def test_the_stream_is_numpys(seed, numpy):
    numpy_stream = numpy.random.RandomState(seed)
    stream = Stream(seed)
    assert [stream.random() for _ in range(2000)] == numpy_stream.random_sample(2000).tolist()


def test_seeds_of_numpy_are_integers(numpy):
    assert Stream(numpy.uint32(7)) == Stream(7)


@pytest.mark.parametrize("seed", [-1, 2**32, 10**30])
def test_seeds_out_of_range_are_refused(seed):
    with pytest.raises(ValueError, match=rf"from 0 to 2\*\*32 - 1, not {seed}"):
        Stream(seed)


@pytest.mark.parametrize("seed", [1.0, "1", None, True, False, [1]])
def test_seeds_that_are_no_integers_are_refused(seed):
    with pytest.raises(TypeError, match="a seed must be an integer"):
        Stream(seed)


def test_shuffle_by_hand():
    """Seed 1 draws 0.417, 0.720, 0.000114, 0.302: of 5, 4, 3, 2 places the 2nd, 2nd, 0th, 0th.

    0 1 2 3 4 → 0 1 4 3 2 → 0 1 3 4 2 → 3 1 0 4 2 → 1 3 0 4 2
    """
    assert Stream(1).shuffled(5) == [1, 3, 0, 4, 2]


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 1000])
def test_shuffle_keeps_all_numbers_and_draws_one_less(n):
    stream, twin = Stream(9), Stream(9)
    assert sorted(stream.shuffled(n)) == list(range(n))
    for _ in range(n - 1):
        twin.random()
    assert stream == twin


def test_every_order_is_equally_likely():
    """6000 shuffles of three: each order 1000 times, with a standard deviation of 29."""
    stream = Stream(3)
    counts = {}
    for _ in range(6000):
        order = tuple(stream.shuffled(3))
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 6
    assert all(abs(count - 1000) < 5 * 29 for count in counts.values())


def test_state_begins_with_the_seed_and_all_words_used():
    state = Stream(5489).state()
    assert len(state) == 625
    assert state[0] == 5489
    assert state[1] == 1301868182  # 1812433253 · 5489 + 1, modulo 2³²
    assert state[624] == 624


def test_state_is_that_of_pythons_generator():
    stream = Stream(4)
    for _ in range(100):
        stream.random()
    assert stream.state()[624] == 200
    twister = random.Random()
    twister.setstate((3, stream.state(), None))
    assert [stream.random() for _ in range(1000)] == [twister.random() for _ in range(1000)]


@pytest.mark.parametrize("draws", [0, 1, 311, 312, 313, 1000])
def test_a_saved_state_goes_on_where_it_was(draws):
    stream = Stream(6)
    for _ in range(draws):
        stream.random()
    saved = list(stream.state())
    expected = [stream.random() for _ in range(700)]
    other = Stream(0)
    other.set_state(saved)
    assert [other.random() for _ in range(700)] == expected


GOOD = list(Stream(1).state())


@pytest.mark.parametrize(
    "state, message",
    [
        (GOOD[:-1], "has 625 integers .* not 624"),
        (GOOD + [0], "not 626"),
        ([-1] + GOOD[1:], "number 1 .* from 0 to 4294967295, not -1"),
        (GOOD[:623] + [2**32, 624], "number 624 .* from 0 to 4294967295, not 4294967296"),
        (GOOD[:624] + [625], "number 625 .* from 0 to 624, not 625"),
        (GOOD[:624] + [1.0], "number 625 .* not 1.0"),
        (["x"] + GOOD[1:], "number 1 .* not 'x'"),
    ],
)
def test_a_damaged_state_is_refused_and_changes_nothing(state, message):
    stream = Stream(1)
    with pytest.raises(ValueError, match=message):
        stream.set_state(state)
    assert stream == Stream(1)


@pytest.mark.parametrize(
    "copied",
    [Stream.copy, copy.copy, copy.deepcopy, lambda stream: pickle.loads(pickle.dumps(stream))],
    ids=["copy", "copy.copy", "copy.deepcopy", "pickle"],
)
def test_a_copy_is_independent(copied):
    stream = Stream(8)
    stream.random()
    twin = copied(stream)
    assert twin == stream
    expected = stream.random()
    assert twin != stream
    assert twin.random() == expected
    assert twin == stream


def test_equality_is_for_streams_only():
    assert Stream(1) == Stream(1)
    assert Stream(1) != Stream(2)
    assert Stream(1) != Stream(1).state()


def test_pythons_own_generator_is_left_alone():
    random.seed(10)
    expected = random.random()
    random.seed(10)
    Stream(1).shuffled(10)
    assert random.random() == expected

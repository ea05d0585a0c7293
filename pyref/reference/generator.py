"""The seeded stream of random numbers from which weights and shuffles are drawn.

Chance, too, must come out alike everywhere: the same seed gives the same numbers. The generator is
the Mersenne twister MT19937 of Matsumoto and Nishimura (1998), seeded by their init_genrand and
read as doubles of 53 bits: the stream of `numpy.random.seed(seed); numpy.random.random()`, with
which many tutorials begin, so that they can be replayed here digit for digit.

Python carries the same generator, but its `random.seed` mixes the seed in another way, and of
the module's methods only `random()` is promised to stay what it is. So the state is computed
here, handed over, and nothing but `random()` is used afterwards. The same in C:
csrc/reference/generator.c (without `normal`: start values are drawn in Python alone).
"""

from functools import lru_cache
from math import sqrt
from operator import index
from random import Random
from typing import Iterable, List, Tuple

from .elementary import log

WORDS = 624  # of 32 bits: the state of MT19937


@lru_cache(maxsize=4)  # the networks that are compared are all drawn from the same seed
def initial_words(seed: int) -> Tuple[int, ...]:
    """Return the 624 words that init_genrand makes of a seed (an integer from 0 to 2³²−1)."""
    words = [seed]
    for i in range(1, WORDS):
        previous = words[-1]
        words.append((1812433253 * (previous ^ (previous >> 30)) + i) & 0xFFFFFFFF)
    return tuple(words)


class Stream:
    """A stream of random numbers that depends on nothing but its seed.

    `seed` is an integer from 0 to 2³²−1; raises TypeError or ValueError otherwise.

    >>> stream = Stream(1)
    >>> stream.random(), stream.random(), stream.random()
    (0.417022004702574, 0.7203244934421581, 0.00011437481734488664)
    """

    def __init__(self, seed: int) -> None:
        if isinstance(seed, bool) or not hasattr(seed, "__index__"):
            raise TypeError(f"a seed must be an integer from 0 to 2**32 - 1, not {seed!r}")
        seed = index(seed)
        if not 0 <= seed < 2**32:
            raise ValueError(f"a seed must be an integer from 0 to 2**32 - 1, not {seed}")
        # Without the 0 it would ask the system for entropy, and lend the interpreter to other
        # threads meanwhile: too briefly for them to take it, and often enough to begin their
        # waiting anew. A training that copies its stream for every batch kept them for seconds.
        self._twister = Random(0)
        # A position of 624 says that every word has been used: the first draw makes new ones.
        # 3 is the version of this form of the state, in use since Python 3.2; None says that no
        # normal deviate is kept for later.
        self._twister.setstate((3, (*initial_words(seed), WORDS), None))

    def random(self) -> float:
        """Return the next number of the stream, a multiple of 2⁻⁵³ in [0, 1)."""
        return self._twister.random()

    def normal(self) -> float:
        """Return a number from the standard normal distribution (mean 0, deviation 1).

        Marsaglia's polar method. A point is drawn from the square around the unit circle, until it
        lies in the circle; its direction and its distance then give two independent deviates. The
        second is thrown away, so that nothing is kept but the state of the twister. The first is
        the one that NumPy's legacy `standard_normal` draws first, up to its last bits, as the
        logarithm is ours.

        >>> Stream(2).normal()
        -0.4167578474054706
        """
        while True:
            x = 2.0 * self.random() - 1.0
            y = 2.0 * self.random() - 1.0
            square = x * x + y * y
            if 0.0 < square < 1.0:
                return sqrt(-2.0 * log(square) / square) * y

    def shuffled(self, n: int) -> List[int]:
        """Return the integers 0 … n−1 as a list in random order, by n − 1 draws.

        Durstenfeld's form of the Fisher–Yates shuffle: from the last place down, each place
        exchanges its number with that of a place drawn from those up to and including itself.

        >>> Stream(1).shuffled(5)
        [1, 3, 0, 4, 2]
        """
        random = self._twister.random
        order = list(range(n))
        for i in range(n - 1, 0, -1):
            j = int(random() * (i + 1))
            order[i], order[j] = order[j], order[i]
        return order

    def state(self) -> Tuple[int, ...]:
        """Return where the stream is, as a tuple of 625 integers.

        The first 624 are the words of the Mersenne twister, each from 0 to 2³²−1; the last is
        how many of them have been used, from 0 to 624.
        """
        return tuple(self._twister.getstate()[1])

    def set_state(self, state: Iterable[int]) -> None:
        """Go to a place that `state` returned; raises ValueError if it cannot be one."""
        state = tuple(state)
        if len(state) != WORDS + 1:
            raise ValueError(
                f"the state of a stream has {WORDS + 1} integers ({WORDS} words and a position), "
                f"not {len(state)}"
            )
        for place, number in enumerate(state):
            largest = 4294967295 if place < WORDS else WORDS
            if number.__class__ is not int or not 0 <= number <= largest:
                raise ValueError(
                    f"number {place + 1} of a stream's state must be an integer from 0 to "
                    f"{largest}, not {number!r}"
                )
        self._twister.setstate((3, state, None))

    def copy(self) -> "Stream":
        """Return an independent stream at the same place."""
        twin = Stream.__new__(Stream)
        twin._twister = Random(0)
        twin._twister.setstate(self._twister.getstate())
        return twin

    __copy__ = copy  # copy.copy would have the two share one twister

    def __eq__(self, other: object) -> bool:
        """Whether both streams are at the same place, so that they will draw the same numbers."""
        if not isinstance(other, Stream):
            return NotImplemented
        return self.state() == other.state()

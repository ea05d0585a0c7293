"""Arrays and buffers by what they hold, for hints.  (Python itself can say so from 3.12 on.)"""

from array import array
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    Floats = array[float]  # doubles, or numbers of single precision
    Integers = array[int]
    View = memoryview[float]
else:
    Floats = Integers = array
    View = memoryview

Buffer = Union[Floats, View]

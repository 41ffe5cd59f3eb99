import numpy as np
from numpy.typing import NDArray

def shingles(
    texts: list[bytes],
    single: bytes,
    kinds: NDArray[np.uint8],
    lower: NDArray[np.int32],
    filled: NDArray[np.bool_],
    halves: NDArray[np.bool_],
    /,
) -> tuple[bytes, bytes, bytes] | int: ...

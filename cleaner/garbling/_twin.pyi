import numpy as np
from numpy.typing import NDArray

def look(
    text: str, classes: NDArray[np.intp], facts: NDArray[np.int64], kinds: int, ruled_out: NDArray[np.int64], at: int, /
) -> tuple[bytes, bytes, int]: ...

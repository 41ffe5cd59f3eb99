import numpy as np
from numpy.typing import NDArray

def alone(
    lines: list[str], kinds: NDArray[np.uint8], lower: NDArray[np.uint32], /
) -> tuple[bytearray, bytearray, bytearray, int]: ...
def shared(
    word: NDArray[np.intp], line: NDArray[np.intp], known: int, lines: NDArray[np.bool_], /
) -> bytearray: ...
def marks(
    paths: list[str],
    tags: NDArray[np.bytes_],
    above: NDArray[np.bytes_],
    words: NDArray[np.bytes_],
    edges: NDArray[np.uint8],
    families: NDArray[np.uint8],
    heads: NDArray[np.uint16],
    hints: int,
    /,
) -> tuple[bytearray, bytearray]: ...
def near(state: NDArray[np.float32], units: int, step: int, /) -> bytearray: ...
def settle(
    found: NDArray[np.float32],
    bias: NDArray[np.float32],
    state: NDArray[np.float32],
    lit: NDArray[np.bool_],
    /,
) -> None: ...
def lent(slope: NDArray[np.float32], lit: NDArray[np.bool_], lines: NDArray[np.intp], /) -> bytearray: ...
def worst(
    against: NDArray[np.float32], values: NDArray[np.float32], names: list[str], count: int, /
) -> list[str]: ...

def normalise(text: str, facts: bytes, gate: object, /) -> list[str | None]: ...
def gate(
    lines: list[str],
    entering: list[str],
    starting: list[str],
    only: list[str],
    patterns: list[tuple[int, int, list[str], list[str]]],
    /,
) -> object: ...

def normalise(text: str, facts: bytes, gate: object, /) -> tuple[list[str | None], dict[str, list[int]]]: ...
def gate(
    lines: list[str],
    entering: list[str],
    starting: list[str],
    only: list[str],
    patterns: list[tuple[int, int, int, list[str], list[str]]],
    /,
) -> object: ...

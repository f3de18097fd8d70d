"""Limits of the parser's child process, set by itself before it touches the file."""

from operators.children.inside import die_with, limit


def limit_this_process(parent: int, memory: int, seconds: int) -> None:
    """Bind this process's life to `parent` and cap what it may take.

    Args:
        parent: Process id of the parent; this process dies with it.
        memory: Address space, bytes.
        seconds: Processor time.
    """
    die_with(parent)
    limit({"CORE": 0, "AS": memory, "CPU": seconds})
